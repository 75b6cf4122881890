// Sensitive actions need the password again after half an hour: ask for it, and go on.
import { el } from "./dom.js";
import { api } from "./api.js";
import { onSubmit } from "./feedback.js";

/** Runs an action; where the sign-in is too old, asks for the password and runs it again. */
export async function confirmed(act) {
  try {
    return await act();
  } catch (problem) {
    if (problem.code !== "sign_in_again" || !(await confirmIdentity())) throw problem;
    return act();
  }
}

/** Asks for the password, and for a code where the account has a second factor; resolves to whether it was confirmed. */
export function confirmIdentity() {
  return new Promise((resolve) => {
    let done = false;
    const password = field("confirm-password", "Password", { type: "password", autocomplete: "current-password", required: true });
    const code = field("confirm-code", "Code of your authenticator app", { type: "text", autocomplete: "one-time-code" });
    code.box.hidden = true;
    const form = el(
      "form",
      { class: "stack", novalidate: true },
      el("h2", { id: "confirm-title" }, "Confirm your password"),
      el("p", { class: "soft" }, "You signed in some time ago. Type your password to go on."),
      password.box,
      code.box,
      el("p", { class: "problem", "data-problem": "", role: "alert" }),
      el("div", { class: "row row-between" }, el("button", { class: "button button-quiet", type: "button", onclick: () => dialog.close() }, "Not now"), el("button", { class: "button button-primary", type: "submit" }, "Confirm")),
    );
    const dialog = el("dialog", { "aria-labelledby": "confirm-title" }, form);
    onSubmit(form, async () => {
      try {
        await api.post("/session/confirmation", { password: password.input.value, ...(code.input.value ? { code: code.input.value.trim() } : {}) });
      } catch (problem) {
        if (problem.code === "code_needed" || problem.code === "wrong_code") {
          code.box.hidden = false;
          problem.field = "confirm-code";
        } else if (problem.field === "password") problem.field = "confirm-password";
        throw problem;
      }
      done = true;
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(done);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function field(id, label, attributes) {
  const input = el("input", { class: "input", id, name: id, "aria-describedby": `${id}-problem`, ...attributes });
  return { input, box: el("div", { class: "field" }, el("label", { for: id }, label), input, el("p", { class: "problem", id: `${id}-problem`, role: "alert" })) };
}
