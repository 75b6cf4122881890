// The open video, as all parts of Studio, or of the storyboard, see it.
import { $, smooth } from "./dom.js";

export const page = $(".studio");
export const player = $("#player"); // a storyboard has another one
export const desk = { videoId: page.dataset.video, timeline: null, edited: null, wave: null, versions: [], picked: null };

/** What the timeline's tools order and move: Studio's, or the storyboard's. `now()` and `goTo(seconds)` are positions. */
export const hands = { edit: () => {}, now: () => 0, goTo: () => {} };

/** The rate until a timeline is open. */
const FPS = 24;

export const fps = () => desk.timeline?.fps ?? FPS;
export const frameNow = () => Math.floor(hands.now() * fps() + 1e-6);
export const newest = () => Math.max(...desk.versions.map((one) => one.version));
export const versionOf = (number) => desk.versions.find((one) => one.version === number);

/** The scenes on the timeline: as edits that are not applied yet leave them. */
export const scenes = () => desk.edited ?? desk.timeline?.scenes ?? [];
export const pickedScene = () => scenes()[desk.picked] ?? null;
export const sceneAt = (seconds) => scenes().find((one) => seconds < one.end_s) ?? scenes().at(-1);

/** A scene's index in the open version, as orders name it. */
export const indexOf = (scene) => scene.base_index ?? scene.index;

/** The middle of a scene's first frame: a seek to an edge may show the frame before it. */
export const startOf = (scene) => scene.start_s + 0.5 / fps();

/** Scrolls the pictures into view: on a phone they may be above what was pressed. */
export function bringPictures() {
  const box = $("#stage").getBoundingClientRect();
  const bar = $(".bar").getBoundingClientRect().bottom;
  const line = $(".timeline").getBoundingClientRect().top;
  const seen = Math.min(box.bottom, line) - Math.max(box.top, bar);
  if (seen < Math.min(box.height, line - bar) * 0.85) $("#stage").scrollIntoView({ block: "start", behavior: smooth() });
}
