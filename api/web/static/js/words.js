// Numbers and times as text.
const numbers = new Intl.NumberFormat("en");

export const amount = (number) => numbers.format(number);
export const credits = (number) => (number === 0 ? "free" : `${amount(number)} ${number === 1 ? "credit" : "credits"}`);
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
export const sentence = (words) => (words ? words[0].toUpperCase() + words.slice(1) : "");

/** `3:07`. */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const rest = `${Math.floor((whole % 3600) / 60)}`;
  const tail = `${whole % 60}`.padStart(2, "0");
  return whole >= 3600 ? `${Math.floor(whole / 3600)}:${rest.padStart(2, "0")}:${tail}` : `${rest}:${tail}`;
}

/** `about 2 minutes left`; empty where it is unknown. */
export function timeLeft(expectedAt, now = Date.now()) {
  if (!expectedAt) return "";
  const seconds = (Date.parse(expectedAt) - now) / 1000;
  if (!(seconds > 0)) return "any moment now";
  if (seconds < 50) return "less than a minute left";
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${minutes === 1 ? "a minute" : `${minutes} minutes`} left`;
  const hours = Math.round(minutes / 60);
  return `about ${hours === 1 ? "an hour" : `${hours} hours`} left`;
}

const moments = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });

/** `26 Nov 2026, 08:26`, in the reader's own zone. */
export const moment = (iso) => moments.format(new Date(iso));

/** Shows the times of a page, or of a part of it, in the reader's own zone. */
export function tellTimes(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    time.title = moment(time.dateTime);
    if ("minute" in time.dataset) time.textContent = time.title;
  }
}
