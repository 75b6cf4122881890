"""Teasers, reframes and lyric videos: the video's own frames with its sound."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from engines.picture.assemble import join
from engines.picture.encode import SegmentWriter
from engines.picture.exports.frames import Planes, cut, frame_of, frames_of, profile_of
from engines.picture.exports.lyrics_overlay import Singer
from engines.picture.exports.sound import cut_soundtrack
from engines.picture.exports.subjects import band_top
from engines.picture.exports.windows import even
from models.exports import ExportPlan, ExportSources
from models.failures import MediaCorrupt
from models.vault import ExportKind

Change = Callable[[int, int, Planes], Planes]
"""From scene index, frame number in the video and planes to the planes to show."""


def make_moving(plan: ExportPlan, sources: ExportSources, out: Path) -> int:
    """Write an export with picture and sound.

    Args:
        plan: From `windows.plan_export`.
        sources: Segments, soundtrack, and lyrics for lyric videos.
        out: The MP4 to write; playable while it loads.

    Returns:
        The number of frames.

    Raises:
        InvalidInput: The lyrics can't be shown.
        MediaCorrupt: A part cannot be read, or doesn't fit.
    """
    if sources.soundtrack is None:
        raise MediaCorrupt("the video's soundtrack is missing")
    profile, picture = profile_of(plan, sources), out.with_suffix(".picture.mp4")
    change = _change(plan, sources)
    with SegmentWriter(picture, profile) as writer:
        for index, number, planes in frames_of(plan, sources):
            writer.write(frame_of(change(index, number, planes)))
    count = plan.end_frame - plan.start_frame
    sound = sources.soundtrack
    if count < sources.timeline.frame_count:
        sound = out.with_suffix(".sound.m4a")
        start_s = plan.start_frame / sources.timeline.fps
        cut_soundtrack(sources.soundtrack, start_s, Fraction(count) / sources.timeline.fps, sound)
    join([str(picture)], str(sound), profile, count, str(out))
    return count


def _change(plan: ExportPlan, sources: ExportSources) -> Change:
    match plan.kind:
        case ExportKind.SQUARE | ExportKind.PORTRAIT | ExportKind.WIDE:
            return _Reframing(plan, sources)
        case ExportKind.LYRICS:
            return Singer(plan, sources)
        case _:
            return lambda _index, _number, planes: planes


class _Reframing:
    """A band of each scene at its subject's height; it stays fixed within a shot, as a camera would."""

    def __init__(self, plan: ExportPlan, sources: ExportSources) -> None:
        self._plan, self._sources = plan, sources
        self._share = plan.height / plan.width * sources.timeline.width / sources.timeline.height
        self._rows = even(self._share * sources.timeline.height)
        self._scene, self._top = -1, 0

    def __call__(self, index: int, _number: int, planes: Planes) -> Planes:
        height = planes[0].shape[0]
        if index != self._scene:
            sources = self._sources
            share = band_top(planes[0], sources.framings[index], sources.subjects[index], self._share)
            self._scene, self._top = index, min(even(share * height), height - self._rows)
        return cut(planes, self._top, self._rows, self._plan.width, self._plan.height)
