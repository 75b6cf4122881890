// The wall of styles: search as one types, and pictures that are still being painted.
import { $, $$, el, show, wait } from "./dom.js";
import { api } from "./api.js";

const POLL_MS = 2500;
const wall = $("#wall");
let told = () => {};

/** Starts the wall; `onchange` gets the slug of the chosen style. */
export function startWall(onchange) {
  told = onchange;
  wall.addEventListener("change", () => told($("input:checked", wall).value));
  const field = $("#style-search");
  field.addEventListener("input", () => search(field.value));
  field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  pictures();
}

/** The chosen style's picture is also shown beside the cost. */
function showLook() {
  const picture = $(".style-picture", $("input:checked", wall).parentElement).cloneNode(true);
  $("#total-look").replaceChildren(picture);
}

/** The first style of the wall, which a new brief has. */
export const firstStyle = () => $("input", wall).value;

export const hasStyle = (slug) => Boolean($(`input[value="${CSS.escape(slug ?? "")}"]`, wall));

/** Shows which style is chosen; returns its name. */
export function showStyle(slug) {
  const input = $(`input[value="${CSS.escape(slug)}"]`, wall);
  input.checked = true;
  showLook();
  return $(".style-name", input.parentElement).textContent;
}

/** Every typed word must begin a word of the style. */
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

/** Loads pictures that were not painted yet when the page was rendered. */
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
