// A scene's takes: looked at one beside the other, and one of them in use.
import { $, el, roving, show } from "./dom.js";
import { playable } from "./clips.js";
import { sized } from "./timeline.js";

/** Draws a scene's takes; `onchoose` gets the take that is wanted, and the button that said so. */
export function drawTakes(scene, onchoose) {
  const takes = scene.takes ?? [];
  show($("#takes-part"), takes.length > 1);
  $("#takes").replaceChildren(...takes.map((take, index) => card(take, index + 1, onchoose)));
  roving($("#takes"), ".take-look", $('[data-chosen="true"] .take-look', $("#takes")));
}

function card(take, number, onchoose) {
  const look = el("button", { class: "poster take-look", type: "button", "aria-label": `Open take ${number} large`, "data-focus": `look-${take.take}` });
  if (take.still_url) look.append(el("img", { src: sized(take.still_url), alt: "", loading: "lazy" }));
  if (take.clip_url) playable(look, take.clip_url, `Take ${number}`);
  const use = () => el("button", { class: "button mini", type: "button", "data-focus": `use-${take.take}`, "aria-label": `Use take ${number}`, onclick: (event) => onchoose(take, event.currentTarget) }, "Use");
  const state = take.chosen ? el("span", { class: "chip chip-accent", tabindex: "-1", "data-focus": `use-${take.take}` }, "In use") : use();
  return el("li", { class: "take", "data-chosen": take.chosen ? "true" : null }, look, el("div", { class: "row row-between" }, el("span", { class: "small" }, `Take ${number}`), state), el("p", { class: "small faint clamp" }, take.prompt));
}
