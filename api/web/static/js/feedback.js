// Messages at a field, under a form or as a toast, and questions before irreversible actions.
import { $, $$, el } from "./dom.js";
import { api } from "./api.js";
import { forget, keep, kept } from "./kept.js";
import { amount } from "./words.js";

/** A short message that disappears by itself. */
export function toast(words, kind = "") {
  const note = el("p", { class: `toast ${kind && `toast-${kind}`}`, role: kind === "danger" ? "alert" : null }, words);
  aboveAll().append(note);
  setTimeout(() => note.remove(), 4000 + 60 * words.length);
}

const toasts = $("#toasts");

/** The toasts' place, within the dialog in front: all outside of it lies beneath its backdrop, and screen readers skip it. */
function aboveAll() {
  const dialog = $$("dialog:modal").at(-1);
  const home = dialog ?? document.body;
  if (toasts.parentElement !== home) {
    home.append(toasts);
    // They outlive it.
    dialog?.addEventListener("close", () => toasts.childElementCount && aboveAll(), { once: true });
  }
  if (toasts.showPopover && !toasts.matches(":popover-open")) toasts.showPopover();
  return toasts;
}

/** For background work: shows what went wrong, and goes on without it. */
export const orSay = (promise) => promise.catch((problem) => toast(problem.message, "danger"));

/** Puts an error at its field (`references.1` is about the second file in `references`), or under the form. */
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

// An error disappears with its reason: a field's once the field changes, a lost answer's once the server answers.
document.addEventListener("input", (event) => {
  leaves(event);
  if (tooLong(event.target)) tellAt(event.target, tooLong(event.target));
});
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

/** Runs `act` while a button shows that it is busy; problems are shown in the form. */
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

/** Says that a text is too long. Nothing is cut off: `maxlength` would drop pasted words. */
export function tooLong(field) {
  const most = Number(field.dataset?.most ?? 0);
  const has = most ? [...field.value].length : 0;
  return has > most ? `${nameOf(field)} may have at most ${amount(most)} characters; this has ${amount(has)}.` : "";
}

const nameOf = (field) => field.labels?.[0]?.textContent.trim() || "This";

function tellAt(field, words) {
  field.setAttribute("aria-invalid", "true");
  placeOf(field.form ?? document, field).textContent = words;
}

/** Shows the problems of all fields at once, in our words; the first of them gets the focus. */
function tellAll(form, fields) {
  clear(form);
  for (const field of fields) tellAt(field, wanted(field));
  fields[0].scrollIntoView({ block: "nearest" });
  fields[0].focus();
}

/** The element that shows a field's messages. */
function placeOf(form, field) {
  const described = field?.getAttribute("aria-describedby")?.split(" ").find((id) => id.endsWith("-problem"));
  return (described && document.getElementById(described)) || $("[data-problem]", form) || $(".problem", form);
}

/** What is wrong with a field, in words that are the same in every browser. */
function wanted(field) {
  const name = nameOf(field);
  const { valueMissing, tooShort } = field.validity;
  if (valueMissing) return field.type === "checkbox" ? `${name}: this is needed to go on.` : `${name} is missing.`;
  if (field.type === "email") return "This is no e-mail address: it needs a name, an @ and a domain, like mara@example.org.";
  if (tooShort) return `${name} needs at least ${field.minLength} characters; this has ${field.value.length}.`;
  return tooLong(field) || field.validationMessage;
}

/** Handles a form's submission in a module instead of the browser. */
export function onSubmit(form, act) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter ?? $('[type="submit"]', form);
    const wrong = $$("input, textarea", form).filter((field) => !field.checkValidity() || tooLong(field));
    if (wrong.length) tellAll(form, wrong);
    else busy(button, form, () => act(button));
  });
}

/**
 * Asks in a dialog; resolves to the typed text, to true, or to null when it was closed. `act` runs while the
 * dialog is open: its refusal is shown beside the text. Unsent text is restored next time, by the
 * name `keptAs`.
 */
export function ask({ title, words = "", confirm, value = null, danger = false, label = "Name", keptAs = "", act = null }) {
  return new Promise((resolve) => {
    const name = keptAs && `dialog/${title}/${keptAs}`;
    const unsent = (name && kept(name)) || value;
    let answer = null;
    const input = value === null ? null : el("input", { class: "input", id: "dialog-input", name: "dialog-input", value: unsent, "data-most": "200", required: true, autocomplete: "off", "aria-describedby": "dialog-problem" });
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

/** Updates the balance everywhere on the page. */
export async function refreshBalance() {
  const balance = await api.get("/balance");
  for (const place of $$("[data-balance]")) place.textContent = amount(balance.available);
  return balance;
}
