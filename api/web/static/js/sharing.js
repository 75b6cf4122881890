// Share links of a video: make one, copy it, see which ones work, revoke them.
import { el, icon, redraw, show } from "./dom.js";
import { api } from "./api.js";
import { ask, onSubmit, orSay, toast } from "./feedback.js";
import { moment } from "./words.js";

const LASTS = { 1: "a day", 7: "a week", 30: "a month", 90: "three months", 365: "a year" };
const USUAL = "30";

/** Opens the dialog for a version. */
export function openSharing(video, version) {
  const url = `/videos/${video}/shares`;
  const days = el("select", { class: "input", id: "share-days", name: "days", "aria-describedby": "share-problem" }, ...Object.entries(LASTS).map(([value, words]) => el("option", { value, selected: value === USUAL }, words)));
  const download = el("input", { type: "checkbox", role: "switch", id: "share-download", name: "download" });
  const address = el("p", { class: "token", id: "share-address" });
  const copy = el("button", { class: "button mini", type: "button", onclick: () => copied(address) }, "Copy");
  const made = el("div", { class: "stack", role: "status", hidden: true }, el("p", { class: "small" }, "Copy it now: only a digest of it is kept, so it can't be shown again."), address, copy);
  const links = el("ul", { class: "rows", id: "share-links", "aria-label": "Links that work" });
  const none = el("p", { class: "small faint" }, "No link of this video works now.");
  const closing = el("button", { class: "button button-quiet", type: "button", onclick: () => dialog.close() }, "Close");
  const form = el(
    "form",
    { class: "stack", novalidate: true },
    el("h2", { id: "share-title" }, `Share version ${version}`),
    el("p", { class: "soft small", id: "share-words" }, "Everyone who has the link can watch this version without an account, and sees its title, but nothing else. Later versions are not shown by it."),
    el("div", { class: "field" }, el("label", { for: "share-days" }, "It works for"), days),
    el("label", { class: "switch" }, download, el("span", {}, "Offer the file, too")),
    el("p", { class: "problem", id: "share-problem", "data-problem": "", role: "alert" }),
    el("div", { class: "row row-between" }, closing, el("button", { class: "button button-primary", type: "submit" }, icon("link"), "Make a link")),
    made,
  );
  const dialog = el("dialog", { class: "sharing", "aria-labelledby": "share-title", "aria-describedby": "share-words" }, form, el("hr"), el("div", { class: "stack" }, el("h3", {}, "Links that work"), none, links));

  const list = async () => {
    const { items } = await api.get(url);
    redraw(() => links.replaceChildren(...items.map(line)), closing);
    show(links, items.length > 0);
    show(none, items.length === 0);
  };
  const line = (share) =>
    el(
      "li",
      { class: "line" },
      el("div", { class: "line-words" }, el("strong", {}, `Version ${share.version}${share.download ? ", with the file" : ""}`), el("p", { class: "small faint" }, `Made ${moment(share.created_at)} · works until ${moment(share.expires_at)}`)),
      el("button", { class: "button mini button-danger", type: "button", onclick: () => revoke(share), "data-focus": share.share_id, "aria-label": `Revoke the link to version ${share.version}, made ${moment(share.created_at)}` }, "Revoke"),
    );
  const revoke = async (share) => {
    const act = () => api.delete(`${url}/${share.share_id}`);
    const sure = await ask({ title: "Revoke this link?", words: "People who have it see nothing from now on.", confirm: "Revoke", danger: true, act });
    if (!sure) return;
    show(made, false);
    await orSay(list());
  };

  onSubmit(form, async () => {
    const share = await api.post(url, { version, days: Number(days.value), download: download.checked });
    address.textContent = share.url;
    show(made, true);
    copy.focus();
    await orSay(list());
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  orSay(list());
}

/** Copies the address; where the browser refuses, selects it. */
async function copied(address) {
  try {
    await navigator.clipboard.writeText(address.textContent);
    toast("Copied.");
  } catch {
    getSelection().selectAllChildren(address);
    toast("The link is selected: copy it with your keyboard.");
  }
}
