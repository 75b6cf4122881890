"""How much of forty briefs is seen: nouns, looks, and what was never asked for.

    python -m bench.brief [--sheets out/briefs] [--stills 18] [--only WORD]

Each brief is directed over a made-up song of three minutes, and its stills are painted small. Prints one JSON object;
with `--sheets` also a contact sheet per brief, as PNG. Figures are by the notes in the stills: what is visible.
"""

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from bench.briefs import BRIEFS, Wanted
from engines.cutting import BeatPlanner
from engines.jobs import no_pulse
from engines.providers.local.director import LocalDirector
from engines.providers.local.painter.painter import LocalPainter
from engines.providers.local.reading import read_words
from models.brief import Brief
from models.in_picture import IN_PICTURE_BYTES, InPicture, SeenPerson, in_picture
from models.profiles import PROFILES, ProfileName
from models.song import Beat, EnergyCurve, Section, SectionLabel, SongAnalysis
from models.storyboard import ScenePrompt
from models.takes import StillRequest

NOUNS_BAR, LOOKS_BAR, EXTRAS_BAR = 0.90, 0.95, 0.02
_LEAST_SCENES = 2
_SIZE = (180, 320)
_COLUMNS = 6
_FORM: tuple[tuple[SectionLabel, str, float], ...] = (
    ("intro", "I", 0.2), ("verse", "A", 0.5), ("chorus", "B", 0.9), ("verse", "A", 0.5), ("chorus", "B", 0.9),
    ("bridge", "C", 0.4), ("chorus", "B", 1.0), ("outro", "O", 0.2),
)  # fmt: skip
_SECTION_S = 22.0


@dataclass
class Score:
    """Counts over all briefs, and what is wrong."""

    nouns: int = 0
    seen: int = 0
    looks: int = 0
    right: int = 0
    things: int = 0
    extras: int = 0
    wrong: list[str] = field(default_factory=list)


def song() -> SongAnalysis:
    """A song at 120 bpm in the usual form."""
    length_s = _SECTION_S * len(_FORM)
    return SongAnalysis(
        duration_s=length_s,
        sample_rate_hz=44_100,
        channels=2,
        tempo_bpm=120,
        beats_per_bar=4,
        beats=tuple(Beat(time_s=i / 2, position=i % 4 + 1) for i in range(int(length_s * 2))),
        sections=tuple(
            Section(
                start_s=index * _SECTION_S,
                end_s=(index + 1) * _SECTION_S,
                letter=letter,
                label=label,
                energy=energy,
                strongest_chorus=energy == 1.0,
            )
            for index, (label, letter, energy) in enumerate(_FORM)
        ),
        energy=EnergyCurve(hop_s=1.0, values=tuple(_FORM[int(t // _SECTION_S)][2] for t in range(int(length_s)))),
    )


def directed(wanted: Wanted, stills: int) -> list[ScenePrompt]:
    """The prompts of a number of scenes, evenly over the video."""
    director, analysis, brief = LocalDirector(), song(), Brief(prompt=wanted.prompt, style=wanted.style, seed=1)
    scenes = [
        scene
        for scene in BeatPlanner().plan(analysis, PROFILES[ProfileName.PREVIEW], 90, 1).scenes
        if scene.reprise_of is None
    ]
    chosen = [scenes[index] for index in np.linspace(0, len(scenes) - 1, min(stills, len(scenes))).astype(int)]
    treatment = director.envision(brief, analysis, "Bench")
    casting = director.cast(brief, analysis, treatment)
    shots = director.specify_shots(brief, analysis, treatment, casting, chosen)
    return list(director.write_prompts(brief, treatment, casting, chosen, shots).prompts)


def painted(prompts: Sequence[ScenePrompt], folder: Path) -> list[tuple[Path, InPicture]]:
    """The stills, with their notes."""
    found = []
    for index, prompt in enumerate(prompts):
        out = folder / f"{index:02}.png"
        LocalPainter().paint(StillRequest(prompt=prompt, width=_SIZE[0], height=_SIZE[1]), [], out, no_pulse)
        found.append((out, in_picture(out.read_bytes()[:IN_PICTURE_BYTES]) or InPicture()))
    return found


def judge(wanted: Wanted, notes: Sequence[InPicture], score: Score) -> None:
    """Count what is seen, right, and never asked for."""
    counts: Counter[str] = Counter()
    for note in notes:
        counts.update({f"p:{one.role}" for one in note.people} | {f"@{note.place}"})
        counts.update({name for one in note.things for name in (one.name, one.glyph, one.noun) if name})
    missing = [noun for noun in wanted.nouns if counts[noun] < _LEAST_SCENES]
    score.nouns += len(wanted.nouns)
    score.seen += len(wanted.nouns) - len(missing)
    wrong = [f"not in two scenes: {noun}" for noun in missing]
    for noun, name, value in wanted.looks:
        for note in notes:
            for people_or_thing in (*note.people, *note.things):
                role = people_or_thing.role if isinstance(people_or_thing, SeenPerson) else ""
                if noun not in (role, getattr(people_or_thing, "name", ""), getattr(people_or_thing, "noun", "")):
                    continue
                said = getattr(people_or_thing, name, "")
                score.looks += 1
                good = value in (" ".join(said) if isinstance(said, tuple) else str(said))
                score.right += good
                if not good:
                    wrong.append(f"{noun}.{name}: {said}")
    reading = read_words(wanted.prompt)
    asked = {item.noun for item in reading.items} | {one.name for one in reading.items if one.name}
    alone = not reading.people and "people" in reading.absent
    for note in notes:
        score.things += len(note.things) + len(note.people) + 1
        extras = [f"extra {one.noun}" for one in note.things if one.noun not in asked and one.name not in asked]
        extras += [f"extra {one.role}" for one in note.people if alone or one.hair_style == "mohawk"]
        extras += [f"extra {note.weather}"] if wanted.weathers and note.weather not in wanted.weathers else []
        score.extras += len(extras)
        wrong += extras
    if wrong:
        score.wrong.append(f"{wanted.prompt[:50]}: {'; '.join(dict.fromkeys(wrong))}")


def sheet(pictures: Sequence[Path], out: Path) -> None:
    """Write a contact sheet."""
    tiles = [np.asarray(cv2.imread(str(path)), np.uint8) for path in pictures]
    blank = np.zeros_like(tiles[0])
    rows = [tiles[at : at + _COLUMNS] for at in range(0, len(tiles), _COLUMNS)]
    lines = [np.concatenate([*row, *[blank] * (_COLUMNS - len(row))], axis=1) for row in rows]
    cv2.imwrite(str(out), np.concatenate(lines, axis=0))


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheets", type=Path, help="folder for contact sheets")
    parser.add_argument("--stills", type=int, default=18, help="stills per brief")
    parser.add_argument("--only", default="", help="only briefs that contain this word")
    asked = parser.parse_args()
    score = Score()
    for number, wanted in enumerate(BRIEFS, 1):
        if asked.only.lower() not in wanted.prompt.lower():
            continue
        with tempfile.TemporaryDirectory() as folder:
            stills = painted(directed(wanted, asked.stills), Path(folder))
            judge(wanted, [note for _, note in stills], score)
            if asked.sheets:
                asked.sheets.mkdir(parents=True, exist_ok=True)
                sheet([path for path, _ in stills], asked.sheets / f"{number:02}.png")
    nouns, looks = score.seen / max(1, score.nouns), score.right / max(1, score.looks)
    extras = score.extras / max(1, score.things)
    print(
        json.dumps(
            {
                "nouns_seen": round(nouns, 3),
                "nouns_ratio": round(nouns / NOUNS_BAR, 3),
                "looks_right": round(looks, 3),
                "looks_ratio": round(looks / LOOKS_BAR, 3),
                "extras": round(extras, 4),
                "extras_ratio": round(extras / EXTRAS_BAR, 3),
                "wrong": score.wrong,
            },
            indent=1,
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
