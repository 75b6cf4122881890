// Opening a version in a player. A version whose file was tidied away is joined again first: that is said, and then it starts by itself.
import { wait } from "./dom.js";

const AGAIN_MS = 3000;
const MOST_TRIES = 4;
const wishes = new WeakMap();

/**
 * Opens a version; of several wishes for one player the last one counts.
 * `version`: {version, video_url, kept}; `at()`: where it is to stand, in seconds; `say(words)`: what it waits for, "" for nothing.
 */
export async function openVersion(player, version, { at = () => 0, play = false, say = () => {} } = {}) {
  const wish = { version, at, play, say, tries: 0 };
  wishes.set(player, wish);
  if (!player.dataset.guarded) guard(player);
  say("");
  if (version.kept !== false) return load(player, wish);
  // Until it is there, no other version's picture stands under its name.
  player.removeAttribute("src");
  player.load();
  await joinedAgain(player, wish, `Version ${version.version} is not kept as one file: it is being joined again, and starts by itself.`);
}

/** What a page brought along in its player is looked after like what is opened later. */
export function adopt(player, version, options) {
  wishes.set(player, { version, at: () => 0, play: false, say: () => {}, tries: 0, ...options });
  guard(player);
  // It may have failed before this module was there.
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
  // Only what shows a picture has come back to life: a file that is there but broken must not be asked for without end.
  player.addEventListener("timeupdate", () => (wishes.get(player).tries = 0));
  player.addEventListener("error", () => lost(player));
}

/** Its file has gone while it was open, or a link was too old: it is asked for again and goes on where it was. */
async function lost(player) {
  const wish = wishes.get(player);
  wish.tries += 1;
  if (wish.tries > MOST_TRIES) return wish.say(`Version ${wish.version.version} does not play here. Download it, or reload the page.`);
  wish.resume = wish.resume ?? (player.currentTime || undefined);
  await joinedAgain(player, wish, `Version ${wish.version.version} is being opened again, and goes on by itself.`);
}

/** Waits until the file is there, however often that has to be asked. */
async function joinedAgain(player, wish, words) {
  const number = wish.version.version;
  wish.waited = wish.play = true;
  wish.say(words);
  while (isWanted(player, wish)) {
    // The redirect itself is the answer: what lies behind it is for the player.
    const answer = await fetch(wish.version.video_url, { redirect: "manual", credentials: "same-origin" }).catch(() => null);
    if (!isWanted(player, wish)) return;
    if (answer?.type === "opaqueredirect") return load(player, wish);
    if (answer?.status === 404) return wish.say(`There is no version ${number} of this video any more.`);
    if (answer?.status === 401) return wish.say("You have been logged out: log in again to watch it.");
    wish.say(`Version ${number} can't be opened right now. We go on trying, and it starts by itself.`);
    await wait(AGAIN_MS);
  }
}
