// One bar says that this browser is offline or that Echonos does not answer, until either ends.
import { $, show, wait } from "./dom.js";

const OFFLINE = "You are offline. This page goes on by itself once you are back.";
const AWAY = "Echonos does not answer right now. Your words stay here, and the page goes on by itself once it answers.";
const ASK_MS = 2500;
const bar = $("#offline");
let away = false;
let asking = false;

/** The message for a request without an answer. */
export const lostWords = () => (navigator.onLine ? "We can't be reached right now. Nothing is lost: try again in a moment." : "You are offline. Nothing is lost: try again once you are back.");

function draw() {
  const words = !navigator.onLine ? OFFLINE : away ? AWAY : "";
  if (!bar) return;
  if (bar.textContent !== words) bar.textContent = words;
  show(bar, Boolean(words));
}

/** A request got no answer: show the bar, and poll until one comes. */
export async function lost() {
  away = true;
  draw();
  if (asking) return;
  asking = true;
  while (away) {
    await wait(ASK_MS);
    if (document.hidden || !navigator.onLine) continue;
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(ASK_MS * 4) }).catch(() => null);
    if (answer?.ok) found();
  }
  asking = false;
}

/** The server has answered: hide the bar. */
export function found() {
  if (!away) return;
  away = false;
  draw();
  dispatchEvent(new CustomEvent("echonos:found"));
}

addEventListener("online", draw);
addEventListener("offline", draw);
draw();
