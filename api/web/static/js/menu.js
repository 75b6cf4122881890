// A button that opens a menu: arrows, Home and End go through it, Escape and a press beside it close it.
import { $, $$, show } from "./dom.js";

export function menu(button, list) {
  const items = () => $$('[role^="menuitem"]', list);
  const isOpen = () => !list.hidden;
  const close = ({ focus = true } = {}) => {
    if (!isOpen()) return;
    show(list, false);
    button.setAttribute("aria-expanded", "false");
    if (focus) button.focus({ preventScroll: true });
  };
  const open = (last = false) => {
    show(list, true);
    button.setAttribute("aria-expanded", "true");
    const first = $('[aria-checked="true"]', list) ?? items()[0];
    (last ? items().at(-1) : first)?.focus();
  };
  button.addEventListener("click", () => (isOpen() ? close() : open()));
  button.addEventListener("keydown", (event) => {
    if (isOpen() || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    open(event.key === "ArrowUp");
  });
  list.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: (at + 1) % all.length, ArrowUp: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "Escape" || event.key === "Tab") close();
    if (event.key === "Escape" || to !== undefined) event.preventDefault();
    if (to !== undefined) all[to]?.focus();
  });
  list.addEventListener("click", (event) => event.target.closest('[role^="menuitem"]') && close());
  document.addEventListener("pointerdown", (event) => {
    if (!list.contains(event.target) && !button.contains(event.target)) close({ focus: false });
  });
}
