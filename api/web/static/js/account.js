// The account: password, API tokens, leaving.
import { $, $$, el, redraw, show } from "./dom.js";
import { api } from "./api.js";
import { ask, busy, onSubmit, orSay, toast } from "./feedback.js";
import { moment, sentence } from "./words.js";

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

onSubmit($("#new-token"), async () => {
  const scopes = $$('input[name="scopes"]:checked').map((input) => input.value);
  const made = await api.post("/tokens", { name: $("#token-name").value, scopes });
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

await orSay(list());
