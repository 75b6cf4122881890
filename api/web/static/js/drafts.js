// Words of scenes that are not sent yet: in this page at once, in this browser until the server has them, and there for every
// other window and device. What another window typed meanwhile is offered, never thrown away.
import { $, el, show } from "./dom.js";
import { api } from "./api.js";
import { forget, keep, kept, keptNames } from "./kept.js";

const FIELDS = { image: "#image-prompt", motion: "#motion-prompt", camera: "#camera-move" };
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

const nameOf = (index, field) => `scene/${video}/${index}/${field}`;
const ofServer = (index, field) => known.get(index)?.[field] ?? BLANK;
const mine = (index, field) => unsent.get(nameOf(index, field)) ?? ofServer(index, field);
const sceneWords = (shown, field) => ({ image: shown.prompt, motion: shown.motion_prompt, camera: shown.camera_move })[field] ?? "";

/** Finds what was typed and not sent: here, in another window, before a log-in. */
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

/** Puts a scene's words into the fields. What is under the fingers stays as it is. */
export function fill(shown) {
  const same = scene?.index === shown.index;
  if (scene && !same) send(scene.index);
  scene = shown;
  for (const [field, selector] of Object.entries(FIELDS)) {
    const input = $(selector);
    const words = mine(shown.index, field).words ?? sceneWords(shown, field);
    if (input.value === words || (same && document.activeElement === input)) continue;
    input.value = words;
  }
  note();
}

/** Words that the newest version shows are sent: they are no draft any more. */
export function settle(scenes) {
  for (const one of scenes) for (const field of Object.keys(FIELDS)) {
    const { words } = mine(one.index, field);
    if (words !== null && words.trim() === sceneWords(one, field).trim()) change(one.index, field, null);
  }
}

function typed(field, words) {
  change(scene.index, field, words === sceneWords(scene, field) ? null : words);
  note();
}

function change(index, field, words, more = {}) {
  const name = nameOf(index, field);
  const { revision } = mine(index, field);
  const now = { words, revision, ...more };
  unsent.set(name, now);
  keep(name, now);
  clearTimeout(timers.get(index));
  timers.set(index, setTimeout(() => send(index), QUIET_MS));
}

/** One request at a time for a scene, so that its revisions follow each other. */
function send(index, options = {}) {
  clearTimeout(timers.get(index));
  const after = sending.get(index) ?? Promise.resolve();
  const now = options.keepalive && !sending.has(index) ? put(index, options) : after.then(() => put(index, options));
  sending.set(index, now);
  now.finally(() => sending.get(index) === now && sending.delete(index));
  return now;
}

async function put(index, options) {
  const fields = Object.keys(FIELDS).filter((field) => unsent.has(nameOf(index, field)));
  if (!fields.length) return;
  const sent = Object.fromEntries(fields.map((field) => [field, unsent.get(nameOf(index, field))]));
  try {
    const answer = await api.put(`/videos/${video}/scenes/${index}/draft`, sent, options);
    known.set(index, answer);
    refused = "";
    for (const field of fields) taken(nameOf(index, field), sent[field], answer[field].revision);
  } catch (problem) {
    refused = problem.status === 0 ? "" : problem.message;
    if (problem.status === 429 || problem.status >= 500) timers.set(index, setTimeout(() => send(index), AGAIN_MS));
  }
  note();
}

/** What was typed on meanwhile rests on what the server has now. */
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
  for (const index of scenes) send(index, options);
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
  const { index } = scene;
  const fields = Object.keys(FIELDS);
  const open = fields.filter((field) => mine(index, field).words !== null);
  const waits = fields.some((field) => unsent.has(nameOf(index, field)));
  const words = refused ? `Kept in this browser only: ${refused}` : waits ? "Keeping your words …" : "Your words are kept until you send them.";
  const parts = open.length ? [el("span", {}, words), button("Back to the scene's words", () => open.forEach((field) => over(field, null)))] : [];
  for (const field of fields) {
    const { other } = ofServer(index, field);
    if (!other || other === mine(index, field).words) continue;
    parts.push(el("span", {}, `${NAMES[field]}, typed in another window: “${other}”`));
    parts.push(button("Use these words", () => over(field, other)), button("Leave them", () => over(field, mine(index, field).words, { forget_other: true })));
  }
  const key = parts.map((part) => part.textContent).join("\n");
  show(place, parts.length > 0);
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.replaceChildren(...parts);
}

const button = (label, act) => el("button", { class: "button mini", type: "button", onclick: act }, label);

/** By a press, also where the field has the focus. */
function over(field, words, more = {}) {
  change(scene.index, field, words, more);
  $(FIELDS[field]).value = words ?? sceneWords(scene, field);
  send(scene.index);
  note();
  if (document.activeElement === document.body) $(FIELDS[field]).focus();
}
