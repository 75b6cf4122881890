// Preview: one player, or two versions side by side that play together.
import { $, $$, el } from "./dom.js";
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
  const video = el("video", { controls: true, playsinline: true, preload: "metadata", src: row.dataset.video, "aria-label": `${page.dataset.title}, version ${number}` });
  return el("figure", { class: "player", "data-version": number }, video, el("figcaption", { class: "small faint" }, `Version ${number}`));
}

function draw(numbers) {
  const kept = $("video", players)?.currentTime ?? 0;
  players.replaceChildren(...numbers.map((number) => player(rowOf(number))));
  players.classList.toggle("is-pair", numbers.length > 1);
  const videos = $$("video", players);
  for (const video of videos) video.addEventListener("loadedmetadata", () => (video.currentTime = Math.min(kept, video.duration)), { once: true });
  if (videos.length > 1) together(...videos);
  for (const row of rows) {
    row.dataset.shown = numbers.includes(numberOf(row));
    $("[data-show]", row).textContent = numbers.includes(numberOf(row)) ? "Shown" : "Show";
  }
  drawExports();
  $("#download").href = rowOf(numbers.at(-1)).dataset.download;
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

const shown = () => $$(".player", players).map((figure) => Number(figure.dataset.version));

for (const row of rows) {
  $("[data-show]", row).addEventListener("click", (event) => {
    event.preventDefault();
    const number = numberOf(row);
    const others = shown().filter((one) => one !== number);
    draw(side && others.length ? [Math.min(others[0], number), Math.max(others[0], number)] : [number]);
  });
}

compare?.addEventListener("click", () => {
  side = !side;
  compare.setAttribute("aria-pressed", side);
  const current = shown().at(-1);
  const other = rows.map(numberOf).find((number) => number !== current);
  draw(side ? [Math.min(current, other), Math.max(current, other)] : [current]);
});

drawExports = await startExports(page.dataset.video, () => shown().at(-1));
