"""A cheap check of a finished piece: is it as requested, and does it decode."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import VideoFrame

from engines.films import open_film
from models.failures import MediaCorrupt
from models.profiles import Profile


@dataclass(frozen=True)
class PictureFacts:
    """Facts about a file's video track."""

    codec: str
    width: int
    height: int
    fps: Fraction
    frame_count: int


def probe_picture(path: Path) -> PictureFacts:
    """Read a video track: every packet's header, and every key frame decoded.

    Args:
        path: An MP4.

    Returns:
        The facts.

    Raises:
        MediaCorrupt: The file cannot be read, has no picture, or a key frame does not decode.
    """
    frame_count = decoded = keys = 0
    try:
        with open_film(path) as container:
            if not container.streams.video:
                raise MediaCorrupt(f"{path.name} holds no picture")
            stream = container.streams.video[0]
            stream.codec_context.skip_frame = "NONKEY"
            stream.codec_context.thread_count = 1
            for packet in container.demux(stream):
                if packet.size:
                    frame_count += 1
                    keys += packet.is_keyframe
                    if packet.is_corrupt:
                        raise MediaCorrupt(f"{path.name} is cut off at frame {frame_count - 1}")
                decoded += sum(not frame.is_corrupt for frame in packet.decode())
            facts = PictureFacts(
                codec=stream.codec_context.name,
                width=stream.width,
                height=stream.height,
                fps=stream.average_rate or Fraction(0),
                frame_count=frame_count,
            )
    except (av.FFmpegError, OSError) as error:
        raise MediaCorrupt(f"{path.name} cannot be read: {error}") from error
    if not frame_count or decoded != keys:
        raise MediaCorrupt(f"{path.name}: {decoded} of {keys} key frames decode")
    return facts


def decoded_frames(path: Path) -> Iterator[VideoFrame]:
    """All frames of a piece, decoded one after the other.

    Raises:
        MediaCorrupt: It cannot be read.
    """
    try:
        with open_film(path) as container:
            container.streams.video[0].codec_context.thread_count = 1
            yield from container.decode(container.streams.video[0])
    except (av.FFmpegError, OSError, IndexError) as error:
        raise MediaCorrupt(f"{path.name} cannot be read: {error}") from error


def check_picture(path: Path, profile: Profile, frame_count: int) -> PictureFacts:
    """Check that a piece has a profile's format and the right length.

    Args:
        path: An MP4.
        profile: The expected profile.
        frame_count: The expected number of frames.

    Returns:
        The facts.

    Raises:
        MediaCorrupt: The file differs.
    """
    facts = probe_picture(path)
    wanted = PictureFacts("h264", profile.width, profile.height, profile.fps, frame_count)
    # A single frame has no rate of its own.
    if facts != wanted and not (frame_count == 1 and facts == PictureFacts(**{**vars(wanted), "fps": facts.fps})):
        raise MediaCorrupt(f"{path.name} is {_words(facts)} where {_words(wanted)} was asked for")
    return facts


def _words(facts: PictureFacts) -> str:
    return f"{facts.codec} {facts.width}×{facts.height} at {facts.fps} frames/s, {facts.frame_count} frames"
