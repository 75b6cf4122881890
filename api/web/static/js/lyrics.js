// Asks for lyrics with their times: pasted, or from a file. The words stay until they are accepted.
import { $, el } from "./dom.js";
import { busy, clear, tell } from "./feedback.js";
import { keep, kept } from "./kept.js";

const MOST_BYTES = 256_000;

/**
 * Asks for an LRC or SRT text and hands it to `order`; resolves to the answer, or to null when it was closed. The
 * text is kept under `name`: after closing, and for as long as the export can still be refused.
 */
export function askForLyrics(order, name) {
  return new Promise((resolve) => {
    let answer = null;
    const text = el("textarea", { class: "input", id: "lyrics-text", name: "lyrics", required: true, spellcheck: "false", placeholder: "[00:12.50]First light on the wire\n[00:16.20]…", "aria-describedby": "lyrics-hint lyrics-problem" });
    text.value = kept(name) ?? "";
    text.addEventListener("input", () => keep(name, text.value));
    const file = el("input", { class: "input", type: "file", id: "lyrics-file", accept: ".lrc,.srt,.txt,text/plain" });
    const form = el(
      "form",
      { class: "stack", novalidate: true },
      el("h2", { id: "lyrics-title" }, "Lyric video"),
      el("div", { class: "field" }, el("label", { for: "lyrics-text" }, "Lyrics"), text, el("p", { class: "hint", id: "lyrics-hint" }, "LRC or SRT: each line with its time, or every word with its own."), el("p", { class: "problem", id: "lyrics-problem", role: "alert" })),
      el("div", { class: "field" }, el("label", { for: "lyrics-file" }, "Or choose a file"), file),
      el("div", { class: "row row-between" }, el("button", { class: "button button-quiet", type: "button", onclick: () => dialog.close() }, "Not now"), el("button", { class: "button button-primary", type: "submit" }, "Make lyric video")),
    );
    const dialog = el("dialog", { "aria-labelledby": "lyrics-title" }, form);
    file.addEventListener("change", async () => {
      clear(form);
      const [picked] = file.files;
      if (!picked) return;
      if (picked.size > MOST_BYTES) tell(form, { message: `“${picked.name}” is too large for lyrics.`, field: "lyrics" });
      else keep(name, (text.value = await decoded(picked)));
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      busy($('[type="submit"]', form), form, async () => {
        answer = await order(text.value);
        dialog.close();
      });
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** A file's text; some editors write UTF-16. */
async function decoded(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const mark = `${bytes[0]},${bytes[1]}`;
  const encoding = { "255,254": "utf-16le", "254,255": "utf-16be" }[mark] ?? "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}
