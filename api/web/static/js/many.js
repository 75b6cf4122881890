// Several scenes made again with one change: chosen in the dialog or on the timeline, priced before the press.
import { $, $$, debounced, el, show } from "./dom.js";
import { api } from "./api.js";
import { onSubmit, refreshBalance, toast } from "./feedback.js";
import { desk } from "./desk.js";
import { placed, watch } from "./operations.js";
import { sized } from "./timeline.js";
import { credits } from "./words.js";

const ASK_MS = 350;
const button = $("#many");
const chosen = new Set();
let last = null; // where a range on the timeline begins
let version = null;
let asked = 0;
let price = null;

const scenes = el("ul", { class: "many-scenes", id: "many-scenes" });
const find = input("many-find", "Find", "a red coat");
const replace = input("many-replace", "Put in its place", "a blue coat");
const add = input("many-add", "A sentence for each of them", "Snow falls.");
const like = el("select", { class: "input", id: "many-like", name: "like", "aria-describedby": "many-problem" });
const told = el("p", { class: "soft small", id: "many-told", role: "status" });
const words = el("ol", { class: "small many-words" });
const go = el("button", { class: "button button-primary", type: "submit" }, "Make them again");
const kinds = choice("many-kind", "What is made again", { image: "Images", video: "Clips" });
const changes = choice("many-change", "What changes", { find: "One word", add: "One more sentence", like: "More like a scene" });
const parts = {
  find: el("div", { class: "many-pair" }, find.box, replace.box),
  add: add.box,
  like: el(
    "div",
    { class: "field" },
    el("label", { for: "many-like" }, "Like"),
    like,
    el("p", { class: "hint" }, "The chosen scenes take the place, hour, weather and light of that scene; who is seen in them, and what they do, stays."),
  ),
};
const form = el(
  "form",
  { class: "stack", novalidate: true },
  el("h2", { id: "many-title" }, "Several scenes at once"),
  el(
    "fieldset",
    { class: "stack" },
    el("legend", { class: "label" }, "Scenes"),
    el("div", { class: "row" }, plain("All", () => all(true)), plain("None", () => all(false)), el("span", { class: "small faint", id: "many-hint" }, "On the timeline: with Ctrl or Shift.")),
    scenes,
  ),
  changes,
  ...Object.values(parts),
  kinds,
  el("p", { class: "problem", id: "many-problem", "data-problem": "", role: "alert" }),
  told,
  el("details", { id: "many-details", hidden: true }, el("summary", {}, "Their new words"), words),
  el("div", { class: "row row-between" }, el("button", { class: "button button-quiet", type: "button", onclick: () => dialog.close() }, "Close"), go),
);
const dialog = el("dialog", { class: "many", "aria-labelledby": "many-title" }, form);

/** The change that the form holds; null where it is not whole yet. */
function wish() {
  const how = $("input:checked", changes).value;
  const kind = how === "like" ? "image" : $("input:checked", kinds).value;
  const body = { kind, scenes: [...chosen].sort((a, b) => a - b), version };
  if (how === "find") Object.assign(body, { find: find.input.value, replace: replace.input.value });
  else if (how === "add") body.add = add.input.value;
  else body.like = Number(like.value);
  const whole = how === "like" || body.find?.trim() || body.add?.trim();
  return chosen.size && whole ? body : null;
}

/** Asks the server what the change means and costs. */
async function plan() {
  const now = ++asked;
  price = null;
  const body = wish();
  const say = (sentence, planned = []) => {
    told.textContent = sentence;
    show($("#many-details"), planned.some((one) => one.prompt));
    words.replaceChildren(...planned.filter((one) => one.prompt).map((one) => el("li", { value: one.scene_index + 1 }, one.prompt)));
    go.setAttribute("aria-disabled", price === null);
    go.textContent = price === null ? "Make them again" : `Make ${planned.length === 1 ? "it" : `${planned.length} scenes`} again, ${credits(price)}`;
  };
  if (!body) return say(chosen.size ? "Say what changes: the price is shown here before anything is made." : "Choose the scenes that shall change.");
  try {
    const planned = await api.post(`/videos/${desk.videoId}/regenerations/preview`, body);
    if (now !== asked) return;
    if (planned.affordable) price = planned.price;
    const after = planned.affordable ? `afterwards you have ${credits(planned.balance_after)}` : `you have ${credits(planned.balance_before)}: choose fewer, or top up`;
    say(`${planned.scenes.length} ${planned.scenes.length === 1 ? "scene" : "scenes"}: ${credits(planned.price)} together; ${after}.`, planned.scenes);
  } catch (problem) {
    if (now === asked) say(problem.message);
  }
}

const soon = debounced(ASK_MS, plan);

function drawScenes() {
  if (version !== desk.timeline.version) {
    // Places may mean other scenes in another version.
    version = desk.timeline.version;
    chosen.clear();
    last = null;
  }
  scenes.replaceChildren(...desk.timeline.scenes.map(tile));
  const held = like.value;
  like.replaceChildren(...desk.timeline.scenes.map((scene) => el("option", { value: scene.index }, `Scene ${scene.index + 1}, ${scene.section}`)));
  like.value = desk.timeline.scenes[held] ? held : (desk.picked ?? 0);
}

function tile(scene) {
  const box = el("input", { type: "checkbox", class: "visually-hidden", checked: chosen.has(scene.index), onchange: () => choose(scene.index, box.checked) });
  const picture = scene.still_url && el("img", { src: sized(scene.still_url, 120), alt: "", loading: "lazy", decoding: "async" });
  return el("li", {}, el("label", { class: "many-scene" }, box, picture, el("span", {}, el("span", { class: "visually-hidden" }, "Scene "), `${scene.index + 1}`)));
}

function choose(index, wanted) {
  if (wanted) chosen.add(index);
  else chosen.delete(index);
  last = index;
  mark();
  soon();
}

function all(wanted) {
  for (const scene of desk.timeline.scenes) chosen[wanted ? "add" : "delete"](scene.index);
  drawScenes();
  mark();
  soon();
}

/** Shows on the timeline and at the button what is chosen. */
export function mark() {
  for (const card of $$("#track .scene")) card.toggleAttribute("data-chosen", version === desk.timeline.version && chosen.has(Number(card.dataset.base)));
  const count = version === desk.timeline.version ? chosen.size : 0;
  $("#many-count").textContent = count ? `${count} ${count === 1 ? "scene" : "scenes"}` : "Several scenes";
}

function open() {
  if (!desk.timeline) return;
  drawScenes();
  mark();
  drawParts();
  dialog.showModal();
  plan();
}

function drawParts() {
  const how = $("input:checked", changes).value;
  for (const [name, part] of Object.entries(parts)) show(part, name === how);
  show(kinds, how !== "like");
}

/** With Ctrl or Shift a press on the timeline chooses scenes instead of taking one in hand. */
$("#track").addEventListener(
  "click",
  (event) => {
    const card = event.target.closest(".scene");
    if (!card || card.dataset.dropped || !desk.timeline || !(event.shiftKey || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    drawScenes();
    const index = Number(card.dataset.scene);
    const from = event.shiftKey ? (last ?? desk.picked ?? index) : index;
    const wanted = event.shiftKey || !chosen.has(Number(card.dataset.base));
    // Edits that are not applied yet may have put them elsewhere: orders name them as the open version does.
    for (const one of $$("#track .scene").slice(Math.min(from, index), Math.max(from, index) + 1)) choose(Number(one.dataset.base), wanted);
    last = index;
  },
  true,
);

onSubmit(form, async () => {
  if (price === null) {
    // Words that were typed just before the press are priced meanwhile: the last answer counts.
    for (let mine = 0; mine !== asked; ) {
      mine = asked + 1;
      await plan();
    }
    if (price === null) throw new Error(told.textContent);
  }
  const body = wish();
  const { operations } = await placed("/regenerations", { ...body, quoted: price });
  dialog.close();
  chosen.clear();
  mark();
  for (const operation of operations) watch(operation);
  toast(`${operations.length === 1 ? "One scene is" : `${operations.length} scenes are`} being made again. You can go on with others.`);
  refreshBalance().catch(() => {});
});
form.addEventListener("input", soon);
form.addEventListener("change", () => {
  drawParts();
  soon();
});
button.addEventListener("click", open);
document.body.append(dialog);

function input(id, label, placeholder) {
  const made = el("input", { class: "input", id, name: id.replace("many-", ""), autocomplete: "off", "data-most": "300", placeholder, "aria-describedby": "many-problem" });
  return { input: made, box: el("div", { class: "field" }, el("label", { for: id }, label), made) };
}

function plain(label, onclick) {
  return el("button", { class: "button mini", type: "button", onclick }, label);
}

function choice(name, legend, options) {
  const first = Object.keys(options)[0];
  const radios = Object.entries(options).map(([value, label]) => el("label", {}, el("input", { type: "radio", name, value, checked: value === first }), el("span", {}, label)));
  return el("fieldset", { class: "many-choice" }, el("legend", { class: "label" }, legend), el("div", { class: "row" }, ...radios));
}
