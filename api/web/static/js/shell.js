// On every page: the bar for a lost connection, and times in the reader's own zone.
import "./link.js";
import { $ } from "./dom.js";
import { refreshBalance } from "./feedback.js";
import { tellTimes } from "./words.js";

tellTimes(document);

// Another window or device may have spent or bought credits.
document.addEventListener("visibilitychange", () => !document.hidden && $("[data-balance]") && refreshBalance().catch(() => {}));
