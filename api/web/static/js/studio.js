// Studio: pick a scene, say it better, make its image or clip anew, compare, choose; go back to any version.
import { $, el, redraw, show, wait } from "./dom.js";
import { api, order } from "./api.js";
import { busy, clear, onSubmit, orSay, refreshBalance, tell, toast } from "./feedback.js";
import { clock, credits, sentence } from "./words.js";
import { fill, settle, startDrafts } from "./drafts.js";
import { openVersion } from "./playing.js";
import { drawTakes } from "./takes.js";
import { drawTimeline, markScene, movePlayhead, reveal } from "./timeline.js";

const page = $("#studio");
const videoId = page.dataset.video;
const player = $("#player");
const note = $("#player-note");
const form = $("#scene-form");
const POLL_MS = 1500;
const MARK_WORDS = {
  fallback: "This scene could not be made and shows a stand-in.",
  "free retry": "Its next regeneration is free.",
  "clip stale": "It shows its new image with a camera move until its clip is made anew.",
};

let wave = null;
let timeline = null;
let versions = [];
let picked = null;
let seekTo = 0;
let behind = false; // a newer version waits until the player stops
const making = new Map();
const quoted = {};

async function open(version) {
  const [shown, list] = await Promise.all([
    api.get(`/videos/${videoId}/timeline${version ? `?version=${version}` : ""}`),
    api.get(`/videos/${videoId}/versions`),
  ]);
  timeline = shown;
  versions = list.items;
  behind = false;
  if (timeline.version === newest()) settle(timeline.scenes);
  // A player that has not opened its video yet still stands where it was to go.
  if (player.readyState >= HTMLMediaElement.HAVE_METADATA) seekTo = player.currentTime;
  const opened = versions.find((one) => one.version === timeline.version);
  openVersion(player, opened, { at: () => seekTo, play: !player.paused, say: (words) => (note.textContent = words) });
  redraw(() => drawTimeline(timeline, wave, pick, seek));
  redraw(drawVersions);
  if (picked !== null) pick(picked, { seek: false, again: true });
}

const newest = () => Math.max(...versions.map((one) => one.version));

function drawVersions() {
  const latest = newest();
  const button = (one) =>
    el("button", { class: "button mini", type: "button", "aria-pressed": one.version === timeline.version, "data-focus": `version-${one.version}`, onclick: () => orSay(open(one.version)) }, `Version ${one.version}`);
  const restore = el("button", { class: "button mini", type: "button", "data-focus": "restore", onclick: (event) => busy(event.currentTarget, page, goBack) }, "Go on from this version");
  const words = el("span", { class: "small soft" }, versions.find((one) => one.version === timeline.version).sentence);
  $("#versions").replaceChildren(...[...versions].sort((a, b) => a.version - b.version).map(button), ...(timeline.version === latest ? [] : [restore]), words);
}

async function goBack() {
  const older = timeline.version;
  const ticket = await order(`/videos/${videoId}/versions/${older}/restoration`);
  const made = await ended(ticket.operation_id);
  await arrive(`Version ${made.version} shows what version ${older} showed.`);
}

// Other tabs of this video hear of new versions; what is shown there stays until it is chosen.
const tabs = new BroadcastChannel(`versions-${videoId}`);
tabs.addEventListener("message", async () => {
  const known = versions.length;
  versions = (await api.get(`/videos/${videoId}/versions`).catch(() => ({ items: versions }))).items;
  if (versions.length === known) return;
  redraw(drawVersions);
  toast(`Version ${versions.at(-1).version} was made in another tab.`);
  refreshBalance().catch(() => {});
});

/** A new version is there. One that was waited for beside other work does not take the player from under one's ears. */
async function arrive(words, { aside = false } = {}) {
  if (aside && !player.paused) {
    behind = true;
    versions = (await api.get(`/videos/${videoId}/versions`)).items;
    redraw(drawVersions);
    toast(`${words} It is shown once the player stops.`);
  } else {
    await open();
    toast(words);
  }
  tabs.postMessage("new version");
  refreshBalance().catch(() => {});
}

player.addEventListener("pause", () => behind && orSay(open()));

function pick(index, { seek = true, again = false } = {}) {
  const scene = timeline.scenes[index];
  picked = index;
  markScene(index);
  if (!again) clear(form);
  show(form, true);
  $("#scene-heading").textContent = `Scene ${index + 1}`;
  $("#scene-facts").textContent = `${sentence(scene.section)} · ${clock(scene.start_s)} – ${clock(scene.end_s)} · ${(scene.end_s - scene.start_s).toFixed(1)} s`;
  fill(scene);
  // A log-in or a reload comes back to this scene.
  history.replaceState(null, "", `?scene=${index + 1}`);
  if (!again) reveal(scene.start_s);
  if (seek) moveTo(scene.start_s + 0.02);
  const marks = scene.marks.map((mark) => MARK_WORDS[mark]).filter(Boolean);
  $("#scene-marks").textContent = marks.join(" ");
  redraw(() => drawTakes(scene, (take, button) => busy(button, form, () => choose(scene, take))), $("#scene-heading"));
  drawMaking();
  prices(index);
}

async function prices(index) {
  for (const kind of ["image", "video"]) {
    const quote = await api.post("/quotes", { operation: `regenerate_${kind}`, video_id: videoId, scene: index }).catch(() => null);
    if (picked !== index || !quote) continue;
    quoted[kind] = quote.credits;
    $(`[data-price="${kind}"]`).textContent = quote.affordable ? (quote.credits ? credits(quote.credits) : quote.reason || "free") : "not enough credits";
    $(`#make-${kind}`).disabled = !quote.affordable;
    if (kind === "image") $("#next-step").textContent = quote.next_step;
  }
}

async function choose(scene, take) {
  const ticket = await order(`/videos/${videoId}/scenes/${scene.index}/choices`, { take: take.take });
  const made = await ended(ticket.operation_id);
  await arrive(`Scene ${scene.index + 1} shows another take: version ${made.version}.`);
}

function drawMaking() {
  const kinds = making.get(picked);
  show($("#making"), Boolean(kinds));
  if (kinds) $("#making").textContent = `Making a new ${kinds} for scene ${picked + 1}. You can go on with other scenes.`;
}

onSubmit(form, async (button) => {
  const index = picked;
  const kind = button.value;
  const scene = timeline.scenes[index];
  const wish = { kind, quoted: quoted[kind] };
  // An image is made from what it shows, a clip from how that moves.
  const prompt = $(kind === "image" ? "#image-prompt" : "#motion-prompt").value.trim();
  if (prompt && prompt !== (kind === "image" ? scene.prompt : scene.motion_prompt)) wish.prompt = prompt;
  if ($("#camera-move").value && $("#camera-move").value !== scene.camera_move) wish.camera_move = $("#camera-move").value;
  const ticket = await order(`/videos/${videoId}/scenes/${index}/regenerations`, wish);
  refreshBalance().catch(() => {});
  watch(ticket);
});

/** Waits until an operation has its version, however long that takes. */
async function ended(operationId) {
  const passing = (problem) => (problem.status === 0 || problem.status === 503 ? null : Promise.reject(problem));
  for (;;) {
    const operation = await api.get(`/videos/${videoId}/regenerations/${operationId}`).catch(passing);
    if (operation?.state === "delivered") return operation;
    if (operation?.state === "failed") throw new Error(`${sentence(operation.failure?.sentence) || "It could not be made."} Your credits are back.`);
    await wait(POLL_MS);
  }
}

async function watch({ operation_id: id, scene_index: index, kind }) {
  making.set(index, kind === "image" ? "image" : "clip");
  drawMaking();
  try {
    const made = await ended(id);
    making.delete(index);
    await arrive(`Scene ${index + 1} is new: version ${made.version}.`, { aside: true });
  } catch (problem) {
    if (picked === index) tell(form, problem);
    else toast(`Scene ${index + 1}: ${problem.message}`, "danger");
  } finally {
    making.delete(index);
    drawMaking();
    refreshBalance().catch(() => {});
  }
}

/** What was begun before this page was opened, or reloaded. */
function resume(begun) {
  for (const operation of begun) {
    if (operation.kind === "image" || operation.kind === "video") watch(operation);
    else orSay(ended(operation.operation_id).then((made) => arrive(`Version ${made.version} is there.`)));
  }
}

/** A moment that was pressed on the wave: its scene is the one in hand. */
function seek(seconds) {
  const scene = timeline.scenes.find((one) => seconds < one.end_s) ?? timeline.scenes.at(-1);
  if (scene.index !== picked) pick(scene.index, { seek: false });
  moveTo(seconds);
  movePlayhead(seconds);
}

/** Also while the video is still being opened. */
function moveTo(seconds) {
  seekTo = seconds;
  if (player.readyState >= HTMLMediaElement.HAVE_METADATA) player.currentTime = seconds;
}

player.addEventListener("timeupdate", () => {
  // While another version is being opened its player stands at the beginning, for a moment.
  const now = player.readyState >= HTMLMediaElement.HAVE_METADATA ? player.currentTime : seekTo;
  movePlayhead(now);
  const scene = timeline?.scenes.find((one) => now < one.end_s);
  if (scene) $("#player-words").textContent = `Scene ${scene.index + 1} · ${clock(now)} of ${clock(timeline.duration_s)}`;
  if (!player.paused) reveal(player.currentTime);
});

try {
  await startDrafts(videoId);
  wave = await api.get(`/songs/${page.dataset.song}/waveform.json`).catch(() => null);
  // Asked before the versions: what ends in between is met again, not missed.
  const { items: begun } = await api.get(`/videos/${videoId}/regenerations`);
  await open();
  const wanted = Number(new URLSearchParams(location.search).get("scene")) || 1;
  pick(Math.min(wanted, timeline.scenes.length) - 1, { seek: wanted > 1 });
  resume(begun);
} catch (problem) {
  tell(page, problem);
}
