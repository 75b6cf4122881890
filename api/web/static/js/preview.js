// Preview: one player, or two versions side by side that play together, with their differences.
import { $, $$, el, redraw, show, smooth } from "./dom.js";
import { api, pageAt } from "./api.js";
import { orSay, refreshBalance } from "./feedback.js";
import { hearNews } from "./news.js";
import { adopt, openVersion } from "./playing.js";
import { clock } from "./words.js";
import { startExports } from "./exports.js";
import { openSharing } from "./sharing.js";

const page = $("#preview");
const players = $("#players");
const rows = () => $$(".version");
const compare = $("#compare");
let side = false;
let drawExports = () => {};

const numberOf = (row) => Number(row.dataset.version);
const rowOf = (number) => rows().find((row) => numberOf(row) === number);

function player(row) {
  const number = numberOf(row);
  const video = el("video", { controls: true, playsinline: true, preload: "metadata", "aria-label": `${page.dataset.title}, version ${number}` });
  const note = el("p", { class: "notice player-note", role: "status" });
  return el("figure", { class: "player", "data-version": number }, video, note, el("figcaption", { class: "small faint" }, `Version ${number}`));
}

const told = (figure) => (words) => ($(".player-note", figure).textContent = words);
const versionOf = (row) => ({ version: numberOf(row), video_url: row.dataset.video });

/** Opens versions in the drawn players, which say when a file has to be joined. */
async function openAll(at, play) {
  const { items } = await api.get(`/videos/${page.dataset.video}/versions`).catch(() => ({ items: [] }));
  for (const figure of $$(".player", players)) {
    const number = Number(figure.dataset.version);
    const version = items.find((one) => one.version === number) ?? versionOf(rowOf(number));
    const video = $("video", figure);
    if (!video.src) openVersion(video, version, { at: () => at, play, say: told(figure) });
  }
}

function draw(numbers) {
  const before = $("video", players);
  const at = before?.currentTime ?? 0;
  const play = Boolean(before && !before.paused);
  players.replaceChildren(...numbers.map((number) => player(rowOf(number))));
  players.classList.toggle("is-pair", numbers.length > 1);
  const videos = $$("video", players);
  openAll(at, play);
  if (videos.length > 1) together(...videos);
  markShown(numbers);
  drawExports();
  tellApart(numbers);
  $("#download").href = rowOf(numbers.at(-1)).dataset.download;
}

function markShown(numbers) {
  for (const row of rows()) {
    const isShown = numbers.includes(numberOf(row));
    row.dataset.shown = isShown;
    const link = $("[data-show]", row);
    if (!link) continue;
    link.textContent = isShown ? "Shown" : "Show";
    if (isShown) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Scrolls to the players: on a phone they may be above the pressed button. */
function bringIntoView() {
  const box = players.getBoundingClientRect();
  const bar = $(".bar").getBoundingClientRect().bottom;
  const seen = Math.min(box.bottom, innerHeight) - Math.max(box.top, bar);
  if (seen < Math.min(box.height, innerHeight - bar) * 0.6) players.scrollIntoView({ block: "start", behavior: smooth() });
}

/** Keeps two players of one song in step; only the first is heard. */
function together(first, second) {
  second.muted = true;
  const follow = (from, to) => {
    from.addEventListener("play", () => to.paused && to.play().catch(() => {}));
    from.addEventListener("pause", () => to.paused || to.pause());
    from.addEventListener("seeked", () => Math.abs(to.currentTime - from.currentTime) > 0.2 && (to.currentTime = from.currentTime));
  };
  follow(first, second);
  follow(second, first);
}

/** Lists the scenes in which two versions differ; a press seeks there in both. */
async function tellApart(numbers) {
  const place = $("#differences");
  show(place, numbers.length > 1);
  place.replaceChildren();
  if (numbers.length < 2) return;
  const timelines = await Promise.all(numbers.map((number) => api.get(`/videos/${page.dataset.video}/timeline?version=${number}`))).catch(() => null);
  if (!timelines || String(shown()) !== String(numbers)) return;
  const [first, second] = timelines.map((timeline) => timeline.scenes);
  const apart = first.filter((scene, index) => scene.take_id !== second[index]?.take_id);
  const visit = (scene) => {
    for (const video of $$("video", players)) video.currentTime = scene.start_s + 0.02;
    bringIntoView();
  };
  const button = (scene) => el("button", { class: "button mini", type: "button", onclick: () => visit(scene) }, `Scene ${scene.index + 1}, at ${clock(scene.start_s)}`);
  place.replaceChildren(el("span", { class: "soft" }, apart.length ? "They differ in" : "They show the same."), ...apart.map(button));
}

const shown = () => $$(".player", players).map((figure) => Number(figure.dataset.version));

$("#versions").addEventListener("click", (event) => {
  const link = event.target.closest("[data-show]");
  if (!link) return;
  event.preventDefault();
  const number = numberOf(link.closest(".version"));
  const others = shown().filter((one) => one !== number);
  draw(side && others.length ? [Math.min(others[0], number), Math.max(others[0], number)] : [number]);
  bringIntoView();
});

compare.addEventListener("click", () => {
  side = !side;
  compare.setAttribute("aria-pressed", side);
  const current = shown().at(-1);
  const other = rows().map(numberOf).find((number) => number !== current);
  draw(side ? [Math.min(current, other), Math.max(current, other)] : [current]);
  bringIntoView();
});

// A version that is made elsewhere is listed here. It opens by itself only where nothing has been played yet.
hearNews(page.dataset.video, async () => {
  const { items } = await api.get(`/videos/${page.dataset.video}/versions`);
  const before = numberOf(rows()[0]);
  const newest = items.at(-1).version;
  if (newest === before) return;
  refreshBalance().catch(() => {});
  const fresh = await pageAt(`/preview/${page.dataset.video}`);
  const list = fresh && $("#versions", fresh);
  if (!list || numberOf(rows()[0]) !== before) return;
  const was = shown();
  redraw(() => $("#versions").replaceChildren(...list.children));
  show(compare, rows().length > 1);
  const player = $("video", players);
  const isUntouched = String(was) === String([before]) && player.paused && player.currentTime === 0;
  if (isUntouched) draw([newest]);
  else markShown(was);
  $("#newer").textContent = isUntouched ? `Version ${newest} was just made and is shown.` : `Version ${newest} was just made: it is in the list.`;
  show($("#newer"), true);
});

$("#share").addEventListener("click", () => openSharing(page.dataset.video, shown().at(-1)));

const first = $(".player", players);
// From the preview of a video in the making: the finished one goes on there.
const wanted = Number(new URLSearchParams(location.hash.slice(1)).get("at")) || 0;
adopt($("video", first), versionOf(rows()[0]), { at: () => wanted, say: told(first) });
if (wanted > 0 && $("video", first).readyState >= HTMLMediaElement.HAVE_METADATA) $("video", first).currentTime = wanted;

const pieces = await orSay(startExports(page.dataset.video, () => shown().at(-1)));
if (pieces) drawExports = pieces;
