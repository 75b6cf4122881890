// Sentences where they belong: at a field, under a form, or passing by; and questions before things that can't be undone.
import { $, $$, el } from "./dom.js";
import { api } from "./api.js";
import { amount } from "./words.js";

/** A short message that passes by. */
export function toast(words, kind = "") {
  const note = el("p", { class: `toast ${kind && `toast-${kind}`}`, role: kind === "danger" ? "alert" : null }, words);
  $("#toasts").append(note);
  setTimeout(() => note.remove(), 4000 + 60 * words.length);
}

/** For what nobody waits for: says what went wrong, and goes on without it. */
export const orSay = (promise) => promise.catch((problem) => toast(problem.message, "danger"));

/** Puts a sentence at the field it is about (`references.1` is about the second file in `references`), or under the form. */
export function tell(form, problem) {
  clear(form);
  const name = problem.field?.split(".")[0];
  const field = name && $$("[name], [id]", form).find((one) => one.name === name || one.id === name);
  const described = field?.getAttribute("aria-describedby")?.split(" ").find((id) => id.endsWith("-problem"));
  const place = (described && document.getElementById(described)) || $("[data-problem]", form) || $(".problem", form);
  if (field) field.setAttribute("aria-invalid", "true");
  place.textContent = problem.message;
  (field || place).scrollIntoView({ block: "nearest" });
  field?.focus();
}

export function clear(form) {
  for (const field of $$('[aria-invalid="true"]', form)) field.removeAttribute("aria-invalid");
  for (const place of $$(".problem", form)) place.textContent = "";
}

/** Runs `act` while a button shows that it is busy; problems are told in the form. */
export async function busy(button, form, act) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  clear(form);
  try {
    await act();
  } catch (problem) {
    if (problem.name !== "AbortError") tell(form, problem);
  } finally {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
}

/** Sends a form by a module instead of by the browser. */
export function onSubmit(form, act) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter ?? $('[type="submit"]', form);
    const missing = $$("input, textarea", form).find((field) => !field.checkValidity());
    if (missing) tell(form, { message: missing.validationMessage, field: missing.name });
    else busy(button, form, () => act(button));
  });
}

/** Asks in a dialog; resolves to the text that was typed, to true, or to null when it was closed. */
export function ask({ title, words = "", confirm, value = null, danger = false, label = "Name" }) {
  return new Promise((resolve) => {
    const input = value === null ? null : el("input", { class: "input", id: "dialog-input", value, maxlength: "200", required: true, autocomplete: "off" });
    const cancel = el("button", { class: "button button-quiet", type: "button", onclick: () => dialog.close() }, "Keep as it is");
    const form = el(
      "form",
      { method: "dialog", class: "stack" },
      el("h2", { id: "dialog-title" }, title),
      words && el("p", { class: "soft", id: "dialog-words" }, words),
      input && el("div", { class: "field" }, el("label", { for: "dialog-input" }, label), input),
      el("div", { class: "row row-between" }, cancel, el("button", { class: `button ${danger ? "button-danger" : "button-primary"}`, value: "yes" }, confirm)),
    );
    const dialog = el("dialog", { "aria-labelledby": "dialog-title", "aria-describedby": words ? "dialog-words" : null }, form);
    dialog.addEventListener("close", () => {
      const said = dialog.returnValue === "yes";
      dialog.remove();
      resolve(said ? (input ? input.value.trim() : true) : null);
    });
    document.body.append(dialog);
    dialog.showModal();
    input?.select();
  });
}

/** Shows the balance as it is now, wherever it stands. */
export async function refreshBalance() {
  const balance = await api.get("/balance");
  for (const place of $$("[data-balance]")) place.textContent = amount(balance.available);
  return balance;
}
