// Preview: one player, or two versions side by side that play together, with what tells them apart.
import { $, $$, calm, el, show } from "./dom.js";
import { api } from "./api.js";
import { orSay } from "./feedback.js";
import { adopt, openVersion } from "./playing.js";
import { clock } from "./words.js";
import { startExports } from "./exports.js";

const page = $("#preview");
const players = $("#players");
const rows = $$(".version");
const compare = $("#compare");
let side = false;
let drawExports = () => {};

const numberOf = (row) => Number(row.dataset.version);
const rowOf = (number) => rows.find((row) => numberOf(row) === number);

function player(row) {
  const number = numberOf(row);
  const video = el("video", { controls: true, playsinline: true, preload: "metadata", "aria-label": `${page.dataset.title}, version ${number}` });
  const note = el("p", { class: "notice player-note", role: "status" });
  return el("figure", { class: "player", "data-version": number }, video, note, el("figcaption", { class: "small faint" }, `Version ${number}`));
}

const told = (figure) => (words) => ($(".player-note", figure).textContent = words);
const versionOf = (row) => ({ version: numberOf(row), video_url: row.dataset.video });

/** Puts versions into players that are drawn; what is not kept as one file is said there. */
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
  for (const row of rows) {
    const isShown = numbers.includes(numberOf(row));
    row.dataset.shown = isShown;
    const link = $("[data-show]", row);
    if (!link) continue;
    link.textContent = isShown ? "Shown" : "Show";
    if (isShown) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  drawExports();
  tellApart(numbers);
  $("#download").href = rowOf(numbers.at(-1)).dataset.download;
}

/** What was just asked for is seen: on a phone the players may lie above what was pressed. */
function bringIntoView() {
  const box = players.getBoundingClientRect();
  const bar = $(".bar").getBoundingClientRect().bottom;
  const seen = Math.min(box.bottom, innerHeight) - Math.max(box.top, bar);
  if (seen < Math.min(box.height, innerHeight - bar) * 0.6) players.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
}

/** Two versions of one song: what one does the other does; only the first is heard. */
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

/** Says in which scenes two versions differ; a press goes there in both. */
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

for (const row of rows) {
  $("[data-show]", row)?.addEventListener("click", (event) => {
    event.preventDefault();
    const number = numberOf(row);
    const others = shown().filter((one) => one !== number);
    draw(side && others.length ? [Math.min(others[0], number), Math.max(others[0], number)] : [number]);
    bringIntoView();
  });
}

compare?.addEventListener("click", () => {
  side = !side;
  compare.setAttribute("aria-pressed", side);
  const current = shown().at(-1);
  const other = rows.map(numberOf).find((number) => number !== current);
  draw(side ? [Math.min(current, other), Math.max(current, other)] : [current]);
  bringIntoView();
});

// A version that is made in another tab is listed here without a word being lost: this page has none to lose.
new BroadcastChannel(`versions-${page.dataset.video}`).addEventListener("message", () => {
  $("#newer").hidden = false;
});

const first = $(".player", players);
adopt($("video", first), versionOf(rows[0]), { at: () => 0, say: told(first) });

const pieces = await orSay(startExports(page.dataset.video, () => shown().at(-1)));
if (pieces) drawExports = pieces;
