// The waveform on the timeline: with the beats that the open version follows, or with its song's corrected ones, once an
// edit that is not applied yet uses those.
import { api } from "./api.js";
import { desk, page } from "./desk.js";

let own = null; // of the open version
let follows = null; // the beats that it has
let song = null; // with the newest corrections

const asked = (path) => api.get(path).catch(() => null);
const usesSong = (edits) => edits.some((one) => one.kind === "use_beats");

/** Before a version is drawn. Versions that follow the same beats share a waveform. */
export async function loadWave(timeline, edits) {
  if (!own || follows !== timeline.beats_id) {
    own = await asked(`/videos/${desk.videoId}/waveform.json?version=${timeline.version}`);
    follows = timeline.beats_id;
  }
  if (usesSong(edits) && !song) await loadSongWave();
}

/** After a correction. */
export async function loadSongWave() {
  song = await asked(`/songs/${page.dataset.song}/waveform.json`);
}

export function chooseWave(edits) {
  desk.wave = (usesSong(edits) && song) || own;
}
