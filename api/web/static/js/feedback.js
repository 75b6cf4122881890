// Sentences where they belong: at a field, under a form, or passing by; and questions before things that can't be undone.
import { $, $$, el } from "./dom.js";
import { api } from "./api.js";
import { forget, keep, kept } from "./kept.js";
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
  const place = placeOf(form, field);
  if (field) field.setAttribute("aria-invalid", "true");
  place.textContent = problem.message;
  place.toggleAttribute("data-unanswered", problem.status === 0);
  (field || place).scrollIntoView({ block: "nearest" });
  field?.focus();
}

export function clear(form) {
  for (const field of $$('[aria-invalid="true"]', form)) field.removeAttribute("aria-invalid");
  for (const place of $$(".problem", form)) place.textContent = "";
}

// An error leaves with its reason: one about a field once that is changed, one of a lost answer once there are answers.
document.addEventListener("input", leaves);
document.addEventListener("change", leaves);
addEventListener("echonos:found", () => {
  for (const place of $$("[data-unanswered]")) place.textContent = "";
});

function leaves({ target }) {
  if (target.getAttribute?.("aria-invalid") !== "true") return;
  target.removeAttribute("aria-invalid");
  const ids = target.getAttribute("aria-describedby")?.split(" ") ?? [];
  const own = ids.filter((id) => id.endsWith("-problem")).map((id) => document.getElementById(id));
  const places = own.length ? own : $$("[data-problem]", target.form ?? document);
  for (const place of places) if (place) place.textContent = "";
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

/** Every field's problem at once, in our words; the first of them gets the focus. */
function tellAll(form, fields) {
  clear(form);
  for (const field of fields) {
    field.setAttribute("aria-invalid", "true");
    placeOf(form, field).textContent = wanted(field);
  }
  fields[0].scrollIntoView({ block: "nearest" });
  fields[0].focus();
}

/** Where a field's sentences stand. */
function placeOf(form, field) {
  const described = field?.getAttribute("aria-describedby")?.split(" ").find((id) => id.endsWith("-problem"));
  return (described && document.getElementById(described)) || $("[data-problem]", form) || $(".problem", form);
}

/** What a field still needs, in words that are the same in every browser. */
function wanted(field) {
  const name = field.labels?.[0]?.textContent.trim() || "This";
  const { valueMissing, tooShort, tooLong } = field.validity;
  if (valueMissing) return field.type === "checkbox" ? `${name}: this is needed to go on.` : `${name} is missing.`;
  if (field.type === "email") return "This is no e-mail address: it needs a name, an @ and a domain, like mara@example.org.";
  if (tooShort) return `${name} needs at least ${field.minLength} characters; this has ${field.value.length}.`;
  if (tooLong) return `${name} may have at most ${field.maxLength} characters; this has ${field.value.length}.`;
  return field.validationMessage;
}

/** Sends a form by a module instead of by the browser. */
export function onSubmit(form, act) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter ?? $('[type="submit"]', form);
    const wrong = $$("input, textarea", form).filter((field) => !field.checkValidity());
    if (wrong.length) tellAll(form, wrong);
    else busy(button, form, () => act(button));
  });
}

/**
 * Asks in a dialog; resolves to the text that was typed, to true, or to null when it was closed. `act` is done while the
 * dialog is open: what it refuses is said there, beside the text. Text that was not sent is there again next time, under
 * the name `keptAs`.
 */
export function ask({ title, words = "", confirm, value = null, danger = false, label = "Name", keptAs = "", act = null }) {
  return new Promise((resolve) => {
    const name = keptAs && `dialog/${title}/${keptAs}`;
    const unsent = (name && kept(name)) || value;
    let answer = null;
    const input = value === null ? null : el("input", { class: "input", id: "dialog-input", name: "dialog-input", value: unsent, maxlength: "200", required: true, autocomplete: "off", "aria-describedby": "dialog-problem" });
    const cancel = el("button", { class: "button button-quiet", type: "button", onclick: () => dialog.close() }, "Keep as it is");
    const form = el(
      "form",
      { class: "stack", novalidate: true },
      el("h2", { id: "dialog-title" }, title),
      words && el("p", { class: "soft", id: "dialog-words" }, words),
      input && el("div", { class: "field" }, el("label", { for: "dialog-input" }, label), input),
      el("p", { class: "problem", id: "dialog-problem", "data-problem": true, role: "alert" }),
      el("div", { class: "row row-between" }, cancel, el("button", { class: `button ${danger ? "button-danger" : "button-primary"}`, type: "submit" }, confirm)),
    );
    const dialog = el("dialog", { "aria-labelledby": "dialog-title", "aria-describedby": words ? "dialog-words" : null }, form);
    if (name) input?.addEventListener("input", () => keep(name, input.value));
    onSubmit(form, async () => {
      const said = input ? input.value.trim() : true;
      if (!said) throw new Error("Write something first.");
      if (act) await act(said);
      answer = said;
      if (name) forget(name);
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
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
