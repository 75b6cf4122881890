// An account's data: the ZIP, whose packing survives a reload, and the erasure.
import { $, el } from "./dom.js";
import { api } from "./api.js";
import { confirmed } from "./confirming.js";
import { ask, busy } from "./feedback.js";

const LOOKS_EVERY_MS = 2000;
const KEPT = "takeout";
const place = $("#data");
const told = $("#takeout-state");

async function follow(takeoutId) {
  for (;;) {
    const state = await api.get(`/account/takeouts/${takeoutId}`);
    if (state.state !== "packing") {
      if (state.state === "failed") sessionStorage.removeItem(KEPT);
      told.replaceChildren(state.url ? el("a", { class: "button button-primary", href: state.url }, "Download the ZIP") : state.sentence);
      return;
    }
    told.textContent = state.sentence;
    await new Promise((resolve) => setTimeout(resolve, LOOKS_EVERY_MS));
  }
}

$("#takeout").addEventListener("click", (event) =>
  busy(event.currentTarget, place, async () => {
    const { takeout_id: takeoutId } = await confirmed(() => api.post("/account/takeouts"));
    sessionStorage.setItem(KEPT, takeoutId);
    await follow(takeoutId);
  }),
);

$("#erase").addEventListener("click", async (event) => {
  const button = event.currentTarget;
  const words = "All songs, videos, versions and characters are deleted for good, everything that is being made ends, and your credits are lost. Type “erase” to go on.";
  const typed = await ask({ title: "Erase your account?", words, confirm: "Erase everything", danger: true, value: "", label: "Type “erase”" });
  if (typed === null) return;
  busy(button, place, async () => {
    if (typed.toLowerCase() !== "erase") throw new Error("Nothing was erased: type “erase” to confirm.");
    await confirmed(() => api.post("/account/erasure", { confirm: typed.toLowerCase() }));
    location.assign("/login");
  });
});

const before = sessionStorage.getItem(KEPT);
if (before) follow(before).catch(() => sessionStorage.removeItem(KEPT));
