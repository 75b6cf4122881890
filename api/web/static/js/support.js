// Support: runs that need a person, to retry or to give up.
import { $, el, icon, show } from "./dom.js";
import { api } from "./api.js";
import { ask, busy, clear, tell, toast } from "./feedback.js";
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
  const unpause = act({ title: "Let this run go on?", words: "It was paused in Temporal, and goes on from where it stands.", confirm: "Unpause", value: "", label: "Why" }, "unpause", "It goes on.");
  const abandon = act({ title: "Give this run up?", words: "It ends, and the artist's credits go back.", confirm: "Give up and refund", value: "", label: "Why", danger: true }, "abandonment", "Given up; the credits are back.");
  return el(
    "li",
    { class: "line" },
    el(
      "div",
      { class: "line-words" },
      el("div", { class: "row" }, el("strong", {}, run.video_id), el("span", { class: `chip ${run.state === "needs_attention" ? "chip-accent" : ""}` }, sentence(run.stage.replaceAll("-", " ")) || "Not begun")),
      el("p", { class: "title" }, run.summary),
      run.reason && el("p", { class: "small soft" }, run.reason),
      el("p", { class: "small faint" }, `Started ${moment(run.started_at)} · ${run.account}`),
    ),
    el(
      "div",
      { class: "row" },
      run.paused && el("button", { class: "button mini button-primary", type: "button", onclick: unpause }, "Unpause"),
      run.state === "needs_attention" && !run.paused && el("button", { class: "button mini button-primary", type: "button", onclick: retry }, "Retry"),
      run.state === "failed" || run.paused ? null : el("button", { class: "button mini button-danger", type: "button", onclick: abandon }, "Give up"),
      run.temporal_url && el("a", { class: "button mini", href: run.temporal_url, target: "_blank", rel: "noopener" }, "Open in Temporal"),
    ),
  );
}

$("#codec")?.addEventListener("click", (event) =>
  busy(event.currentTarget, document.body, async () => {
    $("#codec-text").textContent = (await api.post("/support/codec-tokens")).endpoint;
    show($("#codec-shown"), true);
  }),
);

$("#codec-copy")?.addEventListener("click", async () => {
  await navigator.clipboard.writeText($("#codec-text").textContent);
  toast("Copied.");
});

let shown = "";
let lost = false;

async function list() {
  const { items } = await api.get(`/support/runs?state=${place.dataset.state}`);
  // Redraw only what changed, so that a focused button keeps the focus.
  const now = JSON.stringify(items);
  if (now === shown) return;
  shown = now;
  if (items.length) place.replaceChildren(el("ul", { class: "rows" }, ...items.map(line)));
  else place.replaceChildren(el("div", { class: "empty" }, icon("support"), el("p", {}, "No run needs a person.")));
}

/** Polls while the page is visible: runs change by themselves, and Temporal's list lags a moment behind. */
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
