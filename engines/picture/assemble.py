"""Joins finished segments and the soundtrack: packets are copied, nothing is encoded.

A joined video is made either from all its segments, or from another video of the same cut with some scenes replaced;
both give the same bytes.
"""

from collections.abc import Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import numpy as np

from engines.jobs import JobLimits, Pulse, no_pulse, run_job
from engines.picture.mp4.boxes import BrokenBox
from engines.picture.mp4.footage import Footage
from engines.picture.mp4.layout import Layout
from engines.picture.mp4.tracks import Longs, Track, read_track, track_in
from models.failures import MediaCorrupt
from models.profiles import Profile
from models.stretches import ChangedScene, FileStretch, ObjectStretch, Stretch

_LIMITS = JobLimits(memory_bytes=600_000_000, wall_s=600.0)

LENGTH_TOLERANCE_S = 0.25
"""The largest difference of soundtrack and picture: rounding stays below it, a wrong soundtrack does not."""


class SegmentAssembler:
    """Makes the finished MP4 from segments and a soundtrack."""

    method = "SegmentAssembler"

    def assemble(
        self,
        segments: Sequence[Path],
        soundtrack: Path,
        profile: Profile,
        frame_count: int,
        out: Path,
        pulse: Pulse = no_pulse,
    ) -> None:
        """Join in a child process.

        Args:
            segments: MP4 files of one profile, in order, as `SegmentWriter` makes them.
            soundtrack: AAC in MP4, as `AacSoundtrackMaker` makes it.
            profile: The segments' profile.
            frame_count: The segments' frames in all.
            out: The MP4 to write; playable while it loads.
            pulse: Called during the work; raises to stop it.

        Raises:
            MediaCorrupt: A segment does not fit its neighbours, or the lengths do not fit; says which.
        """
        run_job(
            join, [str(s) for s in segments], str(soundtrack), profile, frame_count, str(out),
            limits=_LIMITS, pulse=pulse,
        )  # fmt: skip

    def splice(
        self,
        key: str,
        beginning: bytes,
        changed: Sequence[ChangedScene],
        soundtrack: Path,
        profile: Profile,
        frame_count: int,
        out: Path,
    ) -> list[Stretch] | None:
        """Plan a video as byte ranges of another one with some scenes replaced; see `splice`."""
        return splice(key, beginning, changed, soundtrack, profile, frame_count, out)


def join(segments: Sequence[str], soundtrack: str, profile: Profile, frame_count: int, out: str) -> None:
    """Join in this process; see `SegmentAssembler.assemble`.

    A frame's position comes from the number of frames before it, never from added durations. Sound ends with the
    picture: its last packet is declared shorter if the song is longer than the picture.
    """
    tracks: list[Track] = []
    for index, segment in enumerate(segments):
        name = f"segment {index} ({Path(segment).name})"
        tracks.append(_segment(Path(segment), name, profile, tracks[0] if tracks else None))
    starts = np.cumsum([0, *(len(track.sizes) for track in tracks)])
    if starts[-1] != frame_count:
        raise MediaCorrupt(f"the segments have {starts[-1]} frames in all, and the video needs {frame_count}")
    sound, durations = _sound(Path(soundtrack), Fraction(frame_count) / profile.fps)
    footage = Footage(frame_count, Path(soundtrack), sound)
    for segment, track, start in zip(segments, tracks, starts[:-1], strict=True):
        footage.put(Path(segment), track, int(start))
    layout = Layout(
        picture=tracks[0],
        sizes=np.concatenate([track.sizes for track in tracks]),
        keys=np.concatenate([track.keys + start for track, start in zip(tracks, starts[:-1], strict=True)]),
        frame_ticks=_frame_ticks(tracks[0], profile),
        sound=sound,
        sound_durations=durations,
    )
    try:
        with Path(out).open("wb", buffering=0) as target:
            target.write(layout.head)
            footage.copy(layout.chunks, target)
    except OSError as error:
        raise MediaCorrupt(f"{Path(out).name} cannot be written: {error}") from error


def splice(
    key: str,
    beginning: bytes,
    changed: Sequence[ChangedScene],
    soundtrack: Path,
    profile: Profile,
    frame_count: int,
    out: Path,
) -> list[Stretch] | None:
    """Plan a video as byte ranges of another one with some scenes replaced.

    Args:
        key: Key of the other video.
        beginning: Its first bytes, with the whole index.
        changed: The replaced scenes, in order, with their segments.
        soundtrack: The soundtrack of both.
        profile: The profile of both.
        frame_count: The frames of both.
        out: A file for the new bytes.

    Returns:
        The byte ranges, which give the same bytes as `join`; None if the other video was not made by this code.

    Raises:
        MediaCorrupt: A segment or the soundtrack does not fit.
    """
    try:
        base = track_in(BytesIO(beginning), b"vide")
    except BrokenBox:
        return None
    if base is None or len(base.sizes) != frame_count:
        return None
    sound, durations = _sound(soundtrack, Fraction(frame_count) / profile.fps)
    before = Layout(base, base.sizes, base.keys, _frame_ticks(base, profile), sound, durations)
    if not beginning.startswith(before.head):
        return None
    footage = Footage(frame_count, soundtrack, sound)
    sizes, is_key = base.sizes.copy(), np.zeros(frame_count, bool)
    is_key[base.keys] = True
    for scene in changed:
        name = f"segment {scene.index} ({scene.segment.name})"
        track = _segment(scene.segment, name, profile, base)
        frames = slice(scene.start_frame, scene.end_frame)
        if len(track.sizes) != frames.stop - frames.start:
            raise MediaCorrupt(f"{name} has {len(track.sizes)} frames, and its scene {frames.stop - frames.start}")
        footage.put(scene.segment, track, scene.start_frame)
        sizes[frames], is_key[frames] = track.sizes, False
        is_key[track.keys + scene.start_frame] = True
    after = Layout(base, sizes, np.flatnonzero(is_key), before.frame_ticks, sound, durations)
    stretches: list[Stretch] = [FileStretch(path=out, start=0, size_bytes=len(after.head))]
    at = len(before.head)
    with out.open("wb", buffering=0) as target:
        target.write(after.head)
        for scene in changed:
            start, old = target.tell(), before.frame_at(scene.start_frame)
            footage.copy(after.between(scene.start_frame, scene.end_frame), target)
            stretches.append(ObjectStretch(key=key, start=at, size_bytes=old - at))
            stretches.append(FileStretch(path=out, start=start, size_bytes=target.tell() - start))
            at = before.frame_at(scene.end_frame - 1) + int(base.sizes[scene.end_frame - 1])
    stretches.append(ObjectStretch(key=key, start=at, size_bytes=before.size_bytes - at))
    return [stretch for stretch in stretches if stretch.size_bytes]


def _segment(path: Path, name: str, profile: Profile, first: Track | None) -> Track:
    """A segment's frames, each in its place."""
    try:
        track = read_track(path, b"vide")
    except (BrokenBox, OSError) as error:
        raise MediaCorrupt(f"{name} cannot be read: {error}") from error
    if track is None:
        raise MediaCorrupt(f"{name} holds no picture")
    if not len(track.sizes):
        raise MediaCorrupt(f"{name} is empty")
    if first is not None and track.description != first.description:
        raise MediaCorrupt(f"{name} was encoded with other settings than the first segment")
    if track.picture_size != (profile.width, profile.height):
        wide, high = track.picture_size
        raise MediaCorrupt(f"{name} is {wide}×{high}, not {profile.width}×{profile.height}")
    # The last frame is followed by the next segment.
    misplaced = np.flatnonzero(track.durations[:-1] != _frame_ticks(track, profile))
    if len(misplaced):
        place = int(misplaced[0]) + 1
        raise MediaCorrupt(f"{name}: frame {place} is not at {float(place / profile.fps):.3f} s")
    if track.skipped or not len(track.keys) or track.keys[0]:
        raise MediaCorrupt(f"{name} does not start with a key frame")
    return track


def _sound(path: Path, length_s: Fraction) -> tuple[Track, Longs]:
    """The soundtrack, and the duration of its packets, priming included, up to the end of the picture."""
    try:
        track = read_track(path, b"soun")
    except (BrokenBox, OSError) as error:
        raise MediaCorrupt(f"the soundtrack cannot be read: {error}") from error
    if track is None:
        raise MediaCorrupt(f"{path.name} holds no sound")
    ends = np.cumsum(track.durations) - track.skipped
    limit = int(length_s * track.timescale)
    begun = track.durations[ends - track.durations < limit]
    if len(begun):
        begun[-1] -= max(0, int(begun.sum()) - track.skipped - limit)
    difference_s = float((int(ends[-1]) if len(ends) else 0) / track.timescale - length_s)
    if abs(difference_s) > LENGTH_TOLERANCE_S:
        raise MediaCorrupt(f"the soundtrack is {difference_s:+.2f} s longer than the picture's {float(length_s):.2f} s")
    return track, begun


def _frame_ticks(track: Track, profile: Profile) -> int:
    return int(track.timescale / profile.fps)
