"""Renders the score: a file for newcomers without a song, and its ground truth for tests of the analysis."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from engines.demo_song import instruments, score
from engines.demo_song.instruments import RATE_HZ, Samples
from engines.demo_song.mixing import duck_curve, master, ping_pong, place, reverb
from engines.demo_song.score import FORM, STEPS_PER_BAR, STEPS_PER_BEAT, Drum, Hit, Note, Voice
from models.song import Beat, Section

DEFAULT_SEED = 112
_LEAD_IN_S = 0.1
"""A breath before the first downbeat: a stroke at sample 0 loses its attack in encoders and trackers."""
_RING_OUT_S = 2.4
_STEP_S = 60 / score.TEMPO_BPM / STEPS_PER_BEAT
_PANS = {
    Drum.HAT: 0.22,
    Drum.OPEN_HAT: -0.25,
    Drum.RIM: -0.15,
    Drum.HIGH_TOM: -0.35,
    Drum.LOW_TOM: 0.35,
}
_DRUM_GAINS = {
    Drum.KICK: 0.72,
    Drum.SNARE: 0.62,
    Drum.CLAP: 0.46,
    Drum.RIM: 0.40,
    Drum.HAT: 0.34,
    Drum.OPEN_HAT: 0.34,
    Drum.HIGH_TOM: 0.42,
    Drum.LOW_TOM: 0.46,
    Drum.CRASH: 0.42,
}


@dataclass(frozen=True)
class DemoSongTruth:
    """Ground truth from the composition.

    Attributes:
        duration_s: Length of the file.
        tempo_bpm: It never changes.
        beats: All beats, with their position in the bar.
        sections: The form; energies are as intended, not as measured.
    """

    duration_s: float
    tempo_bpm: float
    beats: tuple[Beat, ...]
    sections: tuple[Section, ...]


def demo_song_truth() -> DemoSongTruth:
    """The demo song's beats and sections, which no seed changes."""
    steps = score.bar_count() * STEPS_PER_BAR
    duration_s = _sample_count() / RATE_HZ
    beats = tuple(
        Beat(time_s=_time_of(step), position=step // STEPS_PER_BEAT % score.BEATS_PER_BAR + 1)
        for step in range(0, steps, STEPS_PER_BEAT)
    )
    starts = [0.0, *(_time_of(step) for step in score.first_steps()[1:]), duration_s]
    sections = tuple(
        Section(
            start_s=start_s,
            end_s=end_s,
            letter=part.letter,
            label=part.label,
            energy=part.energy,
            strongest_chorus=part.energy == 1.0,
        )
        for part, start_s, end_s in zip(FORM, starts, starts[1:], strict=False)
    )
    return DemoSongTruth(duration_s=duration_s, tempo_bpm=score.TEMPO_BPM, beats=beats, sections=sections)


def render_demo_song(out: Path, seed: int = DEFAULT_SEED) -> None:
    """Synthesize the demo song: 44.1 kHz, stereo, 16 bit.

    Args:
        out: A `.flac` or `.wav` file.
        seed: Varies fills, noise and the players' touch; the same seed gives the same samples.
    """
    samples = synthesize(seed)
    with soundfile.SoundFile(out, "w", RATE_HZ, 2, "PCM_16") as file:
        file.title, file.artist = score.TITLE, score.ARTIST
        file.write(samples.T)


def synthesize(seed: int = DEFAULT_SEED) -> Samples:
    """The finished master.

    Args:
        seed: As in `render_demo_song`.

    Returns:
        float32, (2, n), −0.9…0.9, at 44,100 Hz.
    """
    rng = np.random.default_rng(seed)
    hits, notes = score.write_hits(rng), score.write_notes(rng)
    count = _sample_count()
    kicks = [_sample_of(hit.step) for hit in hits if hit.drum is Drum.KICK]
    duck = duck_curve(count, kicks, depth=0.6, recovery_s=0.26)
    drums, drum_send = _play_drums(hits, count, rng)
    bass = _play(notes, Voice.BASS, count) * duck_curve(count, kicks, depth=0.75, recovery_s=0.16)
    pads = _play_pads(count) * duck
    arp = _play_arp(notes, count) * duck
    bells = _play(notes, Voice.BELL, count)
    leads = _play(notes, Voice.LEAD, count) + _play(notes, Voice.HARMONY, count)
    dotted_eighth = round(3 * _STEP_S * RATE_HZ)
    arp += 0.8 * ping_pong(arp, dotted_eighth, 0.45, 4)
    tunes = leads + bells + 0.7 * ping_pong(leads + bells, dotted_eighth, 0.38, 4)
    send = 0.5 * pads + 0.45 * arp + 0.42 * tunes + drum_send
    wet = reverb(np.asarray(send, np.float32), rng, decay_s=2.1)
    mix = drums + bass + pads + arp + tunes + 0.55 * wet
    mix *= _final_fade(count)
    return master(mix)


def _play_drums(hits: list[Hit], count: int, rng: np.random.Generator) -> tuple[Samples, Samples]:
    kit: dict[Drum, Samples] = {
        Drum.KICK: instruments.kick(),
        Drum.SNARE: instruments.snare(rng),
        Drum.CLAP: instruments.clap(rng),
        Drum.RIM: instruments.rim(),
        Drum.HAT: instruments.hat(rng, 0.028),
        Drum.OPEN_HAT: instruments.hat(rng, 0.11),
        Drum.HIGH_TOM: instruments.tom(142),
        Drum.LOW_TOM: instruments.tom(92),
        Drum.CRASH: instruments.crash(rng),
    }
    dry, room = (np.zeros((2, count), dtype=np.float32) for _ in range(2))
    for hit in hits:
        bus = dry if hit.drum in (Drum.KICK, Drum.HAT, Drum.OPEN_HAT) else room
        place(bus, kit[hit.drum], _sample_of(hit.step), _DRUM_GAINS[hit.drum] * hit.velocity, _PANS.get(hit.drum, 0.0))
    for part, first in zip(FORM, score.first_steps(), strict=True):
        if part.label == "chorus":
            swell = instruments.riser(rng, 2 * STEPS_PER_BAR * _STEP_S)
            place(room, swell, _sample_of(first) - swell.shape[1], 0.24)
    return dry + room, 0.35 * room


def _play_pads(count: int) -> Samples:
    bus = np.zeros((2, count), dtype=np.float32)
    for part, first in zip(FORM, score.first_steps(), strict=True):
        for bar, chord in enumerate(part.chords):
            rings_out = part is FORM[-1] and bar == len(part.chords) - 1
            held_s = STEPS_PER_BAR * _STEP_S + (_RING_OUT_S if rings_out else 0.0)
            dark, bright = instruments.pad(chord.voicing, held_s)
            sound = dark + (bright - dark) * np.float32(_brightness(part, bar * STEPS_PER_BAR))
            place(bus, sound, _sample_of(first + bar * STEPS_PER_BAR), 0.34 * part.pads)
    return bus


def _play_arp(notes: list[Note], count: int) -> Samples:
    bus = np.zeros((2, count), dtype=np.float32)
    arp = [note for note in notes if note.voice is Voice.ARP]
    starts = score.first_steps()
    for note in arp:
        index = int(np.searchsorted(starts, note.step, side="right")) - 1
        dark, bright = instruments.pluck(note.pitch)
        sound = dark + (bright - dark) * np.float32(_brightness(FORM[index], note.step - starts[index]))
        place(bus, sound, _sample_of(note.step), 0.26 * note.velocity, pan=0.5 if note.step % 2 else -0.5)
    return bus


def _play(notes: list[Note], voice: Voice, count: int) -> Samples:
    bus = np.zeros((2, count), dtype=np.float32)
    for note in (note for note in notes if note.voice is voice):
        held_s = note.steps * _STEP_S
        match voice:
            case Voice.BASS:
                sound, gain, pan = instruments.bass(note.pitch, held_s), 0.22, 0.0
            case Voice.BELL:
                sound, gain, pan = instruments.bell(note.pitch, held_s), 0.21, 0.12
            case Voice.HARMONY:
                sound, gain, pan = instruments.lead(note.pitch, held_s), 0.22, -0.3
            case _:
                sound, gain, pan = instruments.lead(note.pitch, held_s), 0.32, 0.0
        place(bus, sound, _sample_of(note.step), gain * note.velocity, pan)
    return bus


def _brightness(part: score.Part, step: int) -> float:
    start, end = part.brightness
    return start + (end - start) * step / (len(part.chords) * STEPS_PER_BAR)


def _final_fade(count: int) -> Samples:
    """One until the last bar has sounded, then down to nothing: float32, (n,)."""
    fade = np.ones(count, dtype=np.float32)
    length = int(_RING_OUT_S * RATE_HZ)
    fade[-length:] = np.cos(np.linspace(0, np.pi / 2, length)) ** 2
    return fade


def _time_of(step: int) -> float:
    return _LEAD_IN_S + step * _STEP_S


def _sample_of(step: int) -> int:
    return round(_time_of(step) * RATE_HZ)


def _sample_count() -> int:
    return _sample_of(score.bar_count() * STEPS_PER_BAR) + round(_RING_OUT_S * RATE_HZ)
