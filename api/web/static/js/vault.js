// The Vault: search as one types, renaming, deletion after a question, new characters.
import { $, debounced, redraw } from "./dom.js";
import { api, pageAt } from "./api.js";
import { keepForm } from "./kept.js";
import { ask, onSubmit, toast } from "./feedback.js";
import { removed } from "./removal.js";

const ONE = { songs: "song", videos: "video", characters: "character", footage: "picture or clip" };
const search = $("#search");
const LOOK_MS = 10_000;
let latest = 0;
let known = ""; // the list as the server last rendered it

/** Fetches this page for another search and replaces the list: only the server renders lists. */
async function refresh({ quiet = false } = {}) {
  const mine = ++latest;
  const address = `/vault?${new URLSearchParams(new FormData(search))}`;
  const page = await pageAt(address).catch((problem) => (quiet || toast(problem.message, "danger"), undefined));
  if (mine !== latest || page === undefined) return;
  if (page === null) return location.reload(); // logged out meanwhile: the reload leads to the log-in
  const shelf = page.getElementById("shelf");
  const isSame = shelf.innerHTML === known;
  known = shelf.innerHTML;
  if (quiet && isSame) return;
  // Keeps a half-written character.
  const draft = $("#new-character");
  if (draft) shelf.querySelector("#new-character")?.replaceWith(draft);
  redraw(() => $("#shelf").replaceWith(shelf), shelf);
  history.replaceState(null, "", address);
}

/** Shows changes of other windows and devices, and finished work; later pages of a list stay as they are. */
function look() {
  const isBusy = document.hidden || $("dialog[open]") || $("#new-character :focus") || new URLSearchParams(location.search).has("cursor");
  if (!isBusy) refresh({ quiet: true });
}

document.addEventListener("visibilitychange", look);
setInterval(() => $("[data-making]") && look(), LOOK_MS);

search.addEventListener("input", debounced(250, () => refresh()));
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
  const act = (said) => said === name || api.patch(`/${kind}/${id}`, { [kind === "characters" ? "name" : "title"]: said });
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

const PICTURES_MS = 300_000;
const form = $("#new-character");
if (form) {
  const forget = keepForm(form, "new-character");
  onSubmit(form, async () => {
    const made = await api.form("/characters", new FormData(form), { within: PICTURES_MS });
    forget();
    form.reset();
    await refresh();
    toast(`${made.name} is in your Vault.`);
  });
}
