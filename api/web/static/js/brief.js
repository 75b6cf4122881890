// The brief on Create: one state, kept in this browser at once and on the server, so that Back, a reload, a log-in and another
// device find it. An order clears it.
import { api } from "./api.js";
import { forget, keep, kept } from "./kept.js";

const NAME = "brief";
const QUIET_MS = 600;
const AGAIN_MS = 10_000;

/** The page shows this state, and an order sends it. The picker holds the song. */
export const brief = { song_id: null, style: "", prompt: "", enhance: false, character_ids: [], aspect: "9:16", storyboard: false };

let revision = 0;
let other = null;
let dirty = false;
let ordered = false;
let timer;
let sending = Promise.resolve();
let told = () => {};

/** Words of another window that these ones replaced, or null. */
export const otherWords = () => (other === brief.prompt ? null : other);

/** Loads the draft. `onother` is called when words of another window were replaced. */
export async function findBrief(onother) {
  told = onother;
  const here = kept(NAME);
  const there = await api.get("/briefs/draft").catch(() => null);
  if (!dirty) revision = here ? here.revision : (there?.prompt.revision ?? 0);
  other = there?.prompt.other ?? null;
  if (dirty) {
    // Typed before the draft arrived: these words are newer, and the draft's are offered beside them.
  } else if (here) {
    Object.assign(brief, here.brief);
    dirty = true;
    later();
  } else if (there) {
    const { song_id: songId, style, enhance, character_ids: people, aspect, storyboard } = there.choices;
    Object.assign(brief, { song_id: songId, enhance, character_ids: people, storyboard, prompt: there.prompt.words ?? "" });
    if (style) brief.style = style;
    if (aspect) brief.aspect = aspect;
  }
  addEventListener("echonos:found", () => dirty && save());
  addEventListener("pagehide", () => dirty && save({ keepalive: true }));
  addEventListener("pageshow", (event) => event.persisted && ordered && location.reload());
}

/** A brief that begins from another video: a draft's words are replaced and offered, as another window's are. */
export function beginFrom(changes) {
  Object.assign(brief, changes);
  revision = 0;
}

export function changeBrief(changes) {
  Object.assign(brief, changes);
  dirty = true;
  keep(NAME, { brief, revision });
  later();
}

function later(ms = QUIET_MS) {
  clearTimeout(timer);
  timer = setTimeout(save, ms);
}

function save(options = {}) {
  clearTimeout(timer);
  sending = options.keepalive ? put(options) : sending.then(() => put(options));
  return sending;
}

async function put(options) {
  if (ordered || !dirty) return;
  dirty = false;
  const { prompt, ...choices } = brief;
  try {
    const answer = await api.put("/briefs/draft", { prompt: { words: prompt, revision, ...more() }, choices }, options);
    revision = answer.prompt.revision;
    other = answer.prompt.other;
    if (dirty) keep(NAME, { brief, revision });
    else forget(NAME);
    told();
  } catch (problem) {
    dirty = true;
    if (problem.status === 429 || problem.status >= 500) later(AGAIN_MS);
  }
}

let leaving = false;
const more = () => (leaving ? { forget_other: true } : {});

/** Drops the other window's words. */
export async function leaveOther() {
  other = null;
  dirty = leaving = true;
  await save();
  leaving = false;
}

/** Clears the draft after the order. */
export async function forgetBrief() {
  clearTimeout(timer);
  ordered = true;
  await sending;
  forget(NAME);
  await api.delete(`/briefs/draft?revision=${revision}`, { keepalive: true }).catch(() => {});
}
