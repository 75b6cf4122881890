// The versions in one menu, newest first, each with what changed in it.
import { $, el, icon, redraw } from "./dom.js";
import { desk, newest, versionOf } from "./desk.js";
import { menu } from "./menu.js";
import { moment } from "./words.js";

const button = $("#versions-button");
const list = $("#versions");

/** `onshow(version)` is called with a chosen version. */
export function startVersions(onshow) {
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[data-version]");
    if (item) onshow(Number(item.dataset.version));
  });
  menu(button, list);
}

export function drawVersions() {
  const { version } = desk.timeline;
  const last = newest();
  const { sentence } = versionOf(version);
  button.dataset.shown = version;
  button.dataset.newest = last;
  button.setAttribute("aria-label", `Version ${version} of ${last}: ${sentence}`);
  const number = el("strong", {}, version === last ? `Version ${version}` : `Version ${version} of ${last}`);
  button.replaceChildren(number, el("span", { id: "version-words", class: "faint" }, sentence), icon("down"));
  redraw(() => list.replaceChildren(...[...desk.versions].sort((a, b) => b.version - a.version).map((one) => item(one, one.version === version))), button);
}

function item(one, isShown) {
  return el(
    "button",
    { class: "menu-item", type: "button", role: "menuitemradio", tabindex: "-1", "aria-checked": isShown, "data-version": one.version, "data-focus": `version-${one.version}` },
    el("strong", {}, `Version ${one.version}`),
    el("span", { class: "small" }, one.sentence),
    one.stored_at ? el("span", { class: "small faint" }, moment(one.stored_at)) : null,
  );
}
