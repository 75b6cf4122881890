// Playing the chosen song: a button, and a waveform that seeks.
import { $, el, show } from "./dom.js";
import { seekable } from "./seeking.js";
import { clock } from "./words.js";

const audio = $("#song-audio");
const button = $("#song-play");
const told = $("#song-time");
const problem = $("#song-problem");
let song = null;
let place = () => {};
let wanted = 0; // where playback begins, once the file is open

/** Sets the song to play; null: none. */
export function offerSong(one) {
  song = one;
  place = () => {};
  audio.pause();
  audio.removeAttribute("src");
  wanted = 0;
  told.textContent = "";
  draw();
}

/** Replaces `wave` by a waveform that seeks. */
export function listenOn(wave, duration_s) {
  const drawn = seekable(wave, duration_s, (seconds, { byPress }) => go(seconds, byPress || !audio.paused));
  drawn.slider.append(el("span", { class: "seek-mark", "aria-hidden": "true" }));
  place = drawn.place;
  if (audio.src) place(audio.currentTime);
}

function go(seconds, playing) {
  open();
  if (audio.readyState >= HTMLMediaElement.HAVE_METADATA) audio.currentTime = seconds;
  else wanted = seconds;
  place(seconds);
  if (playing) play();
}

function open() {
  if (!audio.src || audio.error) audio.src = `/api/v1/songs/${song.song_id}/audio`;
}

function play() {
  problem.textContent = "";
  open();
  audio.play().catch((error) => error.name === "AbortError" || fail());
}

function fail() {
  wanted = audio.currentTime || wanted;
  audio.removeAttribute("src");
  draw();
  if (song) problem.textContent = "The song can't be played right now. Try again in a moment.";
}

function draw() {
  const playing = Boolean(audio.src) && !audio.paused;
  $("span", button).textContent = playing ? "Pause" : "Play the song";
  show($(".when-paused", button), !playing);
  show($(".when-playing", button), playing);
}

button.addEventListener("click", () => (audio.src && !audio.paused ? audio.pause() : play()));
for (const event of ["play", "pause", "ended", "emptied"]) audio.addEventListener(event, draw);
audio.addEventListener("loadedmetadata", () => {
  if (wanted) audio.currentTime = wanted;
  wanted = 0;
});
for (const event of ["playing", "pause", "emptied"]) audio.addEventListener(event, () => button.removeAttribute("aria-busy"));
audio.addEventListener("waiting", () => button.setAttribute("aria-busy", "true"));
audio.addEventListener("error", () => audio.src && fail());
audio.addEventListener("timeupdate", () => {
  if (!song || !audio.src) return;
  told.textContent = `${clock(audio.currentTime)} of ${clock(song.duration_s)}`;
  place(audio.currentTime);
});
