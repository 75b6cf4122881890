// Talking to the backend: JSON in and out, errors as sentences, one key per costly intent.
import { found, lost, lostWords } from "./link.js";

const ROOT = "/api/v1";
const token = document.querySelector('meta[name="csrf-token"]').content;

/** An answer that is not what was asked for: `message` is a sentence for the artist, `field` what it is about. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || "Something went wrong. Try again in a moment.");
    this.status = status;
    this.code = body.code || "unknown";
    this.field = body.field || null;
  }
}

/** No answer came: from here where this browser is offline, else from there. The bar says so until one comes. */
export function unanswered() {
  lost();
  return new Problem(0, { code: "unanswered", detail: lostWords() });
}

/** What a proxy says for a server that is away; our own 503 has a code. */
const isAway = (status, answer) => [502, 503, 504].includes(status) && !answer.code;

/** A key that makes repeating the same intent harmless. */
const intent = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

async function call(method, path, { body, key, signal, keepalive = false } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET" && token) headers["X-CSRF-Token"] = token;
  if (key) headers["Idempotency-Key"] = key;
  // A form brings its own type, with the boundary between its parts.
  const plain = body instanceof FormData || body === undefined;
  if (!plain) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(ROOT + path, { method, headers, signal, keepalive, credentials: "same-origin", body: plain ? body : JSON.stringify(body) });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    if (error.name === "TimeoutError") throw new Problem(0, { code: "no_answer", detail: "There is no answer yet, so we can't say whether it has begun. Try again: it is one and the same order, and is never charged twice." });
    throw unanswered();
  }
  const answer = response.status === 204 ? null : await response.json().catch(() => ({}));
  if (!response.ok && isAway(response.status, answer)) throw unanswered();
  found();
  if (!response.ok) {
    if (answer.code === "unauthenticated") leave();
    throw new Problem(response.status, answer);
  }
  return answer;
}

/** The session has ended: log in, and come back here. */
function leave() {
  location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
}

export const api = {
  get: (path, options) => call("GET", path, options),
  post: (path, body = {}, options = {}) => call("POST", path, { ...options, body }),
  put: (path, body, options = {}) => call("PUT", path, { ...options, body }),
  patch: (path, body) => call("PATCH", path, { body }),
  delete: (path, options) => call("DELETE", path, options),
  form: (path, form) => call("POST", path, { body: form }),
};

const pending = new Map();

const ANSWER_MS = 30_000;

/** Posts what costs: the same order goes out under the same key until it is answered, so a lost answer buys nothing twice. */
export async function order(path, body = {}) {
  const name = `${path} ${JSON.stringify(body)}`;
  const key = pending.get(name) ?? intent();
  pending.set(name, key);
  try {
    const answer = await api.post(path, body, { key, signal: AbortSignal.timeout(ANSWER_MS) });
    pending.delete(name);
    return answer;
  } catch (problem) {
    const open = problem.status === 0 || problem.status >= 500;
    if (!open) pending.delete(name);
    throw problem;
  }
}

/** Sends a file and tells how far it is; `abort` on the signal stops it. */
export function upload(path, file, { signal, onprogress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", ROOT + path);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("X-CSRF-Token", token);
    request.upload.addEventListener("progress", (event) => onprogress(event.loaded, event.total || file.size));
    request.addEventListener("load", () => {
      let body = {};
      try {
        body = JSON.parse(request.responseText);
      } catch {
        // A proxy's own page: the status says enough.
      }
      if (request.status >= 200 && request.status < 300) resolve(body);
      else if (isAway(request.status, body)) reject(unanswered());
      else if (body.code === "unauthenticated") leave();
      else reject(new Problem(request.status, body));
    });
    request.addEventListener("error", () => reject(unanswered()));
    request.addEventListener("abort", () => reject(new DOMException("Stopped.", "AbortError")));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
