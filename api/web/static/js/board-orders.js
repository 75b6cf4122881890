// Orders on the storyboard, one after the other; each names the revision that the artist saw. Where the board was changed
// elsewhere, the newest one is shown, the order is refused, and typed words stay.
import { wait } from "./dom.js";
import { api, order } from "./api.js";
import { ask, refreshBalance, toast } from "./feedback.js";
import { desk } from "./desk.js";
import { inTitle, tellAway } from "./telling.js";
import { sentence } from "./words.js";

const POLL_MS = 1500;
const MOVED = "The storyboard has changed meanwhile, here or in another window: its newest state is shown. Do it again, if you still want it.";
const root = () => `/videos/${desk.videoId}/board`;
/** Ids of scenes whose stills are made anew by orders of this page. */
export const painting = new Set();
let turn = Promise.resolve();
let moves = 0; // how often the board was found changed
let hooks = {};

/** `load()` shows the newest board; `refused(scene id, problem)` returns whether it has shown the problem. */
export function startOrders(given) {
  hooks = given;
}

/** Places an order, after those before it. Its own revision is shown once it is done. */
export function placed(path, body) {
  const seen = moves;
  const work = turn.then(() => place(path, body, seen));
  turn = work.catch(() => {});
  return work;
}

async function place(path, body, seen) {
  // It was meant for a board that is no longer shown.
  if (seen !== moves) throw new Error(MOVED);
  try {
    const done = await order(`${root()}${path}`, { revision: desk.timeline.revision, ...body });
    await hooks.load().catch(() => {}); // the run's progress tells of it, too
    return done;
  } catch (problem) {
    if (problem.code !== "board_moved") throw problem;
    moves += 1;
    await hooks.load();
    throw new Error(MOVED);
  }
}

/** Asks before an order. The answer is one for the board that was shown then. */
export async function asked(question) {
  const { revision } = desk.timeline;
  const isWanted = await ask(question);
  if (isWanted && desk.timeline.revision !== revision) throw new Error(MOVED);
  return isWanted;
}

/** Edits the board; free. */
export const change = (edit) => placed("/edits", { edits: [edit] });

/** Takes the last step back, or does the last one again that was taken back; free. `name`: undo or redo. */
export const restore = (name) => placed(`/${name}`, {});

export const approve = (what) => placed("/approvals", what);

/** Shows an own picture or clip in a scene; free. */
export const showOwn = (scene, shot) => placed("/own", { scene_id: scene.scene_id, ...shot });

/** Makes a scene's still anew, at the price that was shown. It goes on while the artist does other things. */
export async function repaint(scene, prompt) {
  const wish = { scene_id: scene.scene_id, quoted: scene.repaint_price };
  if (prompt) wish.prompt = prompt;
  painting.add(scene.scene_id);
  const ticket = await placed("/repaints", wish).catch((problem) => {
    painting.delete(scene.scene_id);
    throw problem;
  });
  refreshBalance().catch(() => {});
  watch(ticket, scene);
}

async function watch({ operation_id: id }, scene) {
  inTitle("Painting");
  try {
    await ended(id);
    const made = desk.timeline.scenes.find((one) => one.scene_id === scene.scene_id) ?? scene;
    toast(`Scene ${made.index + 1} has a new still.`);
    tellAway(`Scene ${made.index + 1} has a new still.`, "", id);
  } catch (problem) {
    if (!hooks.refused(scene.scene_id, problem)) toast(`Scene ${scene.index + 1}: ${problem.message}`, "danger");
  } finally {
    painting.delete(scene.scene_id);
    await hooks.load().catch(() => {});
    refreshBalance().catch(() => {});
  }
}

async function ended(id) {
  const passing = (problem) => (problem.status === 0 || problem.status === 503 ? null : Promise.reject(problem));
  for (;;) {
    const step = await api.get(`${root()}/operations/${id}`).catch(passing);
    if (step?.state === "applied") return;
    if (step?.state === "failed") throw new Error(`${sentence(step.failure?.sentence) || "It could not be made."}${step.price ? " Your credits are back." : ""}`);
    await wait(POLL_MS);
  }
}
