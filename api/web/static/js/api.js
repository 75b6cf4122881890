// Requests to the backend: JSON in and out, errors as sentences, one key per costly intent.
import { found, lost, lostWords } from "./link.js";
import { tellTimes } from "./words.js";

const ROOT = "/api/v1";
const token = document.querySelector('meta[name="csrf-token"]').content;

/** An error answer: `message` is a sentence for the artist, `field` the input that it is about. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || "Something went wrong. Try again in a moment.");
    this.status = status;
    this.code = body.code || "unknown";
    this.field = body.field || null;
  }
}

/** No answer came: this browser is offline, or Echonos does not answer. The bar says so until an answer comes. */
export function unanswered() {
  lost();
  return new Problem(0, { code: "unanswered", detail: lostWords() });
}

/** A proxy's answers for an unreachable server; our own 503 has a code. */
const isAway = (status, answer) => [502, 503, 504].includes(status) && !answer.code;

/** A key that makes repeating the same intent harmless. */
export const intent = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

const ANSWER_MS = 30_000;

/** Aborts after some time, or with another signal; `done()` disarms both. */
function patience(ms, signal) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new DOMException("No answer in time.", "TimeoutError")), ms);
  const leave = () => stop.abort(signal.reason);
  signal?.addEventListener("abort", leave);
  return {
    signal: stop.signal,
    done() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", leave);
    },
  };
}

/** A late answer. Whether a change was made is not known; a late read counts as an unreachable server. */
function late(method, key) {
  if (method === "GET") return unanswered();
  const again = key ? "Try again: it is the same order and is never charged twice." : "Look again in a moment.";
  return new Problem(0, { code: "no_answer", detail: `There is no answer yet, so we can't say whether it has begun. ${again}` });
}

/** A whole answer, or null where it is none of ours, as a proxy's page. */
async function read(response) {
  if (response.status === 204) return {};
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function call(method, path, { body, key, signal, keepalive = false, within = ANSWER_MS } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET" && token) headers["X-CSRF-Token"] = token;
  if (key) headers["Idempotency-Key"] = key;
  // A form brings its own type, with the boundary between its parts; a part of a file needs none.
  const plain = body instanceof FormData || body instanceof Blob || body === undefined;
  if (!plain) headers["Content-Type"] = "application/json";
  const waiting = patience(within, signal);
  let response;
  let answer;
  try {
    response = await fetch(ROOT + path, { method, headers, signal: waiting.signal, keepalive, credentials: "same-origin", body: plain ? body : JSON.stringify(body) });
    answer = await read(response);
  } catch (error) {
    if (signal?.aborted) throw error;
    // Also an answer that begins and stalls.
    throw waiting.signal.aborted || (response && key) ? late(method, key) : unanswered();
  } finally {
    waiting.done();
  }
  if (answer === null && response.ok) throw key ? late(method, key) : unanswered();
  answer ??= {};
  if (!response.ok && isAway(response.status, answer)) throw unanswered();
  found();
  if (!response.ok) {
    if (answer.code === "unauthenticated") leave();
    throw new Problem(response.status, answer);
  }
  return answer;
}

let leaving = false;
addEventListener("pageshow", () => (leaving = false)); // Back shows the page as it was left

/** The session has ended: log in, and come back here. Several answers say so at once; a second way would cut off the first. */
function leave() {
  if (leaving) return;
  leaving = true;
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

export const api = {
  get: (path, options) => call("GET", path, options),
  post: (path, body = {}, options = {}) => call("POST", path, { ...options, body }),
  put: (path, body, options = {}) => call("PUT", path, { ...options, body }),
  patch: (path, body) => call("PATCH", path, { body }),
  delete: (path, options) => call("DELETE", path, options),
  form: (path, form, options) => call("POST", path, { ...options, body: form }),
};

/** One of our own pages as a document; null where it redirects to the log-in. */
export async function pageAt(address) {
  const waiting = patience(ANSWER_MS);
  try {
    const response = await fetch(address, { credentials: "same-origin", signal: waiting.signal });
    if (!response.ok) throw unanswered();
    if (response.redirected) return null;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    tellTimes(page);
    return page;
  } catch (error) {
    throw error instanceof Problem ? error : unanswered();
  } finally {
    waiting.done();
  }
}

const pending = new Map();

/** Posts a costly order under one key until it is answered, so a lost answer buys nothing twice. */
export async function order(path, body = {}, given = null) {
  const name = `${path} ${JSON.stringify(body)}`;
  const key = given ?? pending.get(name) ?? intent();
  pending.set(name, key);
  try {
    const answer = await api.post(path, body, { key });
    pending.delete(name);
    return answer;
  } catch (problem) {
    const open = problem.status === 0 || problem.status >= 500;
    if (!open) pending.delete(name);
    throw problem;
  }
}

const STILL_MS = 60_000;
const CHECKED_MS = 240_000;

/** Sends a file and reports its progress; `abort` on the signal stops it. A song may queue to be checked. */
export function upload(path, file, { signal, onprogress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer;
    const waitFor = (ms, words) => {
      clearTimeout(timer);
      const tooLate = () => {
        reject(new Problem(0, { code: "no_answer", detail: words }));
        request.abort();
      };
      timer = setTimeout(tooLate, ms);
    };
    const moves = () => waitFor(STILL_MS, "The upload has stalled. Send the song again: nothing is stored twice.");
    request.open("POST", ROOT + path);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-CSRF-Token", token);
    request.upload.addEventListener("progress", (event) => {
      moves();
      onprogress(event.loaded, event.total || file.size);
    });
    request.upload.addEventListener("load", () => waitFor(CHECKED_MS, "The song was sent, but there is no answer yet. Look in your Vault in a moment, or send it again: nothing is stored twice."));
    request.addEventListener("loadend", () => clearTimeout(timer));
    moves();
    request.addEventListener("load", () => {
      let body = null;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        // A proxy's page: the status says enough.
      }
      const isOk = request.status >= 200 && request.status < 300;
      if (isOk && body) return resolve(body);
      if (isOk) return reject(unanswered());
      body ??= {};
      if (isAway(request.status, body)) reject(unanswered());
      else if (body.code === "unauthenticated") leave();
      else reject(new Problem(request.status, body));
    });
    request.addEventListener("error", () => reject(unanswered()));
    request.addEventListener("abort", () => reject(new DOMException("Stopped.", "AbortError")));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
