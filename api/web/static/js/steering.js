// Keeping a picture in step with a clock: a little faster or slower while it is near, a seek where it is far.
const FAR_S = 0.3;
const MOST = 0.5;

/**
 * How fast a picture must run; null: it must seek. `ahead_s`: how far the clock is ahead of it; `rate`: the clock's own;
 * within `slack_s` it runs like the clock, and each second of lead makes it faster by `gain`.
 */
export function paceFor(ahead_s, { rate = 1, slack_s = 0.005, gain = 2, far_s = FAR_S } = {}) {
  if (Math.abs(ahead_s) > far_s) return null;
  return rate * (Math.abs(ahead_s) < slack_s ? 1 : 1 + Math.max(-MOST, Math.min(MOST, ahead_s * gain)));
}
