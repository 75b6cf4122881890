// Support: runs that need a person, and the two things one can do for them.
import { $, el, icon } from "./dom.js";
import { api } from "./api.js";
import { ask, clear, tell, toast } from "./feedback.js";
import { moment, sentence } from "./words.js";

const EVERY_MS = 5_000;
const place = $("#runs");

function line(run) {
  const act = (question, path, done) => async () => {
    const send = (reason) => api.post(`/support/runs/${run.video_id}/${path}`, { reason });
    if (!(await ask({ ...question, keptAs: `${run.video_id}/${path}`, act: send }))) return;
    try {
      toast(done);
      await list();
    } catch (problem) {
      tell(document.body, problem);
    }
  };
  const retry = act({ title: "Retry this run?", words: "All stages that wait try again.", confirm: "Retry", value: "", label: "Why" }, "retry", "Trying again.");
  const abandon = act({ title: "Give this run up?", words: "It ends, and the artist's credits go back.", confirm: "Give up and refund", value: "", label: "Why", danger: true }, "abandonment", "Given up; the credits are back.");
  return el(
    "li",
    { class: "line" },
    el(
      "div",
      { class: "line-words" },
      el("div", { class: "row" }, el("strong", {}, run.video_id), el("span", { class: `chip ${run.state === "needs_attention" ? "chip-accent" : ""}` }, sentence(run.stage.replaceAll("-", " ")) || "Not begun")),
      el("p", {}, run.summary),
      run.reason && el("p", { class: "small soft" }, run.reason),
      el("p", { class: "small faint" }, `Started ${moment(run.started_at)} · ${run.account}`),
    ),
    el(
      "div",
      { class: "row" },
      run.state === "needs_attention" && el("button", { class: "button mini button-primary", type: "button", onclick: retry }, "Retry"),
      run.state === "failed" ? null : el("button", { class: "button mini button-danger", type: "button", onclick: abandon }, "Give up"),
      run.temporal_url && el("a", { class: "button mini", href: run.temporal_url, target: "_blank", rel: "noopener" }, "Open in Temporal"),
    ),
  );
}

let shown = "";
let lost = false;

async function list() {
  const { items } = await api.get(`/support/runs?state=${place.dataset.state}`);
  // Whoever is on a button stays there, unless something is new.
  const now = JSON.stringify(items);
  if (now === shown) return;
  shown = now;
  if (items.length) place.replaceChildren(el("ul", { class: "rows" }, ...items.map(line)));
  else place.replaceChildren(el("div", { class: "empty" }, icon("support"), el("p", {}, "Nothing here: every run looks after itself.")));
}

/** Runs come and go by themselves, and Temporal's list is a moment behind: look again while somebody looks. */
async function keepListing() {
  try {
    if (!document.hidden) await list();
    if (lost) clear(document.body);
    lost = false;
  } catch (problem) {
    tell(document.body, problem);
    lost = true;
  }
  setTimeout(keepListing, EVERY_MS);
}

keepListing();
