// Studio on one screen: pictures, the scene in hand, the timeline, versions. Change words, make a scene again, compare, undo.
import { $, el, redraw, roving, show } from "./dom.js";
import { api } from "./api.js";
import { busy, orSay, refreshBalance, tell, toast } from "./feedback.js";
import { settle, startDrafts } from "./drafts.js";
import { compareWith, differenceFrom, drawComparing, flip, startComparing, toggleComparing } from "./comparing.js";
import { bringPictures, desk, indexOf, newest, page, pickedScene, player, sceneAt, scenes, startOf, versionOf } from "./desk.js";
import { chosen, stopAiming } from "./arranging.js";
import { canDoAgain, canTakeBack, doAgain, editedScenes, edits, resumeEditing, startEditing, takeBack } from "./editing.js";
import { correctBeats, tellOfBeats } from "./beats.js";
import { applyByKey, drawEditsBar, startEditsBar } from "./edits-bar.js";
import { CUT_KEYS, CUTTING, arrangingRows, row, startHand } from "./hand.js";
import { drawMaking, drawScene, refused, startInspector } from "./inspector.js";
import { startKeys } from "./keys.js";
import { mark as markChosen } from "./many.js";
import { hearNews } from "./news.js";
import { follow, isFollowing, ownVersion, placed, resume, startOperations } from "./operations.js";
import { redrawOwn, startOwnFootage } from "./own-footage.js";
import { openVersion } from "./playing.js";
import { drawTimeline, markScene, movePlayhead, reveal, zoomBy } from "./timeline.js";
import * as transport from "./transport.js";
import { CLIP_ROWS } from "./trimming.js";
import { drawUnapplied, startUnapplied } from "./unapplied.js";
import { drawVersions, startVersions } from "./version-menu.js";
import { chooseWave, loadWave } from "./waves.js";

const note = $("#player-note");
let behind = false; // a newer version waits until the player stops
let undoing = false;

async function open(version) {
  const [shown, list] = await Promise.all([
    api.get(`/videos/${desk.videoId}/timeline${version ? `?version=${version}` : ""}`),
    api.get(`/videos/${desk.videoId}/versions`),
  ]);
  await loadWave(shown, edits());
  const place = transport.keepPlace();
  desk.timeline = shown;
  desk.versions = list.items;
  behind = false;
  if (shown.version === newest()) settle(shown.scenes);
  openVersion(player, versionOf(shown.version), { at: place, play: !player.paused, say: (words) => (note.textContent = words) });
  draw();
  show($("#asked"), shown.asked?.length > 0);
  $("#asked-words").replaceChildren(...(shown.asked ?? []).map((one) => el("li", {}, one.sentence)));
  orSay(drawComparing());
}

/** Draws timeline and tools, with the edits that are not applied yet; `said`: what was done, in words. */
function draw(said = "") {
  const held = pickedScene()?.scene_id;
  stopAiming();
  desk.edited = editedScenes();
  chooseWave(edits());
  redraw(() => drawTimeline({ ...desk.timeline, scenes: scenes() }, desk.wave, { onpick: (index) => chosen(index) || pick(index), onscrub: scrub, ondone: () => pickAt(transport.now()) }));
  markChosen();
  drawTools();
  drawEditsBar(said);
  drawUnapplied(transport.now());
  redrawOwn();
  if (desk.picked === null) return;
  const at = scenes().findIndex((scene) => scene.scene_id === held);
  pick(at < 0 ? Math.min(desk.picked, scenes().length - 1) : at, { seek: false, again: true });
}

function drawTools() {
  drawVersions();
  const isOld = desk.timeline.version !== newest();
  show($("#go-on"), isOld);
  const { undo, redo } = desk.timeline;
  for (const [id, to, words, isEdit] of [["undo", undo, "Undo", canTakeBack()], ["redo", redo, "Redo", canDoAgain()]]) {
    const button = $(`#${id}`);
    button.dataset.version = to ?? "";
    button.setAttribute("aria-disabled", (to === null && !isEdit) || undoing);
    button.title = isEdit ? `${words} an edit that is not applied yet` : to === null ? `Nothing to ${id}` : `${words}: as version ${to} was`;
  }
  roving($("#studio-tools"), "[data-tool]");
}

/** Undo or redo, one at a time. */
async function step(name) {
  if (undoing || !desk.timeline) return;
  // Edits that are not applied yet go first.
  if (name === "undo" && canTakeBack()) return takeBack();
  if (name === "redo" && canDoAgain()) return doAgain();
  if (!$(`#${name}`).dataset.version) return toast(`There is nothing to ${name}.`);
  undoing = true;
  drawTools();
  const button = $(`#${name}`);
  button.setAttribute("aria-busy", "true");
  try {
    const ticket = await placed(`/${name}`, { base_version: newest() });
    await follow(ticket.operation_id, (made) => `${name === "undo" ? "Undone" : "Done again"}, in version ${made.version}.`);
  } catch (problem) {
    tell(page, problem);
  } finally {
    undoing = false;
    button.removeAttribute("aria-busy");
    drawTools();
  }
}

// Other windows and devices may work on this video, too: their operations are followed and their versions shown.
const tellOthers = hearNews(desk.videoId, async () => {
  if (!desk.timeline) return;
  const { items: begun } = await api.get(`/videos/${desk.videoId}/regenerations`);
  resume(begun, { elsewhere: true });
  const has = (list) => list.filter((one) => !versionOf(one.version));
  let { items } = await api.get(`/videos/${desk.videoId}/versions`);
  if (!has(items).length) return;
  if (isFollowing()) await ownVersion(); // most likely a followed operation's version, which that one opens
  if (!has(items).length) return;
  await arrive(`Version ${items.at(-1).version} was made in another window or on another device.`, { aside: true, elsewhere: true });
});

/** Shows a new version, but never interrupts playback for it. */
async function arrive(words, { aside = false, elsewhere = false } = {}) {
  // An older version was chosen on purpose.
  const looksBack = elsewhere && desk.timeline.version !== newest();
  if (looksBack || (aside && !player.paused)) {
    behind = !looksBack;
    desk.versions = (await api.get(`/videos/${desk.videoId}/versions`)).items;
    draw();
    toast(behind ? `${words} It is shown once the player stops.` : words);
  } else {
    await open();
    toast(words);
  }
  if (!elsewhere) tellOthers();
  refreshBalance().catch(() => {});
}

player.addEventListener("pause", () => behind && orSay(open()));

async function showOwn(scene, shot, kind) {
  const ticket = await placed(`/scenes/${indexOf(scene)}/own`, { ...shot, version: desk.timeline.version });
  orSay(follow(ticket.operation_id, (made) => `Scene ${scene.index + 1} shows your ${kind}: version ${made.version}.`));
}

/** Takes a scene in hand. `again`: it is drawn anew, in another version. */
function pick(index, { seek = true, again = false } = {}) {
  const scene = scenes()[index];
  desk.picked = index;
  markScene(index);
  drawScene({ again });
  if (!again) reveal(scene.start_s);
  if (!again) orSay(drawComparing());
  if (!seek) return;
  transport.goTo(startOf(scene));
  bringPictures();
}

const pickScene = (scene) => scene && pick(scene.index);

/** Takes the scene at a position in hand. */
function pickAt(seconds) {
  const { index } = sceneAt(seconds);
  if (index !== desk.picked) pick(index, { seek: false });
}

function scrub(seconds) {
  transport.goTo(seconds);
  reveal(seconds, { gently: false });
  bringPictures();
}

/** A key that moves: the scene there is in hand. */
const moving = (act) => () => {
  if (!desk.timeline) return;
  act();
  const at = transport.now();
  reveal(at, { gently: false });
  pickAt(at);
};

transport.onTick((at) => {
  movePlayhead(at);
  if (!player.paused) reveal(at);
});
startOperations({ arrive, drawMaking, refused });
startInspector({ oncompare: (take) => orSay(compareWith(`take-${take.take}`)) });
startOwnFootage({ onuse: showOwn });
startComparing(pickScene);
startVersions((version) => orSay(open(version)));
startEditing({ ondraw: (said) => desk.timeline && draw(said), onshow: () => open() });
startEditsBar();
const handKeys = startHand([...CUTTING, ...CLIP_ROWS, ...arrangingRows("take"), row(["N"], "Correct beats and sections", correctBeats)], () => {
  const isNewest = desk.timeline.version === newest();
  if (!isNewest) toast("Edits are made on the newest version: show it, or go on from this one.");
  return isNewest;
});
startUnapplied();
transport.startTransport({ onscene: pickScene, onmove: moving(() => {}) });
$("#undo").addEventListener("click", () => step("undo"));
$("#redo").addEventListener("click", () => step("redo"));
$("#go-on").addEventListener("click", (event) => {
  const older = desk.timeline.version;
  busy(event.currentTarget, page, async () => {
    const ticket = await placed(`/versions/${older}/restoration`);
    await follow(ticket.operation_id, (made) => `Version ${made.version} shows what version ${older} showed.`);
  });
});
startKeys([
  [
    "Play",
    [
      [["Space", "K"], "Play or pause", transport.toggle],
      [["L"], "Forwards; again: faster", transport.forwards],
      [["J"], "Backwards; again: faster", transport.backwards],
      [["R"], "Repeat the scene", transport.toggleLoop],
      [["M"], "Sound off or on", transport.toggleSound],
      [["F"], "Full screen", transport.toggleLarge],
    ],
  ],
  [
    "Move",
    [
      [["ArrowLeft"], "One frame back", moving(() => transport.byFrame(-1))],
      [["ArrowRight"], "One frame on", moving(() => transport.byFrame(1))],
      [["Shift+ArrowLeft"], "One beat back", moving(() => transport.byBeat(-1))],
      [["Shift+ArrowRight"], "One beat on", moving(() => transport.byBeat(1))],
      [["["], "Scene before", () => desk.timeline && pickScene(transport.sceneFrom(-1))],
      [["]"], "Scene after", () => desk.timeline && pickScene(transport.sceneFrom(1))],
      [["Home"], "Beginning", moving(() => transport.goTo(0))],
      [["End"], "End", moving(() => transport.goTo(Infinity))],
      [["-"], "Zoom out", () => desk.timeline && zoomBy(-1)],
      [["+", "="], "Zoom in", () => desk.timeline && zoomBy(1)],
    ],
  ],
  [
    "Compare",
    [
      [["C"], "Compare with another version or take", toggleComparing],
      [["X"], "A or B", flip],
      [["D"], "Next difference", () => pickScene(differenceFrom(1))],
      [["Shift+D"], "Difference before", () => pickScene(differenceFrom(-1))],
    ],
  ],
  [
    "Edit the timeline",
    [
      ...handKeys,
      [["Ctrl+Enter"], "Apply the edits", applyByKey],
      [["Ctrl+Z"], "Undo", () => step("undo")],
      [["Ctrl+Shift+Z", "Ctrl+Y"], "Redo", () => step("redo")],
      CUT_KEYS[0],
      [["Shift+ArrowLeft", "Shift+ArrowRight"], "By half a beat"],
      [["Alt+ArrowLeft", "Alt+ArrowRight"], "By a frame"],
      ...CUT_KEYS.slice(1),
    ],
  ],
]);

try {
  await startDrafts(desk.videoId);
  // Fetched before the versions: an operation that ends in between is seen twice, not missed.
  const { items: begun } = await api.get(`/videos/${desk.videoId}/regenerations`);
  await open();
  const wanted = Number(new URLSearchParams(location.search).get("scene")) || 1;
  pick(Math.min(wanted, desk.timeline.scenes.length) - 1, { seek: wanted > 1 });
  await resumeEditing();
  resume(begun);
  orSay(tellOfBeats());
} catch (problem) {
  tell(page, problem);
}
