// Silent players that take turns: one shows a place's clip while others have the next ones ready on their first frame.
import { el } from "./dom.js";
import { paceFor } from "./steering.js";

const DECKS = 4;
const GAIN = 6;
/** Of the drift, so much is made good until the next picture is drawn: on a slow machine a greater haste would overshoot. */
const MOST_AT_ONCE = 0.7;
/** A clip is shown once it is this near to the song, and hidden again where it is farther than the promise: its still moves on instead. */
const IN_STEP_S = 0.02;
const MOST_DRIFT_S = 0.04;
const FIRST_LEAD_S = 0.03;
const LONGEST_LEAD_S = 0.25;
const MOST_TRIES = 3;
const AGAIN_MS = 4000;

/** `place`: the element that gets the players; `fps`: of the clips; `onready()` is called when a picture can be drawn. */
export function openDecks(place, fps, onready) {
  const decks = Array.from({ length: DECKS }, () => openDeck(place, fps, onready));
  const at = (slot) => decks.find((deck) => deck.slot === slot) ?? null;
  return {
    /** The player that has a place's clip; another clip of the same place is none of it. */
    of: (slot) => decks.find((deck) => deck.slot === slot && deck.source === slot.clip_url) ?? null,
    /** Has these places' clips ready, the most urgent first; other clips may go. */
    keep(slots) {
      for (const slot of slots.filter((one) => one.clip_url && (one.clipTries ?? 0) < MOST_TRIES).slice(0, DECKS)) {
        if (at(slot)?.source === slot.clip_url) {
          if (slot !== slots[0]) at(slot).rewind();
          continue;
        }
        const free = at(slot) ?? decks.find((deck) => !deck.slot) ?? decks.find((deck) => !slots.includes(deck.slot));
        free?.load(slot);
      }
    },
    /** Notes where all clips are, as near to the reading of the song's position as can be: a slow machine may pause between two lines. */
    look: () => decks.forEach((deck) => (deck.at_s = deck.video.currentTime)),
    rest: (...but) => decks.forEach((deck) => but.includes(deck) || deck.rest()),
    clear: () => decks.forEach((deck) => deck.clear()),
  };
}

let lead_s = FIRST_LEAD_S; // how long a player takes to begin, as measured

function openDeck(place, fps, onready) {
  const video = el("video", { class: "filling-clip", playsinline: true, preload: "auto", "aria-hidden": "true", tabindex: "-1", disablepictureinpicture: true });
  video.muted = true;
  place.append(video);
  let drawn_ms = 0;
  let interval_s = 0.02; // between two drawn pictures
  let begun = null; // {at_ms, from_s}: play() was called then, from there
  const deck = { video, slot: null, source: "", inStep: false, at_s: 0, load, clear, rest, rewind, follow, startEarly };

  video.addEventListener("loadeddata", onready);
  video.addEventListener("seeked", onready);
  video.addEventListener("error", () => {
    const lost = deck.slot;
    if (!lost || !deck.source) return;
    lost.clipTries = (lost.clipTries ?? 0) + 1;
    clear();
    setTimeout(onready, AGAIN_MS); // its link may have expired, or the server may be away
  });

  function load(slot) {
    clear();
    [deck.slot, deck.source] = [slot, slot.clip_url];
    video.src = slot.clip_url;
  }

  function clear() {
    rest();
    [deck.slot, deck.source, deck.inStep, deck.at_s] = [null, "", false, 0];
    if (!video.hasAttribute("src")) return;
    video.removeAttribute("src");
    video.load();
  }

  function rest() {
    begun = null;
    if (!video.paused) video.pause();
  }

  function rewind() {
    if (video.paused && !video.seeking && video.currentTime > 0) video.currentTime = 0;
  }

  function play() {
    begun = { at_ms: performance.now(), from_s: video.currentTime };
    video.playbackRate = 1;
    video.play().catch(() => (begun = null));
  }

  /** Begins a little before its place, by as long as beginning takes. `in_s`: until then. */
  function startEarly(in_s) {
    if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && !video.seeking && video.paused && video.currentTime === 0 && in_s <= lead_s) play();
  }

  function learn() {
    if (!begun || deck.at_s <= begun.from_s) return;
    const took_s = (performance.now() - begun.at_ms) / 1000 - (deck.at_s - begun.from_s);
    lead_s = Math.min(LONGEST_LEAD_S, Math.max(0, 0.6 * lead_s + 0.4 * took_s));
    begun = null;
  }

  /** Keeps step with the song, `at_s` after the place's beginning. `running`: whether the song moves. */
  function follow(at_s, running) {
    if (video.readyState < HTMLMediaElement.HAVE_METADATA) return (deck.inStep = false);
    learn();
    const last_s = Math.max(0, video.duration - 0.5 / fps);
    const to_s = Math.min(last_s, at_s);
    const ahead_s = to_s - deck.at_s;
    const hasPicture = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    if (!running) {
      rest();
      // The song stands: its frame, exactly. The last picture stays in view while it is searched.
      if (!video.seeking && Math.abs(ahead_s) > 0.25 / fps) video.currentTime = to_s;
      return (deck.inStep = hasPicture && (deck.inStep || !video.seeking));
    }
    if (video.seeking) return (deck.inStep = false);
    if (video.paused && !video.ended) play();
    const now_ms = performance.now();
    interval_s += 0.3 * (Math.min(1, (now_ms - drawn_ms) / 1000) - interval_s);
    drawn_ms = now_ms;
    const pace = paceFor(ahead_s, { gain: Math.min(GAIN, MOST_AT_ONCE / interval_s) });
    if (pace === null) video.currentTime = Math.min(last_s, to_s + lead_s);
    else if (Math.abs(video.playbackRate - pace) > 0.004) video.playbackRate = pace;
    return (deck.inStep = hasPicture && Math.abs(ahead_s) <= (deck.inStep ? MOST_DRIFT_S : IN_STEP_S));
  }

  return deck;
}
