// A video as far as it is: the song is the clock, and each place on it shows its clip, else its still with the camera move,
// else its section's colour. Used by the live preview and the animatic. What arrives meanwhile replaces what is shown.
import { calm, el, icon } from "./dom.js";
import { transformOf } from "./camera.js";
import { openDecks } from "./decks.js";
import { scrubbable } from "./scrubbing.js";
import { clock, sentence } from "./words.js";

const AHEAD = 3; // places whose pictures are made ready
const STEP_S = 5;
const STILL_WIDTH = 480;
const STATES = ["not painted yet", "painted", "filmed"];

const sized = (address) => `${address}${address.includes("?") ? "&" : "?"}width=${STILL_WIDTH}`;
const stateOf = (slot) => (slot.clip_url ? 2 : slot.still_url ? 1 : 0);

/**
 * Draws a player into `root`. `film`: as `GET /videos/{id}/places` answers; `name`: for screen readers.
 * `bring(index, {still_url, clip_url})` gives a place its pictures, `replan(places)` moves places; `now()` and `goTo(seconds)`
 * are positions in the song; `seen()` says what is shown and how far the clip is behind the song.
 */
export function fillingPlayer(root, film, name) {
  const aspect = film.height / film.width;
  const audio = el("audio", { preload: "none" });
  const words = el("p", { class: "filling-section" });
  const ground = el("div", { class: "filling-ground" }, words);
  const stage = el("div", { class: "filling-stage", tabindex: "-1", vars: { "--shape": `${film.width} / ${film.height}` } }, ground);
  const large = el("span", { class: "filling-start", "aria-hidden": "true" }, icon("play"));
  const strip = el("div", { class: "filling-strip" });
  const playButton = el("button", { class: "button button-icon mini button-primary", type: "button" });
  const soundButton = el("button", { class: "button button-icon mini", type: "button", "aria-label": "Sound off", title: "Sound off", "aria-pressed": "false" }, icon("mute"));
  const largeButton = el("button", { class: "button button-icon mini", type: "button", "aria-label": "Full screen", title: "Full screen" }, icon("large"));
  const time = el("span", { class: "small number" });
  const problem = el("p", { class: "problem small", role: "alert" });
  const decks = openDecks(stage, film.fps, draw);
  const stills = new Map(); // by address: {image, isReady}
  const listeners = new Set();
  let slots = [];
  let here = null;
  let asked = 0; // the position that counts until the song is open
  let engaged = false; // nothing but the poster is fetched before
  let looping = false;

  stage.append(large);
  root.classList.add("filling");
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", name);
  root.append(stage, strip, el("div", { class: "filling-bar" }, playButton, time, soundButton, largeButton), problem, audio);
  const placeSlider = scrubbable(strip, film.duration_s, { onscrub: goTo, ondone: () => {}, words: told });
  const slider = strip.parentElement;

  const isOpen = () => audio.readyState >= HTMLMediaElement.HAVE_METADATA;
  const now = () => (isOpen() ? audio.currentTime : asked);
  const isRunning = () => !audio.paused && !audio.seeking && audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
  const slotAt = (seconds) => slots.find((slot) => seconds < slot.end_s) ?? slots.at(-1);

  /** Other places, or the same ones with more known of them; pictures stay where the index does. */
  function replan(places) {
    slots = places.map((place, at) => Object.assign(slots[at] ?? {}, place));
    strip.replaceChildren(...slots.map((slot) => el("span", { "data-label": slot.section, "data-state": stateOf(slot), vars: { "--seconds": slot.end_s - slot.start_s } })));
    here = null;
    draw();
  }

  function bring(index, { still_url, clip_url }) {
    const slot = slots[index];
    if (!slot || (slot.still_url === still_url && slot.clip_url === clip_url)) return;
    Object.assign(slot, { still_url, clip_url, clipTries: 0 });
    strip.children[index].dataset.state = stateOf(slot);
    draw();
  }

  function told(seconds) {
    const slot = slotAt(seconds);
    return slot ? `${clock(seconds)} of ${clock(film.duration_s)}, scene ${slot.index + 1}, ${slot.section}, ${STATES[stateOf(slot)]}` : "";
  }

  /** A place's still, fetched and decoded; null while it is not. */
  function stillOf(slot) {
    if (!slot?.still_url) return null;
    const address = sized(slot.still_url);
    let kept = stills.get(address);
    if (!kept) {
      kept = { image: el("img", { class: "filling-still", alt: "", src: address }), isReady: false };
      stills.set(address, kept);
      ground.after(kept.image);
      const arrives = () => {
        kept.isReady = true;
        draw();
      };
      // Without a picture the section's colour stays; a later place asks again.
      kept.image.decode().then(arrives, () => drop(address));
    }
    return kept;
  }

  function drop(address) {
    stills.get(address)?.image.remove();
    stills.delete(address);
  }

  function draw() {
    if (!slots.length) return;
    const at = now();
    decks.look();
    // The poster is the first picture that there is.
    const slot = (!engaged && slots.find(stateOf)) || slotAt(at);
    if (document.hidden) {
      decks.rest(); // the song goes on
      return tick(at);
    }
    const isCut = slot !== here;
    here = slot;
    const coming = slots.slice(slot.index, slot.index + 1 + AHEAD);
    if (engaged) decks.keep(coming);
    const deck = decks.of(slot);
    const running = isRunning();
    const isShown = Boolean(deck?.follow(at - slot.start_s, running));
    const next = running && decks.of(slots[slot.index + 1]);
    if (next) next.startEarly(slot.end_s - at);
    const still = stillOf(slot);
    if (engaged) coming.forEach(stillOf);
    reveal(slot, still, isShown ? deck : null, isCut);
    if (still) still.image.style.transform = calm.matches || !engaged ? "" : transformOf(slot, at - slot.start_s, aspect);
    decks.rest(deck, next);
    forget(coming);
    tick(at);
  }

  /** Colour, still and clip of a place lie above each other; at a cut all change at once, otherwise what comes fades in. */
  function reveal(slot, still, deck, isCut) {
    if (isCut) {
      ground.dataset.label = slot.section;
      words.textContent = sentence(slot.section);
    }
    for (const { image, isReady } of stills.values()) toggle(image, image === still?.image && isReady, isCut);
    for (const video of stage.querySelectorAll("video")) toggle(video, video === deck?.video, isCut);
  }

  function toggle(element, isShown, isCut) {
    if (Boolean(element.dataset.shown) === isShown) return;
    if (!isShown) delete element.dataset.shown;
    else element.dataset.shown = isCut ? "cut" : "arrives";
  }

  /** Pictures of places that are far away go. */
  function forget(coming) {
    const near = new Set([slots[0], here, ...coming].filter((slot) => slot.still_url).map((slot) => sized(slot.still_url)));
    for (const address of [...stills.keys()]) if (!near.has(address)) drop(address);
  }

  function tick(at) {
    slider.style.setProperty("--played", film.duration_s ? Math.min(1, at / film.duration_s) : 0);
    placeSlider(at);
    const line = `${clock(Math.floor(at))} of ${clock(film.duration_s)}`;
    if (time.textContent !== line) time.textContent = line;
    for (const listener of listeners) listener(at);
  }

  function loop() {
    if (looping) return;
    looping = true;
    const step = () => {
      looping = !audio.paused;
      draw();
      if (looping) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  function engage() {
    engaged = true;
    root.dataset.engaged = true;
    if (!audio.src || audio.error) {
      audio.src = film.audio_url;
      audio.preload = "auto";
    }
  }

  function goTo(seconds) {
    asked = Math.max(0, Math.min(film.duration_s - 0.5 / film.fps, seconds));
    engage();
    if (isOpen()) audio.currentTime = asked;
    draw();
  }

  function play() {
    problem.textContent = "";
    engage();
    if (now() >= film.duration_s - 1 / film.fps) goTo(0);
    audio.play().catch((error) => error.name === "AbortError" || fail());
  }

  const pause = () => audio.pause();
  const turn = () => (audio.paused ? play() : pause());
  const turnSound = () => (audio.muted = !audio.muted);
  const turnLarge = () => (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen?.().catch(() => {}));

  function fail() {
    asked = audio.currentTime || asked;
    audio.removeAttribute("src");
    problem.textContent = "The song can't be played right now. Try again in a moment.";
    drawButtons();
  }

  function drawButtons() {
    const playing = !audio.paused;
    if (root.dataset.playing !== String(playing)) {
      root.dataset.playing = playing;
      playButton.setAttribute("aria-label", playing ? "Pause" : "Play");
      playButton.title = playing ? "Pause" : "Play";
      playButton.replaceChildren(icon(playing ? "pause" : "play"));
    }
    soundButton.setAttribute("aria-pressed", audio.muted);
  }

  audio.addEventListener("loadedmetadata", () => asked > 0 && (audio.currentTime = asked));
  audio.addEventListener("error", () => audio.src && fail());
  // A tab in the background draws nothing, and a clip that stands must find its frame.
  for (const event of ["timeupdate", "seeked", "waiting", "playing", "pause", "ended"]) audio.addEventListener(event, draw);
  for (const event of ["play", "pause", "emptied", "volumechange"]) audio.addEventListener(event, drawButtons);
  audio.addEventListener("play", loop);
  const wake = () => draw();
  document.addEventListener("visibilitychange", wake);
  calm.addEventListener("change", wake);
  playButton.addEventListener("click", turn);
  stage.addEventListener("click", turn);
  soundButton.addEventListener("click", turnSound);
  largeButton.addEventListener("click", turnLarge);
  root.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey) return;
    const onButton = event.target.closest("button") && (event.key === " " || event.key === "Enter");
    const to = { ArrowRight: now() + STEP_S, ArrowLeft: now() - STEP_S, ArrowUp: now() + STEP_S, ArrowDown: now() - STEP_S, Home: 0, End: film.duration_s }[event.key];
    if (onButton || (to === undefined && event.key !== " ")) return;
    event.preventDefault();
    if (to === undefined) turn();
    else goTo(to);
  });
  drawButtons();
  replan(film.places);

  return {
    bring,
    replan,
    now,
    goTo,
    play,
    pause,
    turn,
    turnSound,
    turnLarge,
    onTick: (listener) => listeners.add(listener),
    /** What is shown: the place, `clip`, `still` or `colour`, and the clip's lag behind the song in seconds. */
    seen() {
      const deck = here && decks.of(here);
      const clip = deck?.video.dataset.shown ? deck.video : null;
      const still = here && stillOf(here);
      return { index: here?.index ?? null, shows: clip ? "clip" : still?.isReady ? "still" : "colour", at_s: now(), lag_s: clip ? now() - here.start_s - clip.currentTime : 0, running: isRunning() };
    },
    /** Stops, and lets go of all pictures: they may be deleted. */
    close() {
      pause();
      document.removeEventListener("visibilitychange", wake);
      calm.removeEventListener("change", wake);
      decks.clear();
      audio.removeAttribute("src");
      for (const address of [...stills.keys()]) drop(address);
      slots = [];
    },
  };
}
