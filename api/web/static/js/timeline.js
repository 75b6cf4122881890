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
let now = 0;
let placeSlider = () => {};

$("#zoom-in").addEventListener("click", () => zoomTo(zoom + 1));
$("#zoom-out").addEventListener("click", () => zoomTo(zoom - 1));

function zoomTo(step) {
  const middle = (scroll.scrollLeft + scroll.clientWidth / 2) / zooms[zoom];
  zoom = Math.min(zooms.length - 1, Math.max(0, step));
  track.style.setProperty("--px-per-s", zooms[zoom]);
  scroll.scrollLeft = middle * zooms[zoom] - scroll.clientWidth / 2;
}

/** Draws everything; `onpick` gets a scene's index. */
export function drawTimeline(timeline, wave, onpick, onseek) {
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
  seekable(timeline.duration_s, onseek);
  $("#timeline-words").textContent = `${timeline.scenes.length} scenes, ${clock(timeline.duration_s)}`;
}

const STEP_S = 5;

/** The wave is where one goes to a moment: by a press, or with arrows, Home and End. */
function seekable(duration_s, onseek) {
  const wave = $(".wave", track);
  if (!wave || !onseek) return;
  const slider = el("div", { class: "seek", role: "slider", tabindex: "0", "data-focus": "seek", "aria-label": "Place in the song", "aria-valuemin": 0, "aria-valuemax": Math.floor(duration_s) });
  wave.replaceWith(slider);
  slider.append(wave);
  wave.setAttribute("aria-hidden", "true");
  placeSlider = (seconds) => {
    slider.setAttribute("aria-valuenow", Math.floor(seconds));
    slider.setAttribute("aria-valuetext", `${clock(seconds)} of ${clock(duration_s)}`);
  };
  placeSlider(now);
  slider.addEventListener("click", (event) => {
    const box = track.getBoundingClientRect();
    onseek(Math.min(duration_s, Math.max(0, (event.clientX - box.left) / zooms[zoom])));
  });
  slider.addEventListener("keydown", (event) => {
    const to = { ArrowRight: now + STEP_S, ArrowUp: now + STEP_S, ArrowLeft: now - STEP_S, ArrowDown: now - STEP_S, Home: 0, End: duration_s }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onseek(Math.min(duration_s, Math.max(0, to)));
  });
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
  for (const button of $$(".scene", track)) {
    const isPicked = Number(button.dataset.scene) === index;
    button.setAttribute("aria-pressed", isPicked);
    button.tabIndex = isPicked ? 0 : -1; // one tab stop; arrows go from scene to scene
  }
}

/** Brings a moment into view. */
export function reveal(seconds) {
  const at = seconds * zooms[zoom];
  if (at < scroll.scrollLeft + 40 || at > scroll.scrollLeft + scroll.clientWidth - 120) scroll.scrollTo({ left: at - scroll.clientWidth / 3, behavior: calm.matches ? "auto" : "smooth" });
}

export function movePlayhead(seconds) {
  now = seconds;
  placeSlider(seconds);
  $("#playhead")?.style.setProperty("--now-s", seconds);
}
