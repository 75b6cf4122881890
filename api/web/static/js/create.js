// Create: the brief comes together, its cost stands beside it, and one click starts it once.
import { $, $$, debounced, el, show } from "./dom.js";
import { api, order } from "./api.js";
import { busy, tell } from "./feedback.js";
import { amount, credits } from "./words.js";
import { song, startPicker } from "./song-picker.js";
import { chooseStyle, chosenStyle, startWall } from "./styles-wall.js";

const form = $("#brief");
const prompt = $("#prompt");
const enhance = $("#enhance");
const start = $("#start");
let affordable = true;
let quoted = null;
// The same brief with the same seed is the same video: whoever comes again wants another one.
const seed = crypto.getRandomValues(new Uint32Array(1))[0];

async function quote() {
  const songId = song()?.song_id ?? null;
  const price = await api.post("/quotes", { operation: "generate", song_id: songId });
  if (songId !== (song()?.song_id ?? null)) return; // another song was picked meanwhile: its own answer comes
  affordable = price.affordable;
  quoted = price.credits;
  $("#total-cost").textContent = credits(price.credits);
  $("#total-before").textContent = `${amount(price.balance_before)} credits`;
  $("#total-after").textContent = affordable ? `${amount(price.balance_after)} credits` : "not enough";
  if (!affordable) {
    $("#total-problem").replaceChildren(
      el("span", {}, `You need ${amount(price.credits - price.balance_before)} credits more. `, el("a", { href: "/credits" }, "Get credits")),
    );
  }
  start.disabled = !affordable;
  showProvider(price.provider);
  $("#total-cancelling").textContent = price.cancelling;
}

/** Where pictures are bought: what the house pays for them, and how much of the video shows an earlier take again. */
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
    const answer = await api.post("/briefs/enhancement", { prompt: prompt.value, style: chosenStyle().slug, seed });
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

async function people(chosen = []) {
  const { items } = await api.get("/characters");
  const card = (person) => {
    const picture = person.references?.[0];
    const face = el("span", { class: "face", "aria-hidden": "true" }, picture ? el("img", { src: picture, alt: "" }) : person.name[0]);
    const input = el("input", { type: "checkbox", name: "character", value: person.character_id, checked: chosen.includes(person.character_id) });
    return el("label", { class: "person" }, input, face, el("span", {}, el("strong", {}, person.name)));
  };
  $("#people").replaceChildren(...items.map(card));
  show($("#people-part"), items.length > 0);
}

/** “Generate again”: song, brief and style as they were. */
async function again(videoId) {
  const video = await api.get(`/videos/${videoId}`);
  prompt.value = video.prompt;
  chooseStyle(video.style);
  enhance.checked = video.enhance;
  return video;
}

enhance.addEventListener("change", expand);
prompt.addEventListener("input", debounced(900, () => enhance.checked && expand()));
$("#expand").addEventListener("click", expand);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!song()) return tell(form, { message: "Choose a song first.", field: "song-file" });
  busy(start, form, async () => {
    const brief = {
      song_id: song().song_id,
      style: chosenStyle().slug,
      prompt: prompt.value.trim(),
      enhance: enhance.checked,
      character_ids: $$("#people input:checked").map((input) => input.value),
      aspect: $('input[name="aspect"]:checked').value,
      seed,
      quoted,
    };
    const video = await order("/videos", brief);
    location.assign(`/processing/${video.video_id}`);
  });
});

startWall(({ name }) => {
  $("#total-style").textContent = name;
  if (enhance.checked) expand();
});
const before = form.dataset.again ? await again(form.dataset.again).catch(() => null) : null;
await Promise.all([
  startPicker((picked) => {
    $("#total-song").textContent = picked ? picked.title : "not chosen yet";
    quote().catch(() => {});
  }, before?.song_id ?? form.dataset.song),
  people(before?.character_ids).catch(() => {}),
  quote().catch(() => (start.disabled = false)),
]);
if (enhance.checked) expand();
