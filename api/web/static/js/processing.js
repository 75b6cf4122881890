// Processing: nine stages and every scene, live; survives reload, sleep and lost connections.
import { $, $$, el, show } from "./dom.js";
import { api } from "./api.js";
import { playable } from "./clips.js";
import { ask, busy, refreshBalance } from "./feedback.js";
import { follow } from "./events.js";
import { found, lost } from "./link.js";
import { removed } from "./removal.js";
import { amount, sentence, timeLeft } from "./words.js";

const page = $("#run");
const videoId = page.dataset.video;
const STATUS_WORDS = { pending: "not begun", running: "under way", done: "done", failed: "failed", waiting: "waiting" };
const ENDED = new Set(["draft_ready", "closed", "failed", "cancelled"]);

let stop = () => {};
let shown = null;

function draw(progress) {
  const before = shown;
  shown = progress;
  page.dataset.status = progress.status;
  const percent = Math.floor(progress.fraction_done * 100);
  $("#percent").textContent = percent;
  $("#meter").style.setProperty("--part", progress.fraction_done);
  $("#meter").setAttribute("aria-valuenow", percent);
  if ($("#sentence").textContent !== progress.sentence) $("#sentence").textContent = progress.sentence;
  progress.stages.forEach(drawStage);
  drawScenes(progress.scenes);
  drawWaiting(progress);
  tick();
  if (ENDED.has(progress.status) && !ENDED.has(before?.status)) end(progress);
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
      picture.addEventListener("error", () => picture.remove()); // a cancelled run's pictures go while they are asked for
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
  if (progress.waiting === "no_worker") words = "Your video waits for a free machine. Nothing is lost, and it goes on by itself as soon as one is there.";
  else if (progress.status === "needs_attention" || parked)
    words = `This step could not go on by itself${parked?.sentence ? ` (${parked.sentence.replace(/\.$/, "")})` : ""}. Your credits stay reserved while our people look at it; if it can't be made within a day, you get them back.`;
  const place = $("#waiting");
  if (place.textContent !== words) place.textContent = words;
  show(place, Boolean(words));
}

function end(progress) {
  stop();
  show($("#cancel"), false);
  $("#left").textContent = "";
  refreshBalance().catch(() => {});
  const ends = $("#ends");
  show(ends, true);
  if (progress.status === "draft_ready" || progress.status === "closed") {
    ends.replaceChildren(el("a", { class: "button button-primary button-large", href: `/preview/${videoId}` }, "Watch your video"));
    if (progress.credits_charged) $("#left").textContent = `${amount(progress.credits_charged)} credits charged`;
    document.title = `Ready: ${document.title}`;
  } else {
    if (progress.status === "failed") $("#failure").textContent = `${sentence(progress.failure?.sentence ?? "It could not be made.")}${progress.credits_charged ? "" : " Your credits are back."}`;
    ends.replaceChildren(...ways());
    itIs(progress.status === "failed" ? "not made" : "cancelled");
    forgetUnseen();
  }
}

/** What was made is thrown away: pictures that were not looked at yet, and clips, are not asked for any more. */
function forgetUnseen() {
  for (const picture of $$("#tiles img")) {
    if (picture.complete) continue;
    picture.removeAttribute("src"); // stops the asking
    picture.remove();
  }
  for (const button of $$("#tiles .tile-play")) button.remove();
}

function tick() {
  if (!shown || ENDED.has(shown.status)) return;
  // Before a picture is painted the estimate knows nothing of this song's scenes: better no time than a wrong one.
  const isKnown = shown.scenes.some((scene) => scene.status !== "pending");
  $("#left").textContent = isKnown && shown.status === "running" && !shown.waiting ? timeLeft(shown.expected_finish_at) : "";
}

$("#cancel").addEventListener("click", async (event) => {
  const button = event.currentTarget;
  let terms = null;
  await busy(button, page, async () => { terms = await api.get(`/videos/${videoId}/cancellation`); });
  // What is bought grows while one reads: the sum that was shown is the sum that is kept, or it is asked again.
  while (terms) {
    const words = `What is made so far is thrown away. ${terms.sentence}`;
    if (!(await ask({ title: "Cancel this video?", words, confirm: "Cancel the video", danger: true }))) return;
    const agreed = terms;
    terms = null;
    await busy(button, page, async () => {
      try {
        await api.post(`/videos/${videoId}/cancellation`, { accept_kept: agreed.kept });
      } catch (problem) {
        if (problem.code !== "accept_kept") throw problem;
        terms = await api.get(`/videos/${videoId}/cancellation`);
      }
    });
  }
});

/** A run that was never started has nothing to follow; whatever else is wrong now passes. */
function neverBegan(problem) {
  show($("#cancel"), false);
  $("#sentence").textContent = "";
  $("#failure").textContent = problem.message;
  show($("#ends"), true);
  $("#ends").replaceChildren(...ways());
  itIs("not made");
}

/** What is left to do with an order that never became a video. */
function ways() {
  const remove = el("button", { class: "button button-danger", type: "button", onclick: () => busy(remove, page, takeAway) }, "Remove from the Vault");
  return [el("a", { class: "button button-primary", href: `/?again=${videoId}` }, "Try again"), remove];
}

async function takeAway() {
  if (await removed("videos", videoId, page.dataset.title)) location.assign("/vault");
}

/** The page of an order that has ended says so: it is no video in the making. */
function itIs(words) {
  page.dataset.status = words === "cancelled" ? "cancelled" : "failed";
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
  stop = follow(videoId, draw, linked);
  setInterval(tick, 5000);
}
