// What every page has: the offline bar, and times in the reader's own zone.
import { $, $$ } from "./dom.js";
import { moment } from "./words.js";

const bar = $("#offline");
if (bar) {
  const update = () => (bar.hidden = navigator.onLine);
  addEventListener("online", update);
  addEventListener("offline", update);
  update();
}

for (const time of $$("time[datetime]")) time.title = moment(time.dateTime);
