// Changes of a video's versions: from other windows of this browser at once, from other devices within seconds.
const LOOK_MS = 8000;

/** Calls `look` whenever something may have changed, and again if it fails. Returns a function that notifies other windows. */
export function hearNews(videoId, look) {
  const windows = new BroadcastChannel(`versions-${videoId}`);
  let looking = false;
  const now = async () => {
    if (document.hidden || looking) return;
    looking = true;
    await look().catch(() => {});
    looking = false;
  };
  windows.addEventListener("message", now);
  document.addEventListener("visibilitychange", now);
  for (const event of ["focus", "pageshow", "echonos:found"]) addEventListener(event, now);
  setInterval(now, LOOK_MS);
  return () => windows.postMessage("new version");
}
