// A run's progress as it happens. The stream reconnects by itself after sleep, a lost network or a restarted server;
// until then, the page polls.
import { api } from "./api.js";

const ASK_MS = 5000;
const SILENCE_MS = 40_000;

/**
 * Follows a run. `onprogress` gets every new state; `onlink(true|false)` reports whether the stream is connected.
 * Returns a function that stops it.
 */
export function follow(videoId, onprogress, onlink) {
  let source = null;
  let heardAt = Date.now();
  let stopped = false;

  const heard = (progress) => {
    heardAt = Date.now();
    onlink(true);
    onprogress(progress);
  };

  function open() {
    source?.close();
    source = new EventSource(`/api/v1/videos/${videoId}/events`);
    source.addEventListener("progress", (event) => heard(JSON.parse(event.data)));
    source.addEventListener("open", () => (heardAt = Date.now()));
  }

  async function look() {
    if (stopped || document.hidden) return;
    // Browsers give up on a stream after a refusal or after sleep: open it again.
    const quiet = Date.now() - heardAt > SILENCE_MS;
    if (source.readyState === EventSource.OPEN && !quiet) return;
    try {
      heard(await api.get(`/videos/${videoId}/progress`));
    } catch {
      onlink(false);
    }
    if (!stopped && (source.readyState === EventSource.CLOSED || quiet)) open();
  }

  const timer = setInterval(look, ASK_MS);
  const wake = () => !document.hidden && look();
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);
  open();

  return () => {
    stopped = true;
    source.close();
    clearInterval(timer);
    document.removeEventListener("visibilitychange", wake);
    removeEventListener("online", wake);
  };
}
