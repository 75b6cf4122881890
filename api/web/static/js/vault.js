// The Vault: search as one types, new names, deletion after a question, new characters.
import { $, debounced, redraw } from "./dom.js";
import { api, unanswered } from "./api.js";
import { keepForm } from "./kept.js";
import { ask, onSubmit, toast } from "./feedback.js";
import { removed } from "./removal.js";

const FIELDS = { songs: "title", videos: "title", characters: "name" };
const ONE = { songs: "song", videos: "video", characters: "character" };
const search = $("#search");
let latest = 0;

/** Fetches this very page for another search and takes over its shelf: lists are rendered in one place, the server. */
async function refresh() {
  const mine = ++latest;
  const address = `/vault?${new URLSearchParams(new FormData(search))}`;
  const response = await fetch(address, { credentials: "same-origin" }).catch(() => null);
  if (mine !== latest) return;
  if (!response?.ok) return toast(unanswered().message, "danger");
  // Whoever has been logged out meanwhile is led to the log-in page, which has no shelf.
  if (response.redirected) return location.reload();
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const shelf = page.getElementById("shelf");
  // A half-written character stays.
  const draft = $("#new-character");
  if (draft) shelf.querySelector("#new-character")?.replaceWith(draft);
  redraw(() => $("#shelf").replaceWith(shelf), shelf);
  history.replaceState(null, "", address);
}

search.addEventListener("input", debounced(250, refresh));
search.addEventListener("submit", (event) => {
  event.preventDefault();
  refresh();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-do]");
  const item = button?.closest("[data-kind]");
  if (!item) return;
  const { kind, id, name } = item.dataset;
  try {
    if (button.dataset.do === "rename") await rename(kind, id, name);
    else await remove(kind, id, name);
  } catch (problem) {
    toast(problem.message, "danger");
  }
});

async function rename(kind, id, name) {
  const act = (said) => said === name || api.patch(`/${kind}/${id}`, { [FIELDS[kind]]: said });
  const said = await ask({ title: `Rename this ${ONE[kind]}`, value: name, confirm: "Rename", label: kind === "characters" ? "Name" : "Title", keptAs: id, act });
  if (!said || said === name) return;
  await refresh();
  toast("Renamed.");
}

async function remove(kind, id, name) {
  if (!(await removed(kind, id, name))) return;
  await refresh();
  toast("Deleted.");
}

const form = $("#new-character");
if (form) {
  const forget = keepForm(form, "new-character");
  onSubmit(form, async () => {
    const made = await api.form("/characters", new FormData(form));
    forget();
    form.reset();
    await refresh();
    toast(`${made.name} is in your Vault.`);
  });
}
