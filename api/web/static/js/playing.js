// Opens a version in a player. A version whose file was removed is joined again first; the page says so, and playback then starts.
import { wait } from "./dom.js";

const AGAIN_MS = 3000;
const JOINED_MS = 120_000;
const MOST_TRIES = 4;
const wishes = new WeakMap();

/**
 * Opens a version; of several requests for one player the last one counts.
 * `version`: {version, video_url, kept}; `at()`: the position in seconds; `say(words)`: what it waits for, "" for nothing;
 * `follows`: another player's clock starts and stops it.
 */
export async function openVersion(player, version, { at = () => 0, play = false, follows = false, say = () => {} } = {}) {
  const wish = { version, at, play, follows, say, tries: 0 };
  wishes.set(player, wish);
  if (!player.dataset.guarded) guard(player);
  say("");
  if (version.kept !== false) return load(player, wish);
  // Until its file is ready, no other version's picture is shown under its name.
  player.removeAttribute("src");
  player.load();
  await joinedAgain(player, wish, `Version ${version.version} is not kept as one file: it is being joined again${follows ? "" : ", and starts by itself"}.`);
}

/** Watches a player whose source came with the page. */
export function adopt(player, version, options) {
  wishes.set(player, { version, at: () => 0, play: false, say: () => {}, tries: 0, ...options });
  guard(player);
  // It may have failed before this module was loaded.
  if (player.error) lost(player);
}

const isWanted = (player, wish) => wishes.get(player) === wish;

function load(player, wish) {
  player.src = wish.version.video_url;
  if (wish.play) player.play().catch(() => player.paused && wish.say(wish.waited && isWanted(player, wish) ? `Version ${wish.version.version} is ready: press play.` : ""));
}

function guard(player) {
  player.dataset.guarded = "true";
  player.addEventListener("loadedmetadata", () => {
    const wish = wishes.get(player);
    const at = wish.resume ?? wish.at();
    wish.resume = undefined;
    if (at > 0) player.currentTime = Math.min(at, player.duration);
    wish.say("");
  });
  // Only a shown picture resets the count: a broken file must not be requested without end.
  player.addEventListener("timeupdate", () => (wishes.get(player).tries = 0));
  player.addEventListener("error", () => lost(player));
}

/** The file was removed while open, or the link expired: requests it again and resumes at the same position. */
async function lost(player) {
  const wish = wishes.get(player);
  wish.tries += 1;
  if (wish.tries > MOST_TRIES) return wish.say(`Version ${wish.version.version} does not play here. Download it, or reload the page.`);
  wish.resume = wish.resume ?? (player.currentTime || undefined);
  await joinedAgain(player, wish, `Version ${wish.version.version} is being opened again, and goes on by itself.`);
}

/** Polls until the file is ready. */
async function joinedAgain(player, wish, words) {
  const number = wish.version.version;
  wish.waited = true;
  if (!wish.follows) wish.play = true;
  wish.say(words);
  while (isWanted(player, wish)) {
    // The redirect itself is the answer; the player follows it.
    const answer = await fetch(wish.version.video_url, { redirect: "manual", credentials: "same-origin", signal: AbortSignal.timeout(JOINED_MS) }).catch(() => null);
    if (!isWanted(player, wish)) return;
    if (answer?.type === "opaqueredirect") return load(player, wish);
    if (answer?.status === 404) return wish.say(`There is no version ${number} of this video any more.`);
    if (answer?.status === 401) return wish.say("You have been logged out: log in again to watch it.");
    wish.say(`Version ${number} can't be opened right now. We keep trying${wish.follows ? "" : ", and it starts by itself"}.`);
    await wait(AGAIN_MS);
  }
}
