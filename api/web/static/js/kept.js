// Words that are not taken yet, kept in this browser by account: they outlive a reload, a lost session and a server that is
// away. Logging out forgets them.
const account = document.querySelector('meta[name="account"]')?.content ?? "";
const PREFIX = "echonos/";
const mine = `${PREFIX}${account}/`;
const here = new Map(); // where the browser keeps nothing, or no more

export function keep(name, value) {
  here.set(name, value);
  try {
    localStorage.setItem(mine + name, JSON.stringify(value));
  } catch {
    // Full, or forbidden: this page still has it.
  }
}

/** What is kept under a name, or null. */
export function kept(name) {
  try {
    const text = localStorage.getItem(mine + name);
    if (text !== null) return JSON.parse(text);
  } catch {
    // What can't be read is not there.
  }
  return here.get(name) ?? null;
}

/** The names that begin so. */
export function keptNames(prefix) {
  const names = new Set([...here.keys()].filter((name) => name.startsWith(prefix)));
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(mine + prefix)) names.add(key.slice(mine.length));
  } catch {
    // Only what this page knows.
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

/** For leaving: the words of every account. */
export function forgetAll() {
  here.clear();
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // Were never kept.
  }
}

/** Keeps the named fields of a form as they are typed, and fills them in again; returns what forgets them. */
export function keepForm(form, name) {
  const before = kept(name) ?? {};
  const fields = [...form.elements].filter((field) => field.name && (field.tagName === "TEXTAREA" || ["text", "email"].includes(field.type)));
  for (const field of fields) if (!field.value && typeof before[field.name] === "string") field.value = before[field.name];
  form.addEventListener("input", () => keep(name, Object.fromEntries(fields.map((field) => [field.name, field.value]))));
  return () => forget(name);
}
