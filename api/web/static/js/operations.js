// Operations on the video: ordered here or elsewhere, followed until their version exists.
import { wait } from "./dom.js";
import { api, order } from "./api.js";
import { orSay, refreshBalance, toast } from "./feedback.js";
import { desk } from "./desk.js";
import { inTitle, tellAway } from "./telling.js";
import { sentence } from "./words.js";

const POLL_MS = 1500;
/** The kind of take that is being made, by scene. */
export const making = new Map();
const followed = new Set();
let ordering = 0;
let over = 0; // of those that were followed together
let hooks = {};

/**
 * `arrive(words, options)` shows a new version; `drawMaking()` draws what is being made; `refused(scene, problem)` returns
 * whether it has shown the problem.
 */
export function startOperations(given) {
  hooks = given;
}

export const isFollowing = () => followed.size > 0;

/** Time in which a followed operation opens its own version. */
export const ownVersion = () => wait(2 * POLL_MS);

/** Waits until an operation has its version, however long that takes. */
async function ended(operationId) {
  const passing = (problem) => (problem.status === 0 || problem.status === 503 ? null : Promise.reject(problem));
  for (;;) {
    const operation = await api.get(`/videos/${desk.videoId}/regenerations/${operationId}`).catch(passing);
    if (operation?.state === "delivered") return operation;
    if (operation?.state === "failed") throw new Error(`${sentence(operation.failure?.sentence) || "It could not be made."} Your credits are back.`);
    await wait(POLL_MS);
  }
}

/** Orders an operation; until its id is known here, it is not taken for another window's. */
export async function placed(path, body, key) {
  ordering += 1;
  try {
    return await order(`/videos/${desk.videoId}${path}`, body, key);
  } finally {
    ordering -= 1;
  }
}

/** Waits for an operation and shows what it made. */
export async function follow(id, words, options = {}) {
  followed.add(id);
  tellHowFar();
  try {
    const made = await ended(id);
    const told = words(made);
    tellAway(told, "", id);
    await hooks.arrive(told, options);
  } finally {
    followed.delete(id);
    over += 1;
    tellHowFar();
  }
}

/** The tab's title says that something is being made, and of several things how many are done. */
function tellHowFar() {
  if (!followed.size) over = 0;
  const all = followed.size + over;
  inTitle(followed.size ? (all > 1 ? `${Math.floor((100 * over) / all)} %` : "Making") : "");
}

/** Follows a take in the making, while the artist goes on with other scenes. */
export async function watch({ operation_id: id, scene_index: index, kind }, { elsewhere = false } = {}) {
  making.set(index, kind === "image" ? "image" : "clip");
  hooks.drawMaking();
  const words = (made) => {
    making.delete(index);
    return `Scene ${index + 1} is new: version ${made.version}.`;
  };
  try {
    await follow(id, words, { aside: true, elsewhere });
  } catch (problem) {
    tellAway(`Scene ${index + 1} was not made.`, "", id);
    if (elsewhere || !hooks.refused(index, problem)) toast(`Scene ${index + 1}: ${problem.message}`, "danger");
  } finally {
    making.delete(index);
    hooks.drawMaking();
    refreshBalance().catch(() => {});
  }
}

/** Follows operations that were begun before this page was opened, or elsewhere since. */
export function resume(begun, { elsewhere = false } = {}) {
  if (elsewhere && ordering) return;
  for (const operation of begun.filter((one) => !followed.has(one.operation_id))) {
    if (operation.kind === "image" || operation.kind === "video") watch(operation, { elsewhere });
    else orSay(follow(operation.operation_id, (made) => `Version ${made.version} is ready.`, { aside: elsewhere, elsewhere }));
  }
}
