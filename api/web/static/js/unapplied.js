// Over the player: where an edit that is not applied yet shows something else than the open version, its still.
import { $, show } from "./dom.js";
import { desk, fps, sceneAt } from "./desk.js";
import { sized } from "./timeline.js";
import { onTick } from "./transport.js";

const place = $("#unapplied");
const picture = $("img", place);

/** Whose take is seen, and which frame of it at the video's first. */
const shows = (scene) => [scene.shows_scene ?? scene.scene_id, scene.take_id, scene.frozen ? `held ${scene.in_frame}` : scene.in_frame - scene.start_frame].join(" ");

function differs(at) {
  if (!desk.edited) return null;
  const edited = sceneAt(at);
  const open = desk.timeline.scenes.find((one) => at < one.end_s) ?? desk.timeline.scenes.at(-1);
  return shows(edited) === shows(open) ? null : edited;
}

export function drawUnapplied(at) {
  const scene = desk.timeline && differs(at + 0.25 / fps());
  show(place, Boolean(scene));
  if (!scene) return;
  const address = sized(scene.still_url, 480);
  if (picture.getAttribute("src") !== address) picture.src = address;
}

export const startUnapplied = () => onTick(drawUnapplied);
