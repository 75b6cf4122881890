// Processing: all stages and every scene, live; survives reload, sleep and lost connections.
import { $, $$, el, show } from "./dom.js";
import { api } from "./api.js";
import { playable } from "./clips.js";
import { busy, refreshBalance } from "./feedback.js";
import { follow } from "./events.js";
import { found, lost } from "./link.js";
import { startLive } from "./live.js";
import { removed } from "./removal.js";
import { stops } from "./stopping.js";
import { inTitle, offerTelling, tellAway } from "./telling.js";
import { amount, moment, sentence, timeLeft } from "./words.js";

const page = $("#run");
const videoId = page.dataset.video;
const STATUS_WORDS = { pending: "not begun", running: "under way", done: "done", failed: "failed", waiting: "waiting" };
const ALL_BUT_DONE = 0.95;
const ENDED = new Set(["draft_ready", "closed", "failed", "cancelled"]);

const live = startLive(videoId, page.dataset.title);
let stop = () => {};
let shown = null;

function draw(progress) {
  const before = shown;
  shown = progress;
  const plan = progress.board?.revision;
  // An edited storyboard shows other pictures under the same addresses.
  const scenes = plan ? progress.scenes.map((scene) => ({ ...scene, still_url: planned(scene.still_url, plan), clip_url: planned(scene.clip_url, plan) })) : progress.scenes;
  if (before?.board && before.board.revision !== plan) $("#tiles").replaceChildren();
  page.dataset.status = progress.status;
  const percent = Math.floor(progress.fraction_done * 100);
  $("#percent").textContent = percent;
  $("#meter").style.setProperty("--part", progress.fraction_done);
  $("#meter").setAttribute("aria-valuenow", percent);
  if ($("#sentence").textContent !== progress.sentence) $("#sentence").textContent = progress.sentence;
  progress.stages.forEach(drawStage);
  drawScenes(scenes);
  live.draw(scenes, { hasEnded: ENDED.has(progress.status), plan });
  drawWaiting(progress);
  drawCall(progress);
  tick();
  if (!ENDED.has(progress.status)) inTitle({ needs_attention: "Waits", waiting_for_artist: "Waits for you" }[progress.status] ?? `${percent} %`);
  if (before && before.status !== progress.status) tellEnd(progress.status);
  if (ENDED.has(progress.status) && !ENDED.has(before?.status)) end(progress);
}

const planned = (address, plan) => address && `${address}${address.includes("?") ? "&" : "?"}plan=${plan}`;

/** What a notification says of a run that has just come to this. */
function tellEnd(status) {
  const words = { draft_ready: "is ready", failed: "was not made", needs_attention: "waits", waiting_for_artist: "waits for you" }[status];
  const address = { draft_ready: `/preview/${videoId}`, waiting_for_artist: `/board/${videoId}` }[status] ?? "";
  if (words) tellAway(`“${page.dataset.title}” ${words}`, address, videoId);
}

function drawStage(stage) {
  const item = $(`[data-stage="${stage.name}"]`);
  item.dataset.status = stage.status;
  $(".stage-status", item).textContent = STATUS_WORDS[stage.status];
  $(".stage-count", item).textContent = stage.total > 1 && stage.status !== "pending" ? `${stage.done} of ${stage.total}` : "";
  const retrying = stage.status === "running" && stage.last_failure && stage.attempt > 1 ? `Trying again (${stage.attempt}): ${stage.last_failure}` : "";
  const told = stage.status === "waiting" || stage.status === "failed" ? stage.sentence : retrying;
  $(".stage-sentence", item).textContent = told === shown.sentence ? "" : told; // once, at the top
}

function drawScenes(scenes) {
  const place = $("#tiles");
  show($("#tiles-empty"), scenes.length === 0);
  scenes.forEach((scene, index) => {
    const tile = place.children[index] ?? place.appendChild(blank(index));
    if (tile.dataset.status === scene.status) return;
    tile.dataset.status = scene.status;
    $(".tile-words", tile).textContent = `Scene ${index + 1}: ${{ pending: "not begun", still: "painted", clip: "filmed" }[scene.status]}`;
    if (scene.still_url && !$("img", tile)) {
      const picture = el("img", { src: sized(scene.still_url), alt: "", loading: "lazy", decoding: "async" });
      picture.addEventListener("error", () => picture.remove()); // a cancelled run's pictures may be deleted while they load
      tile.prepend(picture);
    }
    if (scene.clip_url && !$("button", tile)) filmed(tile, scene.clip_url, index);
  });
  const clips = scenes.filter((scene) => scene.status === "clip").length;
  const painted = scenes.filter((scene) => scene.status !== "pending").length;
  $("#scene-words").textContent = scenes.length ? `${painted} of ${scenes.length} painted, ${clips} filmed` : "";
}

const sized = (address) => `${address}${address.includes("?") ? "&" : "?"}width=240`;

function blank(index) {
  return el("li", { class: "tile" }, el("span", { class: "visually-hidden tile-words" }), el("span", { class: "tile-number", "aria-hidden": "true" }, `${index + 1}`));
}

function filmed(tile, source, index) {
  const button = el("button", { class: "tile-play", type: "button", "aria-label": `Open scene ${index + 1} large` });
  playable(button, source, `Scene ${index + 1}`, { place: tile, before: $(".tile-number", tile) });
  tile.append(button);
}

function drawWaiting(progress) {
  const parked = progress.stages.find((stage) => stage.status === "waiting");
  let words = "";
  if (progress.waiting === "paused") words = "Our people have paused your video for a moment. Nothing is lost, and it goes on from here afterwards.";
  else if (progress.waiting === "no_worker") words = "Your video waits for a free machine. Nothing is lost, and it goes on by itself as soon as one is free.";
  else if (progress.status === "needs_attention" || parked)
    words = `This step could not go on by itself${parked?.sentence ? ` (${parked.sentence.replace(/\.$/, "")})` : ""}. Your credits stay reserved while our people look at it; if it can't be made within a day, you get them back.`;
  const place = $("#waiting");
  if (place.textContent !== words) place.textContent = words;
  show(place, Boolean(words));
}

/** The way to the storyboard: large while it waits for the artist, and there as long as it can be looked at. */
function drawCall({ board, status }) {
  const place = $("#board-call");
  show(place, Boolean(board) && !ENDED.has(status));
  if (place.hidden) return;
  const waits = status === "waiting_for_artist";
  place.dataset.waits = waits;
  const left = board.scenes - board.approved;
  const words = waits
    ? [`Your storyboard waits for you: ${left === 1 ? "1 scene is" : `${left} scenes are`} not approved yet. Only what you approve is filmed.`, board.answer_by && `Unanswered until ${moment(board.answer_by)}, the video is stopped.`]
    : [left ? `Your storyboard: ${board.approved} of ${board.scenes} scenes approved.` : "You have approved all scenes: the video is made as your storyboard shows it."];
  const said = words.filter(Boolean).join(" ");
  if ($("#board-call-words").textContent !== said) $("#board-call-words").textContent = said;
  $("#board-link").classList.toggle("button-primary", waits);
}

function end(progress) {
  stop();
  show($("#cancel"), false);
  show($("#telling"), false);
  $("#left").textContent = "";
  refreshBalance().catch(() => {});
  const ends = $("#ends");
  show(ends, true);
  if (progress.status === "draft_ready" || progress.status === "closed") {
    ends.replaceChildren(el("a", { class: "button button-primary button-large", href: `/preview/${videoId}` }, "Watch your video"));
    live.offer(`/preview/${videoId}`);
    if (progress.credits_charged) $("#left").textContent = `${amount(progress.credits_charged)} credits charged`;
    inTitle("Ready");
  } else {
    if (progress.status === "failed") $("#failure").textContent = `${sentence(progress.failure?.sentence ?? "It could not be made.")}${progress.credits_charged ? "" : " Your credits are back."}`;
    ends.replaceChildren(...ways());
    itIs(progress.status === "failed" ? "not made" : "cancelled");
    forgetUnseen();
  }
}

/** Stops loading pictures and clips of a run whose work is deleted. */
function forgetUnseen() {
  live.close();
  for (const picture of $$("#tiles img")) {
    if (picture.complete) continue;
    picture.removeAttribute("src"); // stops the loading
    picture.remove();
  }
  for (const button of $$("#tiles .tile-play")) button.remove();
}

function tick() {
  if (!shown || ENDED.has(shown.status)) return;
  // Before a picture is painted the estimate does not know this song's scenes: better no time than a wrong one.
  const isKnown = shown.scenes.some((scene) => scene.status !== "pending");
  const words = isKnown && shown.status === "running" && !shown.waiting ? timeLeft(shown.expected_finish_at) : "";
  $("#left").textContent = Date.parse(shown.expected_finish_at) < Date.now() && shown.fraction_done < ALL_BUT_DONE ? words && "longer than expected" : words;
}

stops($("#cancel"), videoId, page);

/** A run that was never started has nothing to follow; other errors pass. */
function neverBegan(problem) {
  show($("#cancel"), false);
  $("#sentence").textContent = "";
  $("#failure").textContent = problem.message;
  show($("#ends"), true);
  $("#ends").replaceChildren(...ways());
  itIs("not made");
}

/** The actions for an order that never became a video. */
function ways() {
  const remove = el("button", { class: "button button-danger", type: "button", onclick: () => busy(remove, page, takeAway) }, "Remove from the Vault");
  return [el("a", { class: "button button-primary", href: `/?again=${videoId}` }, "Try again"), remove];
}

async function takeAway() {
  if (await removed("videos", videoId, page.dataset.title)) location.assign("/vault");
}

/** Shows an ended order as such, not as a video in the making. */
function itIs(words) {
  page.dataset.status = words === "cancelled" ? "cancelled" : "failed";
  // Nothing is painted any more: empty tiles and steps to come would suggest otherwise.
  if (!shown?.scenes.length) show($(".watching"), false);
  $("#kind").textContent = sentence(words);
  show($("#kind"), true);
  document.title = `${page.dataset.title}, ${words} · Echonos`;
}

const linked = (heard) => (heard ? found() : lost());
try {
  draw(await api.get(`/videos/${videoId}/progress`));
} catch (problem) {
  if (problem.status === 404) neverBegan(problem);
  else linked(false);
}
if ($("#ends").hidden) {
  offerTelling($("#telling"), "Notify me when it is ready");
  stop = follow(videoId, draw, linked);
  setInterval(tick, 5000);
}
