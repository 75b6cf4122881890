// Processing: nine stages and every scene, live; survives reload, sleep and lost connections.
import { $, $$, el, show } from "./dom.js";
import { api } from "./api.js";
import { ask, busy, refreshBalance } from "./feedback.js";
import { follow } from "./events.js";
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
  $(".stage-sentence", item).textContent = stage.status === "waiting" || stage.status === "failed" ? stage.sentence : retrying;
}

function drawScenes(scenes) {
  const place = $("#tiles");
  show($("#tiles-empty"), scenes.length === 0);
  scenes.forEach((scene, index) => {
    const tile = place.children[index] ?? place.appendChild(el("li", { class: "tile" }, el("span", { class: "tile-number" }, `${index + 1}`)));
    if (tile.dataset.status === scene.status) return;
    tile.dataset.status = scene.status;
    tile.setAttribute("aria-label", `Scene ${index + 1}: ${{ pending: "not begun", still: "painted", clip: "filmed" }[scene.status]}`);
    if (scene.still_url && !$("img", tile)) tile.prepend(el("img", { src: sized(scene.still_url), alt: "", loading: "lazy", decoding: "async" }));
    if (scene.clip_url && !tile.dataset.playable) playable(tile, scene);
  });
  const filmed = scenes.filter((scene) => scene.status === "clip").length;
  const painted = scenes.filter((scene) => scene.status !== "pending").length;
  $("#scene-words").textContent = scenes.length ? `${painted} of ${scenes.length} painted, ${filmed} filmed` : "";
}

const sized = (address) => `${address}${address.includes("?") ? "&" : "?"}width=240`;

/** A filmed scene plays while one points at it. */
function playable(tile, scene) {
  tile.dataset.playable = "yes";
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  tile.addEventListener("pointerenter", () => {
    if (calm.matches || $("video", tile)) return;
    const video = el("video", { src: scene.clip_url, muted: true, loop: true, playsinline: true, "aria-hidden": "true" });
    video.muted = true;
    $(".tile-number", tile).before(video);
    video.play().catch(() => video.remove());
  });
  tile.addEventListener("pointerleave", () => $("video", tile)?.remove());
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
    const words = progress.status === "cancelled" ? "Cancelled. Your credits are back." : `${sentence(progress.failure?.sentence ?? "It could not be made.")} Your credits are back.`;
    $("#failure").textContent = words;
    ends.replaceChildren(el("a", { class: "button button-primary", href: `/?again=${videoId}` }, "Try again"));
  }
}

function tick() {
  if (!shown || ENDED.has(shown.status)) return;
  $("#left").textContent = shown.status === "running" && !shown.waiting ? timeLeft(shown.expected_finish_at) : "";
}

$("#cancel").addEventListener("click", async (event) => {
  const button = event.currentTarget;
  const sure = await ask({ title: "Cancel this video?", words: "What is made so far is thrown away, and your 200 credits come back.", confirm: "Cancel the video", danger: true });
  if (sure) busy(button, page, () => api.post(`/videos/${videoId}/cancellation`));
});

const first = await api.get(`/videos/${videoId}/progress`);
draw(first);
if (!ENDED.has(first.status)) {
  stop = follow(videoId, draw, (linked) => show($("#offline"), !linked));
  setInterval(tick, 5000);
}
