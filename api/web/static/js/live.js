// The live preview of a video in the making: it appears with the first still and fills as scenes are painted and filmed.
import { $, el, show } from "./dom.js";
import { api } from "./api.js";
import { fillingPlayer } from "./filling.js";

const AGAIN_MS = 3000;

/**
 * A preview in `#live`: `draw(scenes, {hasEnded, plan})` gets every state, and a number that changes with the scenes' places;
 * `offer(address)` the finished video's page, `close()` ends it.
 */
export function startLive(videoId, title) {
  const place = $("#live");
  let player = null;
  let places = [];
  let shown = [];
  let asking = false;
  let isClosed = false;
  let isReady = false;
  const filmed = new Set();
  let awaited = ""; // the painted scenes whose camera moves were asked for
  let plan; // of the places: a storyboard's revision
  let wanted;

  const film = () => api.get(`/videos/${videoId}/places`);
  const isPainted = (scene) => Boolean(scene.still_url);

  async function open() {
    asking = true;
    plan = wanted;
    const found = await film().catch(() => null);
    asking = false;
    if (isClosed) return;
    if (!found) return setTimeout(() => draw(shown, { plan: wanted }), AGAIN_MS);
    player = fillingPlayer($("#live-player"), found, `Preview of ${title}`);
    places = found.places;
    show(place, true);
    fill();
  }

  /** Shots are specified section by section: the moves of sections that were painted since. */
  async function learnMoves() {
    const unknown = shown.filter((scene) => isPainted(scene) && places[scene.index] && !places[scene.index].camera_move).map((scene) => scene.index).join();
    if (asking || !unknown || unknown === awaited) return;
    [asking, awaited] = [true, unknown];
    const found = await film().catch(() => null);
    asking = false;
    if (!found) awaited = ""; // with the next state
    if (!found || isClosed) return;
    places = found.places;
    player.replan(places);
    learnPlaces();
  }

  function fill() {
    // A stored version's addresses are others, of the same clips: what plays is not opened again.
    for (const scene of shown) if (!filmed.has(scene.index)) player.bring(scene.index, scene);
    for (const scene of shown) if (scene.clip_url) filmed.add(scene.index);
    const count = filmed.size;
    const painted = shown.filter(isPainted).length;
    const words = count === shown.length ? "All scenes are filmed." : `As far as it is: ${count ? `${count} of ${shown.length} scenes filmed` : `${painted} of ${shown.length} scenes painted`}.`;
    if (!isReady && $("#live-words").textContent !== words) $("#live-words").textContent = words;
    if (plan !== wanted) learnPlaces();
    else learnMoves();
  }

  /** An edited storyboard has other places, and other pictures on them. */
  async function learnPlaces() {
    if (asking || isClosed || plan === wanted) return;
    asking = true;
    const now = wanted;
    const found = await film().catch(() => null);
    asking = false;
    if (isClosed) return;
    if (!found) return setTimeout(learnPlaces, AGAIN_MS);
    [plan, places] = [now, found.places];
    filmed.clear();
    player.replan(places);
    fill();
  }

  /** `hasEnded`: the run is over; a preview is not begun any more. */
  function draw(scenes, { hasEnded = false, plan: now } = {}) {
    [shown, wanted] = [scenes, now];
    if (isClosed || !scenes.some(isPainted)) return;
    if (player) fill();
    else if (!asking && !hasEnded) open();
  }

  return {
    draw,
    /** The finished video goes on where this one is. */
    offer(address) {
      if (!player) return;
      isReady = true;
      const link = el("a", { class: "button button-primary", href: address }, "Watch the finished video from here");
      link.addEventListener("click", () => (link.href = `${address}#at=${player.now().toFixed(2)}`));
      $("#live-words").textContent = "The draft is ready.";
      $("#live-end").replaceChildren(link);
    },
    close() {
      isClosed = true;
      player?.close();
      show(place, false);
    },
  };
}
