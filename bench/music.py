"""The accuracy and speed of the music engine, on songs with known truth.

    python bench/music.py FOLDER [--cache DIR] [--fit] [--json FILE]

FOLDER holds `songs/ID.ogg` (or any other accepted format) and `truth/ID.json` with `beats`, `downbeats` (seconds),
`sections` (start, end, label or letter) and `duration`. Songs named `X` and `X-bare` are two renderings of one song and
are always held out together.

Beats: F at 70 ms, both sides from 5 s on. Boundaries: hit rate F at 0.5 s and 3 s, ends trimmed. Labels: pairwise F and
V-measure. "Held out" scores the structure of each song with weights fitted on the others; `--fit` refits the engine's
weights on the whole folder. `--cache` keeps the networks' output, for experiments with the later stages.
"""

import argparse
import json
import pickle
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from typing import Any

import mir_eval
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from engines.music import boundaries, letters
from engines.music.bars import BarFeatures
from engines.music.decoding import FPS
from engines.music.hearing import Heard, bars_of, find_beats, listen, on_downbeats
from engines.music.meter import Beats
from engines.music.networks import MadmomNetwork
from engines.music.weights import Logistic, Weights, fitted_weights

Floats = NDArray[np.float64]
Span = tuple[int, int]
COLUMNS = ("beat", "down", "HR.5", "HR3", "PWF", "V")
# Strong regularization: a dozen songs have about a hundred boundaries for seventeen measures.
BOUNDARY_REGULARITY = 0.003
SAME_MUSIC_REGULARITY = 0.1
NEAR_S = 0.5


@dataclass(eq=False)
class Song:
    """One rendering, its analysis, and the truth."""

    name: str
    truth: dict[str, Any]
    heard: Heard
    beats: Beats
    bars: BarFeatures
    measures: Floats
    allowed: NDArray[np.bool_]
    seconds: dict[str, float]

    @property
    def group(self) -> str:
        """The unit of hold-out: all renderings of one song."""
        return self.name.split("-")[0]

    def downbeats_s(self) -> Floats:
        """The downbeats found."""
        times: Floats = self.beats.frames[self.beats.positions == 1] / FPS
        return times

    def starts_section(self) -> NDArray[np.bool_]:
        """(bars − 1,), the truth at each inner bar line."""
        lines = self.bars.edges_s[1:-1]
        answer = np.zeros(len(lines), bool)
        for section in self.truth["sections"][1:]:
            nearest = int(np.abs(lines - section["start"]).argmin())
            answer[nearest] |= abs(lines[nearest] - section["start"]) < NEAR_S
        return answer

    def true_letter(self, span: Span) -> str:
        """The letter that covers most of a span of bars."""
        start, end = self.bars.edges_s[span[0]], self.bars.edges_s[span[1]]
        share: dict[str, float] = {}
        for section in self.truth["sections"]:
            overlap = max(0.0, min(end, section["end"]) - max(start, section["start"]))
            share[_label(section)] = share.get(_label(section), 0.0) + overlap
        return max(share, key=lambda letter: share[letter])


def _label(section: dict[str, Any]) -> str:
    return str(section.get("label", section.get("letter")))


def prepare(path: Path, truth: dict[str, Any], network: MadmomNetwork, cache: Path | None) -> Song:
    seconds: dict[str, float] = {}

    def timed(part: str, action: Any, *arguments: Any) -> Any:
        began = time.perf_counter()
        result = action(*arguments)
        seconds[part] = time.perf_counter() - began
        return result

    stored = cache / f"{path.stem}.pickle" if cache else None
    if stored and stored.exists():
        heard = pickle.loads(stored.read_bytes())
    else:
        heard = timed("listen", listen, path, network)
        if stored:
            stored.write_bytes(pickle.dumps(heard))
    beats = timed("beats", find_beats, heard)
    if beats is None:
        raise SystemExit(f"{path.name}: no beat was found")
    bars = timed("bars", bars_of, heard, beats)
    measures = timed("structure", boundaries.boundary_measures, bars)
    allowed = on_downbeats(bars, beats.frames[beats.positions == 1] / FPS)
    return Song(path.stem, truth, heard, beats, bars, measures, allowed, seconds)


def fit_logistic(measures: Floats, answers: NDArray[np.bool_], names: Sequence[str], regularity: float) -> Logistic:
    scaler = StandardScaler().fit(measures)
    model = LogisticRegression(C=regularity, max_iter=1000).fit(scaler.transform(measures), answers)
    coefficients = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - (coefficients * scaler.mean_).sum())
    return Logistic(tuple(names), tuple(round(float(c), 6) for c in coefficients), round(intercept, 6))


def balanced(songs: Sequence[Song]) -> list[Song]:
    """The songs, with bare renderings repeated so that both kinds weigh the same: they are few, and the harder half."""
    bare = [song for song in songs if song.name.endswith("-bare")]
    copies = max(1, round((len(songs) - len(bare)) / max(1, len(bare))))
    return [song for song in songs if song not in bare] + bare * copies


def fit_boundary(songs: Sequence[Song]) -> Logistic:
    songs = balanced(songs)
    measures = np.vstack([song.measures for song in songs])
    answers = np.concatenate([song.starts_section() for song in songs])
    return fit_logistic(measures, answers, boundaries.MEASURES, BOUNDARY_REGULARITY)


def fit_same_music(songs: Sequence[Song], spans: dict[str, list[Span]]) -> Logistic:
    measures, answers = [], []
    for song in balanced(songs):
        own = spans[song.name]
        true = [song.true_letter(span) for span in own]
        measures.append(letters.pair_measures(song.bars, own))
        answers.append([true[i] == true[j] for i, j in zip(*np.triu_indices(len(own), 1), strict=True)])
    return fit_logistic(np.vstack(measures), np.concatenate(answers), letters.MEASURES, SAME_MUSIC_REGULARITY)


def spans_of(song: Song, weights: Weights) -> list[Span]:
    lines = boundaries.choose_boundaries(song.measures, song.allowed, weights)
    return list(pairwise([0, *lines, song.bars.count]))


def held_out_weights(songs: Sequence[Song]) -> tuple[dict[str, Weights], dict[str, list[Span]]]:
    """For each group of renderings the weights fitted on all others, and the spans chosen with them."""
    dummy = Logistic((), (), 0.0)
    groups = sorted({song.group for song in songs})
    boundary = {group: fit_boundary([song for song in songs if song.group != group]) for group in groups}
    spans = {song.name: spans_of(song, Weights(boundary[song.group], dummy)) for song in songs}
    same = {group: fit_same_music([song for song in songs if song.group != group], spans) for group in groups}
    return {group: Weights(boundary[group], same[group]) for group in groups}, spans


def score_beats(truth: Sequence[float], found: Floats) -> float:
    trim = mir_eval.beat.trim_beats
    return float(mir_eval.beat.f_measure(trim(np.asarray(truth)), trim(np.asarray(found))))


def score_structure(song: Song, weights: Weights) -> list[float]:
    spans = spans_of(song, weights)
    spans, found_letters = letters.joined_sections(
        spans, letters.letter_sections(letters.pair_measures(song.bars, spans), len(spans), weights)
    )
    duration = song.truth["duration"]
    edges = [0.0, *(float(song.bars.edges_s[start]) for start, _ in spans[1:]), duration]
    found = np.array(list(pairwise(edges)))
    true = np.array([[section["start"], section["end"]] for section in song.truth["sections"]])
    true[0, 0], true[-1, 1] = 0.0, duration
    true_letters = [_label(section) for section in song.truth["sections"]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [
            float(mir_eval.segment.detection(true, found, window=0.5, trim=True)[2]),
            float(mir_eval.segment.detection(true, found, window=3, trim=True)[2]),
            float(mir_eval.segment.pairwise(true, true_letters, found, found_letters)[2]),
            float(mir_eval.segment.vmeasure(true, true_letters, found, found_letters)[2]),
        ]


def print_table(title: str, rows: dict[str, list[float]]) -> dict[str, list[float]]:
    print(f"\n{title}\n{'':14}" + "".join(f"{column:>8}" for column in COLUMNS))
    for name, row in rows.items():
        print(f"{name:14}" + "".join(f"{value:8.3f}" for value in row))
    kinds = {
        "produced": [row for name, row in rows.items() if not name.endswith("-bare")],
        "bare": [row for name, row in rows.items() if name.endswith("-bare")],
        "all": list(rows.values()),
    }
    means = {kind: [fmean(column) for column in zip(*some, strict=True)] for kind, some in kinds.items() if some}
    for kind, mean in means.items():
        print(f"mean {kind:9}" + "".join(f"{value:8.3f}" for value in mean))
    return means


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    if arguments.cache:
        arguments.cache.mkdir(parents=True, exist_ok=True)
    network = MadmomNetwork()
    songs = []
    with threadpool_limits(1):
        for path in sorted((arguments.folder / "songs").iterdir()):
            truth_path = arguments.folder / "truth" / f"{path.stem}.json"
            if truth_path.exists():
                songs.append(prepare(path, json.loads(truth_path.read_text()), network, arguments.cache))
    beat_rows = {
        song.name: [
            score_beats(song.truth["beats"], song.beats.frames / FPS),
            score_beats(song.truth["downbeats"], song.downbeats_s()),
        ]
        for song in songs
    }
    held_out, spans = held_out_weights(songs)
    if arguments.fit:
        Weights(fit_boundary(songs), fit_same_music(songs, spans)).save()
        fitted_weights.cache_clear()
    report = {
        "held out": print_table(
            "structure held out, song by song",
            {song.name: beat_rows[song.name] + score_structure(song, held_out[song.group]) for song in songs},
        ),
        "as shipped": print_table(
            "with the weights of the engine",
            {song.name: beat_rows[song.name] + score_structure(song, fitted_weights()) for song in songs},
        ),
    }
    minutes = sum(song.heard.duration_s for song in songs) / 60
    print("\nseconds per minute of audio")
    parts: dict[str, float] = {}
    for song in songs:
        for part, spent in song.seconds.items():
            parts[part] = parts.get(part, 0.0) + spent
    for part, spent in parts.items():
        print(f"{part:14}{spent / minutes:8.2f}")
    if arguments.json:
        arguments.json.write_text(
            json.dumps({"columns": COLUMNS, **report, "seconds_per_minute": {p: s / minutes for p, s in parts.items()}})
        )


if __name__ == "__main__":
    main()
