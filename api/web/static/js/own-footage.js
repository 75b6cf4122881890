// A picture or clip of the artist's own for the scene in hand: choose a file or one of the Vault, pick focus and beginning.
import { $, el, show, wait } from "./dom.js";
import { api } from "./api.js";
import { clear, onSubmit, orSay, tell, toast } from "./feedback.js";
import { desk, fps, pickedScene, scenes } from "./desk.js";

const PART_BYTES = 4_000_000;
const PART_MS = 180_000;
const CHECKED_MS = 240_000;
const TRIES = 8;
const AGAIN_MS = 1_500;

const dialog = $("#own");
const form = $("#own-form");
const inPoint = $("#own-in");
const focus = { x: $("#own-x"), y: $("#own-y") };
let chosen = null;
let sending = null;
let scene = null; // the one that it was opened for
let opened = 0; // how often
let hooks = {};

/**
 * Opens at the scene in hand; the button stands in the inspector. `onuse(scene, shot, kind)` orders it: what is chosen stays
 * until that is accepted.
 */
export function startOwnFootage(given) {
  hooks = given;
  $("#own-open").addEventListener("click", () => pickedScene() && open());
  $("#own-close").addEventListener("click", () => dialog.close());
  $("#own-stop").addEventListener("click", () => sending?.abort());
  $("#own-file").addEventListener("change", ({ target }) => target.files[0] && orSay(send(target.files[0])));
  for (const knob of [inPoint, focus.x, focus.y]) knob.addEventListener("input", draw);
  $("#own-frame").addEventListener("pointerdown", drag);
  dialog.addEventListener("close", () => {
    sending?.abort();
    // The scene was approved in another window: the button that opened the dialog is gone.
    if (!$("#own-open").checkVisibility()) $("#scene-heading").focus({ preventScroll: true });
  });
  onSubmit(form, use);
}

async function open() {
  scene = pickedScene();
  opened += 1;
  clear(form);
  name();
  choose(null);
  dialog.showModal();
  $("#own-title").focus({ preventScroll: true });
  try {
    await shelve(scene.footage_id);
    const shown = scene.footage_id && $(`[value="${CSS.escape(scene.footage_id)}"]`, form);
    if (shown) {
      shown.click();
      [focus.x.value, focus.y.value] = [scene.focus.x, scene.focus.y];
      inPoint.value = scene.in_frame / fps();
      $("#own-still").checked = scene.frozen;
      draw();
    }
  } catch (problem) {
    tell(form, problem);
  }
}

function name() {
  $("#own-title").textContent = `Own picture or clip for scene ${scene.index + 1}`;
  $("#own-use-words").textContent = `Show it in scene ${scene.index + 1}`;
}

/** The scenes are others: the dialog goes on with its own one, and keeps what is chosen as far as that fits. */
export function redrawOwn() {
  if (!dialog.open) return;
  scene = scenes().find((one) => one.scene_id === scene.scene_id) ?? { ...scene, isGone: true };
  name();
  if (chosen) fit();
}

/** The Vault's newest pictures and clips, one of them chosen. */
async function shelve(id = null) {
  const { items } = await api.get("/footage");
  show($("#own-vault"), items.length > 0);
  $("#own-shelf").replaceChildren(
    ...items.map((one) => {
      const radio = el("input", { type: "radio", name: "own-footage", value: one.footage_id, class: "visually-hidden", onchange: () => choose(one) });
      return el("label", { class: "own-card" }, radio, cell(one, 0), el("span", { class: "small clamp" }, one.title));
    }),
  );
  const wanted = id && $(`[value="${CSS.escape(id)}"]`, form);
  if (wanted) {
    wanted.checked = true;
    choose(items.find((one) => one.footage_id === id));
  }
}

/** One picture of a film strip. */
function cell(one, number) {
  const rows = Math.ceil(one.strip_frames / one.strip_columns);
  const vars = { "--columns": one.strip_columns, "--column": number % one.strip_columns, "--row": Math.floor(number / one.strip_columns), "--rows": rows, "--shape": one.cell_width / one.cell_height };
  return el("span", { class: "own-cell", vars }, el("img", { src: one.strip_url, alt: "", draggable: "false" }));
}

function choose(one) {
  chosen = one;
  $("#own-use").disabled = !one;
  show($("#own-shot"), Boolean(one));
  if (!one) return;
  clear(form);
  inPoint.value = 0;
  focus.x.value = focus.y.value = 0.5;
  $("#own-still").checked = false;
  fit();
}

/** What is chosen, for the scene as it is now. */
function fit() {
  const one = chosen;
  const isClip = one.kind === "clip";
  const lasts = scene.end_s - scene.start_s;
  const room = Math.max(0, one.duration_s - lasts);
  const short = isClip && one.duration_s < lasts ? " It is shorter than the scene: it is slowed a little, and its last picture moves on." : "";
  const notes = [one.is_hdr && "Its colours are brought to standard range.", one.has_alpha && "Transparent parts are black."].filter(Boolean).join(" ");
  $("#own-facts").textContent = `${one.title}: ${one.width}×${one.height}${isClip ? `, ${one.duration_s.toFixed(1)} s` : ""}.${short} ${notes}`;
  show($("#own-in-field"), isClip && room > 0);
  show($("#own-still-field"), !isClip);
  inPoint.max = Math.floor(room * fps()) / fps();
  inPoint.step = 1 / fps();
  const part = crop();
  show($("#own-x-field"), part.wide < 0.999);
  show($("#own-y-field"), part.high < 0.999);
  draw();
}

/** The shares of the picture's width and height that a scene shows. */
function crop() {
  const shape = desk.timeline.width / desk.timeline.height;
  return { wide: Math.min(1, (chosen.height * shape) / chosen.width), high: Math.min(1, chosen.width / shape / chosen.height) };
}

function draw() {
  if (!chosen) return;
  const at = Number(inPoint.value);
  const number = chosen.duration_s ? Math.min(chosen.strip_frames - 1, Math.floor((at / chosen.duration_s) * chosen.strip_frames)) : 0;
  const { wide, high } = crop();
  const left = Math.max(0, Math.min(1 - wide, Number(focus.x.value) - wide / 2));
  const top = Math.max(0, Math.min(1 - high, Number(focus.y.value) - high / 2));
  $("#own-picture").replaceChildren(cell(chosen, number));
  for (const [name, value] of Object.entries({ "--left": left, "--top": top, "--wide": wide, "--high": high })) $("#own-crop").style.setProperty(name, value);
  $("#own-in-words").textContent = `${at.toFixed(2)} s of ${chosen.duration_s.toFixed(2)} s`;
}

/** The focus follows a finger or the mouse on the picture. */
function drag(event) {
  const frame = $("#own-frame");
  const move = ({ clientX, clientY }) => {
    const box = $("#own-picture").getBoundingClientRect();
    focus.x.value = (clientX - box.left) / box.width;
    focus.y.value = (clientY - box.top) / box.height;
    draw();
  };
  event.preventDefault();
  frame.setPointerCapture(event.pointerId);
  frame.addEventListener("pointermove", move);
  const end = () => frame.removeEventListener("pointermove", move);
  frame.addEventListener("pointerup", end, { once: true });
  frame.addEventListener("pointercancel", end, { once: true });
  move(event);
}

/** Uploads a file in parts; after a lost connection it goes on where the server's bytes end. */
async function send(file) {
  sending?.abort();
  const stop = (sending = new AbortController());
  clear(form);
  choose(null);
  show($("#own-sending"), true);
  try {
    const begun = await api.post("/footage-uploads", { filename: file.name, size_bytes: file.size });
    const path = `/footage-uploads/${begun.upload_id}`;
    let at = 0;
    for (let tries = 0; at < file.size; ) {
      told(at, file.size);
      try {
        const sent = await api.form(`${path}/parts/${at}`, file.slice(at, at + PART_BYTES), { signal: stop.signal, within: PART_MS });
        [at, tries] = [sent.received_bytes, 0];
      } catch (problem) {
        if (stop.signal.aborted || ![0, 409, 429, 503].includes(problem.status) || ++tries > TRIES) throw problem;
        await wait(AGAIN_MS * tries);
        at = (await api.get(path).catch(() => ({ received_bytes: at }))).received_bytes;
      }
    }
    $("#own-sent").textContent = "Checking …";
    const kept = await api.post(`${path}/completion`, {}, { signal: stop.signal, within: CHECKED_MS });
    $("#own-file").value = "";
    await shelve(kept.footage_id);
  } catch (problem) {
    if (!stop.signal.aborted) tell(form, problem);
    $("#own-file").value = "";
  } finally {
    if (sending === stop) {
      sending = null;
      show($("#own-sending"), false);
    }
  }
}

function told(sent, size) {
  $("#own-progress").value = sent / size;
  $("#own-sent").textContent = `${Math.floor((100 * sent) / size)} %`;
}

async function use() {
  const shot = { footage_id: chosen.footage_id, focus: { x: Number(focus.x.value), y: Number(focus.y.value) } };
  if (chosen.kind === "clip") shot.in_s = Number(inPoint.value);
  else shot.stands_still = $("#own-still").checked;
  if (scene.isGone) throw new Error(`Scene ${scene.index + 1} is gone: the scenes were changed in another window.`);
  const mine = opened;
  const isHere = () => dialog.open && opened === mine;
  try {
    await hooks.onuse(scene, shot, chosen.kind);
    if (isHere()) dialog.close();
  } catch (problem) {
    if (isHere()) throw problem;
    toast(problem.message, "danger"); // it was closed meanwhile
  }
}
