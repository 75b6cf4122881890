// The storyboard's player: stills in time with the song, with the planned camera moves, and clips as scenes are filmed.
import { $, roving } from "./dom.js";
import { barAt, beatFrom, moment } from "./bars.js";
import { desk, fps, frameNow, hands, pickedScene, sceneAt, scenes, startOf } from "./desk.js";
import { fillingPlayer } from "./filling.js";
import { clock } from "./words.js";

const root = $("#animatic");
const words = $("#player-words");
const clips = new Map(); // by scene id: {index, address}
let player = null;
let looping = false;

export const isPlaying = () => root.dataset.playing === "true";

/** The camera's move over a scene's still: own clips have none, nor has a picture that is held. */
const cameraOf = (scene) => (scene.footage_id && (scene.frozen || isOwnClip(scene)) ? "hold" : scene.camera_move);

/** A picture is a clip of one frame. */
export const isOwnClip = (scene) => scene.footage_id !== "" && scene.clip_frames > 1;

const places = () => scenes().map((scene) => ({ ...scene, camera_move: cameraOf(scene), clip_url: clips.get(scene.scene_id)?.address ?? null }));

/** Opens the player once a board is there; `ontick(seconds)` hears of every change of the position. */
export function openAnimatic(name, ontick) {
  player = fillingPlayer(root, { ...desk.timeline, audio_url: `/api/v1/songs/${desk.timeline.song_id}/audio`, places: places() }, name);
  Object.assign(hands, { now: player.now, goTo: player.goTo });
  // Its buttons stand where Studio's transport does.
  const [play, sound, large] = root.querySelectorAll(".filling-bar .button");
  $("#scene-back").after(play);
  $("#transport").append(sound, large);
  for (const button of [play, sound, large]) button.dataset.tool = "";
  roving($("#transport"), "[data-tool]", play);
  player.onTick((at) => {
    turnAround(at);
    tell(at);
    ontick(at);
  });
}

/** The board is another one. */
export const redrawAnimatic = () => player?.replan(places());

/** Clips of a run's progress, if it tells of the board that is shown. Returns whether there are new ones. */
export function filmedIn(progress) {
  if (progress.board?.revision !== desk.timeline?.revision || progress.scenes.length !== scenes().length) return false;
  const before = new Map(clips);
  clips.clear();
  for (const { index, clip_url: address } of progress.scenes) {
    if (!address) continue;
    const id = scenes()[index].scene_id;
    const known = before.get(id);
    // An address names the scene's place, which an edit may change. A stored version's is another one, of the same clip.
    clips.set(id, known?.index === index ? known : { index, address: `${address}${address.includes("?") ? "&" : "?"}of=${id}` });
  }
  if (player) for (const place of places()) player.bring(place.index, place);
  return clips.size !== before.size;
}

export const isFilmed = (scene) => clips.has(scene.scene_id);

/** Plays the scene in hand over and over. */
function turnAround(at) {
  const scene = looping && isPlaying() && pickedScene();
  if (scene && (at >= scene.end_s - 0.25 / fps() || at < scene.start_s - 0.25 / fps())) player.goTo(startOf(scene));
}

function tell(at) {
  const parts = [`${moment(at)} of ${clock(desk.timeline.duration_s)}`, `scene ${sceneAt(at).index + 1}`, barAt(at)];
  const said = parts.filter(Boolean).join(" · ");
  if (words.textContent !== said) words.textContent = said;
}

export const turn = () => player?.turn();
export const turnSound = () => player?.turnSound();
export const turnLarge = () => player?.turnLarge();

export function toggleLoop() {
  looping = !looping;
  $("#loop").setAttribute("aria-pressed", looping);
}

function goToFrame(frame) {
  if (isPlaying()) player.pause();
  player.goTo((frame + 0.5) / fps());
}

export const byFrame = (step) => goToFrame(Math.max(0, frameNow() + step));

export function byBeat(step) {
  const to = beatFrom(frameNow(), step);
  if (to !== undefined) goToFrame(to);
}

/** The scene before or after the playhead; backwards first to the beginning of this one. */
export function sceneFrom(step) {
  const here = sceneAt(hands.now());
  const isInside = hands.now() - here.start_s > (isPlaying() ? 1 : 1.5 / fps());
  return scenes()[Math.max(0, Math.min(scenes().length - 1, step < 0 && isInside ? here.index : here.index + step))];
}
