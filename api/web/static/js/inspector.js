// The scene in hand: its words, facts, prices and takes.
import { $, debounced, redraw, show } from "./dom.js";
import { api } from "./api.js";
import { busy, clear, onSubmit, refreshBalance, tell } from "./feedback.js";
import { edit, edits } from "./editing.js";
import { desk, indexOf, pickedScene, scenes } from "./desk.js";
import { fill } from "./drafts.js";
import { follow, making, placed, watch } from "./operations.js";
import { drawTakes } from "./takes.js";
import { markMaking, sized } from "./timeline.js";
import { clock, credits, sentence } from "./words.js";

const QUIET_MS = 150;
const ADDRESS_MS = 400;
const MARK_WORDS = {
  fallback: "This scene could not be made and shows a stand-in.",
  "free retry": "Its next regeneration is free.",
  "clip too short": "It lasts longer than its clip, and shows a camera move until its clip is made again.",
  own: "It shows your own picture or clip.",
  "clip stale": "It shows its new image with a camera move until its clip is made again.",
};
const form = $("#scene-form");
const quoted = {};
let compare = () => {};

/** `again`: the same scene, drawn anew; its problem stays. */
export function drawScene({ again = false } = {}) {
  const scene = pickedScene();
  if (!again) clear(form);
  // A scene that an edit makes has no words of its own before it is applied.
  show(form, !scene.is_new);
  $("#scene-heading").textContent = `Scene ${scene.index + 1}`;
  $("#scene-facts").textContent = `${sentence(scene.section)} · ${clock(scene.start_s)} – ${clock(scene.end_s)} · ${(scene.end_s - scene.start_s).toFixed(1)} s`;
  if (!scene.is_new) fill(scene);
  const marks = scene.marks.map((mark) => MARK_WORDS[mark]);
  const price = scene.new_clip_price && `A new clip costs ${credits(scene.new_clip_price)}.`;
  $("#scene-marks").textContent = [...marks, price, scene.frozen && "It holds one picture.", scene.is_new && "It is new: apply the edits to change its words."].filter(Boolean).join(" ");
  $("#in-picture").textContent = [scene.in_picture && `In the picture: ${scene.in_picture}.`, scene.not_drawn?.length && `Not drawn: ${scene.not_drawn.join(", ")}.`].filter(Boolean).join(" ");
  const glow = $("#glow");
  if (scene.still_url) glow.src = sized(scene.still_url);
  show(glow, Boolean(scene.still_url));
  redraw(() => drawTakes(scene, { onchoose: (take, button) => busy(button, form, () => choose(scene, take)), oncompare: compare }), $("#scene-heading"));
  drawMaking();
  remember(scene.index);
  settled(scene.index);
}

let writtenAt = -Infinity;
let priced = ""; // the version and the scene whose prices are shown

/** A log-in or a reload returns to this scene. Browsers refuse addresses that change all the time. */
function remember(index) {
  if (performance.now() - writtenAt < ADDRESS_MS) return;
  writtenAt = performance.now();
  history.replaceState(null, "", `?scene=${index + 1}`);
}

/** What follows a scene's choice once it lasts: keys and drags go through many. */
const settled = debounced(QUIET_MS, (index) => {
  if (desk.picked !== index) return;
  writtenAt = -Infinity;
  remember(index);
  const name = `${desk.timeline.version} ${pickedScene().scene_id}`;
  // Edits that are not applied yet change no price.
  if (!pickedScene().is_new && !(desk.edited && priced === name)) prices(index);
  priced = name;
});

async function prices(index) {
  const ask = async (kind) => {
    const quote = await api.post("/quotes", { operation: `regenerate_${kind}`, video_id: desk.videoId, scene: indexOf(scenes()[index]) }).catch(() => null);
    if (desk.picked !== index || !quote) return;
    quoted[kind] = quote.credits;
    $(`[data-price="${kind}"]`).textContent = quote.affordable ? (quote.credits ? credits(quote.credits) : quote.reason || "free") : "not enough credits";
    $(`#make-${kind}`).disabled = !quote.affordable;
    if (kind === "image") $("#next-step").textContent = quote.next_step;
  };
  await ask("image");
  await ask("video");
}

async function choose(scene, take) {
  // Beside other edits it is one of them.
  if (edits().length) return edit({ kind: "choose", scene_id: scene.scene_id, take: take.take });
  const ticket = await placed(`/scenes/${indexOf(scene)}/choices`, { take: take.take, version: desk.timeline.version });
  await follow(ticket.operation_id, (made) => `Scene ${scene.index + 1} shows another take: version ${made.version}.`);
}

/** Says of the scene in hand, and shows on the timeline, what is being made. */
export function drawMaking() {
  markMaking(making);
  const scene = pickedScene();
  const kind = scene && making.get(indexOf(scene));
  show($("#making"), Boolean(kind));
  if (kind) $("#making").textContent = `Making a new ${kind} for scene ${desk.picked + 1}. You can go on with other scenes.`;
}

/** Shows a problem of a scene's order at its form. Returns whether that scene is still in hand. */
export function refused(index, problem) {
  const isHere = desk.picked !== null && indexOf(pickedScene()) === index;
  if (isHere) tell(form, problem);
  return isHere;
}

/** `oncompare(take)`: a take is to be seen beside the open version. */
export function startInspector({ oncompare }) {
  compare = oncompare;
  onSubmit(form, async (button) => {
    const scene = pickedScene();
    const kind = button.value;
    // The server finds the scene that is seen here, also if a newer version has cut it elsewhere.
    const wish = { kind, quoted: quoted[kind], version: desk.timeline.version };
    // An image is made from the first text, a clip from both.
    const prompt = $(kind === "image" ? "#image-prompt" : "#motion-prompt").value.trim();
    if (prompt && prompt !== (kind === "image" ? scene.prompt : scene.motion_prompt)) wish.prompt = prompt;
    if ($("#camera-move").value && $("#camera-move").value !== scene.camera_move) wish.camera_move = $("#camera-move").value;
    const ticket = await placed(`/scenes/${indexOf(scene)}/regenerations`, wish);
    refreshBalance().catch(() => {});
    watch(ticket);
  });
}
