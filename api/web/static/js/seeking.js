// A waveform that seeks by a press or with arrows, Home and End.
import { el } from "./dom.js";
import { clock } from "./words.js";

const STEP_S = 5;

/**
 * Puts a slider around a drawn waveform. `onseek(seconds, {byPress})` is called for a requested position.
 * Returns the slider, and `place(seconds)`, which sets the current position.
 */
export function seekable(wave, duration_s, onseek) {
  let now = 0;
  const slider = el("div", { class: "seek", role: "slider", tabindex: "0", "data-focus": "seek", "aria-label": "Place in the song", "aria-valuemin": 0, "aria-valuemax": Math.floor(duration_s) });
  wave.replaceWith(slider);
  slider.append(wave);
  wave.setAttribute("aria-hidden", "true");
  const within = (seconds) => Math.min(duration_s, Math.max(0, seconds));
  slider.addEventListener("click", (event) => {
    const box = slider.getBoundingClientRect();
    onseek(within((duration_s * (event.clientX - box.left)) / box.width), { byPress: true });
  });
  slider.addEventListener("keydown", (event) => {
    const to = { ArrowRight: now + STEP_S, ArrowUp: now + STEP_S, ArrowLeft: now - STEP_S, ArrowDown: now - STEP_S, Home: 0, End: duration_s }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onseek(within(to), { byPress: false });
  });
  const place = (seconds) => {
    now = seconds;
    slider.setAttribute("aria-valuenow", Math.floor(seconds));
    slider.setAttribute("aria-valuetext", `${clock(seconds)} of ${clock(duration_s)}`);
    slider.style.setProperty("--played", duration_s ? within(seconds) / duration_s : 0);
  };
  place(0);
  return { slider, place };
}
