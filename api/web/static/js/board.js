// The storyboard: every scene on the song, played as an animatic; edits, new stills, approval. Approved scenes are filmed at once.
import { $, debounced, redraw, roving, show } from "./dom.js";
import { api } from "./api.js";
import { busy, orSay, refreshBalance, tell, toast } from "./feedback.js";
import { byBeat, byFrame, filmedIn, isFilmed, isPlaying, openAnimatic, redrawAnimatic, sceneFrom, toggleLoop, turn, turnLarge, turnSound } from "./animatic.js";
import { chosen, stopAiming } from "./arranging.js";
import { asked, change, painting, restore, startOrders } from "./board-orders.js";
import { approveThese, drawScene, hasClip, refused, startScene } from "./board-scene.js";
import { bringPictures, desk, hands, page, pickedScene, sceneAt, scenes, startOf } from "./desk.js";
import { settle, startDrafts } from "./drafts.js";
import { follow } from "./events.js";
import { CUT_KEYS, CUTTING, arrangingRows, startHand } from "./hand.js";
import { startKeys } from "./keys.js";
import { found, lost } from "./link.js";
import { redrawOwn } from "./own-footage.js";
import { stops } from "./stopping.js";
import { inTitle, tellAway } from "./telling.js";
import { drawTimeline, markScene, movePlayhead, reveal, zoomBy } from "./timeline.js";
import { credits, moment } from "./words.js";

const AGAIN_MS = 3000;
const ADDRESS_MS = 400;
const ENDED = new Set(["draft_ready", "closed", "failed", "cancelled"]);
const SAID = {
  move_cut: (scene) => `The cut before scene ${scene} is moved.`,
  split: (scene) => `Scene ${scene} is split.`,
  merge: (scene) => `Scene ${scene} is merged with the scene after it.`,
  swap: (scene, other) => `Scene ${scene} and scene ${other} change places.`,
  repeat: (scene, other) => `Scene ${scene} shows what scene ${other} shows.`,
  reorder: (scene, other, { position }) => `Scene ${scene} moves to place ${position + 1}.`,
};
let progress = null;
let stop = () => {};
let again = null;
let writtenAt = -Infinity;

/** Shows the newest board. */
async function load() {
  const now = await api.get(`/videos/${desk.videoId}/board`);
  if (desk.timeline && now.revision < desk.timeline.revision) return;
  desk.timeline = now;
  settle(now.scenes);
  if (progress) filmedIn(progress);
  draw();
  redrawAnimatic();
  // Stills that another window has ordered: a failure makes no revision that the run's progress would tell of.
  clearTimeout(again);
  if (now.scenes.some((scene) => scene.painting && !painting.has(scene.scene_id))) again = setTimeout(() => orSay(load()), AGAIN_MS);
}

/** Draws board and tools; the scene in hand stays in hand. */
function draw() {
  const held = pickedScene()?.scene_id ?? desk.held;
  stopAiming();
  redraw(() => drawTimeline(desk.timeline, desk.wave, { onpick: (index) => chosen(index) || pick(index), onscrub: scrub, ondone: () => pickAt(hands.now()) }), $("#scene-heading"));
  drawStates();
  drawHead();
  redrawOwn();
  if (desk.picked === null) return;
  const at = scenes().findIndex((scene) => scene.scene_id === held);
  pick(at < 0 ? Math.min(desk.picked, scenes().length - 1) : at, { seek: false, again: true });
}

/** On the timeline: what is approved, filmed, or being painted. Own footage and shared clips are not filmed. */
function drawStates() {
  for (const scene of scenes()) {
    const card = $(`.scene[data-scene="${scene.index}"]`);
    const made = isFilmed(scene) ? "filmed" : "approved, being filmed";
    const state = scene.approved ? (hasClip(scene) ? made : "approved") : scene.painting || painting.has(scene.scene_id) ? "being painted" : "";
    card.dataset.state = isFilmed(scene) ? "filmed" : scene.approved ? "approved" : state ? "painting" : "";
    const label = (card.dataset.words ??= card.getAttribute("aria-label"));
    card.setAttribute("aria-label", [label, scene.footage_id && "your own", state].filter(Boolean).join(", "));
  }
}

function drawHead() {
  const { open, cancelling } = desk.timeline;
  const all = scenes();
  const left = all.filter((scene) => !scene.approved).length;
  const isOver = ENDED.has(progress?.status);
  const filmed = all.filter(isFilmed).length;
  const until = open && progress?.board?.answer_by;
  const words = [`${all.length - left} of ${all.length} scenes approved, ${filmed} ready.`, until && `Unanswered until ${moment(until)}, the video is stopped.`, !open && left === 0 && "You have approved everything: the draft follows."];
  say($("#board-words"), isOver ? endWords() : words.filter(Boolean).join(" "));
  $("#board-words").toggleAttribute("data-warned", Boolean(progress?.board?.warned && until));
  const held = cancelling.kept + cancelling.returned;
  say($("#board-terms"), isOver ? "" : `${held ? `${credits(held)} are reserved for this video. ` : ""}If you stop now: ${cancelling.sentence}`);
  const approve = $("#approve-all");
  show(approve, open && !isOver && left > 0);
  approve.textContent = left === all.length ? "Approve all" : left === 1 ? "Approve the last one" : `Approve the other ${left}`;
  show($("#cancel"), !isOver);
  show($("#watch"), isMade());
  show($("#edit-tools"), open && !isOver);
  for (const [name, word] of [["undo", "Undo"], ["redo", "Redo"]]) {
    const button = $(`#${name}`);
    button.setAttribute("aria-disabled", desk.timeline[name] === null);
    button.title = desk.timeline[name] === null ? `Nothing to ${name}` : `${word} the last ${name === "undo" ? "step" : "undone step"}`;
  }
  roving($("#studio-tools"), "[data-tool]");
  roving($("#edit-tools"), "[data-tool]");
  if (!isOver && !painting.size) inTitle(open ? "Waits for you" : `${filmed} of ${all.length} ready`);
}

const isMade = () => ["draft_ready", "closed"].includes(progress?.status);

function endWords() {
  if (isMade()) return "Your video is ready.";
  return progress.status === "failed" ? (progress.failure?.sentence ?? "The video could not be made.") : "This video was cancelled.";
}

function say(place, words) {
  if (place.textContent !== words) place.textContent = words;
}

const readAloud = (words) => say($("#edits-news"), words);

/** An edit by hand, on the timeline. */
async function edit(wish) {
  if (!mayEdit()) return;
  const numberOf = (id) => scenes().find((scene) => scene.scene_id === id)?.index + 1;
  const words = SAID[wish.kind](numberOf(wish.scene_id), numberOf(wish.other_id), wish);
  try {
    if (wish.kind === "merge" && !(await mayMerge(wish))) return;
    page.dataset.busy = true;
    await change(wish);
    readAloud(words);
  } catch (problem) {
    toast(problem.message, "danger");
  } finally {
    delete page.dataset.busy;
  }
}

/** Undo or redo, after the orders before it. */
async function step(name) {
  if (!mayEdit()) return;
  // While another order is on its way, only the server knows.
  if (desk.timeline[name] === null && !page.dataset.busy) return toast(`There is nothing to ${name}.`);
  try {
    page.dataset.busy = true;
    await restore(name);
    readAloud(name === "undo" ? "Undone." : "Done again.");
  } catch (problem) {
    toast(problem.message, "danger");
  } finally {
    delete page.dataset.busy;
  }
}

/** A merged scene's picture is gone: one that is another's is asked about. */
async function mayMerge({ scene_id: id }) {
  const at = scenes().findIndex((scene) => scene.scene_id === id);
  const [first, second] = scenes().slice(at, at + 2);
  if (!second || second.approved || first.approved || second.still_url === first.still_url) return true;
  const words = `Scene ${at + 1} lasts until the end of scene ${at + 2}; the still and the words of scene ${at + 2} go.`;
  return asked({ title: `Merge scene ${at + 1} with scene ${at + 2}?`, words, confirm: "Merge them" });
}

function mayEdit() {
  const may = desk.timeline?.open && !ENDED.has(progress?.status);
  if (desk.timeline && !may) toast("All scenes are approved: the board can't be changed any more. Studio can, once the draft is ready.");
  return may;
}

/** Takes a scene in hand. `again`: it is drawn anew, on another board. */
function pick(index, { seek = true, again = false } = {}) {
  const scene = scenes()[index];
  [desk.picked, desk.held] = [index, scene.scene_id];
  markScene(index);
  drawScene({ again });
  if (!again) reveal(scene.start_s);
  if (!again) remember(index);
  if (!seek) return;
  hands.goTo(startOf(scene));
  bringPictures();
}

/** A log-in or a reload returns to this scene. Browsers refuse addresses that change all the time. */
function remember(index) {
  if (performance.now() - writtenAt >= ADDRESS_MS) write(index);
  else later(index);
}

function write(index) {
  writtenAt = performance.now();
  history.replaceState(null, "", `?scene=${index + 1}`);
}

const later = debounced(ADDRESS_MS, write);

const pickScene = (scene) => scene && pick(scene.index);

function pickAt(seconds) {
  const { index } = sceneAt(seconds);
  if (index !== desk.picked) pick(index, { seek: false });
}

function scrub(seconds) {
  hands.goTo(seconds);
  reveal(seconds, { gently: false });
  bringPictures();
}

/** A key or a button that moves: the scene there is in hand. */
const moving = (act) => () => {
  if (!desk.timeline) return;
  act();
  reveal(hands.now(), { gently: false });
  pickAt(hands.now());
};
const toScene = (step) => () => desk.timeline && pickScene(sceneFrom(step));

/** The run tells: clips arrive, other windows change the board, everything is made. */
function hear(now) {
  const before = progress;
  progress = now;
  if (now.board && now.board.revision > desk.timeline.revision) orSay(load());
  else if (filmedIn(now)) {
    drawStates();
    if (pickedScene()) drawScene({ again: true });
  }
  if (!ENDED.has(now.status)) return drawHead();
  stop();
  if (isMade()) tellAway(`“${page.dataset.title}” is ready`, `/preview/${desk.videoId}`, desk.videoId);
  inTitle(isMade() ? "Ready" : "");
  if (before) refreshBalance().catch(() => {});
  desk.timeline.open = false;
  drawHead();
  if (pickedScene()) drawScene({ again: true });
}

startOrders({ load, refused });
startScene({ onsay: readAloud });
hands.edit = edit;
stops($("#cancel"), desk.videoId, page);
$("#approve-all").addEventListener("click", (event) => busy(event.currentTarget, page, () => approveThese(scenes(), "everything", { everything: true })));
$("#scene-back").addEventListener("click", toScene(-1));
$("#scene-on").addEventListener("click", toScene(1));
$("#loop").addEventListener("click", toggleLoop);
for (const name of ["undo", "redo"]) $(`#${name}`).addEventListener("click", () => step(name));
const handKeys = startHand([...CUTTING, ...arrangingRows("picture")], mayEdit);
startKeys([
  [
    "Play",
    [
      [["Space", "K"], "Play or pause", turn],
      [["R"], "Repeat the scene", toggleLoop],
      [["M"], "Sound off or on", turnSound],
      [["F"], "Full screen", turnLarge],
    ],
  ],
  [
    "Move",
    [
      [["ArrowLeft"], "One frame back", moving(() => byFrame(-1))],
      [["ArrowRight"], "One frame on", moving(() => byFrame(1))],
      [["Shift+ArrowLeft"], "One beat back", moving(() => byBeat(-1))],
      [["Shift+ArrowRight"], "One beat on", moving(() => byBeat(1))],
      [["["], "Scene before", toScene(-1)],
      [["]"], "Scene after", toScene(1)],
      [["Home"], "Beginning", moving(() => hands.goTo(0))],
      [["End"], "End", moving(() => hands.goTo(Infinity))],
      [["-"], "Zoom out", () => desk.timeline && zoomBy(-1)],
      [["+", "="], "Zoom in", () => desk.timeline && zoomBy(1)],
    ],
  ],
  [
    "Edit the storyboard",
    [
      ...handKeys,
      [["Ctrl+Z"], "Undo", () => desk.timeline && step("undo")],
      [["Ctrl+Shift+Z", "Ctrl+Y"], "Redo", () => desk.timeline && step("redo")],
      ...CUT_KEYS,
    ],
  ],
]);

try {
  await startDrafts(desk.videoId);
  desk.wave = await api.get(`/songs/${page.dataset.song}/waveform.json`).catch(() => null);
  await load();
  openAnimatic(`Animatic of ${page.dataset.title}`, (at) => {
    movePlayhead(at);
    if (isPlaying()) reveal(at);
  });
  const wanted = Number(new URLSearchParams(location.search).get("scene")) || 1;
  pick(Math.min(wanted, scenes().length) - 1, { seek: wanted > 1 });
  // Its stream tells the present state first.
  stop = follow(desk.videoId, hear, (heard) => (heard ? found() : lost()));
} catch (problem) {
  tell(page, problem);
}
