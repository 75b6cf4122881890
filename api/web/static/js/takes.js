// A scene's takes, or stills, side by side; one of them is in use.
import { $, el, icon, roving, show } from "./dom.js";
import { enlargeable, playable } from "./clips.js";
import { sized } from "./timeline.js";

/**
 * Draws a scene's takes; `onchoose` gets the chosen take and its button, `oncompare` a take to be seen beside the video.
 * `name`: what one of them is called; `fixed`: the choice is made.
 */
export function drawTakes(scene, { onchoose, oncompare = null, name = "Take", fixed = false }) {
  const takes = scene.takes ?? [];
  show($("#takes-part"), takes.length > 1);
  $("#takes").replaceChildren(...takes.map((take, index) => card(take, `${name} ${index + 1}`, { onchoose: fixed ? null : onchoose, oncompare })));
  roving($("#takes-bar"), "button", $('[data-chosen="true"] .take-look', $("#takes")));
}

function card(take, name, { onchoose, oncompare }) {
  const look = el("button", { class: "poster take-look", type: "button", "aria-label": `Open ${name.toLowerCase()} large`, "data-focus": `look-${take.take}` });
  if (take.still_url) look.append(el("img", { src: sized(take.still_url), alt: "", loading: "lazy" }));
  if (take.clip_url) playable(look, take.clip_url, name);
  else if (take.still_url) enlargeable(look, take.still_url, name);
  const use = () => el("button", { class: "button mini", type: "button", "data-focus": `use-${take.take}`, "aria-label": `Use ${name.toLowerCase()}`, onclick: (event) => onchoose(take, event.currentTarget) }, "Use");
  const compare = () => el("button", { class: "button button-icon mini", type: "button", "data-focus": `compare-${take.take}`, "aria-label": `Compare with ${name.toLowerCase()}`, title: "Compare", onclick: () => oncompare(take) }, icon("compare"));
  const state = take.chosen ? [el("span", { class: "chip chip-accent", tabindex: "-1", "data-focus": `use-${take.take}` }, "In use")] : [onchoose && use(), oncompare && take.clip_url && compare()];
  return el("li", { class: "take", "data-chosen": take.chosen ? "true" : null }, look, el("span", { class: "small" }, name), el("div", { class: "take-acts" }, ...state), el("p", { class: "small faint clamp" }, take.prompt));
}
