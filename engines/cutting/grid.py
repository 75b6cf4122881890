"""Possible and compulsory cuts: beats, section starts and drops, on frames."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from math import ceil, floor

from models.profiles import Profile
from models.song import SongAnalysis
from models.timeline import SHORTEST_SCENE_S

_SNAP_S = 0.06
"""A section start or drop this near to a beat means that beat: two trackers of one moment."""

_DROP_SNAP_S = 0.25
"""Drops are detected from loudness, whose windows smear them more."""


class Footing(IntEnum):
    """The musical event under a possible cut, best first."""

    DOWNBEAT = 0
    HALF_BAR = 1
    BEAT = 2
    NOTHING = 3


@dataclass(frozen=True)
class CutPoint:
    """A frame on which a cut may lie; `strength` 0…1 says how well the music supports it."""

    frame: int
    footing: Footing
    strength: float


@dataclass(frozen=True)
class Bounds:
    """The number of frames in all, and the fewest and most frames of one shot."""

    frame_count: int
    shortest: int
    longest: int


def bounds_for(analysis: SongAnalysis, profile: Profile, longest_shot_s: float) -> Bounds:
    """The limits in frames: picture to the end of the last sample, no shot too short to see or too long to make."""
    return Bounds(
        frame_count=max(1, ceil(Fraction(analysis.duration_s) * profile.fps)),
        shortest=ceil(SHORTEST_SCENE_S * profile.fps),
        longest=floor(Fraction(longest_shot_s) * profile.fps),
    )


def beat_points(analysis: SongAnalysis, profile: Profile, frame_count: int) -> list[CutPoint]:
    """Every beat as a possible cut, at the frame nearest to it.

    Args:
        analysis: The song; if it has bars, their `cut_strength` rates each downbeat.
        profile: Gives the frame rate.
        frame_count: Frames of the video; beats at 0 or beyond its end are left out.

    Returns:
        Ascending frames, at most one point each: of two beats on one frame the better footing stays.
    """
    asked = {profile.frame_at(bar.start_s): bar.cut_strength for bar in analysis.bars}
    best: dict[int, CutPoint] = {}
    for index, beat in enumerate(analysis.beats):
        frame = profile.frame_at(beat.time_s)
        if not 0 < frame < frame_count:
            continue
        footing = _footing(beat.position, _beats_in_bar(analysis, index))
        strength = asked.get(frame, 0.5) if footing is Footing.DOWNBEAT else 0.5
        if frame not in best or footing < best[frame].footing:
            best[frame] = CutPoint(frame, footing, strength)
    return [best[frame] for frame in sorted(best)]


def anchors(analysis: SongAnalysis, profile: Profile, bounds: Bounds) -> list[int]:
    """Frames on which a cut must lie: 0, section starts, drops, the end.

    Args:
        analysis: The song.
        profile: Gives the frame rate.
        bounds: Of the plan.

    Returns:
        Ascending frames from 0 to `frame_count`, none nearer to another than the shortest shot. A frame too near to an
        earlier claim is dropped; drops yield to section starts.
    """
    beats_s = [beat.time_s for beat in analysis.beats]
    starts_s = [_snapped(section.start_s, beats_s, _SNAP_S) for section in analysis.sections]
    drops_s = [_snapped(drop_s, beats_s, _DROP_SNAP_S) for drop_s in analysis.drops_s]
    kept = [0, bounds.frame_count]
    for time_s in [*starts_s, *drops_s]:
        frame = profile.frame_at(time_s)
        at = bisect_left(kept, frame)
        room_before = at > 0 and frame - kept[at - 1] >= bounds.shortest
        room_after = at < len(kept) and kept[at] - frame >= bounds.shortest
        if room_before and room_after:
            kept.insert(at, frame)
    return kept


def _snapped(time_s: float, beats_s: Sequence[float], reach_s: float) -> float:
    at = bisect_left(beats_s, time_s)
    near = min(beats_s[max(0, at - 1) : at + 1], key=lambda beat_s: abs(beat_s - time_s), default=time_s)
    return near if abs(near - time_s) <= reach_s else time_s


def _beats_in_bar(analysis: SongAnalysis, index: int) -> int:
    """The number of beats in the bar around a beat, as far as the beats themselves show."""
    beats = analysis.beats
    for later in range(index + 1, min(len(beats), index + 16)):
        if beats[later].position == 1:
            return beats[later - 1].position
    return analysis.beats_per_bar


def _footing(position: int, beats_in_bar: int) -> Footing:
    if position == 1:
        return Footing.DOWNBEAT
    if beats_in_bar % 2 == 0 and beats_in_bar >= 4 and position == beats_in_bar // 2 + 1:
        return Footing.HALF_BAR
    return Footing.BEAT
