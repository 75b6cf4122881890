"""Any clip becomes a segment: cropped to fill, at our rate, of exact length, in the one format that joins.

Decoding, scaling and rate conversion are libavfilter's own, so the speed is ffmpeg's. A clip that is a little short is
slowed by at most 15 %; what is then still missing is a moving still of its last picture, never a frozen one.
"""

from collections.abc import Iterator
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
from models.failures import MediaCorrupt
from models.profiles import Profile

MOST_SLOWING = 1.15
ZOOM_PER_S = 0.025
"""The moving still's push in: slow enough to pass for the end of the shot's own move."""

DARK_LEVEL = 22
"""Mean luma, 16…235, up to which a picture counts as black."""

_SAMPLE_STEP = 16
_LIMITS = JobLimits(memory_bytes=900_000_000, wall_s=600)


class ClipConformer:
    """Implements `activities.ports.Conformer`."""

    def conform(self, clip: Path, profile: Profile, frame_count: int, out: Path, pulse: Pulse = no_pulse) -> None:
        """Write a segment in a child process.

        Args:
            clip: Any video that FFmpeg reads; sound is dropped.
            profile: The format of all segments.
            frame_count: How many frames the scene lasts.
            out: The MP4 to write.
            pulse: Called while the work goes on; raises to stop it.

        Raises:
            MediaCorrupt: The clip cannot be read, or nothing of it decodes.
        """
        run_job(conform_file, str(clip), profile, frame_count, str(out), limits=_LIMITS, pulse=pulse)


def conform_file(clip: str, profile: Profile, frame_count: int, out: str) -> None:
    """Conform in this process; see `ClipConformer.conform`."""
    try:
        with open_film(clip) as container:
            if not container.streams.video:
                raise MediaCorrupt("the clip holds no picture")
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            wanted_s = frame_count / profile.fps
            slowing = _slowing(_duration_s(container, stream), float(wanted_s))
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
                _hold(writer, lit or last, profile, frame_count)  # a clip that fades out must not stay dark
    except (av.FFmpegError, OSError) as error:
        raise MediaCorrupt(f"the clip cannot be read: {error}") from error
    check_picture(Path(out), profile, frame_count)


def _duration_s(container: av.container.InputContainer, stream: VideoStream) -> float:
    """How long the pictures last: the track's own word, else the container's, in which sound may last longer."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / 1_000_000


def _slowing(has_s: float, wanted_s: float) -> float:
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
        # The segment's own settings say which frames are key frames, not those of the clip.
        frame.pict_type = 0
        yield frame


def _is_lit(frame: VideoFrame) -> bool:
    return float(plane(frame, 0)[::_SAMPLE_STEP, ::_SAMPLE_STEP].mean()) > DARK_LEVEL


def _hold(writer: SegmentWriter, last: VideoFrame, profile: Profile, frame_count: int) -> None:
    """Fill what is missing with a slow push into the last picture.

    Its planes are moved as they are: through RGB and back its colours would jump by a level or two.
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
