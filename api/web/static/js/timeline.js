// The timeline: sections, singing, waveform with every beat, and scenes at their true width.
import { $, $$, debounced, el, smooth } from "./dom.js";
import { draggable } from "./arranging.js";
import { indexOf } from "./desk.js";
import { drawCuts, focusCut, markCuts } from "./cutting.js";
import { scrubbable } from "./scrubbing.js";
import { clock, credits, sentence } from "./words.js";
import { drawSections, drawSinging, drawWave } from "./waveform.js";

// Below this a scene can't be hit with a finger (WCAG 2.2, target size).
const LEAST_PX = 26;
const STEPS = [1, 1.5, 2.25, 3.4, 5];
const track = $("#track");
const scroll = $("#timeline");
let drawn = null;
let zoom = 0;
let now = 0;
let placeSlider = () => {};

$("#zoom-in").addEventListener("click", () => zoomBy(1));
$("#zoom-out").addEventListener("click", () => zoomBy(-1));
addEventListener("resize", debounced(80, () => drawn && spread()));

/** Pixels a second: the whole video in the window, unless its shortest scene would be too narrow. */
const scale = () => {
  const shortest = Math.min(...drawn.scenes.map((scene) => scene.end_s - scene.start_s));
  return Math.max(scroll.clientWidth / drawn.duration_s, LEAST_PX / shortest) * STEPS[zoom];
};

function spread() {
  track.style.setProperty("--length-s", drawn.duration_s);
  track.style.setProperty("--px-per-s", scale());
}

/** Zooms around the playhead where it is seen, else around the middle. */
export function zoomBy(step) {
  const before = scale();
  const head = now * before - scroll.scrollLeft;
  const held = head >= 0 && head <= scroll.clientWidth ? head : scroll.clientWidth / 2;
  const at = (scroll.scrollLeft + held) / before;
  zoom = Math.min(STEPS.length - 1, Math.max(0, zoom + step));
  spread();
  scroll.scrollLeft = at * scale() - held;
}

/** Draws everything. `onpick(index)`; `onscrub(seconds)` and `ondone()` as a drag along the wave goes on and ends. */
export function drawTimeline(timeline, wave, { onpick, onscrub, ondone }) {
  // Cuts may change the scale: the playhead stays where it is seen.
  const head = drawn && now * scale() - scroll.scrollLeft;
  const isSeen = head !== null && head >= 0 && head <= scroll.clientWidth;
  drawn = timeline;
  const parts = wave ? [drawSections(wave), drawSinging(wave), drawWave(wave, { beats: "all", bars: 2000 })] : [];
  const strip = el("ol", { class: "strip", id: "strip" }, ...timeline.scenes.map((scene) => el("li", { vars: { "--seconds": scene.end_s - scene.start_s } }, card(scene, onpick))));
  spread();
  const lane = el("div", { class: "lane", role: "toolbar", "aria-label": "Scenes" }, strip);
  track.replaceChildren(...parts.filter(Boolean), lane, el("span", { class: "playhead", id: "playhead", "aria-hidden": "true" }));
  strip.addEventListener("keydown", (event) => {
    const cards = $$(".scene", strip);
    const at = cards.indexOf(document.activeElement);
    const next = cards[{ ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: cards.length - 1 }[event.key]];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowUp" && at >= 0) focusCut(at);
    else if (!next) return;
    else {
      next.focus();
      if (!strip.dataset.aiming) next.click();
    }
    event.preventDefault();
  });
  draggable(strip);
  drawCuts(lane, { scale, onpress: (x) => onpick(cards().findIndex((one) => x < one.getBoundingClientRect().right)) });
  placeSlider = wave ? scrubbable($(".wave", track), timeline.duration_s, { onscrub, ondone }) : () => {};
  movePlayhead(now);
  if (isSeen) scroll.scrollLeft = now * scale() - head;
  $("#timeline-words").textContent = `${timeline.scenes.length} scenes`;
}

function card(scene, onpick) {
  const price = scene.new_clip_price && credits(scene.new_clip_price);
  const more = [scene.frozen && "held", price && `longer than its clip, a new clip: ${price}`, scene.is_changed && "not applied yet"].filter(Boolean);
  const words = [`Scene ${scene.index + 1}, ${scene.section}, ${clock(scene.start_s)} to ${clock(scene.end_s)}`, ...more].join(", ");
  return el(
    "button",
    { class: "scene", type: "button", "data-scene": scene.index, "data-base": indexOf(scene), "data-focus": `scene-${scene.scene_id}`, "data-changed": scene.is_changed, "aria-pressed": "false", "aria-label": words, title: [`${sentence(scene.section)} · ${clock(scene.start_s)}`, ...more].join(" · "), onclick: () => onpick(scene.index) },
    scene.still_url && el("img", { src: sized(scene.still_url), alt: "", loading: "lazy", decoding: "async", draggable: "false" }),
    el("span", { class: "tile-number", "aria-hidden": "true" }, `${scene.index + 1}`),
    price ? el("span", { class: "scene-price", "aria-hidden": "true" }, `${scene.new_clip_price}`) : scene.marks.length ? el("span", { class: "scene-mark", title: scene.marks.join(", ") }) : null,
  );
}

export const sized = (address, width = 240) => `${address}${address.includes("?") ? "&" : "?"}width=${width}`;

const cards = () => $$(".scene", track);

export function markScene(index) {
  markCuts(index);
  for (const button of cards()) {
    const isPicked = Number(button.dataset.scene) === index;
    button.setAttribute("aria-pressed", isPicked);
    button.tabIndex = isPicked ? 0 : -1; // one tab stop; arrows go from scene to scene
  }
}

/** Marks the scenes of which something is being made: its kind by the scene's index in the open version. */
export function markMaking(making) {
  for (const button of cards()) {
    const kind = making.get(Number(button.dataset.base));
    const words = button.getAttribute("aria-label").replace(/, a new \w+ is being made/, "");
    button.setAttribute("aria-label", kind ? `${words}, a new ${kind} is being made` : words);
    if (kind) button.dataset.state = "painting";
    else delete button.dataset.state;
  }
}

/** Marks the scenes in which two compared versions differ. */
export function markDifferences(indices) {
  for (const button of $$(".scene", track)) {
    const differs = indices.includes(Number(button.dataset.scene));
    if (differs === Boolean(button.dataset.differs)) continue;
    const words = button.getAttribute("aria-label");
    button.setAttribute("aria-label", differs ? `${words}, differs` : words.replace(", differs", ""));
    if (differs) button.dataset.differs = true;
    else delete button.dataset.differs;
  }
}

/** Scrolls a position into view. */
export function reveal(seconds, { gently = true } = {}) {
  const at = seconds * scale();
  if (at < scroll.scrollLeft + 24 || at > scroll.scrollLeft + scroll.clientWidth - Math.min(120, scroll.clientWidth / 4)) scroll.scrollTo({ left: at - scroll.clientWidth / 3, behavior: gently ? smooth() : "auto" });
}

export function movePlayhead(seconds) {
  now = seconds;
  placeSlider(seconds);
  $("#playhead")?.style.setProperty("--now-s", seconds);
}
