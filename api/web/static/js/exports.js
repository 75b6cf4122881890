// Other pieces of the same world: loops, teasers, shapes, a poster.
import { $, el, wait } from "./dom.js";
import { api } from "./api.js";
import { toast } from "./feedback.js";

const KINDS = [
  ["canvas", "Canvas loop", "3 to 8 s, silent, loops"],
  ["teaser", "Teaser", "15 to 30 s around the strongest chorus"],
  ["square", "Square", "1:1, whole song"],
  ["portrait", "Portrait", "4:5, whole song"],
  ["wide", "Wide", "16:9, whole song"],
  ["poster", "Poster", "a still picture"],
];
const POLL_MS = 2000;
const PATIENCE_MS = 600_000;

/** Lists what there is and what can be made of the version that `version()` names. Pieces cost nothing. */
export async function startExports(videoId, version) {
  const place = $("#exports");
  const look = async () => (await api.get(`/videos/${videoId}/exports`)).items;
  let made = await look();
  const found = (kind, number) => made.find((one) => one.kind === kind && one.version === number);
  const draw = () => place.replaceChildren(el("ul", { class: "rows" }, ...KINDS.map(line)));

  function line([kind, name, words]) {
    const ready = found(kind, version());
    const action = ready
      ? el("a", { class: "button mini", href: ready.file_url, "aria-label": `Download ${name}` }, "Download")
      : el("button", { class: "button mini", type: "button", onclick: (event) => make(kind, name, event.currentTarget), "aria-label": `Make ${name}` }, "Make");
    return el("li", { class: "line" }, el("div", { class: "line-words" }, el("strong", {}, name), el("p", { class: "small faint" }, words)), action);
  }

  async function make(kind, name, button) {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    const wanted = version();
    try {
      await api.post(`/videos/${videoId}/exports`, { kind, version: wanted });
      const until = Date.now() + PATIENCE_MS;
      while (!found(kind, wanted)) {
        if (Date.now() > until) throw new Error(`${name} takes longer than usual. It will be here when you come back.`);
        await wait(POLL_MS);
        made = await look();
      }
      toast(`${name} is ready.`);
      draw();
    } catch (problem) {
      button.removeAttribute("aria-busy");
      toast(problem.message, "danger");
    }
  }

  draw();
  return draw;
}
