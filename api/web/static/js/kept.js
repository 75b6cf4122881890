// Unsent words, kept in this browser by account: they outlive a reload, a lost session and an unreachable server.
// Logging out deletes them.
const account = document.querySelector('meta[name="account"]')?.content ?? "";
const PREFIX = "echonos/";
const mine = `${PREFIX}${account}/`;
const here = new Map(); // where the browser stores nothing, or is full

export function keep(name, value) {
  here.set(name, value);
  try {
    localStorage.setItem(mine + name, JSON.stringify(value));
  } catch {
    // Storage is full or forbidden: this page still has it.
  }
}

/** What is kept under a name, or null. */
export function kept(name) {
  try {
    const text = localStorage.getItem(mine + name);
    if (text !== null) return JSON.parse(text);
  } catch {
    // Unreadable counts as missing.
  }
  return here.get(name) ?? null;
}

/** `act()` is called when another window of this browser keeps something else under a name. */
export function onKept(name, act) {
  addEventListener("storage", (event) => (event.key === mine + name || event.key === null) && act());
}

/** The names with a prefix. */
export function keptNames(prefix) {
  const names = new Set([...here.keys()].filter((name) => name.startsWith(prefix)));
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(mine + prefix)) names.add(key.slice(mine.length));
  } catch {
    // Storage is forbidden: this page's names only.
  }
  return [...names];
}

export function forget(name) {
  here.delete(name);
  try {
    localStorage.removeItem(mine + name);
  } catch {
    // Was never kept.
  }
}

/** Deletes the words of every account, at log-out. */
export function forgetAll() {
  here.clear();
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // Were never kept.
  }
}

/** Keeps the named fields of a form as they are typed, and restores them; returns a function that deletes them. */
export function keepForm(form, name) {
  const before = kept(name) ?? {};
  const fields = [...form.elements].filter((field) => field.name && (field.tagName === "TEXTAREA" || ["text", "email"].includes(field.type)));
  for (const field of fields) if (!field.value && typeof before[field.name] === "string") field.value = before[field.name];
  form.addEventListener("input", () => keep(name, Object.fromEntries(fields.map((field) => [field.name, field.value]))));
  return () => forget(name);
}
