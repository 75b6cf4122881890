// A song as a picture: peaks, beats and sections. Positions are in seconds; the SVG stretches.
import { el, svg } from "./dom.js";
import { clock, sentence } from "./words.js";

const HEIGHT = 100;
const MOST_BARS = 720;

/** Peaks reduced to a screen's resolution: the highest of each slice. */
function thinned(peaks, most) {
  if (peaks.length <= most) return peaks;
  const size = peaks.length / most;
  return Array.from({ length: most }, (_, i) => Math.max(...peaks.slice(Math.floor(i * size), Math.floor((i + 1) * size))));
}

/** One path for all peaks that `wanted` picks. */
function barsPath(peaks, secondsPerPeak, wanted) {
  let path = "";
  peaks.forEach((peak, i) => {
    const at = i * secondsPerPeak;
    if (!wanted(at)) return;
    const half = Math.max(0.012, peak) * HEIGHT * 0.48;
    path += `M${at.toFixed(3)} ${(HEIGHT / 2 - half).toFixed(2)}h${(secondsPerPeak * 0.66).toFixed(4)}v${(2 * half).toFixed(2)}h${(-secondsPerPeak * 0.66).toFixed(4)}z`;
  });
  return path;
}

/**
 * The waveform with beats and section edges.
 * `wave`: {duration_s, peaks, beats: [{t, downbeat}], sections}; `beats`: which beats to draw, "all" or "downbeats".
 */
export function drawWave(wave, { beats = "downbeats", bars = MOST_BARS } = {}) {
  const peaks = thinned(wave.peaks, bars);
  const step = wave.duration_s / Math.max(1, peaks.length);
  const chorus = (at) => wave.sections.some((s) => s.label === "chorus" && at >= s.start_s && at < s.end_s);
  const lines = (list, name, top) => svg("path", { class: name, d: list.map((at) => `M${at.toFixed(3)} ${top}V${HEIGHT}`).join("") });
  const down = wave.beats.filter((beat) => beat.downbeat).map((beat) => beat.t);
  const others = beats === "all" ? wave.beats.filter((beat) => !beat.downbeat).map((beat) => beat.t) : [];
  return svg(
    "svg",
    { class: "wave", viewBox: `0 0 ${wave.duration_s} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": described(wave) },
    svg("path", { class: "wave-peaks", d: barsPath(peaks, step, (at) => !chorus(at)) }),
    svg("path", { class: "wave-peaks-strong", d: barsPath(peaks, step, chorus) }),
    lines(wave.sections.slice(1).map((s) => s.start_s), "wave-edge", 0),
    lines(others, "wave-beat", HEIGHT * 0.95),
    lines(down, "wave-downbeat", HEIGHT * 0.9),
  );
}

function described(wave) {
  const parts = wave.sections.map((s) => `${s.label} at ${clock(s.start_s)}`);
  return `Waveform: ${wave.beats.length} beats; ${parts.join(", ")}`;
}

/** The names of the sections, as wide as they last. */
export function drawSections(wave) {
  const item = (section) => {
    const words = `${sentence(section.label)}${section.strongest_chorus ? " ★" : ""}`;
    const title = `${words}, ${clock(section.start_s)} to ${clock(section.end_s)}`;
    return el("li", { "data-label": section.label, title, vars: { "--seconds": section.end_s - section.start_s } }, words);
  };
  return el("ol", { class: "sections", "aria-label": "Sections" }, ...wave.sections.map(item));
}

/** Where a voice sings; null where that is not known or there is none. */
export function drawSinging(wave) {
  if (!wave.vocals?.length) return null;
  const words = wave.vocals.map((span) => `${clock(span.start_s)} to ${clock(span.end_s)}`).join(", ");
  const spans = wave.vocals.map((span) => el("span", { title: `Singing, ${clock(span.start_s)} to ${clock(span.end_s)}`, vars: { "--from": span.start_s, "--seconds": span.end_s - span.start_s } }));
  return el("div", { class: "singing", role: "img", "aria-label": `Singing: ${words}` }, ...spans);
}
