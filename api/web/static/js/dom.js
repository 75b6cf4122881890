// Small helpers for elements and icons. Text is inserted as text, never as HTML.
const SVG = "http://www.w3.org/2000/svg";
const ICONS = new URL("../icons.svg", import.meta.url).pathname;

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** An element: `el("button", {class: "button", type: "button", onclick}, "Words", child)`. */
export function el(name, attributes = {}, ...children) {
  return dress(document.createElement(name), attributes, children);
}

/** An SVG element. */
export function svg(name, attributes = {}, ...children) {
  return dress(document.createElementNS(SVG, name), attributes, children);
}

function dress(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (name.startsWith("aria-")) element.setAttribute(name, String(value));
    else if (value === false) continue;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "vars") for (const [key, number] of Object.entries(value)) element.style.setProperty(key, number);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name) {
  return svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, svg("use", { href: `${ICONS}#${name}` }));
}

export function show(element, visible) {
  element.hidden = !visible;
}

/** Redraws and keeps the focus on the element with the same `data-focus`, or, where that is gone, on `otherwise`. */
export function redraw(draw, otherwise = null) {
  const held = document.activeElement;
  draw();
  if (!held || held === document.activeElement) return;
  const same = held.isConnected ? held : held.dataset.focus && $(`[data-focus="${CSS.escape(held.dataset.focus)}"]`);
  (same || otherwise)?.focus({ preventScroll: true });
}

const rovers = new WeakSet();

/**
 * One tab stop for many elements: arrows, Home and End move between them. `first`: where Tab arrives; called again without
 * it, the stop stays where it is.
 */
export function roving(place, selector, first = null) {
  const items = () => $$(selector, place).filter((item) => item.checkVisibility() && !item.disabled);
  const stopAt = (stop) => $$(selector, place).forEach((item) => (item.tabIndex = item === stop ? 0 : -1));
  const held = rovers.has(place) && items().find((item) => item.tabIndex === 0);
  stopAt(first ?? (held || items()[0]));
  if (rovers.has(place)) return;
  rovers.add(place);
  place.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    const all = items();
    const at = all.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    // A list's own arrows choose from it.
    if (at < 0 || to === undefined || !all[to] || (event.target.matches("select") && /Up|Down/.test(event.key))) return;
    event.preventDefault();
    all[to].focus();
  });
  // However the focus came, Tab returns to it.
  place.addEventListener("focusin", ({ target }) => items().includes(target) && stopAt(target));
}

export const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** How to scroll. */
export const smooth = () => (calm.matches ? "auto" : "smooth");

/** Calls `act` after `ms` without another call. */
export function debounced(ms, act) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...args), ms);
  };
}

export const wait = (ms) => new Promise((done) => setTimeout(done, ms));
