// A scene's clip: it plays while a mouse points at it, and a press opens it large.
import { $, calm, el } from "./dom.js";

const silent = (source, attributes = {}) => {
  const video = el("video", { src: source, loop: true, playsinline: true, ...attributes });
  video.muted = true;
  return video;
};

/** Makes a button of what stands for a clip. `place`: where it plays small; `before`: in front of what, there. */
export function playable(button, source, name, { place = button, before = null } = {}) {
  const preview = (playing) => {
    $("video", place)?.remove();
    if (!playing) return;
    const video = silent(source, { "aria-hidden": "true" });
    place.insertBefore(video, before);
    video.play().catch(() => video.remove());
  };
  const byMouse = (playing) => (event) => event.pointerType === "mouse" && !calm.matches && preview(playing);
  button.addEventListener("pointerenter", byMouse(true));
  button.addEventListener("pointerleave", byMouse(false));
  button.addEventListener("click", () => openLarge(source, name));
}

/** The clip as large as the window allows; Escape, the button and a press beside it close it. */
function openLarge(source, name) {
  const video = silent(source, { controls: true, "aria-label": name });
  const close = el("button", { class: "button", type: "button", onclick: () => dialog.close() }, "Close");
  const dialog = el("dialog", { class: "large", "aria-label": name }, video, close);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  video.play().catch(() => {});
}
