// The wall of styles: search as one types, and pictures that are still being painted.
import { $, $$, el, show, wait } from "./dom.js";
import { api } from "./api.js";

const POLL_MS = 2500;
const wall = $("#wall");
let told = () => {};

/** Starts the wall; `onchange` gets the chosen style's slug and name. */
export function startWall(onchange) {
  told = onchange;
  wall.addEventListener("change", changed);
  const field = $("#style-search");
  field.addEventListener("input", () => search(field.value));
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  // A style may have been chosen before this module was there: by hand, or by the browser's memory.
  changed();
  pictures();
}

function changed() {
  showLook();
  told(chosenStyle());
}

/** The chosen style's picture stands beside the cost, too. */
function showLook() {
  const picture = $(".style-picture", $("input:checked", wall).parentElement).cloneNode(true);
  $("#total-look").replaceChildren(picture);
}

export function chosenStyle() {
  const input = $("input:checked", wall);
  return { slug: input.value, name: $(".style-name", input.parentElement).textContent };
}

export function chooseStyle(slug) {
  const input = $(`input[value="${CSS.escape(slug)}"]`, wall);
  if (!input) return;
  input.checked = true;
  changed();
}

/** Every word that was typed must begin a word of the style. */
function search(text) {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  let found = 0;
  for (const card of $$(".style-card", wall)) {
    const known = card.dataset.words.split(" ");
    const fits = words.every((word) => known.some((one) => one.startsWith(word)));
    show(card, fits);
    found += fits;
  }
  show($("#style-none"), found === 0);
}

/** Pictures that were not there when the page was made, as they come. */
async function pictures() {
  const missing = () => $$(".style-picture", wall).filter((place) => !$("img", place));
  while (missing().length) {
    await wait(POLL_MS);
    const { items } = await api.get("/styles").catch(() => ({ items: [] }));
    for (const place of missing()) {
      const style = items.find((one) => one.slug === place.dataset.style);
      if (style?.picture_url) place.replaceChildren(el("img", { src: style.picture_url, alt: "", width: "360", height: "480", decoding: "async" }));
    }
    showLook();
  }
}
