// Create: the brief, its cost, and the order.
import { $, $$, debounced, el, show } from "./dom.js";
import { beginFrom, brief, changeBrief, findBrief, forgetBrief, leaveOther, otherWords } from "./brief.js";
import { api, order } from "./api.js";
import { busy, clear, tell, tooLong } from "./feedback.js";
import { amount, credits } from "./words.js";
import { song, startPicker } from "./song-picker.js";
import { firstStyle, hasStyle, showStyle, startWall } from "./styles-wall.js";

const form = $("#brief");
const prompt = $("#prompt");
const enhance = $("#enhance");
const storyboard = $("#storyboard");
const start = $("#start");
const ENHANCING_MS = 120_000;
let affordable = true;
let quoted = null;
// The same brief with the same seed is the same video; “Generate again” needs another seed.
const seed = crypto.getRandomValues(new Uint32Array(1))[0];

async function quote() {
  const songId = song()?.song_id ?? null;
  const price = await api.post("/quotes", { operation: "generate", song_id: songId });
  if (songId !== (song()?.song_id ?? null)) return; // another song was picked meanwhile
  affordable = price.affordable;
  quoted = price.credits;
  $("#total-cost").textContent = $("#bar-cost").textContent = credits(price.credits);
  $("#total-before").textContent = `${amount(price.balance_before)} credits`;
  $("#total-after").textContent = affordable ? `${amount(price.balance_after)} credits` : "not enough";
  if ($("#total-problem [href='/credits']")) $("#total-problem").replaceChildren();
  if (!affordable) {
    $("#total-problem").replaceChildren(
      el("span", {}, `You need ${amount(price.credits - price.balance_before)} credits more. `, el("a", { href: "/credits" }, "Get credits")),
    );
  }
  start.disabled = $("#bar-start").disabled = !affordable;
  showProvider(price.provider);
  $("#total-cancelling").textContent = price.cancelling;
  $("#total-next").textContent = price.next_step;
}

/** With a paid provider: what its pictures cost, and how much of the video is reprises. */
function showProvider(cost) {
  show($("#total-provider"), Boolean(cost));
  if (!cost) return;
  const again = cost.scenes_made ? `, ${Math.round(cost.reprise_share * 100)} % of the scenes shown again` : "";
  $("#total-provider dd").textContent = `about $${cost.estimate_usd.toFixed(2)}${again}`;
}

let asked = 0;
async function expand() {
  const mine = ++asked;
  const place = $("#expansion");
  show(place, enhance.checked);
  show($("#expand"), enhance.checked);
  $("#enhance-problem").textContent = "";
  if (!enhance.checked) return;
  place.textContent = "Writing …";
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await api.post("/briefs/enhancement", { prompt: brief.prompt, style: brief.style, seed }, { within: ENHANCING_MS });
    if (mine === asked) place.textContent = answer.prompt;
  } catch (problem) {
    if (mine === asked) {
      show(place, false);
      $("#enhance-problem").textContent = problem.message;
    }
  } finally {
    place.removeAttribute("aria-busy");
  }
}

/** Shows the brief; the browser may have restored other values of the form. */
function render() {
  if (prompt.value !== brief.prompt) prompt.value = brief.prompt;
  enhance.checked = brief.enhance;
  storyboard.checked = brief.storyboard;
  show($("#total-board"), brief.storyboard);
  $("#total-style").textContent = showStyle(brief.style);
  for (const input of $$("#people input")) input.checked = brief.character_ids.includes(input.value);
  for (const input of $$('input[name="aspect"]')) input.checked = input.value === brief.aspect;
  const other = otherWords();
  show($("#prompt-other"), Boolean(other));
  $("#prompt-other-words").textContent = other ? `Typed in another window: “${other}”` : "";
}

async function people() {
  const { items } = await api.get("/characters");
  const card = (person) => {
    const picture = person.references?.[0];
    const face = el("span", { class: "face", "aria-hidden": "true" }, picture ? el("img", { src: picture, alt: "" }) : person.name[0]);
    const input = el("input", { type: "checkbox", name: "character", value: person.character_id, checked: brief.character_ids.includes(person.character_id) });
    return el("label", { class: "person" }, input, face, el("strong", { class: "title" }, person.name));
  };
  $("#people").replaceChildren(...items.map(card));
  show($("#people-part"), items.length > 0);
  const there = items.map((person) => person.character_id);
  brief.character_ids = brief.character_ids.filter((id) => there.includes(id)); // others were deleted meanwhile
}

/** “Generate again”: song, brief and style as they were. */
async function again(videoId) {
  const { song_id: songId, prompt: words, style, enhance: richer, character_ids: faces, aspect, storyboard: first } = await api.get(`/videos/${videoId}`);
  beginFrom({ song_id: songId, prompt: words, style, enhance: richer, character_ids: faces, aspect, storyboard: first });
}

enhance.addEventListener("change", () => {
  changeBrief({ enhance: enhance.checked });
  expand();
});
storyboard.addEventListener("change", () => {
  changeBrief({ storyboard: storyboard.checked });
  render();
});
prompt.addEventListener("input", () => changeBrief({ prompt: prompt.value }));
prompt.addEventListener("input", debounced(900, () => enhance.checked && expand()));
$("#people").addEventListener("change", () => changeBrief({ character_ids: $$("#people input:checked").map((input) => input.value) }));
for (const input of $$('input[name="aspect"]')) input.addEventListener("change", () => changeBrief({ aspect: input.value }));
$("#prompt-other-use").addEventListener("click", () => {
  changeBrief({ prompt: otherWords() });
  render();
  prompt.focus();
});
$("#prompt-other-leave").addEventListener("click", async () => {
  await leaveOther();
  prompt.focus();
});
addEventListener("pageshow", render);
$("#expand").addEventListener("click", expand);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!song()) return tell(form, { message: "Choose a song first.", field: "song-file" });
  if (tooLong(prompt)) return tell(form, { message: tooLong(prompt), field: "prompt" });
  busy(event.submitter ?? start, form, async () => {
    const video = await order("/videos", { ...brief, song_id: song().song_id, prompt: brief.prompt.trim(), seed, quoted });
    await forgetBrief();
    location.assign(`/processing/${video.video_id}`);
  });
});

brief.style = firstStyle();
startWall((slug) => {
  changeBrief({ style: slug });
  render();
  if (brief.enhance) expand();
});
await findBrief(render);
if (form.dataset.again) await again(form.dataset.again).catch(() => {});
if (form.dataset.song) brief.song_id = form.dataset.song;
if (!hasStyle(brief.style)) brief.style = firstStyle();
render();
await Promise.all([
  startPicker((picked) => {
    $("#total-song").textContent = picked ? picked.title : "not chosen yet";
    if (picked) clear($("#brief"));
    if ((picked?.song_id ?? null) !== brief.song_id) changeBrief({ song_id: picked?.song_id ?? null });
    quote().catch(() => {});
  }, brief.song_id),
  people().catch(() => {}),
  quote().catch(() => (start.disabled = $("#bar-start").disabled = false)),
]);
if (brief.enhance) expand();
