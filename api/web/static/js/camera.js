// Camera moves over a still, of the same kind, length and easing as in the clip that is filmed from it (`animator/camera.py`).
const [SHORTEST, LONGEST] = [0.035, 0.17];
const NEAR = 1.03;

/** The way covered after a share of the time, 0…1: calm at both ends, as without music. */
export const eased = (share) => (0.55 * share + (0.45 / Math.PI) * (1 - Math.cos(Math.PI * share))) / (0.55 + 0.9 / Math.PI);

/** By move: zoom, position across and along (−1…1 of the room that the zoom leaves, right and down positive), roll in radians. */
const MOVES = {
  "push in": ({ p, swing, travel, side }) => [NEAR + travel * p, 0.15 * side * swing, 0, 0],
  "pull out": ({ p, swing, travel, side }) => [NEAR + travel * (1 - p), -0.15 * side * swing, 0, 0],
  "pan left": ({ swing, room }) => [room, -swing, 0, 0.004 * swing],
  "pan right": ({ swing, room }) => [room, swing, 0, -0.004 * swing],
  "tilt up": ({ swing, room, side }) => [room, 0.1 * side * swing, -swing, 0],
  "tilt down": ({ swing, room, side }) => [room, 0.1 * side * swing, swing, 0],
  "crane up": ({ p, swing, room, travel, side }) => [room + 0.5 * travel * (1 - p), 0.2 * side * swing, 0.2 - 0.8 * swing, 0],
  roll: ({ p, swing, travel, side }) => [NEAR + 0.07 + 0.5 * travel * p, 0, 0, side * 0.3 * travel * swing],
  handheld: ({ p, swing, travel, side, time_s }) => [NEAR + 0.03 + 0.6 * travel * p, 0.3 * side * swing + 0.1 * Math.sin(4.6 * time_s), 0.1 * Math.sin(8 * time_s + 1), 0],
  drift: ({ swing, travel, side }) => [NEAR + 0.02 + 0.5 * travel, 0.9 * side * swing, -0.5 * swing, 0.02 * side * swing],
};

/**
 * What the camera sees of a still, `time_s` after the scene's beginning: zoom, offset of the view's centre in widths and heights
 * of the frame, roll in radians. `scene`: {index, start_s, end_s, energy, camera_move}; `aspect`: height by width.
 */
export function viewOf(scene, time_s, aspect) {
  const move = MOVES[scene.camera_move];
  if (!move) return { zoom: 1, x: 0, y: 0, roll: 0 };
  const length_s = scene.end_s - scene.start_s;
  const travel = Math.min(LONGEST, Math.max(SHORTEST, length_s * (0.02 + 0.035 * scene.energy)));
  const p = eased(Math.min(1, Math.max(0, time_s / length_s)));
  const side = scene.index % 2 ? 1 : -1;
  const [zoom, across, along, roll] = move({ p, swing: 2 * p - 1, travel, room: 1.04 + travel, side, time_s });
  const [rest, sin] = [(1 - 1 / zoom) / 2, Math.abs(Math.sin(roll)) / 2];
  const within = (position) => Math.min(1, Math.max(-1, position));
  return { zoom, x: within(across) * Math.max(0, rest - sin * aspect), y: within(along) * Math.max(0, rest - sin / aspect), roll };
}

/** The same as a CSS transform of the still. */
export function transformOf(scene, time_s, aspect) {
  const { zoom, x, y, roll } = viewOf(scene, time_s, aspect);
  return `rotate(${(-roll).toFixed(5)}rad) scale(${zoom.toFixed(5)}) translate(${(-100 * x).toFixed(3)}%, ${(-100 * y).toFixed(3)}%)`;
}
