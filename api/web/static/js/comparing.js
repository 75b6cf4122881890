// Two versions, or two takes of a scene, under one clock: the first is heard, the second follows it.
import { $, $$, el, roving, show } from "./dom.js";
import { api } from "./api.js";
import { orSay } from "./feedback.js";
import { bringPictures, desk, fps, pickedScene, player, scenes, startOf } from "./desk.js";
import { openVersion } from "./playing.js";
import { paceFor } from "./steering.js";
import { markDifferences } from "./timeline.js";
import { goTo, now, onTick } from "./transport.js";

const other = $("#other");
const screens = $("#screens");
const select = $("#compare-with");
const bar = $("#compare-bar");
const say = (words) => ($("#other-note").textContent = words);
let compared = null; // {name, words, offset_s, length_s}
let apart = [];

const isNarrow = () => matchMedia("(max-width: 63.99rem)").matches;

/** What the open version can be compared with. */
function choices() {
  const { version } = desk.timeline;
  const others = desk.versions.filter((one) => one.version !== version).sort((a, b) => b.version - a.version);
  const takes = (pickedScene()?.takes ?? []).map((take, at) => ({ ...take, number: at + 1 })).filter((take) => !take.chosen && take.clip_url);
  return { others, takes };
}

/** Draws what may be chosen; called when version, scene or takes change. */
export async function drawComparing() {
  const { others, takes } = choices();
  $("#compare").setAttribute("aria-disabled", !others.length && !takes.length);
  if (!compared) return;
  const scene = pickedScene();
  const group = (label, options) => options.length > 0 && el("optgroup", { label }, ...options);
  select.replaceChildren(
    ...[
      group("Versions", others.map((one) => el("option", { value: `version-${one.version}` }, `Version ${one.version}: ${one.sentence}`))),
      group(`Takes of scene ${(scene?.index ?? 0) + 1}`, takes.map((take) => el("option", { value: `take-${take.take}` }, `Take ${take.number}`))),
    ].filter(Boolean),
  );
  const names = [...select.options].map((option) => option.value);
  if (!names.length) return stopComparing();
  if (!names.includes(compared.name)) return compareWith(defaultName());
  select.value = compared.name;
  $("figcaption", screens).textContent = `A · Version ${desk.timeline.version}`;
  await tellApart();
}

/** The version before the open one, else the newest other one, else another take. */
function defaultName() {
  const { others, takes } = choices();
  const before = others.find((one) => one.version < desk.timeline.version) ?? others[0];
  return before ? `version-${before.version}` : takes.length ? `take-${takes[0].take}` : null;
}

export function toggleComparing() {
  if (compared) return stopComparing();
  const name = defaultName();
  if (name) return orSay(compareWith(name));
}

/** Opens the second picture: `version-3`, or `take-ID` of the scene in hand. */
export async function compareWith(name) {
  if (!name) return stopComparing();
  const isNew = !compared;
  const [kind, id] = [name.slice(0, name.indexOf("-")), name.slice(name.indexOf("-") + 1)];
  const scene = pickedScene();
  const version = kind === "version" && desk.versions.find((one) => one.version === Number(id));
  const take = !version && scene.takes.findIndex((one) => one.take === id);
  compared = version ? { name, version: version.version, words: `Version ${id}`, offset_s: 0, length_s: desk.timeline.duration_s } : { name, words: `Take ${take + 1}`, scene: scene.index, offset_s: scene.start_s, length_s: scene.end_s - scene.start_s };
  show(bar, true);
  $("#compare").setAttribute("aria-pressed", "true");
  $("figcaption", $("#other-screen")).textContent = `B · ${compared.words}`;
  other.setAttribute("aria-label", compared.words);
  if (isNew) look(isNarrow() ? "b" : "both");
  const source = version || { version: id, video_url: scene.takes[take].clip_url };
  openVersion(other, source, { at: place, follows: true, say });
  if (!version && (now() < scene.start_s || now() >= scene.end_s)) goTo(startOf(scene));
  await drawComparing();
  bringPictures();
}

function stopComparing() {
  compared = null;
  apart = [];
  other.pause();
  other.removeAttribute("src");
  other.load();
  say("");
  show(bar, false);
  $("#compare").setAttribute("aria-pressed", "false");
  markDifferences([]);
  look("a");
}

/** Which pictures are seen: "a", "b" or "both". */
function look(view) {
  screens.dataset.view = view;
  for (const button of $$("[data-look]", bar)) button.setAttribute("aria-pressed", button.dataset.look === view);
  keepStep();
}

/** A for B and back. */
export function flip() {
  if (!compared) return toggleComparing();
  look(screens.dataset.view === "a" ? "b" : "a");
  bringPictures();
}

const place = () => Math.max(0, Math.min(compared.length_s - 0.5 / fps(), now() - compared.offset_s));

/** The second picture follows the first: the same picture while both stand, the same pace while both run. */
function keepStep() {
  if (!compared || other.readyState < HTMLMediaElement.HAVE_METADATA || other.seeking) return;
  const to = place();
  const ahead = to - other.currentTime;
  const isWithin = Math.abs(to - (now() - compared.offset_s)) < 1e-6;
  if (player.paused || !isWithin) {
    if (!other.paused) other.pause();
    if (Math.abs(ahead) > 0.25 / fps()) other.currentTime = to;
    return;
  }
  if (other.paused) other.play().catch(() => {});
  const pace = paceFor(ahead, { rate: player.playbackRate, slack_s: 0.25 / fps() });
  if (pace === null) other.currentTime = to;
  else other.playbackRate = pace;
}

/** Marks the scenes in which the two differ. */
async function tellApart() {
  const { name, version, scene } = compared;
  const mine = desk.timeline;
  const theirs = version && (await api.get(`/videos/${desk.videoId}/timeline?version=${version}`).catch(() => null));
  if (compared?.name !== name || desk.timeline !== mine) return;
  apart = version ? (theirs ? differences(scenes(), theirs.scenes) : []) : [scene];
  markDifferences(apart);
  $("#differences").textContent = !apart.length ? "They show the same." : apart.length === 1 ? `Scene ${apart[0] + 1} differs.` : `${apart.length} scenes differ.`;
  show($("#next-difference"), apart.length > 0);
  roving(bar, "button, select");
}

/** The scenes of the first list in which the second shows something else, also where cuts lie elsewhere. */
export function differences(mine, theirs) {
  // Whose take it is, which one, and where in the video the take would begin.
  const begins = (scene) => (scene.start_s - (scene.in_frame ?? 0) / fps()).toFixed(2);
  const shows = (scene) => [scene.shows_scene ?? scene.scene_id ?? scene.index, scene.take_id, scene.frozen ? `held at ${scene.in_frame}` : begins(scene)].join(" ");
  const overlaps = (a, b) => Math.min(a.end_s, b.end_s) - Math.max(a.start_s, b.start_s) > 1e-3;
  return mine.filter((one) => theirs.some((two) => overlaps(one, two) && shows(one) !== shows(two))).map((one) => one.index);
}

/** To the next scene that differs, or the one before. */
export function differenceFrom(step) {
  if (!apart.length) return null;
  const at = desk.picked ?? -1;
  const index = step > 0 ? (apart.find((one) => one > at) ?? apart[0]) : (apart.findLast((one) => one < at) ?? apart.at(-1));
  return scenes()[index];
}

export function startComparing(onscene) {
  onTick(keepStep);
  for (const event of ["play", "pause", "ratechange"]) player.addEventListener(event, keepStep);
  for (const event of ["loadedmetadata", "seeked"]) other.addEventListener(event, keepStep);
  $("#compare").addEventListener("click", () => toggleComparing());
  select.addEventListener("change", () => orSay(compareWith(select.value)));
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-look]");
    if (button) look(button.dataset.look);
    if (button) bringPictures();
  });
  $("#next-difference").addEventListener("click", () => onscene(differenceFrom(1)));
  other.addEventListener("click", () => player.click());
  look("a");
}
