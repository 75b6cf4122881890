// Exports: loops, teasers, other shapes, a lyric video, a poster.
import { $, el, redraw, wait } from "./dom.js";
import { api } from "./api.js";
import { orSay, toast } from "./feedback.js";
import { forget } from "./kept.js";
import { askForLyrics } from "./lyrics.js";

const KINDS = [
  ["canvas", "Canvas loop", "3 to 8 s, silent, loops"],
  ["teaser", "Teaser", "15 to 30 s around the strongest chorus"],
  ["lyrics", "Lyric video", "your words over the pictures, in time"],
  ["square", "Square", "1:1, whole song"],
  ["portrait", "Portrait", "4:5, whole song"],
  ["wide", "Wide", "16:9, whole song"],
  ["poster", "Poster", "a still picture"],
];
const POLL_MS = 2000;

/** Lists exports that exist and those that can be made of the version that `version()` names. Exports are free. */
export async function startExports(videoId, version) {
  const place = $("#exports");
  const path = `/videos/${videoId}/exports`;
  const told = await api.get(path);
  let made = told.items;
  const words = `lyrics/${videoId}`;
  const making = new Set();
  const failures = new Map();
  const nameOf = (kind, number) => `${kind}-${number}`;
  const draw = () => redraw(() => place.replaceChildren(el("ul", { class: "rows" }, ...KINDS.map(line))));

  function line([kind, name, words]) {
    const number = version();
    const ready = made.find((one) => one.kind === kind && one.version === number);
    const busy = making.has(nameOf(kind, number));
    const again = ready && kind === "lyrics";
    const make = (label) =>
      el("button", { class: "button mini", type: "button", onclick: () => begin(kind), "data-focus": `export-${kind}`, "aria-busy": busy ? "true" : null, "aria-label": `${busy ? "Making" : label} ${name}` }, busy ? "Making" : label);
    const download = () => el("a", { class: "button mini", href: ready.file_url, "data-focus": `export-${kind}`, "aria-label": `Download ${name}` }, "Download");
    return el(
      "li",
      { class: "line" },
      el("div", { class: "line-words" }, el("strong", {}, name), el("p", { class: "small faint" }, words), el("p", { class: "problem", role: "alert" }, failures.get(nameOf(kind, number)) ?? "")),
      el("div", { class: "row" }, again && make("Other words"), ready && !(busy && again) ? download() : !again && make("Make")),
    );
  }

  /** Orders an export; a lyric video asks for its words first, and keeps them until they are accepted. */
  async function begin(kind) {
    const number = version();
    if (making.has(nameOf(kind, number))) return;
    const order = (lyrics) => api.post(path, { kind, version: number, ...(lyrics === undefined ? {} : { lyrics }) });
    try {
      const started = kind === "lyrics" ? await askForLyrics(order, words) : await order();
      if (started) await follow(started);
    } catch (problem) {
      toast(problem.message, "danger");
    }
  }

  async function follow({ export_id: id, kind, version: number }) {
    const [, name] = KINDS.find(([one]) => one === kind);
    const mine = nameOf(kind, number);
    making.add(mine);
    failures.delete(mine);
    draw();
    try {
      const state = await ended(id);
      if (state.state === "made") {
        made = [state.piece, ...made.filter((one) => one.export_id !== id)];
        if (kind === "lyrics") forget(words);
        toast(`${name} is ready.`);
      } else {
        failures.set(mine, state.sentence);
      }
    } finally {
      making.delete(mine);
      draw();
    }
  }

  /** Waits until an export is made or has failed, however long that takes. */
  async function ended(id) {
    const passing = (problem) => (problem.status === 0 || problem.status === 503 ? null : Promise.reject(problem));
    for (;;) {
      const state = await api.get(`${path}/${id}`).catch(passing);
      if (state && state.state !== "making") return state;
      await wait(POLL_MS);
    }
  }

  draw();
  for (const piece of told.making) orSay(follow(piece));
  return draw;
}
