// The timeline: sections, waveform with every beat, and scenes at their true width.
import { $, $$, calm, el } from "./dom.js";
import { clock, sentence } from "./words.js";
import { drawSections, drawWave } from "./waveform.js";

// Below this a scene can't be hit with a finger (WCAG 2.2, target size).
const LEAST_PX = 26;
const STEPS = [1, 1.5, 2.25, 3.4, 5];
const track = $("#track");
const scroll = $("#timeline");
let zooms = STEPS;
let zoom = 0;

$("#zoom-in").addEventListener("click", () => zoomTo(zoom + 1));
$("#zoom-out").addEventListener("click", () => zoomTo(zoom - 1));

function zoomTo(step) {
  const middle = (scroll.scrollLeft + scroll.clientWidth / 2) / zooms[zoom];
  zoom = Math.min(zooms.length - 1, Math.max(0, step));
  track.style.setProperty("--px-per-s", zooms[zoom]);
  scroll.scrollLeft = middle * zooms[zoom] - scroll.clientWidth / 2;
}

/** Draws everything; `onpick` gets a scene's index. */
export function drawTimeline(timeline, wave, onpick) {
  const parts = wave ? [drawSections(wave), drawWave(wave, { beats: "all", bars: 2000 })] : [];
  const strip = el("ol", { class: "strip", id: "strip", "aria-label": "Scenes" }, ...timeline.scenes.map((scene) => el("li", { vars: { "--seconds": scene.end_s - scene.start_s } }, card(scene, onpick))));
  const shortest = Math.min(...timeline.scenes.map((scene) => scene.end_s - scene.start_s));
  zooms = STEPS.map((step) => Math.max(12, LEAST_PX / shortest) * step);
  track.style.setProperty("--length-s", timeline.duration_s);
  track.style.setProperty("--px-per-s", zooms[zoom]);
  track.replaceChildren(...parts, strip, el("span", { class: "playhead", id: "playhead", "aria-hidden": "true" }));
  strip.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const cards = $$(".scene", strip);
    const next = step && cards[cards.indexOf(document.activeElement) + step];
    if (next) {
      event.preventDefault();
      next.focus();
      next.click();
    }
  });
  $("#timeline-words").textContent = `${timeline.scenes.length} scenes, ${clock(timeline.duration_s)}`;
}

function card(scene, onpick) {
  const words = `Scene ${scene.index + 1}, ${scene.section}, ${clock(scene.start_s)} to ${clock(scene.end_s)}`;
  return el(
    "button",
    { class: "scene", type: "button", "data-scene": scene.index, "data-focus": `scene-${scene.index}`, "aria-pressed": "false", "aria-label": words, title: `${sentence(scene.section)} · ${clock(scene.start_s)}`, onclick: () => onpick(scene.index) },
    scene.still_url && el("img", { src: sized(scene.still_url), alt: "", loading: "lazy", decoding: "async" }),
    el("span", { class: "tile-number", "aria-hidden": "true" }, `${scene.index + 1}`),
    scene.marks.length ? el("span", { class: "scene-mark", title: scene.marks.join(", ") }) : null,
  );
}

export const sized = (address, width = 240) => `${address}${address.includes("?") ? "&" : "?"}width=${width}`;

export function markScene(index) {
  for (const button of $$(".scene", track)) button.setAttribute("aria-pressed", Number(button.dataset.scene) === index);
}

/** Brings a moment into view. */
export function reveal(seconds) {
  const at = seconds * zooms[zoom];
  if (at < scroll.scrollLeft + 40 || at > scroll.scrollLeft + scroll.clientWidth - 120) scroll.scrollTo({ left: at - scroll.clientWidth / 3, behavior: calm.matches ? "auto" : "smooth" });
}

export function movePlayhead(seconds) {
  $("#playhead")?.style.setProperty("--now-s", seconds);
}
