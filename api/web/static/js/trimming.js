// Where in its clip a scene begins: a slider with the picture of each frame.
import { $, el } from "./dom.js";
import { desk, fps, frameNow, pickedScene } from "./desk.js";
import { edit } from "./editing.js";
import { toast } from "./feedback.js";
import { here, row } from "./hand.js";

function hold() {
  const scene = pickedScene();
  const frame = here().index === scene.index ? frameNow() : scene.start_frame;
  edit({ kind: "freeze", scene_id: scene.scene_id, frame: scene.frozen ? null : frame });
}

const holdWords = () => (pickedScene()?.frozen ? "Let it move again" : "Hold the picture at the playhead");

/** What is done to the clip of the scene in hand. */
export const CLIP_ROWS = [row(["H"], holdWords, hold, "Hold the picture, or let it move again"), row(["T"], "Begin elsewhere in its clip", trim)];

let asking = false;

/** Asks in a dialog, and adds the edit. */
async function trim() {
  const scene = pickedScene();
  if (!scene || asking) return;
  const length = scene.end_frame - scene.start_frame;
  const video = el("video", { playsinline: true, preload: "auto", src: clipOf(scene), "aria-hidden": "true" });
  video.muted = true;
  asking = true;
  const clip = scene.clip_frames ?? (await measured(video));
  asking = false;
  // A clip that ends before its scene does was slowed or held to fill it, and is shown from its beginning.
  const most = scene.in_frame + length > clip ? 0 : clip - length;
  if (Number.isNaN(most)) return toast(`The clip of scene ${scene.index + 1} cannot be loaded: try again in a moment.`, "danger");
  if ($("dialog[open]") || pickedScene()?.scene_id !== scene.scene_id) return;
  if (most <= 0) return toast(`Scene ${scene.index + 1} shows all of its clip: make it shorter, or split it, and it can begin elsewhere.`);
  const words = el("output", { class: "small number", for: "trim-from" });
  const slider = el("input", { type: "range", id: "trim-from", name: "from", min: 0, max: most, step: 1, value: scene.in_frame, "aria-describedby": "trim-hint" });
  const frame = () => Number(slider.value);
  const look = () => {
    words.textContent = `Frame ${frame()} of ${most}, ${(frame() / fps()).toFixed(2)} s into the clip`;
    slider.setAttribute("aria-valuetext", words.textContent);
    if (video.readyState >= HTMLMediaElement.HAVE_METADATA && !video.seeking) video.currentTime = Math.min(video.duration, (frame() + 0.5) / fps());
  };
  // It plays what the scene would show, over and over.
  const play = el("button", { class: "button", type: "button", onclick: () => (video.paused ? video.play() : video.pause()) }, "Play");
  for (const event of ["play", "pause"]) video.addEventListener(event, () => (play.textContent = video.paused ? "Play" : "Pause"));
  video.addEventListener("timeupdate", () => !video.paused && video.currentTime >= (frame() + length) / fps() && (video.currentTime = frame() / fps()));
  video.addEventListener("loadedmetadata", look);
  video.addEventListener("seeked", () => video.paused && Math.abs(video.currentTime - Math.min(video.duration, (frame() + 0.5) / fps())) > 0.5 / fps() && look());
  slider.addEventListener("input", () => {
    video.pause();
    look();
  });
  const form = el(
    "form",
    { class: "stack", method: "dialog" },
    el("h2", { id: "trim-title" }, `Where scene ${scene.index + 1} begins in its clip`),
    video,
    el("div", { class: "field" }, el("label", { for: "trim-from" }, "Begins at"), slider, words),
    el("p", { class: "hint", id: "trim-hint" }, `It shows ${(length / fps()).toFixed(2)} s of a clip of ${((length + most) / fps()).toFixed(2)} s.`),
    el("div", { class: "row row-between" }, el("button", { class: "button button-quiet", type: "button", onclick: () => dialog.close() }, "Keep as it is"), el("div", { class: "row" }, play, el("button", { class: "button button-primary", type: "submit", value: "begin" }, "Begin here"))),
  );
  const dialog = el("dialog", { class: "trim", "aria-labelledby": "trim-title" }, form);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue === "begin" && (frame() !== scene.in_frame || scene.frozen)) edit({ kind: "trim", scene_id: scene.scene_id, in_frame: frame() });
  });
  document.body.append(dialog);
  look();
  dialog.showModal();
  slider.focus();
}

/** A clip's length in frames, which the server tells only once an edit has reached it; NaN where it cannot be loaded. */
function measured(video) {
  return new Promise((done) => {
    video.addEventListener("loadedmetadata", () => done(Math.floor(video.duration * fps() + 0.01)), { once: true });
    video.addEventListener("error", () => done(NaN), { once: true });
    video.load();
  });
}

/** The whole clip that a scene's take is cut from. */
function clipOf(scene) {
  const at = scene.shown_index ?? scene.index;
  const shown = desk.timeline.scenes.find((one) => one.scene_id === (scene.shows_scene ?? scene.scene_id)) ?? desk.timeline.scenes[at];
  const take = shown.take_id === scene.take_id ? "" : `&take=${encodeURIComponent(scene.take_id)}`;
  return `/api/v1/videos/${desk.videoId}/scenes/${shown.index}/clip?version=${desk.timeline.version}&whole=true${take}`;
}
