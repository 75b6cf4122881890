// Beats and sections in the artist's hand: tapped along with the song, shifted, doubled, halved, renamed. Looked at on the
// wave first, kept as the song's new revision then; what follows from it for this video is offered.
import { $, el, show, svg } from "./dom.js";
import { api } from "./api.js";
import { moment } from "./bars.js";
import { desk, page, player } from "./desk.js";
import { editAll } from "./editing.js";
import { busy, clear, tell, toast } from "./feedback.js";
import { keep as remember, kept } from "./kept.js";
import * as transport from "./transport.js";
import { drawSections, drawWave } from "./waveform.js";
import { loadSongWave } from "./waves.js";
import { clock, sentence } from "./words.js";

const LABELS = ["intro", "verse", "pre-chorus", "chorus", "bridge", "instrumental", "breakdown", "outro"];
const PX_PER_S = 48;
const FEWEST = 4;
const PAUSE_S = 3;
const STEP_S = 5;
const root = `/songs/${page.dataset.song}`;
const told = `beats-told/${desk.videoId}`;
let left = null; // what was not kept when the dialog was closed: {revision, corrections}

/** Says once for each revision, as the page opens, that the song has other beats than the video. */
export async function tellOfBeats() {
  const offer = await api.get(`/videos/${desk.videoId}/beats`).catch(() => null);
  if (!offer?.edits.length || !desk.timeline.beats_id || kept(told) === offer.revision) return;
  remember(told, offer.revision);
  toast("The song's beats or sections are others now than this video's. Edit → Correct beats and sections offers them here.");
}

/** Opens the dialog. */
export async function correctBeats() {
  try {
    const [song, wave, offer] = await Promise.all([api.get(root), api.get(`${root}/waveform.json`), api.get(`/videos/${desk.videoId}/beats`)]);
    if (!$("dialog[open]")) open(song, wave, offer);
  } catch (problem) {
    toast(problem.message, "danger");
  }
}

function open(song, wave, offer) {
  let corrections = [];
  let seen = { waveform: wave, sentences: [] };
  let taps = [];
  let turn = 0;
  const button = (words, act, more = {}) => el("button", { class: "button mini", type: "button", onclick: act, ...more }, words);
  const track = el("div", { class: "timeline-track", vars: { "--length-s": wave.duration_s, "--px-per-s": PX_PER_S } });
  const window_ = el("div", { class: "beats-window", role: "region", "aria-label": "Wave with beats, scrolls sideways", tabindex: "0" }, track);
  const head = el("span", { class: "playhead", "aria-hidden": "true" });
  const play = button("Play", () => transport.toggle());
  const place = el("span", { class: "small number" });
  const tapping = el("button", { class: "button beats-tap", type: "button", "aria-keyshortcuts": "T" }, "Tap the beat");
  const tapped = el("p", { class: "small soft", role: "status" });
  const useTaps = button("Use these taps", () => add({ kind: "tap", times_s: taps }));
  const noTaps = button("Forget them", () => forget());
  const facts = el("p", { class: "small soft", role: "status" });
  const asHeard = button("As heard", () => look([{ kind: "as_heard" }]));
  const takeBack = button("Take back", () => look(corrections.slice(0, -1)));
  const list = el("ol", { class: "beats-sections" });
  const offered = el("section", { class: "stack", "aria-label": "This video" });
  const keep = el("button", { class: "button button-primary", type: "submit" }, el("span", {}, "Keep"), el("small", {}, "free"));
  const form = el(
    "form",
    { class: "stack", novalidate: true, autocomplete: "off" },
    el("div", { class: "row row-between" }, el("h2", { id: "beats-title", tabindex: "-1" }, "Beats and sections"), button("Close", () => dialog.close())),
    window_,
    el("div", { class: "row" }, button(`${STEP_S} s back`, () => seek(-STEP_S)), play, button(`${STEP_S} s on`, () => seek(STEP_S)), place),
    el("div", { class: "row" }, tapping, useTaps, noTaps),
    tapped,
    el(
      "div",
      { class: "row", role: "group", "aria-label": "Beats" },
      button("◀ A beat earlier", () => add({ kind: "shift", beats: -1 }), { "aria-label": "Bars begin a beat earlier", title: "Bars begin a beat earlier" }),
      button("A beat later ▶", () => add({ kind: "shift", beats: 1 }), { "aria-label": "Bars begin a beat later", title: "Bars begin a beat later" }),
      button("×2", () => add({ kind: "double" }), { "aria-label": "×2: twice as many beats", title: "Twice as many beats" }),
      button("÷2", () => add({ kind: "half" }), { "aria-label": "÷2: half as many beats", title: "Half as many beats" }),
      asHeard,
      takeBack,
    ),
    facts,
    list,
    el("p", { class: "problem", "data-problem": true, role: "alert" }),
    el("div", { class: "row row-between" }, el("p", { class: "hint" }, "New videos use them; existing ones only if you say so."), keep),
    offered,
  );
  const dialog = el("dialog", { class: "beats", "aria-labelledby": "beats-title" }, form);

  /** Adds a correction: shifts add up, and a section has one name. */
  function add(one) {
    const last = corrections.at(-1);
    if (one.kind === "shift" && last?.kind === "shift") {
      const beats = last.beats + one.beats;
      return look([...corrections.slice(0, -1), ...(beats ? [{ kind: "shift", beats }] : [])]);
    }
    const others = corrections.filter((before) => one.kind !== "rename" || before.kind !== "rename" || before.section_index !== one.section_index);
    const isOld = one.kind === "rename" && wave.sections[one.section_index].label === one.label && !others.some((before) => before.kind === "as_heard");
    return look(isOld ? others : [...others, one]);
  }

  /** Looks at corrections on the server; those that cannot be done are refused, and the others stay. */
  async function look(wanted) {
    const mine = ++turn;
    clear(form);
    try {
      const found = wanted.length ? await api.post(`${root}/corrections/preview`, { base_revision: song.analysis_revision, corrections: wanted }) : null;
      if (mine !== turn) return;
      if (wanted.some((one) => one.kind === "tap")) forget();
      seen = found ?? { waveform: wave, sentences: [] };
      corrections = wanted;
      draw();
    } catch (problem) {
      if (mine !== turn) return;
      // Together they lead back to where the song is.
      if (problem.code === "no_change") [corrections, seen] = [[], { waveform: wave, sentences: [] }];
      draw();
      tell(form, problem);
    }
  }

  async function store() {
    song = await api.post(`${root}/corrections`, { base_revision: song.analysis_revision, corrections });
    [wave, corrections, seen] = [seen.waveform, [], { waveform: seen.waveform, sentences: [] }];
    draw();
    await loadSongWave();
    offer = await api.get(`/videos/${desk.videoId}/beats`);
    draw("Kept: new videos use these beats and sections.");
    $("button", offered)?.focus();
  }

  function use(changes) {
    dialog.close();
    loadSongWave().then(() => editAll(changes));
  }

  function tap(event) {
    event.preventDefault();
    if (player.paused) {
      transport.toggle();
      tapped.textContent = "It plays: tap on each beat.";
      return;
    }
    const at = player.currentTime;
    // Elsewhere in the song, or again: a new try.
    if (taps.length && (at <= taps.at(-1) || at - taps.at(-1) > PAUSE_S)) taps = [];
    taps.push(Number(at.toFixed(3)));
    drawTaps();
  }

  function forget() {
    taps = [];
    drawTaps();
  }

  function drawTaps() {
    const held = document.activeElement;
    const gaps = taps.slice(1).map((one, at) => one - taps[at]).sort((a, b) => a - b);
    const bpm = gaps.length ? `, about ${Math.round(60 / gaps[gaps.length >> 1])} bpm` : "";
    const more = taps.length < FEWEST ? `; at least ${FEWEST} are needed` : "";
    tapped.textContent = taps.length ? `${taps.length === 1 ? "1 tap" : `${taps.length} taps`}${bpm}${more}.` : "Play, and tap along: by this button, Space on it, or T.";
    show(useTaps, taps.length >= FEWEST);
    show(noTaps, taps.length > 0);
    $(".beats-taps", track)?.replaceWith(lines(taps, "beats-taps"));
    rest(held);
  }

  /** What had the focus may be hidden or off by now; browsers take the focus from it sooner or later, to nowhere. */
  function rest(held) {
    const isLost = dialog.contains(held) && (held.hidden || held.disabled);
    if (isLost && [held, document.body].includes(document.activeElement)) tapping.focus({ preventScroll: true });
  }

  function seek(by) {
    transport.goTo(Math.min(wave.duration_s, transport.now() + by));
    window_.scrollLeft = transport.now() * PX_PER_S - window_.clientWidth / 2;
  }

  const lines = (moments, name) =>
    svg(
      "svg",
      { class: `beats-lines ${name}`, viewBox: `0 0 ${wave.duration_s} 1`, preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("path", { d: moments.map((at) => `M${at.toFixed(3)} 0V1`).join("") }),
    );

  /** Draws all of it; `said`: what was done, in words. */
  function draw(said = "") {
    const held = document.activeElement;
    const { waveform, sentences } = seen;
    const down = waveform.beats.filter((beat) => beat.downbeat).map((beat) => beat.t);
    const others = waveform.beats.filter((beat) => !beat.downbeat).map((beat) => beat.t);
    const picture = el("div", { class: "beats-picture" }, drawWave(waveform, { beats: "all", bars: 2000 }), lines(others, "beats-other"), lines(down, "beats-down"), lines(taps, "beats-taps"));
    track.replaceChildren(drawSections(waveform), picture, head);
    facts.textContent = [said, ...sentences.map((one) => `${one}.`), `${waveform.tempo_bpm.toFixed(1)} bpm, ${waveform.beats.length} beats, ${down.length} bars.`].filter(Boolean).join(" ");
    drawNames(waveform.sections);
    show(takeBack, corrections.length > 0);
    show(asHeard, song.corrected && !corrections.some((one) => one.kind === "as_heard"));
    keep.disabled = !corrections.length;
    left = corrections.length ? { revision: song.analysis_revision, corrections } : null;
    drawOffer();
    drawTaps();
    rest(held);
  }

  function drawNames(sections) {
    const known = [...list.children];
    sections.forEach((section, at) => {
      const words = `Section ${at + 1}, ${clock(section.start_s)} to ${clock(section.end_s)}`;
      const row = known[at] ?? el("li", {}, el("span", { class: "small number" }), name(at));
      $("span", row).textContent = `${at + 1} · ${clock(section.start_s)}`;
      const select = $("select", row);
      select.value = section.label;
      select.setAttribute("aria-label", words);
      if (!known[at]) list.append(row);
    });
  }

  function name(at) {
    const options = LABELS.map((label) => el("option", { value: label }, sentence(label)));
    return el("select", { class: "input mini", onchange: ({ target }) => add({ kind: "rename", section_index: at, label: target.value }) }, ...options);
  }

  function drawOffer() {
    const moves = offer.edits.filter((one) => one.kind === "move_cut");
    const isOffered = !corrections.length && !offer.is_used;
    show(offered, isOffered);
    if (!isOffered) return offered.replaceChildren();
    const only = button(moves.length ? "Use them, cuts stay" : "Use them in this video", () => use(offer.edits.filter((one) => one.kind === "use_beats")));
    const all = moves.length > 0 && button(moves.length === 1 ? "Use them and move 1 cut" : `Use them and move ${moves.length} cuts`, () => use(offer.edits));
    const row = el("div", { class: "row" }, all, only);
    const words = el("p", { class: "small" }, `This video has its own beats. ${offer.sentence}`);
    if (!offer.edits.length) return offered.replaceChildren(words);
    offered.replaceChildren(words, row, el("p", { class: "hint" }, "They are collected as edits: nothing changes before you apply them."));
  }

  /** The playhead follows the song, and the window follows the playhead while it plays. */
  function run() {
    if (!dialog.open) return;
    const at = transport.now();
    head.style.setProperty("--now-s", at);
    const words = `${moment(at)} of ${clock(wave.duration_s)}`;
    if (place.textContent !== words) place.textContent = words;
    if (!player.paused) window_.scrollLeft = at * PX_PER_S - window_.clientWidth / 2;
    const does = player.paused ? "Play" : "Pause";
    if (play.textContent !== does) play.textContent = does;
    requestAnimationFrame(run);
  }

  track.addEventListener("click", (event) => transport.goTo((event.clientX - track.getBoundingClientRect().left) / PX_PER_S));
  tapping.addEventListener("pointerdown", (event) => event.button === 0 && tap(event));
  tapping.addEventListener("keydown", (event) => (event.key === " " || event.key === "Enter") && (event.repeat ? event.preventDefault() : tap(event)));
  // A button is pressed by the end of Space, too.
  tapping.addEventListener("keyup", (event) => event.key === " " && event.preventDefault());
  dialog.addEventListener("keydown", (event) => {
    const isFree = !event.ctrlKey && !event.altKey && !event.metaKey && !event.repeat && !event.target.matches("select");
    if (isFree && event.key.toLowerCase() === "t") tap(event);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (corrections.length) busy(keep, form, store);
  });
  dialog.addEventListener("close", () => {
    transport.stop();
    dialog.remove();
  });
  // A scene that plays over and over would take the song out of the artist's hand.
  if ($("#loop").getAttribute("aria-pressed") === "true") transport.toggleLoop();
  const before = left;
  document.body.append(dialog);
  draw();
  dialog.showModal();
  $("h2", form).focus({ preventScroll: true });
  window_.scrollLeft = transport.now() * PX_PER_S - window_.clientWidth / 2;
  run();
  if (before?.revision === song.analysis_revision) look(before.corrections);
}
