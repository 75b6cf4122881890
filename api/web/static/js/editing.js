// Free edits that are not applied yet: collected, looked at on the server, kept in this browser, and applied as one version.
// Frames are the video's own.
import { api, intent } from "./api.js";
import { desk, hands, newest, versionOf } from "./desk.js";
import { orSay, toast } from "./feedback.js";
import { forget, keep, kept, onKept } from "./kept.js";
import { follow, placed } from "./operations.js";

const MOST = 100;
const AGAIN_MS = 10_000;
// A later one of the same scene takes the place of the one before it.
const REPLACES = new Set(["move_cut", "reorder", "trim", "freeze", "choose", "use_beats"]);
const name = `edits/${desk.videoId}`;
let list = whole(kept(name)); // {base_version, edits, sentences, key}: `key` once it is being applied
let seen = null; // the server's answer to it
let waits = false; // the server could not be asked
let note = ""; // what became of it, in words
let past = [];
let future = [];
let applying = false;
let hooks = {};
let turn = Promise.resolve();

/** What was kept, or null where it is not a list of edits. */
function whole(list) {
  const isList = Array.isArray(list?.edits) && list.edits.length > 0 && Array.isArray(list.sentences);
  return isList ? list : null;
}

export const edits = () => list?.edits ?? [];

/** What the bar shows: counts, sentences, and what is wrong. */
export function state() {
  return { sentences: list?.sentences ?? [], applying, waits, note, stale: isStale() ? versionOf(newest()) : null };
}

const isStale = () => Boolean(list) && desk.versions.length > 0 && list.base_version !== newest() && !list.key;
const isShown = () => seen !== null && !isStale() && desk.timeline?.version === list.base_version;

/** The scenes as the edits leave them, each with what is known of it; null where the open version is shown as it is. */
export function editedScenes() {
  if (!list || !isShown()) return null;
  const known = new Map(desk.timeline.scenes.map((scene) => [scene.scene_id, scene]));
  return seen.scenes.map((scene) => {
    const own = known.get(scene.scene_id);
    const shown = known.get(scene.shows_scene ?? scene.scene_id) ?? own ?? desk.timeline.scenes[0];
    return { ...(own ?? { ...shown, takes: [], is_new: true }), ...scene, base_index: (own ?? shown).index, shown_index: shown.index };
  });
}

/** One change of the list after the other. */
function next(act) {
  turn = turn.then(act).catch((problem) => toast(problem.message, "danger"));
  return turn;
}

const preview = (base_version, wanted) => api.post(`/videos/${desk.videoId}/edits/preview`, { base_version, edits: wanted });
const ABOUT_BEATS = new Set(["beats_moved", "other_sections", "no_beats"]);
const isRefusal = (problem) => problem.status === 422 || problem.status === 404 || ABOUT_BEATS.has(problem.code);

/** `ondraw(words)`: the edits are others now; `words` say what was done. `onshow()`: the newest version is to be opened. */
export function startEditing(given) {
  hooks = given;
  hands.edit = edit;
  addEventListener("echonos:found", () => {
    if (list?.key && !applying) orSay(send());
    else if (waits) next(lookAgain);
  });
  // Another window of this browser has the same edits.
  onKept(name, () => next(async () => {
    [list, seen, past, future] = [whole(kept(name)), null, [], []];
    await lookAgain();
  }));
}

/** Takes up what was kept, once a version is open. */
export async function resumeEditing() {
  await next(lookAgain);
  // Applied before a reload, and maybe without an answer: the same key gets the same answer.
  if (list?.key) orSay(send());
}

/** After a reload, or where the server was away. What it refuses by now is left out, and named. */
async function lookAgain() {
  waits = false;
  if (list && !isStale() && !list.key) {
    const left = await looked(list.base_version, list.edits, list.sentences).catch(missed);
    if (left?.length) note = `Not possible any more: ${left.join(" ")}`;
  }
  hooks.ondraw("");
}

function missed(problem) {
  if (isRefusal(problem) || problem.code === "version_moved") throw problem;
  waits = true;
  setTimeout(() => waits && next(lookAgain), AGAIN_MS);
}

/** Takes as many of the wanted edits as can be done. Returns what is left out, in words. */
async function looked(base, wanted, words) {
  const left = [];
  while (wanted.length) {
    try {
      seen = await preview(base, wanted);
      break;
    } catch (problem) {
      if (!isRefusal(problem)) throw problem;
      const named = /^Edit (\d+): /.exec(problem.message);
      const beats = ABOUT_BEATS.has(problem.code) ? wanted.findIndex((one) => one.kind === "use_beats") : -1;
      const at = wanted.length === 1 ? 0 : named ? Number(named[1]) - 1 : beats;
      const why = problem.message.replace(/^Edit \d+: /, "");
      left.push(at < 0 ? why : `“${words[at]}” ${why}`);
      // Where none is named, all of them together do nothing.
      [wanted, words] = at < 0 ? [[], []] : [wanted, words].map((all) => all.filter((_, one) => one !== at));
    }
  }
  set(wanted.length ? { base_version: base, edits: wanted, sentences: seen.sentences } : null);
  return left;
}

function set(to) {
  list = to;
  if (!list) [seen, waits] = [null, false];
  if (list) keep(name, list);
  else forget(name);
}

/** Adds an edit. One that cannot be done is refused, with the reason, and the others stay. */
export const edit = (change) => editAll([change]);

/** Adds edits that belong together: undo takes all of them back. */
export function editAll(changes) {
  return next(async () => {
    if (!desk.timeline) return;
    if (list?.key) return toast("Your edits are being applied: go on once their version is shown.");
    if (desk.timeline.version !== newest()) return toast("Edits are made on the newest version: show it, or go on from this one.");
    if (isStale()) return toast(`Version ${newest()} is newer than your edits: carry them over first, or discard them.`);
    const before = edits();
    const [change] = changes;
    const same = before.length && changes.length === 1 && REPLACES.has(change.kind) && before.at(-1).kind === change.kind && before.at(-1).scene_id === change.scene_id;
    const wanted = [...(same ? before.slice(0, -1) : before), ...changes];
    if (wanted.length > MOST) return toast(`${MOST} edits make one version: apply these first.`);
    await become(wanted);
  });
}

/** Makes the list another one. `remember`: the list before can be had back. */
async function become(wanted, { remember = true, words = "" } = {}) {
  const base = list?.base_version ?? desk.timeline.version;
  const before = edits();
  const known = list?.sentences ?? [];
  note = "";
  try {
    if (wanted.length) seen = await preview(base, wanted);
    waits = false;
    set(wanted.length ? { base_version: base, edits: wanted, sentences: seen.sentences } : null);
  } catch (problem) {
    const undoes = problem.message === "This changes nothing." && before.length > 0;
    const isKept = problem.status === 0 || problem.code === "version_moved";
    if (!isKept && !undoes) return toast(problem.message, "danger");
    if (undoes) set(null);
    else {
      // No answer, or a newer version: the edit is kept, and looked at later.
      if (problem.code === "version_moved") desk.versions = (await api.get(`/videos/${desk.videoId}/versions`)).items;
      else waits = true;
      set({ base_version: base, edits: wanted, sentences: wanted.map((one, at) => (one === before[at] ? known[at] : "An edit that is not looked at yet.")) });
    }
  }
  if (remember) {
    past.push(before);
    future = [];
  }
  hooks.ondraw(words || list?.sentences.at(-1) || "The edits are taken back.");
}

export const canTakeBack = () => !list?.key && (past.length > 0 || edits().length > 0);
export const canDoAgain = () => !list?.key && future.length > 0;

/** Takes the last change of the list back, also its removal. */
export function takeBack() {
  return next(async () => {
    if (!canTakeBack()) return;
    const to = past.pop() ?? edits().slice(0, -1);
    const words = edits().length > to.length ? `Taken back: ${list.sentences.at(-1)}` : "";
    future.push(edits());
    await become(to, { remember: false, words });
  });
}

export function doAgain() {
  return next(async () => {
    if (!canDoAgain()) return;
    past.push(edits());
    await become(future.pop(), { remember: false });
  });
}

/** Takes one edit out of the list, and with it those that cannot be done without it. */
export function remove(at) {
  return next(async () => {
    if (!list || list.key || isStale()) return;
    const before = edits();
    const words = `Removed: ${list.sentences[at]}`;
    const [wanted, known] = [before, list.sentences].map((all) => all.filter((_, one) => one !== at));
    const left = await looked(list.base_version, wanted, known);
    past.push(before);
    future = [];
    note = left.length ? `Left out, too, because it cannot be done any more: ${left.join(" ")}` : "";
    hooks.ondraw(words);
  });
}

export function discard() {
  return next(async () => {
    note = "";
    if (list) await become([], { words: "The edits are discarded." });
    hooks.ondraw("");
  });
}

/** Another window or device made a version: the edits go onto it, as far as they can. */
export function carryOver() {
  return next(async () => {
    if (!list) return;
    if (desk.timeline.version !== newest()) await hooks.onshow();
    const count = edits().length;
    const left = await looked(newest(), list.edits, list.sentences);
    [past, future, waits] = [[], [], false];
    note = left.length ? `${count - left.length} of ${count} edits are carried over. Not possible any more: ${left.join(" ")}` : "";
    hooks.ondraw(left.length ? "" : `The edits are carried over to version ${newest()}.`);
  });
}

/** Applies the edits as one version. */
export async function apply() {
  await turn;
  if (!list || applying) return;
  set({ ...list, key: list.key ?? intent() });
  await send();
}

async function send() {
  applying = true;
  hooks.ondraw("The edits are being applied.");
  try {
    const { base_version, edits: wanted, key } = list;
    const ticket = await placed("/edits", { base_version, edits: wanted }, key);
    await follow(ticket.operation_id, (made) => {
      set(null);
      [past, future, note] = [[], [], ""];
      return `Version ${made.version}: your edits are applied.`;
    });
  } catch (problem) {
    // Without an answer the key stays: the next try is the same order.
    if (list && problem.status !== 0 && !(problem.status >= 500)) set({ ...list, key: undefined });
    if (problem.code === "version_moved") desk.versions = (await api.get(`/videos/${desk.videoId}/versions`)).items;
    else throw problem;
  } finally {
    applying = false;
    hooks.ondraw("");
  }
}
