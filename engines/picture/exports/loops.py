"""The canvas: a silent loop without a visible seam."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.picture.encode import SegmentWriter
from engines.picture.exports.frames import Planes, cut, frame_of, frames_of, mix, planes_of, profile_of
from engines.picture.exports.windows import CANVAS_S
from engines.picture.probe import check_picture, decoded_frames
from models.exports import PiecePlan, PieceSources
from models.failures import MediaCorrupt

SEAM_PERCENTILE = 95
_LATITUDE_S = 0.8
_QUALITIES = (17, 14, 11)
"""The key frame at the beginning is clearer than the frame at the end: finer quantizers bring both together."""


def make_canvas(plan: PiecePlan, sources: PieceSources, out: Path) -> int:
    """Write the loop and probe it.

    Args:
        plan: From `windows.plan_piece`.
        sources: The segments of its scenes.
        out: The MP4 to write.

    Returns:
        How many frames it has.

    Raises:
        MediaCorrupt: Its seam would show, or the file is not what it should be.
    """
    timeline = sources.timeline
    frames = [cut(planes, 0, timeline.height, plan.width, plan.height) for _, _, planes in frames_of(plan, sources)]
    order = _there_and_back(len(frames), float(timeline.fps)) if plan.there_and_back else None
    loop = [frames[i] for i in order] if order else _dissolved(frames, plan.overlap_frames, float(timeline.fps))
    for crf in _QUALITIES:
        profile = profile_of(plan, sources).model_copy(update={"crf": crf})
        with SegmentWriter(out, profile) as writer:
            for planes in loop:
                writer.write(frame_of(planes))
        check_picture(out, profile, len(loop))
        seam, limit = seam_of(planes_of(frame)[0] for frame in decoded_frames(out))
        if seam <= limit:
            return len(loop)
    raise MediaCorrupt(f"the loop's seam shows: {seam:.2f} where its frames differ by {limit:.2f} at most")


def seam_of(lumas: Iterable[NDArray[np.uint8]]) -> tuple[float, float]:
    """How far the last frame is from the first, beside how far neighbours are.

    Args:
        lumas: The loop's frames as they are shown, uint8, (height, width) each.

    Returns:
        Mean absolute difference between last and first; the 95th percentile of neighbours' differences.
    """
    first: NDArray[np.int16] | None = None
    before: NDArray[np.int16] | None = None
    steps = []
    for luma in lumas:
        now = luma.astype(np.int16)
        if before is not None:
            steps.append(float(np.abs(now - before).mean()))
        first, before = (now if first is None else first), now
    if first is None or before is None or not steps:
        raise MediaCorrupt("a loop has at least two frames")
    return float(np.abs(first - before).mean()), float(np.percentile(steps, SEAM_PERCENTILE))


def _dissolved(frames: Sequence[Planes], overlap: int, fps: float) -> list[Planes]:
    """The frames after the loop's end come back under its beginning: the last frame leads into the first as it did.

    The loop ends where its frames differ least: a flash on the beat would mark the seam, wherever it came from.
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
    """Forwards and backwards like a pendulum: it slows down where it turns, and there the loop begins and ends."""
    length = round(min(CANVAS_S[1] * fps, max(CANVAS_S[0] * fps, 2.6 * count)))
    swing = (1 - np.cos(2 * np.pi * np.arange(length) / length)) / 2
    return [round(float(place) * (count - 1)) for place in swing]
