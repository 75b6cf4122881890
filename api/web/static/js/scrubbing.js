// Dragging along the waveform: the position follows the pointer, by mouse, pen and finger.
import { el } from "./dom.js";
import { clock } from "./words.js";

/**
 * Puts a slider around a drawn waveform; keys are its player's own. `onscrub(seconds)` follows the pointer, `ondone()` is
 * called when it is lifted, `words(seconds)` says a position to screen readers. Returns `place(seconds)`, which sets the current position.
 */
export function scrubbable(wave, duration_s, { onscrub, ondone, words = (seconds) => `${clock(seconds)} of ${clock(duration_s)}` }) {
  const slider = el("div", { class: "seek", role: "slider", tabindex: "0", "data-focus": "seek", "aria-label": "Place in the song", "aria-valuemin": 0, "aria-valuemax": Math.floor(duration_s) });
  wave.replaceWith(slider);
  slider.append(wave);
  wave.setAttribute("aria-hidden", "true");
  const at = (event) => {
    const box = slider.getBoundingClientRect();
    return Math.min(duration_s, Math.max(0, (duration_s * (event.clientX - box.left)) / box.width));
  };
  let pointer = null;
  slider.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || pointer !== null) return;
    pointer = event.pointerId;
    slider.setPointerCapture(pointer);
    onscrub(at(event));
  });
  slider.addEventListener("pointermove", (event) => event.pointerId === pointer && onscrub(at(event)));
  // A swipe up or down is the page's: the browser takes the pointer back.
  for (const end of ["pointerup", "pointercancel"]) {
    slider.addEventListener(end, (event) => {
      if (event.pointerId !== pointer) return;
      pointer = null;
      ondone();
    });
  }
  return (seconds) => {
    const whole = Math.floor(seconds);
    const text = words(whole);
    if (slider.getAttribute("aria-valuetext") === text) return;
    slider.setAttribute("aria-valuenow", whole);
    slider.setAttribute("aria-valuetext", text);
  };
}
