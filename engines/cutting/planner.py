"""Sequence planning: scenes that tile the song on exact frames, cut on its beats at the pace of its energy."""

import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp

import numpy as np

from engines.cutting.cues import frame_energy, music_cues
from engines.cutting.grid import Bounds, CutPoint, Footing, anchors, beat_points, bounds_for
from engines.cutting.pace import CHORUS_FACTOR, Pace, pace_of
from engines.cutting.path import cheapest_cuts, deviation
from engines.cutting.reprises import returning, with_reprises
from models.failures import InvalidInput
from models.profiles import Profile
from models.song import SongAnalysis
from models.storyboard import Scene, SequencePlan
from models.takes import MusicCues

LONGEST_SHOT_S = 8.0
_LEAST_LONGEST_S = 2.0

# Prices of a cut by its footing; deviations from the desired length mostly cost less than 1. In calm music a cut off
# the downbeat therefore happens only if no downbeat is in reach; in hot music it costs little.
_CALM_PRICES = {Footing.DOWNBEAT: 0.0, Footing.HALF_BAR: 8.0, Footing.BEAT: 12.0, Footing.NOTHING: 40.0}
_HOT_PRICES = {Footing.DOWNBEAT: 0.0, Footing.HALF_BAR: 0.12, Footing.BEAT: 0.5, Footing.NOTHING: 40.0}
_UNASKED = 0.2
"""Price of a downbeat whose bar has no cut strength."""

_SWING = 0.4
"""How far, as a log ratio, the seed changes each shot's desired length: an even rhythm tires the eye."""

_QUICKEN = 0.8
_LENGTHEN = 1.25
_MOST_STRETCH = 16.0


@dataclass(frozen=True)
class _Stretch:
    start: int
    end: int
    pace: Pace
    bar_s: float


class BeatPlanner:
    """Implements `activities.ports.engines.Planner`.

    Args:
        longest_shot_s: The longest take that the slowest clip maker can deliver.
    """

    def __init__(self, longest_shot_s: float = LONGEST_SHOT_S) -> None:
        if longest_shot_s < _LEAST_LONGEST_S:
            raise InvalidInput(f"The longest shot must last at least {_LEAST_LONGEST_S:.0f} s.", code="longest_shot")
        self._longest_shot_s = longest_shot_s

    def plan(self, analysis: SongAnalysis, profile: Profile, max_scenes: int, seed: int) -> SequencePlan:
        """Scenes on exact frames.

        Args:
            analysis: The song.
            profile: Gives the frame rate.
            max_scenes: The most scenes to make; the others are reprises.
            seed: Another seed cuts on other bars, as far as the music leaves a choice.

        Returns:
            Scenes that tile 0…`frame_count`.

        Raises:
            InvalidInput: `max_scenes` is below 1.
        """
        if max_scenes < 1:
            raise InvalidInput("At least one scene must be made; raise the limit of scenes.", code="max_scenes")
        table = _CutTable(analysis, profile, bounds_for(analysis, profile, self._longest_shot_s), seed)
        scenes = table.scenes(1.0)
        stretch = 1.0
        # Longer shots come before reprises of music that does not return, but after reprises of music that does.
        while len(scenes) - len(returning(scenes)) > max_scenes and stretch < _MOST_STRETCH:
            stretch *= _LENGTHEN
            scenes = table.scenes(stretch)
        return SequencePlan(scenes=with_reprises(scenes, max_scenes), frame_count=table.bounds.frame_count)

    def cues(self, analysis: SongAnalysis, profile: Profile, start_frame: int, end_frame: int) -> MusicCues:
        """The music under a stretch of frames; see `music_cues`."""
        return music_cues(analysis, profile, start_frame, end_frame)


class _CutTable:
    """One song at one frame rate: shared by the searches for cuts."""

    def __init__(self, analysis: SongAnalysis, profile: Profile, bounds: Bounds, seed: int) -> None:
        self.bounds = bounds
        self._analysis = analysis
        self._fps = float(profile.fps)
        self._points = beat_points(analysis, profile, bounds.frame_count)
        chance = random.Random(seed)
        self._swing = {point.frame: exp(chance.uniform(-_SWING, _SWING)) for point in self._points}
        self._downbeats = {point.frame for point in self._points if point.footing is Footing.DOWNBEAT} | {0}
        energy = frame_energy(analysis, profile, 0, bounds.frame_count)
        self._energy_sums: list[float] = np.concatenate([[0.0], np.cumsum(energy)]).tolist()
        self._section_starts = [profile.frame_at(section.start_s) for section in analysis.sections]
        drops = [profile.frame_at(drop_s) for drop_s in analysis.drops_s]
        # A drop is the anchor that was snapped from it: the nearest one within the shortest shot.
        self._stretches = [
            self._stretch(start, end, any(abs(start - drop) < bounds.shortest for drop in drops))
            for start, end in pairwise(anchors(analysis, profile, bounds))
        ]

    def scenes(self, stretch: float) -> list[Scene]:
        """All scenes, with their desired lengths multiplied by `stretch`."""
        quicken = 1.0
        cuts = [self._cuts(part, stretch) for part in self._stretches]
        while self._chorus_is_slow(cuts) and quicken > 0.3:
            quicken *= _QUICKEN
            cuts = [
                self._cuts(part, stretch * quicken) if part.pace.chorus else found
                for part, found in zip(self._stretches, cuts, strict=True)
            ]
        frames = [frame for found in cuts for frame in found] + [self.bounds.frame_count]
        return self._on_sections(frames)

    def _cuts(self, part: _Stretch, stretch: float) -> list[int]:
        """Starts of the shots of a stretch, its own start first."""
        pace = part.pace
        # In slow music a bar is longer than a chorus shot should be: there, half bars count as downbeats.
        hot = pace.hot or (pace.chorus and part.bar_s > 1.4 * pace.wish_s(self.energy(part.start, part.end), stretch))
        prices = _HOT_PRICES if hot else _CALM_PRICES

        def cut_price(point: CutPoint) -> float:
            return prices[point.footing] + _UNASKED * (1 - point.strength)

        def shot_price(start: int, end: int) -> float:
            wish_s = pace.wish_s(self.energy(start, end), stretch) * self._swing.get(start, 1.0)
            return deviation((end - start) / self._fps, wish_s)

        return [
            part.start,
            *cheapest_cuts(part.start, part.end, self._points, self.bounds, cut_price, shot_price),
        ]

    def energy(self, start: int, end: int) -> float:
        """Mean energy between two frames."""
        return (self._energy_sums[end] - self._energy_sums[start]) / max(1, end - start)

    def _stretch(self, start: int, end: int, after_drop: bool) -> _Stretch:
        section = self._analysis.sections[self._section_at((start + end) // 2)]
        downbeats = [frame for frame in self._downbeats if start <= frame <= end]
        bar_s = (end - start) / self._fps / max(1, len(downbeats))
        return _Stretch(start, end, pace_of(self._analysis, section, after_drop), bar_s)

    def _chorus_is_slow(self, cuts: Sequence[Sequence[int]]) -> bool:
        """Whether the mean chorus shot is longer than its share of the mean verse shot."""
        verse, chorus = [0, 0], [0, 0]
        for part, found in zip(self._stretches, cuts, strict=True):
            label = self._analysis.sections[self._section_at((part.start + part.end) // 2)].label
            sums = chorus if label == "chorus" else verse if label == "verse" else None
            if sums is not None:
                sums[0] += part.end - part.start
                sums[1] += len(found)
        return bool(verse[1] and chorus[1]) and chorus[0] / chorus[1] > CHORUS_FACTOR * verse[0] / verse[1]

    def _section_at(self, frame: int) -> int:
        return max(0, bisect_right(self._section_starts, frame) - 1)

    def _on_sections(self, frames: Sequence[int]) -> list[Scene]:
        scenes: list[Scene] = []
        for start, end in pairwise(frames):
            section_index = self._section_at((start + end) // 2)
            section = self._analysis.sections[section_index]
            continues = bool(scenes) and scenes[-1].section_index == section_index
            scenes.append(
                Scene(
                    index=len(scenes),
                    section_index=section_index,
                    section=section.label,
                    letter=section.letter,
                    start_frame=start,
                    end_frame=end,
                    energy=round(min(1.0, self.energy(start, end)), 4),
                    on_downbeat=start in self._downbeats,
                    place=scenes[-1].place + 1 if continues else 0,
                )
            )
        return scenes
