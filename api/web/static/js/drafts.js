// Unsent words of scenes: in this page at once, in this browser until the server has them, and on the server for every
// other window and device. Words that another window typed meanwhile are offered, never dropped.
import { $, el, show } from "./dom.js";
import { api } from "./api.js";
import { forget, keep, kept, keptNames } from "./kept.js";

const ALL_FIELDS = { image: "#image-prompt", motion: "#motion-prompt", camera: "#camera-move" };
// A storyboard has no choice of cameras.
const FIELDS = Object.fromEntries(Object.entries(ALL_FIELDS).filter(([, selector]) => $(selector)));
const NAMES = { image: "What the image shows", motion: "How it moves", camera: "Camera" };
const QUIET_MS = 600;
const AGAIN_MS = 10_000;
const BLANK = { words: null, revision: 0, other: null };

const place = $("#draft-note");
const known = new Map(); // by scene: what the server has
const unsent = new Map(); // by scene and field: what it does not have yet
const sending = new Map();
const timers = new Map();
let video = "";
let scene = null; // whose words are in the fields
let refused = "";

/** Words belong to the scene, wherever edits of the timeline put it. */
const idOf = (one) => one.scene_id ?? one.index;

const nameOf = (id, field) => `scene/${video}/${id}/${field}`;
const ofServer = (id, field) => known.get(id)?.[field] ?? BLANK;
const mine = (id, field) => unsent.get(nameOf(id, field)) ?? ofServer(id, field);
const sceneWords = (shown, field) => ({ image: shown.prompt, motion: shown.motion_prompt, camera: shown.camera_move })[field] ?? "";

/** Loads drafts: of this page, of another window, from before a log-in. */
export async function startDrafts(videoId) {
  video = videoId;
  for (const name of keptNames(`scene/${video}/`)) unsent.set(name, kept(name));
  await look().catch(() => {});
  for (const [field, selector] of Object.entries(FIELDS)) {
    $(selector).addEventListener("input", () => typed(field, $(selector).value));
    $(selector).addEventListener("blur", () => scene && fill(scene));
  }
  addEventListener("echonos:found", () => sendAll());
  addEventListener("pagehide", () => sendAll({ keepalive: true }));
  addEventListener("pageshow", (event) => event.persisted && refresh());
  document.addEventListener("visibilitychange", () => (document.hidden ? sendAll({ keepalive: true }) : refresh()));
  addEventListener("focus", refresh);
  sendAll();
}

/** Puts a scene's words into the fields. A field with the focus stays as it is. */
export function fill(shown) {
  const same = scene && idOf(scene) === idOf(shown);
  if (scene && !same) send(idOf(scene));
  scene = shown;
  for (const [field, selector] of Object.entries(FIELDS)) {
    const input = $(selector);
    const words = mine(idOf(shown), field).words ?? sceneWords(shown, field);
    if (input.value === words || (same && document.activeElement === input)) continue;
    input.value = words;
  }
  note();
}

/** The unsent words of a scene, by field; null: none were typed. */
export const typedOf = (shown) => Object.fromEntries(Object.keys(FIELDS).map((field) => [field, mine(idOf(shown), field).words]));

/** Drops drafts that equal the newest version's words. */
export function settle(scenes) {
  for (const one of scenes) for (const field of Object.keys(FIELDS)) {
    const { words } = mine(idOf(one), field);
    if (words !== null && words.trim() === sceneWords(one, field).trim()) change(idOf(one), field, null);
  }
}

function typed(field, words) {
  change(idOf(scene), field, words === sceneWords(scene, field) ? null : words);
  note();
}

function change(id, field, words, more = {}) {
  const name = nameOf(id, field);
  const { revision } = mine(id, field);
  const now = { words, revision, ...more };
  unsent.set(name, now);
  keep(name, now);
  clearTimeout(timers.get(id));
  timers.set(id, setTimeout(() => send(id), QUIET_MS));
}

/** One request at a time for a scene, so that its revisions follow each other. */
function send(id, options = {}) {
  clearTimeout(timers.get(id));
  const after = sending.get(id) ?? Promise.resolve();
  const now = options.keepalive && !sending.has(id) ? put(id, options) : after.then(() => put(id, options));
  sending.set(id, now);
  now.finally(() => sending.get(id) === now && sending.delete(id));
  return now;
}

async function put(id, options) {
  const fields = Object.keys(FIELDS).filter((field) => unsent.has(nameOf(id, field)));
  if (!fields.length) return;
  const sent = Object.fromEntries(fields.map((field) => [field, unsent.get(nameOf(id, field))]));
  try {
    const answer = await api.put(`/videos/${video}/scenes/${id}/draft`, sent, options);
    known.set(id, answer);
    refused = "";
    for (const field of fields) taken(nameOf(id, field), sent[field], answer[field].revision);
  } catch (problem) {
    refused = problem.status === 0 ? "" : problem.message;
    if (problem.status === 429 || problem.status >= 500) timers.set(id, setTimeout(() => send(id), AGAIN_MS));
  }
  note();
}

/** Rebases words that were typed meanwhile on the server's revision. */
function taken(name, sent, revision) {
  const now = unsent.get(name);
  if (now === sent) {
    unsent.delete(name);
    forget(name);
  } else {
    now.revision = revision;
    keep(name, now);
  }
}

function sendAll(options) {
  const scenes = new Set([...unsent.keys()].map((name) => Number(name.split("/").at(-2))));
  for (const id of scenes) send(id, options);
}

async function look() {
  const { items } = await api.get(`/videos/${video}/drafts`);
  known.clear();
  for (const one of items) known.set(one.index, one);
}

/** Another window may have typed meanwhile. */
async function refresh() {
  if (document.hidden || sending.size) return;
  await look().catch(() => {});
  if (scene) fill(scene);
}

function note() {
  if (!scene) return;
  const id = idOf(scene);
  const fields = Object.keys(FIELDS);
  const open = fields.filter((field) => mine(id, field).words !== null);
  const waits = fields.some((field) => unsent.has(nameOf(id, field)));
  const words = refused ? `Kept in this browser only: ${refused}` : waits ? "Keeping your words …" : "Your words are kept until you send them.";
  const parts = open.length ? [el("span", {}, words), button("Back to the scene's words", () => open.forEach((field) => over(field, null)))] : [];
  for (const field of fields) {
    const { other } = ofServer(id, field);
    if (!other || other === mine(id, field).words) continue;
    parts.push(el("span", {}, `${NAMES[field]}, typed in another window: “${other}”`));
    parts.push(button("Use these words", () => over(field, other)), button("Leave them", () => over(field, mine(id, field).words, { forget_other: true })));
  }
  const key = parts.map((part) => part.textContent).join("\n");
  show(place, parts.length > 0);
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.replaceChildren(...parts);
}

const button = (label, act) => el("button", { class: "button mini", type: "button", onclick: act }, label);

/** Applies offered words on a press, also where the field has the focus. */
function over(field, words, more = {}) {
  change(idOf(scene), field, words, more);
  $(FIELDS[field]).value = words ?? sceneWords(scene, field);
  send(idOf(scene));
  note();
  if (document.activeElement === document.body) $(FIELDS[field]).focus();
}
