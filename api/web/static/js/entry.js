// Log-in, sign-up, forgotten and new passwords, confirming an address.
import { $, show } from "./dom.js";
import { api } from "./api.js";
import { onSubmit } from "./feedback.js";

const value = (id) => document.getElementById(id).value;

/** Opens our own pages only. The whole address is checked, because a path alone may name another site: `//…`. */
function goTo(next) {
  const url = URL.canParse(next || "/", location.origin) ? new URL(next || "/", location.origin) : null;
  location.assign(url?.origin === location.origin ? url.href : "/");
}

const forms = {
  login: async (form) => {
    const code = value("code").trim();
    try {
      await api.post("/session", { email: value("email"), password: value("password"), ...(code ? { code } : {}) });
    } catch (problem) {
      // The password is right, and the account has a second factor: ask for its code.
      if (problem.field === "code") show($("#code-field", form), true);
      throw problem;
    }
    goTo(form.dataset.next);
  },
  signup: async () => {
    await api.post("/accounts", { email: value("email"), password: value("password") });
    goTo("/");
  },
  forgot: async (form) => {
    await api.post("/password-resets", { email: value("email") });
    show($("[data-done]", form), true);
  },
  reset: async (form) => {
    await api.put(`/password-resets/${encodeURIComponent(form.dataset.token)}`, { password: value("password") });
    goTo("/login?reset=done");
  },
  address: async (form) => {
    const said = await api.post("/accounts/address-confirmations", { token: form.dataset.token });
    if (said.is_done) goTo("/login");
    $("#address-done").textContent = said.sentence;
    show($("button", form), false);
  },
  verify: async (form) => {
    await api.post("/accounts/verification", { token: form.dataset.token });
    goTo("/");
  },
};

for (const [id, act] of Object.entries(forms)) {
  const form = document.getElementById(id);
  if (form) onSubmit(form, () => act(form));
}
