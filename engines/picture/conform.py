"""Any clip becomes a segment: cropped to fill, at our rate, of exact length, in the one format that joins.

Decoding, scaling and rate conversion are libavfilter's own, so the speed is ffmpeg's. A clip that is a little short is
slowed by at most 15 %; the rest is filled with a moving still of its last picture, never a frozen one.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import cv2
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from engines.films import open_film
from engines.jobs import JobLimits, Pulse, no_pulse, run_job
from engines.picture.encode import SegmentWriter, plane
from engines.picture.probe import check_picture
from models.bought_clips import CONFORM_METHOD
from models.failures import MediaCorrupt
from models.profiles import Profile
from models.takes import ClipCut

MOST_SLOWING = 1.15
ZOOM_PER_S = 0.025
"""Zoom speed of the moving still: slow enough to pass for the end of the shot's own move."""

DARK_LEVEL = 22
"""Mean luma, 16…235, up to which a picture counts as black."""

_SAMPLE_STEP = 16
_LIMITS = JobLimits(memory_bytes=900_000_000, wall_s=600)


class ClipConformer:
    """Implements `activities.ports.engines.Conformer`."""

    method = CONFORM_METHOD

    def conform(self, clip: Path, profile: Profile, frame_count: int, out: Path, pulse: Pulse = no_pulse) -> None:
        """Write a segment in a child process.

        Args:
            clip: Any video that FFmpeg reads; sound is dropped.
            profile: The format of all segments.
            frame_count: The scene's length in frames.
            out: The MP4 to write.
            pulse: Called during the work; raises to stop it.

        Raises:
            MediaCorrupt: The clip cannot be read, or nothing of it decodes.
        """
        run_job(conform_file, str(clip), profile, frame_count, str(out), limits=_LIMITS, pulse=pulse)

    def length(self, clip: Path, profile: Profile, pulse: Pulse = no_pulse) -> int:
        """A clip's length in a child process.

        Args:
            clip: Any video that FFmpeg reads.
            profile: Gives the rate.
            pulse: Called during the work; raises to stop it.

        Returns:
            The number of its frames at that rate.

        Raises:
            MediaCorrupt: The clip cannot be read.
        """
        return run_job(length_of, str(clip), profile, limits=_LIMITS, pulse=pulse)

    def cut(self, cuts: Sequence[ClipCut], profile: Profile, pulse: Pulse = no_pulse) -> None:
        """Write segments of parts of clips, all in one child process.

        Args:
            cuts: The parts; a clip that ends before its part does goes on as a moving still.
            profile: The format of all segments.
            pulse: Called during the work; raises to stop it.

        Raises:
            MediaCorrupt: A clip cannot be read, or has no picture in its part.
        """
        run_job(cut_files, tuple(cuts), profile, limits=_LIMITS, pulse=pulse)


def conform_file(clip: str, profile: Profile, frame_count: int, out: str) -> None:
    """Conform in this process; see `ClipConformer.conform`."""
    with _opened(clip) as (container, stream):
        stream.thread_type = "AUTO"
        wanted_s = frame_count / profile.fps
        slowing = slowing_for(_duration_s(container, stream), float(wanted_s))
        with SegmentWriter(Path(out), profile) as writer:
            last = lit = None
            for frame in _conformed(container, stream, profile, slowing):
                writer.write(frame)
                last = frame
                lit = frame if _is_lit(frame) else lit
                if writer.frame_count == frame_count:
                    break
            if last is None:
                raise MediaCorrupt("no picture of the clip decodes")
            hold(writer, lit or last, profile, frame_count)  # a clip that fades out must not stay dark
    check_picture(Path(out), profile, frame_count)


def length_of(clip: str, profile: Profile) -> int:
    """Measure in this process; see `ClipConformer.length`."""
    with _opened(clip) as (container, stream):
        return int(_duration_s(container, stream) * profile.fps + 0.01)


def cut_files(cuts: Sequence[ClipCut], profile: Profile) -> None:
    """Cut in this process; see `ClipConformer.cut`."""
    for cut in cuts:
        with _opened(str(cut.clip)) as (container, stream):
            _cut(container, stream, profile, cut)
        check_picture(cut.out, profile, cut.frame_count)


@contextmanager
def _opened(clip: str) -> Iterator[tuple[av.container.InputContainer, VideoStream]]:
    """A clip and its pictures. Raises `MediaCorrupt` where it cannot be opened, or read meanwhile."""
    try:
        with open_film(clip) as container:
            if not container.streams.video:
                raise MediaCorrupt("the clip holds no picture")
            yield container, container.streams.video[0]
    except (av.FFmpegError, OSError) as error:
        raise MediaCorrupt(f"the clip cannot be read: {error}") from error


def _cut(container: av.container.InputContainer, stream: VideoStream, profile: Profile, cut: ClipCut) -> None:
    stream.thread_type = "AUTO"
    with SegmentWriter(cut.out, profile) as writer:
        last = None
        for number, frame in enumerate(_conformed(container, stream, profile, 1.0)):
            # The last picture of a clip that is shorter than its header says stands for those after it.
            last = frame
            if number < cut.first_frame:
                continue
            writer.write(frame)
            if cut.frozen or writer.frame_count == cut.frame_count:
                break
        fill(writer, last, profile, cut.frame_count, frozen=cut.frozen)


def _duration_s(container: av.container.InputContainer, stream: VideoStream) -> float:
    """The duration of the pictures: from the track, else from the container, in which sound may last longer."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / 1_000_000


def slowing_for(has_s: float, wanted_s: float) -> float:
    """How many times longer a clip is to last: as long as is wanted, or as long as slowing goes unseen."""
    return min(MOST_SLOWING, wanted_s / has_s) if 0 < has_s < wanted_s else 1.0


def _conformed(
    container: av.container.InputContainer, stream: VideoStream, profile: Profile, slowing: float
) -> Iterator[VideoFrame]:
    """Frames in the encoder's format and at the profile's rate, from the clip's first picture on."""
    graph = Graph()
    width, height, fps = profile.width, profile.height, Fraction(profile.fps)
    source = graph.add_buffer(template=stream, time_base=stream.time_base)
    steps = [
        # Variable rates and late starts end here: from now on every frame has its place.
        graph.add("setpts", f"(PTS-STARTPTS)*{slowing:.6f}"),
        graph.add("fps", f"fps={fps.numerator}/{fps.denominator}:round=near:start_time=0"),
        graph.add(
            "scale",
            f"{width}:{height}:force_original_aspect_ratio=increase:force_divisible_by=2:flags=bicubic"
            ":out_color_matrix=bt709:out_range=tv",
        ),
        graph.add("crop", f"{width}:{height}"),
        graph.add("setsar", "1"),
        graph.add("format", "yuv420p"),
        graph.add("buffersink"),
    ]
    for before, after in zip([source, *steps], steps, strict=False):
        before.link_to(after)
    graph.configure()
    for decoded in container.decode(stream):
        graph.push(decoded)
        yield from _pulled(graph)
    graph.push(None)
    yield from _pulled(graph)


def _pulled(graph: Graph) -> Iterator[VideoFrame]:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        assert isinstance(frame, VideoFrame)
        # The segment's own settings choose the key frames, not the clip's.
        frame.pict_type = 0
        yield frame


def _is_lit(frame: VideoFrame) -> bool:
    return float(plane(frame, 0)[::_SAMPLE_STEP, ::_SAMPLE_STEP].mean()) > DARK_LEVEL


def fill(writer: SegmentWriter, last: VideoFrame | None, profile: Profile, frame_count: int, *, frozen: bool) -> None:
    """Fill the rest of a segment with its last picture, which stands still or moves on.

    Raises:
        MediaCorrupt: There is none.
    """
    if last is None:
        raise MediaCorrupt("no picture of the clip decodes")
    if not frozen:
        hold(writer, last, profile, frame_count)
    while writer.frame_count < frame_count:
        writer.write(last)


def hold(writer: SegmentWriter, last: VideoFrame, profile: Profile, frame_count: int) -> None:
    """Fill the rest with a slow zoom into the last picture.

    Its planes are moved without conversion: through RGB and back its colours would jump by a level or two.
    """
    still = [plane(last, index).copy() for index in range(3)]
    for step in range(1, frame_count - writer.frame_count + 1):
        moved = VideoFrame(profile.width, profile.height, "yuv420p")
        scale = 1 + ZOOM_PER_S * float(step / profile.fps)
        for index, picture in enumerate(still):
            height, width = picture.shape
            matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), 0, scale)
            plane(moved, index)[:] = cv2.warpAffine(
                picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
        writer.write(moved)
