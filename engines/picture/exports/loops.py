"""The canvas: a silent loop without a visible seam."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.picture.encode import SegmentWriter
from engines.picture.exports.frames import Planes, cut, frame_of, frames_of, mix, planes_of, profile_of
from engines.picture.exports.windows import CANVAS_S
from engines.picture.probe import check_picture, decoded_frames
from models.exports import ExportPlan, ExportSources
from models.failures import MediaCorrupt

SEAM_PERCENTILE = 95
SEAM_SIZE = (54, 96)
"""Width and height at which frames are compared: large enough to show a cut, small enough to average grain out. At full
size the grain of Film Noir alone makes neighbours differ by 6.8 levels, and the one seam among them showed by 0.05.
"""

GRAIN_SPREAD = 0.1
"""Two pairs of frames that differ by grain alone still differ by this share of that difference, by chance."""

_LEAST_VISIBLE = 0.3
"""Levels of 0…255, as a mean over the small frames."""

_LATITUDE_S = 0.8
_LONGER = 2


def make_canvas(plan: ExportPlan, sources: ExportSources, out: Path) -> int:
    """Write the loop and probe it.

    A visible seam is repaired by a longer dissolve, and finally by a shot that plays forwards and backwards: its turns
    are neighbours of the shot itself, so that a loop always exists.

    Args:
        plan: From `windows.plan_export`.
        sources: The segments of its scenes.
        out: The MP4 to write.

    Returns:
        The number of frames.

    Raises:
        MediaCorrupt: The file is not as planned.
    """
    profile, count = profile_of(plan, sources), 0
    for loop in _loops(plan, sources):
        with SegmentWriter(out, profile) as writer:
            for planes in loop:
                writer.write(frame_of(planes))
        count = len(loop)
        check_picture(out, profile, count)
        seam, limit = seam_of(planes_of(frame)[0] for frame in decoded_frames(out))
        if seam <= limit:
            break
    return count


def _loops(plan: ExportPlan, sources: ExportSources) -> Iterator[list[Planes]]:
    """Loops to try, the finest first."""
    timeline, fps = sources.timeline, float(sources.timeline.fps)
    frames: list[Planes] = []
    shots: list[int] = []
    for index, _, planes in frames_of(plan, sources):
        frames.append(cut(planes, 0, timeline.height, plan.width, plan.height))
        shots.append(index)
    if not plan.there_and_back:
        for overlap in (plan.overlap_frames, _LONGER * plan.overlap_frames):
            if len(frames) - overlap >= max(overlap, round(CANVAS_S[0] * fps)):
                yield _dissolved(frames, overlap, fps)
    longest = max(set(shots), key=lambda shot: (shots.count(shot), -shot))
    shot = [planes for planes, index in zip(frames, shots, strict=True) if index == longest]
    shot = shot[: int(CANVAS_S[1] / 2 * fps)]
    yield [shot[i] for i in _there_and_back(len(shot), fps)]


def seam_of(lumas: Iterable[NDArray[np.uint8]]) -> tuple[float, float]:
    """The difference of the last frame from the first, compared with that of neighbours.

    Grain is not a seam: frames are compared small, and the remaining grain limits the precision of the comparison.

    Args:
        lumas: The loop's frames as they are shown, uint8, (height, width) each.

    Returns:
        Mean absolute difference of last and first; the part of it that exceeds the neighbours'.
    """
    first: NDArray[np.float32] | None = None
    before: NDArray[np.float32] | None = None
    steps = []
    for luma in lumas:
        now = np.asarray(cv2.resize(luma, SEAM_SIZE, interpolation=cv2.INTER_AREA), np.float32)
        if before is not None:
            steps.append(float(np.abs(now - before).mean()))
        first, before = (now if first is None else first), now
    if first is None or before is None or not steps:
        raise MediaCorrupt("a loop has at least two frames")
    spread = max(_LEAST_VISIBLE, GRAIN_SPREAD * float(np.median(steps)))
    return float(np.abs(first - before).mean()), float(np.percentile(steps, SEAM_PERCENTILE)) + spread


def _dissolved(frames: Sequence[Planes], overlap: int, fps: float) -> list[Planes]:
    """The frames after the loop's end reappear under its beginning, so that the last frame leads into the first.

    The loop ends where its frames differ least: a flash on the beat would mark the seam.
    """
    longest = len(frames) - overlap
    shortest = max(round(CANVAS_S[0] * fps), longest - round(_LATITUDE_S * fps))
    length = min(range(longest, shortest - 1, -1), key=lambda at: _difference(frames[at - 1], frames[at]))
    return [mix(frames[length + i], frames[i], _ease(i / overlap)) if i < overlap else frames[i] for i in range(length)]


def _difference(one: Planes, other: Planes) -> float:
    return float(cv2.absdiff(one[0], other[0]).mean())


def _ease(share: float) -> float:
    """Slow at both ends, so that no frame of the dissolve jumps."""
    return share * share * (3 - 2 * share)


def _there_and_back(count: int, fps: float) -> list[int]:
    """Forwards and backwards like a pendulum: slow at its turns, where the loop begins and ends."""
    length = round(min(CANVAS_S[1] * fps, max(CANVAS_S[0] * fps, 2.6 * count)))
    swing = (1 - np.cos(2 * np.pi * np.arange(length) / length)) / 2
    return [round(float(place) * (count - 1)) for place in swing]
