// Work that ends while its page is not in sight: a notification where the browser allows it, and the tab's title.
import { el, icon, show } from "./dom.js";

const page = document.title;
const canTell = () => "Notification" in window && isSecureContext;

/** Puts a button there that asks the browser for leave; without it, or once it has been asked, there is none. */
export function offerTelling(place, words) {
  if (!canTell() || Notification.permission !== "default") return;
  const button = el(
    "button",
    {
      class: "button mini",
      type: "button",
      // Browsers ask people only where a click wants it.
      onclick: async () => {
        const answer = await Notification.requestPermission();
        if (answer !== "default") show(button, false);
      },
    },
    icon("bell"),
    words,
  );
  place.append(button);
}

/** Notifies a person who looks elsewhere; a press brings them to `address`. Where it is not allowed, nothing happens. */
export function tellAway(words, address, tag) {
  if (!document.hidden || !canTell() || Notification.permission !== "granted") return;
  try {
    const note = new Notification(words, { tag, icon: document.querySelector('link[rel="icon"]').href });
    note.addEventListener("click", () => {
      note.close();
      focus();
      if (address) location.assign(address);
    });
  } catch {
    // Chrome on Android shows notifications of service workers only.
  }
}

/** Shows in the tab's title how far work is; empty: the page's own title. */
export function inTitle(words) {
  document.title = words ? `${words} · ${page}` : page;
}
