// Cuts in the hand: dragged along the strip or moved by arrows, from beat to beat. Positions are whole frames of the video.
import { $, $$, el } from "./dom.js";
import { barAt, beatFrames, moment } from "./bars.js";
import { desk, fps, hands, scenes } from "./desk.js";

const NEAR_PX = 4; // a shorter way is a press, not a drag
const EDGE_PX = 36; // a drag that comes so near to the edge scrolls
const scroll = $("#timeline");
let held = null; // {line, scene, frame, snap}: the cut that is being moved
let hooks = {};

const choice = $("#snap"); // a storyboard has none: its cuts lie on beats

/** Where cuts lie: beats, half beats or frames; a held key says otherwise for once. */
export const snapOf = (event = {}) => (!choice ? "beat" : event.altKey ? "frame" : event.shiftKey ? "half" : choice.value);

const said = (frame) => [moment(frame / fps()), barAt(frame / fps())].filter(Boolean).join(" · ");

/** The first and the last frame on which the cut before a scene may lie, as on the server. */
function bounds(scene) {
  const before = scenes()[scene.index - 1];
  const { shortest_frames: shortest, longest_frames: longest } = desk.timeline;
  const [left, right] = [before, scene].map((one) => one.end_frame - one.start_frame);
  return [
    Math.max(before.start_frame + Math.min(shortest, left), scene.end_frame - Math.max(longest, right)),
    Math.min(scene.end_frame - Math.min(shortest, right), before.start_frame + Math.max(longest, left)),
  ];
}

/** The frames on which a cut may lie; null: any within its bounds. */
function places(scene, snap) {
  if (snap === "frame") return null;
  const [first, last] = bounds(scene);
  const beats = beatFrames();
  const all = snap === "half" ? beats.flatMap((at, one) => (one + 1 < beats.length ? [at, Math.floor((at + beats[one + 1]) / 2)] : [at])) : beats;
  const inside = all.filter((frame) => frame >= first && frame <= last);
  return inside.length ? inside : null;
}

function near(scene, frame, snap) {
  const [first, last] = bounds(scene);
  const wished = Math.max(first, Math.min(last, Math.round(frame)));
  return places(scene, snap)?.reduce((best, at) => (Math.abs(at - wished) < Math.abs(best - wished) ? at : best)) ?? wished;
}

/** A step of arrows: to the next place, or by a frame where there is none. */
function stepped(scene, from, step, snap) {
  const [first, last] = bounds(scene);
  const all = places(scene, snap);
  if (!all) return Math.max(first, Math.min(last, from + step));
  return (step > 0 ? all.find((at) => at > from) : all.findLast((at) => at < from)) ?? from;
}

/** Draws a handle on each cut over the strip. `scale()`: pixels a second; `onpress(x)`: a press that is no drag. */
export function drawCuts(place, given) {
  hooks = given;
  held = null;
  const ghost = el("span", { class: "cut-ghost number", id: "cut-ghost", "aria-hidden": "true", hidden: true });
  place.append(...scenes().slice(1).map(handle), ghost);
  markCuts(desk.picked);
}

/** The cuts beside the scene in hand: where a finger points, only they can be grasped. */
export function markCuts(index) {
  for (const line of $$(".cut")) {
    const at = Number(line.dataset.cut);
    line.dataset.near = at === index ? "before" : at === index + 1 ? "after" : "";
  }
}

/** Takes the cut before a scene in hand. */
export const focusCut = (index) => $(`.cut[data-cut="${Math.max(1, index)}"]`)?.focus();

function handle(scene) {
  const [first, last] = bounds(scene);
  const line = el("span", {
    class: "cut",
    role: "slider",
    tabindex: "-1",
    "data-cut": scene.index,
    "data-focus": `cut-${scene.scene_id}`,
    "aria-label": `Cut before scene ${scene.index + 1}`,
    "aria-valuemin": first,
    "aria-valuemax": last,
    "aria-valuenow": scene.start_frame,
    "aria-valuetext": said(scene.start_frame),
    "aria-describedby": "cut-hint",
    vars: { "--from": scene.start_s },
  });
  line.addEventListener("keydown", (event) => byKey(event, line, scene));
  line.addEventListener("blur", () => held?.line === line && !held.pointer && giveUp());
  byPointer(line, scene);
  return line;
}

function move(line, scene, frame, snap, pointer = null) {
  held = { line, scene, frame, snap, pointer };
  line.setAttribute("aria-valuenow", frame);
  line.setAttribute("aria-valuetext", said(frame));
  const ghost = $("#cut-ghost");
  ghost.hidden = false;
  ghost.textContent = said(frame);
  ghost.style.setProperty("--from", frame / fps());
  ghost.toggleAttribute("data-left", frame / fps() > desk.timeline.duration_s * 0.8);
  hands.goTo((frame + 0.5) / fps());
}

function giveUp() {
  if (!held) return;
  const { line, scene } = held;
  held = null;
  $("#cut-ghost").hidden = true;
  line.setAttribute("aria-valuenow", scene.start_frame);
  line.setAttribute("aria-valuetext", said(scene.start_frame));
}

function put() {
  const { scene, frame, snap } = held;
  giveUp();
  if (frame !== scene.start_frame) hands.edit({ kind: "move_cut", scene_id: scene.scene_id, frame, snap });
}

function byKey(event, line, scene) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (event.ctrlKey || event.metaKey) return;
  if (step) {
    const snap = snapOf(event);
    move(line, scene, stepped(scene, held?.frame ?? scene.start_frame, step, snap), snap);
  } else if (event.key === "Enter" && held) put();
  else if (["Escape", "ArrowDown", "Enter"].includes(event.key)) {
    giveUp();
    $(`.scene[data-scene="${scene.index}"]`)?.focus();
  } else if (event.key !== "ArrowUp" && event.key !== "Home" && event.key !== "End") return;
  event.preventDefault();
  event.stopPropagation();
}

function byPointer(line, scene) {
  let from = null;
  line.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || from) return;
    // A touch that begins here is no swipe of the strip.
    from = { x: event.clientX, pointer: event.pointerId };
    line.setPointerCapture(event.pointerId);
  });
  line.addEventListener("pointermove", (event) => {
    if (event.pointerId !== from?.pointer) return;
    if (!held && Math.abs(event.clientX - from.x) < NEAR_PX) return;
    scrollAtEdge(event.clientX);
    const seconds = (event.clientX - line.parentElement.getBoundingClientRect().left) / hooks.scale();
    const snap = snapOf(event);
    move(line, scene, near(scene, seconds * fps(), snap), snap, event.pointerId);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    line.addEventListener(end, (event) => {
      if (event.pointerId !== from?.pointer) return;
      from = null;
      if (end === "pointercancel") giveUp();
      else if (held) put();
      else hooks.onpress(event.clientX);
    });
  }
}

/** A drag that comes near to an edge of the window scrolls the timeline. */
export function scrollAtEdge(x) {
  const box = scroll.getBoundingClientRect();
  if (x > box.right - EDGE_PX) scroll.scrollLeft += EDGE_PX / 3;
  else if (x < box.left + EDGE_PX) scroll.scrollLeft -= EDGE_PX / 3;
}
