// Choosing a song: a dropped or picked file that is checked while it arrives, or one from the Vault.
import { $, debounced, el, icon, show, wait } from "./dom.js";
import { api, upload } from "./api.js";
import { orSay } from "./feedback.js";
import { listenOn, offerSong } from "./listening.js";
import { clock, megabytes } from "./words.js";
import { drawSections, drawWave } from "./waveform.js";

const MOST_BYTES = 40_000_000;
const POLL_MS = 1500;
const LISTENING_AGAIN = "Listening to it again …";
const PAUSED = "Our people have paused the analysis of this song for a moment. Nothing is lost, and it goes on from here afterwards.";

const problem = $("#song-problem");
const file = $("#song-file");
const drop = $("#drop");
const meter = $("#upload-meter");

let chosen = null;
let told = () => {};

/** The song that is chosen, or null. */
export const song = () => chosen;

/** Starts the picker; `onchange` is called with the song, or null. */
export async function startPicker(onchange, preset) {
  told = onchange;
  if (preset) {
    try {
      choose(await api.get(`/songs/${preset}`));
    } catch (error) {
      problem.textContent = error.message;
    }
  }
  await orSay(list(""));
}

file.addEventListener("change", () => file.files[0] && send(file.files[0]));
for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, () => drop.classList.add("is-over"));
for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("is-over"));
// A file dropped beside the field must not replace the page.
for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.target === file || event.preventDefault());

$("#song-change").addEventListener("click", () => {
  choose(null);
  file.focus();
});
$("#song-search").addEventListener("input", debounced(200, (event) => orSay(list(event.target.value))));
$("#song-search").addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());

async function list(words) {
  const { items } = await api.get(`/songs?search=${encodeURIComponent(words.trim())}`);
  const pick = (one) =>
    el("li", {}, el("button", { class: "song-pick", type: "button", onclick: () => choose(one) }, icon("song"), el("span", {}, one.title), el("span", { class: "small faint number" }, clock(one.duration_s))));
  $("#song-list").replaceChildren(...items.map(pick));
  show($("#song-none"), items.length === 0);
  $("#song-none").textContent = words ? "No song of yours matches." : "Songs you upload are kept in your Vault.";
}

async function send(picked) {
  problem.textContent = "";
  file.value = "";
  // Files that the server would refuse are refused before a byte is sent.
  if (picked.size > MOST_BYTES) {
    problem.textContent = `“${picked.name}” has ${megabytes(picked.size)}; a song may have 40 MB. Export it as FLAC or as a high-bitrate MP3.`;
    return;
  }
  const stop = new AbortController();
  const stay = (event) => event.preventDefault(); // leaving would end the upload: the browser asks first
  addEventListener("beforeunload", stay);
  $("#upload-cancel").onclick = () => stop.abort();
  $("#upload-name").textContent = picked.name;
  $("#upload-said").textContent = `Uploading ${picked.name}.`;
  uploading(0, picked.size);
  show($("#upload"), true);
  show($("#song-choice"), false);
  $("#upload-cancel").focus();
  try {
    const made = await upload(`/songs?${new URLSearchParams({ filename: picked.name })}`, picked, { signal: stop.signal, onprogress: uploading });
    choose(made);
    orSay(list(""));
  } catch (error) {
    show($("#upload"), false);
    show($("#song-choice"), true);
    file.focus();
    if (error.name !== "AbortError") problem.textContent = error.message;
  } finally {
    removeEventListener("beforeunload", stay);
  }
}

function uploading(sent, total) {
  const part = total ? sent / total : 0;
  meter.style.setProperty("--part", part);
  meter.setAttribute("aria-valuenow", Math.round(part * 100));
  $("#upload-words").textContent = part < 1 ? `${megabytes(sent)} of ${megabytes(total)}` : "Checking the song …";
  if (part === 1) $("#upload-said").textContent = "Checking the song.";
}

function choose(one) {
  chosen = one;
  problem.textContent = "";
  // A hidden element loses the focus: pass it on.
  const held = document.activeElement?.closest("#song-choice, #upload");
  show($("#upload"), false);
  show($("#song-choice"), one === null);
  show($("#song"), one !== null);
  if (one && held) $("#song-change").focus();
  $("#song-wave").replaceChildren();
  show($("#song-again"), false);
  offerSong(one);
  if (one) {
    $("#song-title").textContent = one.title;
    facts(one, null);
    hear(one);
  }
  told(one);
}

/** One tempo, or all of them in order: "90 → 135 bpm". */
function tempo(wave) {
  const all = wave.tempo_changes?.length ? wave.tempo_changes.map((change) => change.bpm) : [wave.tempo_bpm];
  return `${all.map(Math.round).join(" → ")} bpm`;
}

function facts(one, wave) {
  const words = [one.artist, clock(one.duration_s), one.container?.toUpperCase(), megabytes(one.size_bytes)];
  if (wave) words.push(tempo(wave), wave.key, `${wave.beats.length} beats`, voices(wave));
  else words.push("listening to it …");
  $("#song-facts").replaceChildren(...words.filter(Boolean).map((word) => el("span", {}, word)));
}

/** How much of a song has a voice in it; empty where that is unknown. */
function voices(wave) {
  if (!wave.vocals) return "";
  const sung = wave.vocals.reduce((sum, one) => sum + one.end_s - one.start_s, 0);
  return sung ? `voices in ${Math.max(1, Math.round((100 * sung) / wave.duration_s))} %` : "no voice heard";
}

/** Waits for the analysis and draws it; a video can be ordered meanwhile. */
async function hear(one) {
  try {
    let now = one;
    while (!now.analysed) {
      await wait(POLL_MS);
      if (chosen?.song_id !== one.song_id) return;
      const { paused, failure } = await api.get(`/songs/${one.song_id}/analysis/progress`);
      problem.textContent = failure?.sentence ?? (paused ? PAUSED : "");
      now = await api.get(`/songs/${one.song_id}`);
    }
    const wave = await api.get(`/songs/${one.song_id}/waveform.json`);
    if (chosen?.song_id !== one.song_id) return;
    facts(now, wave);
    $("#song-wave").replaceChildren(drawWave(wave), drawSections(wave));
    listenOn($("#song-wave .wave"), wave.duration_s);
    show($("#song-again"), now.renewable && !now.corrected);
  } catch (error) {
    if (chosen?.song_id === one.song_id) problem.textContent = error.message;
  }
}

$("#song-hear").addEventListener("click", () => listenAgain(chosen));

/** Analyses a song again; the drawing stays until the new one is complete, and videos keep the analysis that they were made with. */
async function listenAgain(one) {
  const button = $("#song-hear");
  const mine = () => chosen?.song_id === one.song_id;
  problem.textContent = "";
  button.disabled = true;
  $("#song-again-said").textContent = LISTENING_AGAIN;
  try {
    await api.post(`/songs/${one.song_id}/analysis`, { again: true });
    for (;;) {
      const { running, paused, failure } = await api.get(`/songs/${one.song_id}/analysis/progress`);
      if (failure) throw new Error(failure.sentence);
      $("#song-again-said").textContent = paused ? PAUSED : LISTENING_AGAIN;
      if (!running) break;
      await wait(POLL_MS);
    }
    const now = await api.get(`/songs/${one.song_id}`);
    if (!mine()) return;
    choose(now);
  } catch (error) {
    if (mine()) problem.textContent = error.message;
  } finally {
    button.disabled = false;
    $("#song-again-said").textContent = "";
    // A disabled button loses the focus, and a hidden one can't have it.
    if (document.activeElement === document.body && mine()) (problem.textContent ? button : $("#song-change")).focus();
  }
}
