"""The frames of a clip that are shown at a given rate: variable rates, late starts and seeks included."""

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import cast

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

_SEEK_FROM_S = 3.0
"""Clips are decoded from their beginning up to here: a seek costs as much."""

_SEEK_BEFORE_S = 1.0
"""How far before the first frame wanted a seek goes: the frames right after a key frame may need the ones before it."""

_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
"""FFmpeg's own decoders drop the transparency of WebM."""


def pictures_of(container: InputContainer) -> VideoStream | None:
    """The stream with moving pictures; None: the file has none. Cover art is none."""
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            return stream
    return None


def shown_frames(
    container: InputContainer,
    stream: VideoStream,
    fps: Fraction,
    length_s: Fraction,
    first: int = 0,
    slowing: Fraction = Fraction(1),
) -> Iterator[tuple[VideoFrame, int]]:
    """Frames as they are shown at a rate, each with how often.

    A frame is shown from the step nearest to its time on, until the next one is; the first begins at step 0. A frame
    that is over before its step begins is not among them.

    Args:
        container: Opened, at its beginning.
        stream: Its pictures.
        fps: The rate.
        length_s: How long the pictures last: headers often leave out the last one.
        first: The first step wanted.
        slowing: How many times longer everything lasts.

    Yields:
        Decoded frames, as the file has them, and the number of steps; the last one at least 1.
    """
    shown: VideoFrame | None = None
    shown_at = 0
    for time_s, frame in _timed(container, stream, float(first / fps / slowing)):
        step = math.floor(time_s * slowing * fps + Fraction(1, 2))
        if shown is not None and step > max(shown_at, first):
            yield shown, step - max(shown_at, first)
        shown, shown_at = frame, step
    if shown is not None:
        yield shown, max(1, steps_in(length_s * slowing, fps) - max(shown_at, first))


def steps_in(length_s: Fraction, fps: Fraction) -> int:
    """How many steps a clip lasts."""
    return math.floor(length_s * fps + Fraction(1, 100))


def _timed(container: InputContainer, stream: VideoStream, from_s: float) -> Iterator[tuple[Fraction, VideoFrame]]:
    """Decoded frames from shortly before a moment on, with their times since the first frame of all."""
    decoded = _decoded(container, stream)
    begin = next(decoded, None)
    if begin is None:
        return
    base, begun = stream.time_base or Fraction(1, 1000), begin.pts or 0
    if from_s > _SEEK_FROM_S:
        target = begun + int((from_s - _SEEK_BEFORE_S) / base)
        container.seek(target, stream=stream)
        found = _decoded(container, stream)
        after = next(found, None)
        if after is not None and (after.pts or 0) <= target:
            yield ((after.pts or 0) - begun) * base, after
            for frame in found:
                yield ((frame.pts or 0) - begun) * base, frame
            return
        container.seek(begun, stream=stream)
        decoded = _decoded(container, stream)
        begin = next(decoded, begin)
    yield Fraction(0), begin
    for frame in decoded:
        yield ((frame.pts or 0) - begun) * base, frame


def _decoded(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Frames that decode and have a time; damaged packets are passed over."""
    decoder = decoder_for(stream)
    for packet in container.demux(stream):
        try:
            frames = decoder.decode(packet if packet.size else None)
        except av.error.InvalidDataError:
            continue
        except av.error.EOFError:
            return
        yield from (frame for frame in frames if frame.pts is not None and not frame.is_corrupt)


def decoder_for(stream: VideoStream) -> av.VideoCodecContext:
    """A decoder at its beginning, for packets in order from a key frame on."""
    decoder = stream.codec_context
    special = _ALPHA_DECODERS.get(decoder.name) if stream.metadata.get("alpha_mode") == "1" else None
    if special is not None:
        other = cast(av.VideoCodecContext, av.CodecContext.create(special, "r"))
        other.extradata = decoder.extradata
        return other
    if decoder.is_open:
        decoder.flush_buffers()
    else:
        decoder.thread_type = "AUTO"
    return decoder
