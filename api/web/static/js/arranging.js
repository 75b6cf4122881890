// Scenes in the hand: dragged to another place; or another scene is pointed at, to change places with or to be shown again.
import { $, $$, el, show } from "./dom.js";
import { desk, hands, scenes } from "./desk.js";
import { scrollAtEdge } from "./cutting.js";

const NEAR_PX = 8; // a shorter way is a press, not a drag
const LONG_MS = 350; // a finger that rests so long takes the scene; one that moves before scrolls the strip
const bar = $("#aim-bar");
let aimed = null; // {scene, act}: what happens with the next scene that is chosen
let drag = null; // {card, scene, pointer, x, taken, place}

/** The next scene that is chosen is given to `act(scene)`. Escape gives up. */
export function aim(words, act) {
  const scene = scenes()[desk.picked];
  if (!scene) return;
  aimed = { scene, act };
  $("#aim-words").textContent = words;
  show(bar, true);
  $("#strip").dataset.aiming = true;
  $(`.scene[data-scene="${scene.index}"]`).focus();
}

export const isAiming = () => aimed !== null;

export function stopAiming() {
  if (!aimed) return;
  const { scene } = aimed;
  aimed = null;
  show(bar, false);
  delete $("#strip").dataset.aiming;
  $(`.scene[data-scene="${scene.index}"]`)?.focus();
}

/** Gives a chosen scene to what waits for one. Returns whether anything did. */
export function chosen(index) {
  if (!aimed) return false;
  const { act } = aimed;
  stopAiming();
  act(scenes()[index]);
  return true;
}

export function startArranging() {
  $("#aim-cancel").addEventListener("click", stopAiming);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || (!aimed && !drag)) return;
    event.preventDefault();
    drop(false);
    stopAiming();
  });
}

/** Lets the scenes of a drawn strip be dragged. */
export function draggable(strip) {
  // What was held is drawn anew.
  drag = null;
  const badge = el("span", { class: "cut-ghost drag-badge number", "aria-hidden": "true", hidden: true });
  strip.parentElement.append(badge);
  for (const card of $$(".scene", strip)) follow(card, strip, badge);
  // While a finger holds a scene, the strip does not scroll.
  strip.addEventListener("touchmove", (event) => drag?.taken && event.preventDefault(), { passive: false });
  strip.addEventListener("contextmenu", (event) => drag && event.preventDefault());
}

function follow(card, strip, badge) {
  let timer = null;
  card.addEventListener("dragstart", (event) => event.preventDefault());
  card.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || drag || aimed) return;
    drag = { card, scene: scenes()[Number(card.dataset.scene)], pointer: event.pointerId, x: event.clientX, taken: false, place: null };
    if (event.pointerType === "touch") timer = setTimeout(() => take(event.clientX), LONG_MS);
  });
  card.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drag?.pointer) return;
    if (!drag.taken) {
      if (Math.abs(event.clientX - drag.x) < NEAR_PX) return;
      if (event.pointerType === "touch") return leave();
      take(event.clientX);
    }
    scrollAtEdge(event.clientX);
    over(event);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    card.addEventListener(end, (event) => event.pointerId === drag?.pointer && leave(end === "pointerup", event.shiftKey));
  }
  // The press that ends a drag picks nothing.
  card.addEventListener("click", (event) => {
    if (!card.dataset.dropped) return;
    delete card.dataset.dropped;
    event.stopImmediatePropagation();
  }, true);

  function take(x) {
    if (!drag) return;
    drag.taken = true;
    card.setPointerCapture(drag.pointer);
    card.dataset.dragged = true;
    over({ clientX: x, shiftKey: false });
  }

  function over({ clientX, shiftKey }) {
    const items = [...strip.children];
    const place = Math.max(0, items.findIndex((item) => clientX < item.getBoundingClientRect().right));
    const at = clientX > items.at(-1).getBoundingClientRect().right ? items.length - 1 : place;
    drag.place = at;
    items.forEach((item, one) => item.toggleAttribute("data-target", one === at && at !== drag.scene.index));
    const target = scenes()[at];
    badge.hidden = false;
    badge.style.setProperty("--from", target.start_s);
    badge.textContent = at === drag.scene.index ? "Back where it was" : shiftKey ? `Swap with ${at + 1}` : `To place ${at + 1}`;
  }

  function leave(isDone = false, isSwap = false) {
    clearTimeout(timer);
    badge.hidden = true;
    for (const item of strip.children) item.removeAttribute("data-target");
    if (drag?.taken && isDone) {
      card.dataset.dropped = true;
      setTimeout(() => delete card.dataset.dropped);
    }
    drop(isDone, isSwap);
  }
}

function drop(isDone, isSwap = false) {
  if (!drag) return;
  const { card, scene, taken, place } = drag;
  drag = null;
  delete card.dataset.dragged;
  if (!isDone || !taken || place === null || place === scene.index) return;
  if (isSwap) hands.edit({ kind: "swap", scene_id: scene.scene_id, other_id: scenes()[place].scene_id });
  else hands.edit({ kind: "reorder", scene_id: scene.scene_id, position: place });
}
