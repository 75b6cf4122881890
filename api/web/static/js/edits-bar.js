// The bar of edits that are not applied yet: how many, which, and what may be done with them.
import { $, el, icon, redraw, roving, show } from "./dom.js";
import { busy, clear } from "./feedback.js";
import { apply, carryOver, discard, remove, state } from "./editing.js";
import { menu } from "./menu.js";

const bar = $("#edits-bar");
const list = $("#edits-list");
const button = $("#edits-button");
const main = $("#apply-edits");
const words = $("#edits-words");

export function startEditsBar() {
  menu(button, list);
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[data-edit]");
    if (item) remove(Number(item.dataset.edit));
  });
  $("#discard-edits").addEventListener("click", discard);
  main.addEventListener("click", () => busy(main, bar, () => (state().stale ? carryOver() : apply())));
}

/** By key; the bar's button does the same. */
export const applyByKey = () => !bar.hidden && !main.hidden && main.click();

/** Draws the bar; `said` is read aloud. */
export function drawEditsBar(said) {
  const { sentences, applying, waits, note, stale } = state();
  const count = sentences.length;
  redraw(() => {
    show(bar, count > 0 || Boolean(note));
    show(button, count > 0);
    show(main, count > 0);
    button.replaceChildren(count === 1 ? "1 edit" : `${count} edits`, icon("down"));
    button.setAttribute("aria-label", `${count === 1 ? "1 edit" : `${count} edits`}, not applied yet`);
    main.textContent = stale ? "Carry over" : "Apply";
    main.title = stale ? `Put them onto version ${stale.version}, as far as they fit` : "Make one version of them: free";
    main.toggleAttribute("data-busy", applying);
    $("#discard-edits").textContent = count ? "Discard" : "Close";
    words.textContent = stale ? `Version ${stale.version} is newer: ${stale.sentence}` : applying ? "Being applied …" : waits ? "Kept here: we look at them once Echonos answers." : (sentences.at(-1) ?? "");
    list.replaceChildren(...sentences.map(item));
  }, $("#edit-button"));
  if (!count) clear(bar);
  if (said || note) $("#edits-problem").textContent = note;
  roving($("#edit-tools"), "[data-tool]");
  const known = count > 0 ? `${count === 1 ? "1 edit" : `${count} edits`} not applied.` : "";
  if (said) $("#edits-news").textContent = [said, known].filter(Boolean).join(" ");
  else if (stale) $("#edits-news").textContent = `Version ${stale.version} is newer than your edits: carry them over, or discard them.`;
  else if (!count) $("#edits-news").textContent = "";
}

function item(sentence, at) {
  return el("button", { class: "menu-item edit-item", type: "button", role: "menuitem", tabindex: "-1", "data-edit": at, "data-focus": `edit-${at}`, "aria-label": `Remove: ${sentence}` }, el("span", { class: "small" }, sentence), el("span", { class: "small faint" }, "Remove"));
}
