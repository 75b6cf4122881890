// Studio's keys, and the sheet that lists them. One table is both.
import { $, el, show } from "./dom.js";
import { keep, kept } from "./kept.js";

const FIELDS = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const PRESSED = "button, a[href], summary, [role^=menuitem], input[type=checkbox]";
const OWN_ARROWS = '[role="toolbar"], [role="menu"]';
const ARROWS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);
const SHOWN = { ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", Ctrl: /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl" };
const KEPT_AS = "studio/keys-off";
const sheet = $("#keys");
let byPointer = false; // whether the focus came by a press: Space and arrows then belong to the transport
let pressing = false;

addEventListener("pointerdown", () => (pressing = true), true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(() => (pressing = false)), true);
addEventListener("focusin", () => (byPointer = pressing));

/** `Shift+ArrowLeft`, `Ctrl+Z`, `[`, `S`. Signs count as typed: on some keyboards they need Shift, Alt or AltGr. */
function nameOf(event) {
  const { key } = event;
  if (key === " ") return event.shiftKey ? "Shift+Space" : "Space";
  const isSign = key.length === 1 && key.toUpperCase() === key.toLowerCase();
  if (isSign) return event.ctrlKey && !event.altKey ? `Ctrl+${key}` : key;
  const held = [(event.ctrlKey || event.metaKey) && "Ctrl", event.altKey && "Alt", event.shiftKey && "Shift"];
  return [...held.filter(Boolean), key.length === 1 ? key.toUpperCase() : key].join("+");
}

/** Whether what has the focus has a use of its own for the key. */
function isTaken(target, name) {
  if (target.closest(FIELDS)) return true;
  if (target.closest(".cut") && /Arrow|Enter|Home|End$/.test(name)) return !name.startsWith("Ctrl");
  if (byPointer) return false;
  // The scene in hand is picked already: Space plays.
  if (name === "Space" && target.matches('.scene[aria-pressed="true"]')) return false;
  if ((name === "Space" || name === "Enter") && target.closest(PRESSED)) return true;
  return ARROWS.has(name) && Boolean(target.closest(OWN_ARROWS));
}

/** `groups`: [words, [[keys, words, act], …]], in the order of the sheet. */
export function startKeys(groups) {
  const acts = new Map();
  for (const [, rows] of groups) for (const [keys, , act] of rows) for (const key of keys) if (act) acts.set(key, act);
  acts.set("?", () => sheet.showModal());
  let swallowed = "";
  document.addEventListener(
    "keydown",
    (event) => {
      const name = nameOf(event);
      const act = acts.get(name);
      if (!act || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]") || isTaken(event.target, name)) return;
      // Keys without Ctrl or Alt can be switched off: speech input may press them (WCAG 2.1.4).
      if (kept(KEPT_AS) && !/Ctrl|Alt/.test(name)) return;
      event.preventDefault();
      event.stopPropagation();
      swallowed = event.key;
      act();
    },
    true,
  );
  // A button under the focus is pressed by the end of Space.
  document.addEventListener("keyup", (event) => {
    if (event.key === swallowed) event.preventDefault();
    swallowed = "";
  }, true);
  drawSheet(groups);
}

const keyWords = (name) => name.split(/\+(?=.)/).map((part) => SHOWN[part] ?? part);

function drawSheet(groups) {
  const keys = (names) => names.flatMap((name, at) => [at ? " or " : "", el("span", { class: "keys-name" }, ...keyWords(name).map((part) => el("kbd", {}, part)))]);
  const part = ([words, rows]) => el("section", {}, el("h3", {}, words), el("dl", {}, ...rows.map(([names, what]) => el("div", {}, el("dt", {}, ...keys(names)), el("dd", {}, what)))));
  const box = el("input", { type: "checkbox", role: "switch", id: "keys-on", "aria-describedby": "keys-hint" });
  box.checked = !kept(KEPT_AS);
  box.addEventListener("change", () => keep(KEPT_AS, !box.checked));
  sheet.replaceChildren(
    el("h2", { id: "keys-title", tabindex: "-1", autofocus: true }, "Keyboard shortcuts"),
    el("div", { class: "keys-groups" }, ...groups.map(part)),
    el("label", { class: "switch" }, box, "Keys without Ctrl or Alt"),
    el("p", { class: "hint", id: "keys-hint" }, "Keys never act while you type. Switch single keys off if you dictate."),
    el("button", { class: "button", type: "button", onclick: () => sheet.close() }, "Close"),
  );
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  sheet.addEventListener("keydown", (event) => {
    if (event.key !== "?") return;
    event.preventDefault();
    sheet.close();
  });
  const button = $("#keys-button");
  button.addEventListener("click", () => sheet.showModal());
  show(button, true);
}
