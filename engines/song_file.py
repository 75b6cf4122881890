"""The only way to read a song: our working copy, or the artist's own file for songs from before working copies.

The demuxer is chosen from the first bytes, as at the intake; FFmpeg never guesses, and opens only this file.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame

from models.failures import InvalidInput

RATE_HZ = 44_100
BITS = 24
HALVINGS_TAG = "ECHONOS_HALVINGS"
"""How often the working copy's samples were halved to fit into full scale."""

PEAK_TAG = "ECHONOS_PEAK"
"""The highest sample in the artist's file, 1 at full scale: resampling may exceed it a little."""

ONLY_THIS_FILE = {"protocol_whitelist": "file"}
_MOST_HALVINGS = 40


def read_song(path: Path) -> Iterator[AudioFrame]:
    """Every decodable frame of a song; a damaged packet costs only itself.

    Args:
        path: A working copy, or a file accepted by the intake before working copies existed.

    Yields:
        Frames in order. Those of a working copy are `flt` at 44.1 kHz, mono or stereo, as loud as the song was; those
        of other files are as the decoder gives them, and may change format on the way. No frames: there is no audio.

    Raises:
        InvalidInput: It is not an accepted kind of file.
        av.FFmpegError: It cannot be read.
        OSError: The same.
    """
    with av.open(f"file:{path}", format=demuxer_of(path), options=ONLY_THIS_FILE) as container:
        if not container.streams.audio:
            return
        stream = container.streams.audio[0]
        stream.codec_context.thread_count = 1
        halvings = _halvings(container.metadata.get(HALVINGS_TAG)) if container.format.name == "flac" else None
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                continue
            for frame in frames:
                yield frame if halvings is None else _as_loud_as_it_was(frame, halvings)


def highest_sample(path: Path) -> float | None:
    """The highest sample in the artist's file, if a working copy records it.

    Args:
        path: As for `read_song`.

    Returns:
        1 at full scale; None: it is not a working copy.

    Raises:
        InvalidInput: It is not an accepted kind of file.
        av.FFmpegError: It cannot be read.
    """
    with av.open(f"file:{path}", format=demuxer_of(path), options=ONLY_THIS_FILE) as container:
        tags = container.metadata
    try:
        return float(tags[PEAK_TAG]) if HALVINGS_TAG in tags else None
    except (KeyError, ValueError):
        return None


def demuxer_of(path: Path) -> str:
    """The one demuxer that may open a file.

    Args:
        path: A file.

    Returns:
        FFmpeg's name of it.

    Raises:
        InvalidInput: It is not an accepted kind of file.
        OSError: It cannot be read.
    """
    from engines.intake.sniffing import sniff

    with path.open("rb") as file:
        if file.read(4) == b"fLaC":
            return "flac"
        file.seek(0)
        kind = sniff(file.read()).kind
    if kind is None:
        raise InvalidInput("The file holds no audio that can be decoded; export it again.", code="not_audio")
    return kind.demuxer


def _halvings(tag: str | None) -> int | None:
    if tag is None or not tag.isdecimal():
        return None
    return min(int(tag), _MOST_HALVINGS)


def _as_loud_as_it_was(frame: AudioFrame, halvings: int) -> AudioFrame:
    levels = frame.to_ndarray().reshape(1, -1)
    samples = levels.astype(np.float32) * np.float32(2.0 ** (halvings - 8 * levels.dtype.itemsize + 1))
    loud = AudioFrame.from_ndarray(samples, "flt", frame.layout.name)
    loud.sample_rate, loud.pts, loud.time_base = frame.sample_rate, frame.pts, Fraction(1, frame.sample_rate)
    return loud
