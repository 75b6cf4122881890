// The scene in hand on a storyboard: words, who appears, stills, its section, approval.
import { $, $$, el, redraw, roving, show } from "./dom.js";
import { api } from "./api.js";
import { busy, clear, onSubmit, tell } from "./feedback.js";
import { isFilmed, isOwnClip } from "./animatic.js";
import { approve, asked, change, painting, repaint, showOwn } from "./board-orders.js";
import { desk, pickedScene, scenes } from "./desk.js";
import { fill, typedOf } from "./drafts.js";
import { startOwnFootage } from "./own-footage.js";
import { drawTakes } from "./takes.js";
import { sized } from "./timeline.js";
import { clock, credits, sentence } from "./words.js";

const form = $("#scene-form");
const people = $("#cast-list");
const where = $("#cast-location");
let say = () => {};

const named = (list) => (list.length > 1 ? `${list.slice(0, -1).join(", ")} and ${list.at(-1)}` : (list[0] ?? ""));
const numbers = (list) => `${list.length === 1 ? "Scene" : "Scenes"} ${named(list.map((scene) => scene.index + 1))}`;
const count = (number) => `${number} ${number === 1 ? "scene" : "scenes"}`;
/** Whether a clip is made for a scene: it shows neither the artist's own nor another scene's. */
export const hasClip = (scene) => !scene.footage_id && scene.follows === null;
const isPainting = (scene) => scene.painting || painting.has(scene.scene_id);

/** `again`: the same scene, drawn anew; its problem stays. */
export function drawScene({ again = false } = {}) {
  const scene = pickedScene();
  if (!again) clear(form);
  $("#scene-heading").textContent = `Scene ${scene.index + 1}`;
  $("#scene-facts").textContent = `${sentence(scene.section)} · ${clock(scene.start_s)} – ${clock(scene.end_s)} · ${(scene.end_s - scene.start_s).toFixed(1)} s`;
  show(form, desk.timeline.open && !scene.approved);
  $("#scene-marks").textContent = marksOf(scene).join(" ");
  show($("#making"), isPainting(scene));
  if (isPainting(scene)) $("#making").textContent = `Scene ${scene.index + 1} gets a new still. You can go on with other scenes.`;
  fill(scene);
  drawCast(scene, again);
  for (const button of [...$$(".price-row .button", form), $("#own-open")]) button.disabled = isPainting(scene);
  $("#repaint-price").textContent = scene.repaint_price ? credits(scene.repaint_price) : "free";
  $("#approve-scene small").textContent = hasClip(scene) ? "film it as it is" : "show it as it is";
  $("#approve-scene-words").textContent = ` scene ${scene.index + 1}`;
  const glow = $("#glow");
  glow.src = sized(scene.still_url);
  show(glow, true);
  const takes = scene.stills.map((still) => ({ ...still }));
  const choose = (still, button) => busy(button, form, () => told({ kind: "choose", scene_id: scene.scene_id, take: still.take }, `Scene ${scene.index + 1} shows another still.`));
  redraw(() => drawTakes({ takes }, { onchoose: choose, name: "Still", fixed: scene.approved || !desk.timeline.open || isPainting(scene) }), $("#scene-heading"));
  drawSection(scene);
}

function marksOf(scene) {
  const shown = scene.follows === null ? null : scenes().find((one) => one.scene_id === scene.follows);
  return [
    scene.approved && approvedWords(scene),
    !scene.approved && scene.marks.includes("still stale") && "Its words have changed since its still was made: have a new still made, or approve it with this one.",
    shown && `It shows scene ${shown.index + 1} again${scene.approved ? "." : ", until it gets words or a still of its own."}`,
    scene.footage_id && !scene.approved && `It shows your own ${ownKind(scene)}: nothing is filmed for it.`,
    motionOf(scene),
  ].filter(Boolean);
}

const ownKind = (scene) => (isOwnClip(scene) ? "clip" : "picture");

function approvedWords(scene) {
  if (scene.footage_id) return `Approved: it shows your own ${ownKind(scene)} and stays as it is.`;
  if (!hasClip(scene)) return "Approved: it stays as it is.";
  return isFilmed(scene) ? "Approved and filmed: it stays as it is." : "Approved: it is being filmed as it is.";
}

/** What moves in a scene: the camera, or an own clip. */
function motionOf(scene) {
  if (scene.frozen) return "It holds one picture.";
  if (!isOwnClip(scene)) return `Camera: ${scene.camera_move}.`;
  return scene.clip_frames < scene.end_frame - scene.start_frame ? "It lasts longer than your clip, which is slowed a little; then its last picture moves on." : "";
}

/** Who may appear, and where. A choice that is not sent yet stays while the same scene is drawn anew. */
function drawCast(scene, again) {
  const { characters, locations } = desk.timeline;
  const shown = characters.filter((one) => scene.character_ids.includes(one.id)).map((one) => one.name);
  const place = locations.find((one) => one.id === scene.location_id)?.name;
  show($("#cast"), characters.length > 0 || locations.length > 1);
  $("#cast-words").textContent = `Who appears: ${named(shown) || "no one"}${place ? ` · ${place}` : ""}`;
  const key = JSON.stringify([scene.scene_id, scene.character_ids, scene.location_id, characters, locations]);
  if (again && people.dataset.key === key) return;
  people.dataset.key = key;
  const box = (one) => el("label", { class: "cast-person" }, el("input", { type: "checkbox", value: one.id, checked: scene.character_ids.includes(one.id) }), el("span", {}, one.name));
  people.replaceChildren(...characters.map(box));
  show($("#cast-people"), characters.length > 0);
  where.replaceChildren(...locations.map((one) => el("option", { value: one.id, selected: one.id === scene.location_id }, one.name)));
  show($("#cast-where"), locations.length > 1);
}

function drawSection(scene) {
  const mine = scenes().filter((one) => one.section_index === scene.section_index);
  const left = mine.filter((one) => !one.approved);
  $("#section-heading").textContent = `${sentence(scene.section)}: ${count(mine.length)}${left.length < mine.length ? `, ${mine.length - left.length} approved` : ""}`;
  show($("#section-tools"), desk.timeline.open && left.length > 0);
  $("#approve-section").textContent = left.length === mine.length ? "Approve the section" : "Approve the rest of the section";
  roving($("#section-tools"), "[data-tool]");
}

/** Carries out an edit and says so. */
async function told(edit, words) {
  await change(edit);
  say(words);
}

/** What is typed for a scene and not on the board yet, as an edit's fields. */
function typed(scene) {
  const { image, motion } = typedOf(scene);
  const fields = { image: image?.trim(), motion: motion?.trim() };
  if (fields.image === scene.prompt) delete fields.image;
  if (fields.motion === scene.motion_prompt) delete fields.motion;
  return Object.fromEntries(Object.entries(fields).filter(([, words]) => words));
}

async function keepWords(scene) {
  const fields = typed(scene);
  if (!Object.keys(fields).length) throw new Error("These are the scene's words already: change them first.");
  await told({ kind: "words", scene_id: scene.scene_id, ...fields }, `The words of scene ${scene.index + 1} are kept.`);
}

async function paintAnew(scene) {
  const { image, motion } = typed(scene);
  const price = scene.repaint_price;
  const words = `It costs ${credits(price)}, reserved now and taken when the new still is there. The still that it has stays to be chosen.`;
  if (price && !(await asked({ title: `A new still for scene ${scene.index + 1}?`, words, confirm: `New still, ${credits(price)}` }))) return;
  // How it moves is no matter of the still: those words are kept as an edit.
  if (motion) await change({ kind: "words", scene_id: scene.scene_id, motion });
  await repaint(pickedScene()?.scene_id === scene.scene_id ? pickedScene() : scene, image);
  say(`A new still of scene ${scene.index + 1} is being made.`);
}

/** Makes a section calmer or busier, once its artist has seen how many scenes that leaves. */
async function setPace({ section_index: index, section: name }, pace) {
  const wish = { kind: "pace", section_index: index, pace };
  const { revision } = desk.timeline;
  const planned = await api.post(`/videos/${desk.videoId}/board/edits/preview`, { revision, edits: [wish] }).catch((problem) => {
    if (problem.code !== "board_moved") throw problem; // the order itself shows the newest board
  });
  const change = planned && planned.scenes.length - scenes().length;
  const words = pace === "calmer" ? `${count(-change)} ${change === -1 ? "becomes" : "become"} part of the scene before: their stills and words go.` : `${count(change)} more: scenes are cut in two on a beat, and show the same picture until you give them another one.`;
  if (planned && !(await asked({ title: `Make the ${name} ${pace}?`, words, confirm: `Make it ${pace}` }))) return;
  await told(wish, `The ${name} is ${pace}.`);
}

/** What approval films: scenes that show another one's clip share it, and for own footage there is none. */
function filming(list) {
  const ordered = new Set(scenes().filter((one) => one.approved).map((one) => one.scene_id));
  const shown = list.filter((one) => !one.footage_id).map((one) => one.follows ?? one.scene_id);
  const clips = new Set(shown.filter((id) => !ordered.has(id))).size;
  if (!clips) return "Nothing is filmed for that.";
  return `${clips === 1 ? "1 clip is" : `${clips} clips are`} filmed for that; what you reserved pays for it.`;
}

/** Approves scenes after a question; one alone is asked about only where something would be left behind. */
export async function approveThese(list, what, wish) {
  const left = list.filter((scene) => !scene.approved);
  const stale = left.filter((scene) => scene.marks.includes("still stale"));
  const unsent = left.filter((scene) => Object.keys(typed(scene)).length);
  const { stills_bought: bought } = desk.timeline.cancelling;
  const [them, stay] = left.length === 1 ? ["it", "stays as it is"] : ["they", "stay as they are"];
  const words = [
    `${count(left.length)} ${stay} now: ${them} can't be changed before the draft is ready. ${filming(left)}`,
    stale.length && `${numbers(stale)}: the still was made from older words.`,
    unsent.length && `${numbers(unsent)}: words that you typed are not on the board, and are not filmed.`,
    bought && "Of each clip that is bought a stop keeps its part.",
  ];
  const asks = left.length > 1 || stale.length || unsent.length;
  if (asks && !(await asked({ title: `Approve ${what}?`, words: words.filter(Boolean).join(" "), confirm: "Approve" }))) return;
  const done = await approve(wish);
  const along = scenes().filter((scene) => done.approved_along.includes(scene.scene_id));
  say(`Approved: ${what}.${along.length ? ` ${numbers(along)} ${along.length === 1 ? "is" : "are"} approved along: the same clip is shown there.` : ""}`);
}

/** Shows a problem of a scene's order at its form. Returns whether that scene is still in hand. */
export function refused(id, problem) {
  const isHere = pickedScene()?.scene_id === id && !form.hidden;
  if (isHere) tell(form, problem);
  return isHere;
}

/** `onsay(words)` reads aloud what was done. */
export function startScene({ onsay }) {
  say = onsay;
  onSubmit(form, async (button) => {
    const scene = pickedScene();
    if (button.value === "still") await paintAnew(scene);
    else if (button.value === "approve") await approveThese([scene], `scene ${scene.index + 1}`, { scenes: [scene.scene_id] });
    else await keepWords(scene);
  });
  startOwnFootage({
    async onuse(scene, shot, kind) {
      await showOwn(scene, shot);
      say(`Scene ${scene.index + 1} shows your ${kind}.`);
    },
  });
  $("#cast-use").addEventListener("click", (event) => {
    const scene = pickedScene();
    const edit = { kind: "appear", scene_id: scene.scene_id };
    if (desk.timeline.characters.length) edit.character_ids = $$("input:checked", people).map((box) => box.value);
    if (where.value && where.value !== scene.location_id) edit.location_id = where.value;
    busy(event.currentTarget, form, () => told(edit, `Who appears in scene ${scene.index + 1} is changed: have a new still made.`));
  });
  for (const button of $$("[data-pace]")) button.addEventListener("click", () => busy(button, $("#board"), () => setPace(pickedScene(), button.dataset.pace)));
  $("#approve-section").addEventListener("click", (event) => {
    const scene = pickedScene();
    const mine = scenes().filter((one) => one.section_index === scene.section_index);
    busy(event.currentTarget, $("#board"), () => approveThese(mine, `the ${scene.section}`, { sections: [scene.section_index] }));
  });
}
