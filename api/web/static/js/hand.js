// What the artist does to the timeline: one table for the menu and for keys. Studio and the storyboard add rows of their own.
import { $, el } from "./dom.js";
import { desk, frameNow, fps, hands, pickedScene, sceneAt, scenes } from "./desk.js";
import { aim, isAiming, startArranging } from "./arranging.js";
import { focusCut, snapOf } from "./cutting.js";
import { toast } from "./feedback.js";
import { menu } from "./menu.js";

const list = $("#edit-list");

/** The scene under the playhead. */
export const here = () => sceneAt((frameNow() + 0.5) / fps());

const edit = (change) => hands.edit(change);

function split() {
  edit({ kind: "split", scene_id: here().scene_id, frame: frameNow(), snap: snapOf() });
}

const merge = () => edit({ kind: "merge", scene_id: pickedScene().scene_id });

function swap() {
  const scene = pickedScene();
  aim(`Choose the scene that changes places with scene ${scene.index + 1}.`, (other) => edit({ kind: "swap", scene_id: scene.scene_id, other_id: other.scene_id }));
}

const repeat = (what) => () => {
  const scene = pickedScene();
  aim(`Choose the scene whose ${what} scene ${scene.index + 1} shows, too.`, (other) => edit({ kind: "repeat", scene_id: scene.scene_id, other_id: other.scene_id }));
};

function moveTo() {
  const scene = pickedScene();
  aim(`Choose the place to which scene ${scene.index + 1} moves.`, (other) => other.index !== scene.index && edit({ kind: "reorder", scene_id: scene.scene_id, position: other.index }));
}

const shift = (step) => () => {
  const scene = pickedScene();
  const position = scene.index + step;
  if (position < 0 || position >= scenes().length) return toast(`Scene ${scene.index + 1} is the ${step < 0 ? "first" : "last"} one.`);
  edit({ kind: "reorder", scene_id: scene.scene_id, position });
};

const cut = () => focusCut(pickedScene().index);

/** A row: `words` may depend on the scene in hand; the sheet of keys shows `told`. */
export const row = (keys, words, act, told = words) => ({ keys, words: typeof words === "function" ? words : () => words, act, told });

/** Rows for all timelines. */
export const CUTTING = [
  row(["S"], "Split at the playhead", split),
  row(["G"], "Merge with the scene after it", merge),
  row(["B"], "Move the cut before it", cut),
];
/** `what`: a scene's take, or its picture. */
export const arrangingRows = (what) => [
  row(["W"], "Swap with another scene", swap),
  row(["P"], "Move to another place", moveTo),
  row(["V"], `Show another scene's ${what} here`, repeat(what)),
  row([","], "Move a place earlier", shift(-1)),
  row(["."], "Move a place later", shift(1)),
];

/** What keys do on a cut; they are its own. */
export const CUT_KEYS = [
  [["ArrowLeft", "ArrowRight"], "A cut: to the next beat"],
  [["Enter"], "Put it there"],
  [["Escape"], "Leave it where it was"],
];

/** Starts menu and buttons. `mayEdit()`: whether edits are taken now; it says why not. Returns the rows of the sheet of keys. */
export function startHand(rows, mayEdit) {
  startArranging();
  const button = $("#edit-button");
  const doing = (act) => () => {
    if (pickedScene() && !isAiming() && mayEdit()) act();
  };
  // Its words depend on the scene in hand.
  for (const event of ["click", "keydown"]) button.addEventListener(event, () => list.hidden && drawMenu(rows), true);
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[data-act]");
    if (!item) return;
    // After the menu has given the focus back.
    setTimeout(() => doing(rows[Number(item.dataset.act)].act)());
  });
  menu(button, list);
  $("#split").addEventListener("click", doing(split));
  $("#merge").addEventListener("click", doing(merge));
  return rows.map(({ keys, told, act }) => [keys, told, doing(act)]);
}

function drawMenu(rows) {
  list.replaceChildren(
    ...rows.map(({ keys, words }, at) =>
      el("button", { class: "menu-item act-item", type: "button", role: "menuitem", tabindex: "-1", "data-act": at }, el("span", {}, words()), el("kbd", { "aria-hidden": "true" }, keys[0])),
    ),
  );
}
