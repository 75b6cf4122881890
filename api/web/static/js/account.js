// The account: password, API tokens, leaving.
import { $, $$, el, redraw, show } from "./dom.js";
import { api } from "./api.js";
import { ask, busy, onSubmit, orSay, toast } from "./feedback.js";
import { moment, sentence } from "./words.js";
import { forgetAll } from "./kept.js";
import { confirmIdentity, confirmed } from "./confirming.js";
import { offerTelling } from "./telling.js";

const tokens = $("#tokens");
const SCOPE_WORDS = { read: "look at everything", write: "change what costs nothing", spend: "start what costs credits" };

const verification = $("#verification");
if (verification) {
  onSubmit(verification, async () => {
    await api.post("/accounts/verification-letters");
    show($("[data-done]", verification), true);
  });
}

onSubmit($("#password"), async () => {
  await api.put("/account/password", { old: $("#old").value, new: $("#new").value });
  // All sessions ended with the old password, this one too.
  location.assign("/login?next=/account");
});

onSubmit($("#email-change"), async () => {
  const said = await confirmed(() => api.post("/account/email", { email: $("#new-email").value.trim() }));
  $("#email-told").textContent = said.sentence;
});

onSubmit($("#new-token"), async () => {
  const scopes = $$('input[name="scopes"]:checked').map((input) => input.value);
  const made = await confirmed(() => api.post("/tokens", { name: $("#token-name").value, scopes }));
  $("#token-text").textContent = made.secret;
  show($("#token-shown"), true);
  $("#new-token").reset();
  await orSay(list());
});

$("#token-copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText($("#token-text").textContent);
  toast("Copied.");
});

$("#logout").addEventListener("click", (event) =>
  busy(event.currentTarget, document.body, async () => {
    await api.delete("/session");
    forgetAll();
    location.assign("/login");
  }),
);

async function list() {
  const { items } = await api.get("/tokens");
  redraw(() => tokens.replaceChildren(...items.map(line)), $("#token-name"));
  show(tokens, items.length > 0);
}

function line(token) {
  const revoke = async () => {
    const sure = await ask({ title: `Revoke “${token.name}”?`, words: "Programs that use it are refused from now on.", confirm: "Revoke", danger: true });
    if (!sure) return;
    await orSay(api.delete(`/tokens/${token.token_id}`).then(list));
  };
  return el(
    "li",
    { class: "line" },
    el("div", { class: "line-words" }, el("strong", {}, token.name), el("p", { class: "small faint" }, `${sentence(token.scopes.map((scope) => SCOPE_WORDS[scope] ?? scope).join(", "))} · made ${moment(token.created_at)}`)),
    el("button", { class: "button mini button-danger", type: "button", onclick: revoke, "data-focus": token.token_id, "aria-label": `Revoke ${token.name}` }, "Revoke"),
  );
}

$("#emails-videos").addEventListener("change", (event) => {
  const wish = event.currentTarget;
  return busy(wish, $("#emails"), async () => {
    const wanted = wish.checked;
    wish.checked = !wanted;
    wish.checked = (await api.put("/account/emails", { videos: wanted })).videos;
    toast(wish.checked ? "You get an e-mail about each video." : "No e-mails about videos any more.");
  });
});

offerTelling($("#notify-here"), "Notify me in this browser, too");

const factor = $("#factor");
const sessions = $("#sessions");

$("#factor-on")?.addEventListener("click", (event) =>
  busy(event.currentTarget, factor, async () => {
    const proposed = await confirmed(() => api.post("/account/second-factor"));
    $("#factor-secret").textContent = proposed.secret.match(/.{1,4}/g).join(" ");
    $("#factor-link").href = proposed.uri;
    show($("#factor-confirm"), true);
    $("#factor-code").focus();
  }),
);

onSubmit($("#factor-confirm"), async () => {
  const { codes } = await confirmed(() => api.put("/account/second-factor", { code: $("#factor-code").value.trim() }));
  show($("#factor-confirm"), false);
  show($("#factor-on"), false);
  $("#factor-state").textContent = "In use from now on.";
  showCodes(codes);
});

$("#factor-codes")?.addEventListener("click", (event) =>
  busy(event.currentTarget, factor, async () => showCodes((await confirmed(() => api.post("/account/recovery-codes"))).codes)),
);

$("#factor-off")?.addEventListener("click", async (event) => {
  const button = event.currentTarget;
  const sure = await ask({ title: "Switch the second factor off?", words: "Your password alone will let you in.", confirm: "Switch it off", danger: true });
  if (!sure) return;
  await busy(button, factor, async () => {
    await confirmed(() => api.delete("/account/second-factor"));
    location.assign("/account");
  });
});

$("#prove")?.addEventListener("click", async () => {
  if (await confirmIdentity()) location.assign("/support");
});

function showCodes(codes) {
  $("#codes").replaceChildren(...codes.map((code) => el("li", {}, code)));
  show($("#codes-shown"), true);
}

$("#end-others").addEventListener("click", (event) =>
  busy(event.currentTarget, document.body, async () => {
    await api.delete("/sessions");
    await listSessions();
  }),
);

async function listSessions() {
  const { items } = await api.get("/sessions");
  redraw(() => sessions.replaceChildren(...items.map(sessionLine)), $("#logout"));
  show($("#end-others"), items.length > 1);
}

function sessionLine(session) {
  const end = () => orSay(api.delete(`/sessions/${session.session_id}`).then(listSessions));
  const name = session.device || "Another program";
  return el(
    "li",
    { class: "line" },
    el("div", { class: "line-words" }, el("strong", {}, session.current ? `${name} (this one)` : name), el("p", { class: "small faint" }, `Since ${moment(session.created_at)}${session.last_seen_at ? ` · last seen ${moment(session.last_seen_at)}` : ""}`)),
    session.current ? null : el("button", { class: "button mini button-danger", type: "button", onclick: end, "data-focus": session.session_id, "aria-label": `End the session on ${name}` }, "End"),
  );
}

await orSay(list());
await orSay(listSessions());
