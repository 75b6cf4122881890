// Small helpers: find, make, icons. Text goes in as text, never as HTML.
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

/** Draws anew and keeps the focus where it was: on what has the same `data-focus`, or, where that is gone, on `otherwise`. */
export function redraw(draw, otherwise = null) {
  const held = document.activeElement;
  draw();
  if (!held || held === document.activeElement) return;
  const same = held.isConnected ? held : held.dataset.focus && $(`[data-focus="${CSS.escape(held.dataset.focus)}"]`);
  (same || otherwise)?.focus({ preventScroll: true });
}

/** One tab stop for many things of a kind: arrows, Home and End go from one to the next. `first`: where Tab arrives. */
export function roving(place, selector, first = null) {
  const items = $$(selector, place);
  const stop = first ?? items[0];
  for (const item of items) item.tabIndex = item === stop ? 0 : -1;
  place.onkeydown = (event) => {
    const at = items.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (at < 0 || to === undefined || !items[to]) return;
    event.preventDefault();
    for (const item of items) item.tabIndex = item === items[to] ? 0 : -1;
    items[to].focus();
  };
}

export const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Calls `act` once things have been quiet for `ms`. */
export function debounced(ms, act) {
  let timer;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...args), ms);
  };
}

export const wait = (ms) => new Promise((done) => setTimeout(done, ms));
