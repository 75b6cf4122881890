"""“First Light”, the demo song: its form, harmony, melodies and drum patterns, as data.

A minor at 112 bpm. Positions count sixteenths from the first downbeat; pitches are MIDI numbers.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from models.song import SectionLabel

TITLE = "First Light"
ARTIST = "The Echonos House Band"
TEMPO_BPM = 112.0
BEATS_PER_BAR = 4
STEPS_PER_BEAT = 4
STEPS_PER_BAR = BEATS_PER_BAR * STEPS_PER_BEAT

Melody = tuple[str, ...]
"""One string a bar, of `pitch:steps`, with `-` for a rest: "E5:3 C5:3 A4:10"."""


class Drum(StrEnum):
    """The kit."""

    KICK = "kick"
    SNARE = "snare"
    CLAP = "clap"
    RIM = "rim"
    HAT = "hat"
    OPEN_HAT = "open hat"
    HIGH_TOM = "high tom"
    LOW_TOM = "low tom"
    CRASH = "crash"


class Voice(StrEnum):
    """The pitched instruments."""

    BASS = "bass"
    ARP = "arp"
    BELL = "bell"
    LEAD = "lead"
    HARMONY = "harmony"


@dataclass(frozen=True)
class Chord:
    """A bass note and what the pads hold above it."""

    bass: int
    voicing: tuple[int, ...]


@dataclass(frozen=True)
class Part:
    """One section of the form.

    Attributes:
        label, letter: Section type; equal letters are the same music.
        energy: Intended energy, 0…1.
        chords: One per bar.
        melody: The notes that `tune` plays.
        tune: The voice with the melody.
        drums: Pattern per drum for one bar, 16 digits or dots; digits are loudness.
        bass: The bass pattern: `r` root, `o` octave, `f` fifth, `.` rest or hold.
        arp: Loudness of the arpeggio, 0 for none.
        pads: Loudness of the pads.
        brightness: Brightness of pads and arpeggio, at the section's start and end, 0…1.
    """

    label: SectionLabel
    letter: str
    energy: float
    chords: tuple[Chord, ...]
    melody: Melody
    tune: Voice
    drums: dict[Drum, str]
    bass: str
    arp: float
    pads: float
    brightness: tuple[float, float]
    harmony: Melody = ()


@dataclass(frozen=True)
class Note:
    """One note of a pitched instrument."""

    voice: Voice
    step: int
    steps: int
    pitch: int
    velocity: float


@dataclass(frozen=True)
class Hit:
    """One stroke on the kit."""

    drum: Drum
    step: int
    velocity: float


_AM9 = Chord(45, (57, 60, 64, 71))
_AM = Chord(45, (57, 60, 64, 69))
_F = Chord(41, (57, 60, 65, 69))
_FMAJ7 = Chord(41, (53, 57, 60, 64))
_C = Chord(36, (55, 60, 64, 67))
_G = Chord(43, (55, 59, 62, 67))
_EM7 = Chord(40, (55, 59, 62, 67))
_E7 = Chord(40, (56, 59, 62, 64))

_HOOK = (
    "E5:3 C5:3 A4:4 C5:2 D5:4",
    "D5:3 B4:3 G4:6 A4:2 B4:2",
    "C5:3 E5:3 A5:4 G5:2 E5:4",
    "D5:6 E5:2 B4:6 -:2",
    "E5:3 C5:3 A4:4 C5:2 D5:4",
    "D5:3 G5:3 B5:6 A5:4",
    "G5:6 E5:2 G5:4 C6:4",
    "B5:6 -:2 G#5:4 E5:4",
)
_HOOK_BELOW = (
    "C5:3 A4:3 F4:4 A4:2 A4:4",
    "B4:3 G4:3 D4:6 F4:2 G4:2",
    "A4:3 C5:3 E5:4 E5:2 C5:4",
    "B4:6 B4:2 G4:6 -:2",
    "C5:3 A4:3 F4:4 A4:2 A4:4",
    "B4:3 D5:3 G5:6 F5:4",
    "E5:6 C5:2 E5:4 G5:4",
    "G#5:6 -:2 E5:4 B4:4",
)
_VERSE_TUNE = (
    "-:4 E4:2 A4:2 C5:3 B4:3 A4:2",
    "A4:6 -:2 C5:2 A4:2 E4:4",
    "-:4 G4:2 C5:2 E5:3 D5:3 C5:2",
    "D5:6 B4:2 G4:4 -:4",
    "-:4 E4:2 A4:2 C5:3 B4:3 A4:2",
    "A4:3 C5:3 E5:6 -:4",
    "-:2 E5:2 D5:2 C5:2 G4:4 A4:2 C5:2",
    "B4:8 -:8",
)
_VERSE_TUNE_AGAIN = (
    "-:4 E5:2 D5:2 C5:3 B4:3 A4:2",
    "C5:6 -:2 C5:2 A4:2 E4:4",
    "-:4 G4:2 C5:2 E5:3 D5:3 C5:2",
    "D5:3 E5:3 D5:2 B4:4 -:4",
    *_VERSE_TUNE[4:],
)
_VERSE_CHORDS = (_AM9, _FMAJ7, _C, _G, _AM9, _FMAJ7, _C, _EM7)
_CHORUS_CHORDS = (_F, _G, _AM, _EM7, _F, _G, _C, _E7)
_VERSE_DRUMS = {
    Drum.KICK: "5.......3.5.....",
    Drum.RIM: "....7.......7...",
    Drum.HAT: "4.2.4.2.4.2.4.23",
}
_CHORUS_DRUMS = {
    Drum.KICK: "9...9...9...9.5.",
    Drum.SNARE: "....9.......9..2",
    Drum.CLAP: "....7.......7...",
    Drum.HAT: "6253625362536253",
    Drum.OPEN_HAT: "..7...7...7...7.",
}

_INTRO = Part(
    label="intro",
    letter="A",
    energy=0.25,
    chords=(_AM9, _FMAJ7, _C, _G),
    melody=("-:16", "-:16", "-:8 E5:3 D5:3 C5:2", "D5:8 -:8"),
    tune=Voice.BELL,
    drums={Drum.HAT: "3...2...3...2...", Drum.RIM: "............3..."},
    bass="................",
    arp=0.6,
    pads=0.7,
    brightness=(0.0, 0.45),
)
_VERSE = Part(
    label="verse",
    letter="B",
    energy=0.5,
    chords=_VERSE_CHORDS,
    melody=_VERSE_TUNE,
    tune=Voice.BELL,
    drums=_VERSE_DRUMS,
    bass="r.....r.r...f...",
    arp=0.0,
    pads=0.65,
    brightness=(0.3, 0.55),
)
_VERSE_AGAIN = Part(
    label="verse",
    letter="B",
    energy=0.55,
    chords=_VERSE_CHORDS,
    melody=_VERSE_TUNE_AGAIN,
    tune=Voice.BELL,
    drums={**_VERSE_DRUMS, Drum.HAT: "4232423242324233"},
    bass="r.....r.r...f.o.",
    arp=0.35,
    pads=0.65,
    brightness=(0.35, 0.6),
)
_CHORUS = Part(
    label="chorus",
    letter="C",
    energy=0.9,
    chords=_CHORUS_CHORDS,
    melody=_HOOK,
    tune=Voice.LEAD,
    drums=_CHORUS_DRUMS,
    bass="r.o.r.o.r.o.r.of",
    arp=0.7,
    pads=1.0,
    brightness=(0.8, 0.9),
)
_LAST_CHORUS = Part(
    label="chorus",
    letter="C",
    energy=1.0,
    chords=_CHORUS_CHORDS,
    melody=_HOOK,
    tune=Voice.LEAD,
    drums=_CHORUS_DRUMS,
    bass="r.o.r.o.r.o.r.of",
    arp=0.9,
    pads=1.0,
    brightness=(0.9, 1.0),
    harmony=_HOOK_BELOW,
)
_OUTRO = Part(
    label="outro",
    letter="D",
    energy=0.2,
    chords=(_FMAJ7, _G, _AM9, _AM9),
    melody=("E5:3 C5:3 A4:10", "D5:3 B4:3 G4:10", "C5:3 E5:3 A5:10", "E5:4 A5:12"),
    tune=Voice.BELL,
    drums={Drum.HAT: "3...2...3...2..."},
    bass="r...............",
    arp=0.45,
    pads=0.8,
    brightness=(0.5, 0.0),
)
FORM = (_INTRO, _VERSE, _CHORUS, _VERSE_AGAIN, _LAST_CHORUS, _OUTRO)

_FILLS: tuple[dict[Drum, str], ...] = (
    {Drum.SNARE: "........5.5.6789", Drum.HIGH_TOM: "................"},
    {Drum.SNARE: "........7..7....", Drum.HIGH_TOM: "..........7..88.", Drum.LOW_TOM: "...............9"},
    {Drum.SNARE: "........6.66....", Drum.HIGH_TOM: "............88..", Drum.LOW_TOM: "..............99"},
)
_ARP_ORDER = (0, 1, 2, 3, 2, 1, 3, 2)
_SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def bar_count() -> int:
    """How many bars the form has."""
    return sum(len(part.chords) for part in FORM)


def first_steps() -> list[int]:
    """The step at which each part of the form begins."""
    bars = np.cumsum([0, *(len(part.chords) for part in FORM[:-1])])
    return [int(bar) * STEPS_PER_BAR for bar in bars]


def pitch_of(name: str) -> int:
    """The MIDI number of a note: "A4" is 69, "G#5" is 80."""
    sharp = len(name) - 2
    return 12 * (int(name[-1]) + 1) + _SEMITONES[name[0]] + sharp


def write_notes(rng: np.random.Generator) -> list[Note]:
    """Every note of bass, arpeggio and melodies.

    Args:
        rng: Varies loudness a little, as players do.

    Returns:
        The notes, part by part.
    """
    notes: list[Note] = []
    for part, first in zip(FORM, first_steps(), strict=True):
        for bar, chord in enumerate(part.chords):
            at = first + bar * STEPS_PER_BAR
            notes += _bass_notes(part, chord, at, rng)
            notes += _arp_notes(part, chord, at, rng)
            notes += _tune_notes(part.tune, part.melody[bar], at, 0.9)
            if part.harmony:
                notes += _tune_notes(Voice.HARMONY, part.harmony[bar], at, 0.6)
    return notes


def write_hits(rng: np.random.Generator) -> list[Hit]:
    """Every stroke on the kit: patterns, a fill into each new part, a crash where a part begins.

    Args:
        rng: Chooses fills and varies loudness.

    Returns:
        The strokes, part by part.
    """
    hits: list[Hit] = []
    for index, (part, first) in enumerate(zip(FORM, first_steps(), strict=True)):
        if index:
            hits.append(Hit(Drum.CRASH, first, 0.4 + 0.6 * part.energy))
        for bar in range(len(part.chords)):
            leads_on = bar == len(part.chords) - 1 and index < len(FORM) - 1
            fades_out = part.label == "outro" and bar >= 2
            pattern = {} if fades_out else part.drums
            if leads_on:
                fill = _FILLS[int(rng.integers(len(_FILLS)))]
                # The kick goes on below the fill, the rest of the kit makes room for it.
                pattern = {
                    drum: steps if drum is Drum.KICK else steps[:8] + "." * 8 for drum, steps in part.drums.items()
                }
                hits += _strokes(fill, first + bar * STEPS_PER_BAR, 0.5 + 0.4 * part.energy, rng)
            hits += _strokes(pattern, first + bar * STEPS_PER_BAR, 1.0, rng)
    return hits


def _strokes(pattern: dict[Drum, str], at: int, loudness: float, rng: np.random.Generator) -> list[Hit]:
    return [
        Hit(drum, at + step, loudness * int(digit) / 9 * float(rng.uniform(0.92, 1.0)))
        for drum, steps in pattern.items()
        for step, digit in enumerate(steps)
        if digit != "."
    ]


def _bass_notes(part: Part, chord: Chord, at: int, rng: np.random.Generator) -> list[Note]:
    starts = [step for step, letter in enumerate(part.bass) if letter != "."]
    ends = [*starts[1:], STEPS_PER_BAR]
    above = {"r": 0, "o": 12, "f": 7}
    return [
        Note(
            Voice.BASS,
            at + start,
            end - start,
            chord.bass + above[part.bass[start]],
            (0.3 + 0.7 * part.energy) * float(rng.uniform(0.94, 1.0)),
        )
        for start, end in zip(starts, ends, strict=False)
    ]


def _arp_notes(part: Part, chord: Chord, at: int, rng: np.random.Generator) -> list[Note]:
    if not part.arp:
        return []
    accents = (1.0, 0.55, 0.7, 0.55)
    return [
        Note(
            Voice.ARP,
            at + step,
            2,
            chord.voicing[_ARP_ORDER[step % len(_ARP_ORDER)]] + (24 if step % 8 == 7 else 12),
            part.arp * accents[step % len(accents)] * float(rng.uniform(0.85, 1.0)),
        )
        for step in range(STEPS_PER_BAR)
    ]


def _tune_notes(voice: Voice, bar: str, at: int, velocity: float) -> list[Note]:
    notes: list[Note] = []
    step = 0
    for word in bar.split():
        name, _, steps = word.partition(":")
        if name != "-":
            notes.append(Note(voice, at + step, int(steps), pitch_of(name), velocity))
        step += int(steps)
    assert step == STEPS_PER_BAR, f"a bar of {step} sixteenths: {bar}"
    return notes
