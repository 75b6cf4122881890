// The transport: one clock for pictures, playhead and keys. Positions are in seconds; steps are whole frames.
import { $, icon, roving } from "./dom.js";
import { barAt, beatFrom, moment } from "./bars.js";
import { desk, fps, frameNow, hands, pickedScene, player, sceneAt, scenes, startOf } from "./desk.js";
import { clock } from "./words.js";

const FASTEST = 4;
const listeners = new Set();
let asked = 0; // the position that counts until the video is open
let wanted = null; // the last position that was asked for during a seek
let reverse = 0; // how fast it runs backwards; 0: it does not
let looping = false;

const isOpen = () => player.readyState >= HTMLMediaElement.HAVE_METADATA;

/** The position now. */
export const now = () => wanted ?? (isOpen() ? player.currentTime : asked);

const isPlaying = () => !player.paused || reverse > 0;

/** `listener(seconds)` hears of every change of the position, during playback with every picture of the screen. */
export const onTick = (listener) => listeners.add(listener);

/** Before another version is opened: its video starts where this one is. */
export function keepPlace() {
  if (isOpen()) asked = player.currentTime;
  return () => asked;
}

/** Seeks. While a seek runs, only the last of further positions counts. */
export function goTo(seconds) {
  const last = desk.timeline ? desk.timeline.duration_s - 0.5 / fps() : Infinity;
  asked = Math.max(0, Math.min(last, seconds));
  if (isOpen() && player.seeking) wanted = asked;
  else if (isOpen()) player.currentTime = asked;
  tick();
}

player.addEventListener("seeked", () => {
  const to = wanted;
  wanted = null;
  if (to !== null) player.currentTime = to;
  tick();
});
player.addEventListener("emptied", () => (wanted = null));

function tick() {
  const at = now();
  for (const listener of listeners) listener(at);
}

function run() {
  if (!isPlaying()) return;
  turnAround();
  tick();
  requestAnimationFrame(run);
}

/** Plays the scene in hand over and over. */
function turnAround() {
  const scene = looping && !reverse && pickedScene();
  if (!scene || player.seeking || !isOpen()) return;
  const at = player.currentTime;
  if (at >= scene.end_s - 0.25 / fps() || at < scene.start_s - 0.25 / fps()) player.currentTime = startOf(scene);
}

// A page in the background draws nothing; its clock goes on.
player.addEventListener("timeupdate", () => {
  turnAround();
  tick();
});
player.addEventListener("ended", () => looping && play());
player.addEventListener("play", () => {
  reverse = 0;
  draw();
  run();
});
for (const event of ["pause", "ratechange", "emptied", "volumechange"]) player.addEventListener(event, draw);

function play() {
  player.play().catch(() => draw());
}

/** Stops, in both directions. */
export function stop() {
  reverse = 0;
  player.pause();
  player.playbackRate = 1;
  draw();
}

export function toggle() {
  if (isPlaying()) return stop();
  player.playbackRate = 1;
  play();
}

/** Forwards; again: twice as fast. */
export function forwards() {
  if (!player.paused) player.playbackRate = Math.min(FASTEST, player.playbackRate * 2);
  else {
    player.playbackRate = 1;
    play();
  }
}

/** Backwards, by seeking; again: twice as fast. */
export function backwards() {
  const before = reverse;
  stop();
  reverse = before ? Math.min(FASTEST, before * 2) : 1;
  draw();
  if (before) return;
  let from = performance.now();
  let at = now();
  const step = (time) => {
    if (!reverse) return;
    at -= (reverse * Math.max(0, time - from)) / 1000;
    from = time;
    if (at <= 0) stop();
    if (!player.seeking || at <= 0) goTo(at);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}

function goToFrame(frame) {
  if (isPlaying()) stop();
  goTo((frame + 0.5) / fps());
}

export const byFrame = (step) => goToFrame(Math.max(0, frameNow() + step));

/** To the next or the previous beat of the song. */
export function byBeat(step) {
  const to = beatFrom(frameNow(), step);
  if (to !== undefined) goToFrame(to);
}

/** The scene before or after; backwards first to the beginning of this one. */
export function sceneFrom(step) {
  const all = scenes();
  const here = sceneAt(now());
  const isInside = now() - here.start_s > (isPlaying() ? 1 : 1.5 / fps());
  return all[Math.max(0, Math.min(all.length - 1, step < 0 && isInside ? here.index : here.index + step))];
}

export function toggleLoop() {
  looping = !looping;
  $("#loop").setAttribute("aria-pressed", looping);
}

export function toggleSound() {
  player.muted = !player.muted;
}

export function toggleLarge() {
  if (document.fullscreenElement) document.exitFullscreen();
  else $("#stage").requestFullscreen?.().catch(() => {});
}

const place = $("#player-words");
onTick((at) => {
  if (!desk.timeline) return;
  const rate = reverse ? -reverse : player.playbackRate;
  const parts = [`${moment(at)} of ${clock(desk.timeline.duration_s)}`, `scene ${sceneAt(at).index + 1}`, barAt(at), rate === 1 ? "" : `${rate}×`.replace("-", "−")];
  const words = parts.filter(Boolean).join(" · ");
  if (place.textContent !== words) place.textContent = words;
});

function draw() {
  const button = $("#play");
  const playing = isPlaying();
  if (button.dataset.playing !== String(playing)) {
    button.dataset.playing = playing;
    button.setAttribute("aria-label", playing ? "Pause" : "Play");
    button.replaceChildren(icon(playing ? "pause" : "play"));
  }
  $("#sound").setAttribute("aria-pressed", player.muted);
  tick();
}

/** The buttons; `onmove(seconds)` is called after each step, `onscene(scene)` for another scene. */
export function startTransport({ onscene, onmove }) {
  Object.assign(hands, { now, goTo });
  const step = (act) => () => {
    act();
    onmove(now());
  };
  const acts = {
    "scene-back": () => onscene(sceneFrom(-1)),
    "frame-back": step(() => byFrame(-1)),
    play: toggle,
    "frame-on": step(() => byFrame(1)),
    "scene-on": () => onscene(sceneFrom(1)),
    loop: toggleLoop,
    sound: toggleSound,
    large: toggleLarge,
  };
  for (const [id, act] of Object.entries(acts)) $(`#${id}`).addEventListener("click", act);
  player.addEventListener("click", toggle);
  roving($("#transport"), "button", $("#play"));
  draw();
}
