// Beats and bars of the open video's song, and positions on it in words.
import { desk, fps } from "./desk.js";
import { clock } from "./words.js";

/** The frames of the beats: cuts lie on them. */
export const beatFrames = () => desk.timeline?.beats ?? desk.wave?.beats.map((beat) => Math.round(beat.t * fps())) ?? [];

/** `0:12.3`. */
export const moment = (seconds) => {
  const tenths = Math.floor(seconds * 10 + 1e-6) / 10;
  return `${clock(Math.floor(tenths))}.${Math.round((tenths % 1) * 10)}`;
};

/** `bar 7.3`: the third beat of the seventh bar; empty outside of the bars. */
export function barAt(seconds) {
  let bar = 0;
  let beat = 0;
  for (const one of desk.wave?.beats ?? []) {
    if (one.t > seconds + 0.5 / fps()) break;
    if (one.downbeat) [bar, beat] = [bar + 1, 0];
    beat += 1;
  }
  return bar ? `bar ${bar}.${beat}` : "";
}

/** The next or the previous beat, from a frame; undefined: there is none. */
export const beatFrom = (frame, step) => (step > 0 ? beatFrames().find((one) => one > frame) : beatFrames().findLast((one) => one < frame));
