// A scene's clip: it plays while a mouse points at it, and a press opens it large; so does a still's.
import { $, calm, el } from "./dom.js";

const silent = (source, attributes = {}) => {
  const video = el("video", { src: source, loop: true, playsinline: true, ...attributes });
  video.muted = true;
  return video;
};

/** Turns a clip's picture into a button. `place`: the element in which it plays small; `before`: the child in front of which. */
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

/** Turns a still into a button that opens it large. */
export function enlargeable(button, source, name) {
  button.addEventListener("click", () => openInside(el("img", { src: source, alt: name }), name));
}

function openLarge(source, name) {
  const video = silent(source, { controls: true, "aria-label": name });
  openInside(video, name);
  video.play().catch(() => {});
}

/** Opens a picture or clip as large as the window allows; Escape, the button and a press beside it close it. */
function openInside(shown, name) {
  const close = el("button", { class: "button", type: "button", onclick: () => dialog.close() }, "Close");
  const dialog = el("dialog", { class: "large", "aria-label": name }, shown, close);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
