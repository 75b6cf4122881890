// What every page has: the bar that says whether we reach the server, and times in the reader's own zone.
import "./link.js";
import { $$ } from "./dom.js";
import { moment } from "./words.js";

for (const time of $$("time[datetime]")) time.title = moment(time.dateTime);
