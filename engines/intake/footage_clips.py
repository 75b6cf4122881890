"""An artist's clip: measured, its key frames tried, and shown as a film strip."""

import math
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from engines.films import open_film
from engines.intake.footage_pictures import LEAST_SIDE
from engines.picture.own.colours import is_hdr
from engines.picture.own.fitting import Fitter, Size, has_alpha
from engines.picture.own.orientation import is_sideways, turn_of
from engines.picture.own.sampling import decoder_for, pictures_of
from models.failures import InvalidInput
from models.footage import MOST_CLIP_S, FootageKind

MOST_PIXELS = 4_096 * 2_304
MOST_SHAPE = 5
"""The most that the longer side may be of the shorter one."""

MOST_CELLS = 24
LEAST_CELL_S = 0.25
CELL_SIDE = 240
STRIP_COLUMNS = 6
_QUALITY = 80

_CODECS = {
    "h264": "H.264",
    "hevc": "HEVC",
    "vp8": "VP8",
    "vp9": "VP9",
    "av1": "AV1",
    "libdav1d": "AV1",
    "prores": "ProRes",
    "mpeg4": "MPEG-4",
    "mjpeg": "Motion JPEG",
    "qtrle": "QuickTime Animation",
    "png": "PNG",
}
_NO_BASE = frozenset({"dvh1", "dvhe", "dav1"})
"""Codec tags of Dolby Vision without a picture for other players."""


def measure_clip(path: str, name: str, _picture: str, strip: str) -> dict[str, Any]:
    """Measure a clip and write its film strip, in this process.

    Args:
        path: The artist's file.
        name: For sentences.
        _picture: Not used: pictures have one.
        strip: The JPEG to write.

    Returns:
        The measured fields of `FootageFacts`.

    Raises:
        InvalidInput: The clip is refused.
    """
    try:
        with open_film(path) as container:
            stream = pictures_of(container)
            if stream is None:
                raise _refused(name, "has no pictures, only sound: upload songs on Create.", "no_picture")
            _check_codec(stream, name)
            begin_s, duration_s = _duration(container, stream, name)
            return _shown(container, stream, name, begin_s, duration_s, strip) | {
                "kind": FootageKind.CLIP,
                "codec": stream.codec_context.name,
                "duration_s": float(duration_s),
            }
    except (av.FFmpegError, OSError, ValueError) as error:
        raise _refused(name, "is damaged or cut off: export it again.", "corrupt") from error


def _check_codec(stream: VideoStream, name: str) -> None:
    codec, tag = stream.codec_context.name, stream.codec_context.codec_tag
    if tag in _NO_BASE:
        raise _refused(
            name, "is Dolby Vision without a standard picture: export it as H.264, or as HEVC with HLG.", "dolby_vision"
        )
    if codec not in _CODECS:
        known = ", ".join(dict.fromkeys(_CODECS.values()))
        raise _refused(name, f"has pictures in the format {codec}, and we read {known}: export it again.", "codec")
    width, height = stream.width, stream.height
    if width * height > MOST_PIXELS:
        raise _refused(name, f"has {width}×{height} pixels, more than we take: export it in 4K.", "too_many_pixels")
    if min(width, height) < LEAST_SIDE:
        raise _refused(name, f"has {width}×{height} pixels: each side needs at least {LEAST_SIDE}.", "too_small")
    if max(width, height) > MOST_SHAPE * min(width, height):
        raise _refused(
            name, f"has {width}×{height} pixels: crop it to at most {MOST_SHAPE} times as long as wide.", "shape"
        )


def _duration(container: InputContainer, stream: VideoStream, name: str) -> tuple[Fraction, Fraction]:
    """Where the pictures begin in the file, and for how long they last; reads every packet's header."""
    base = stream.time_base or Fraction(1, 1000)
    begin = end = None
    longest = Fraction(int(MOST_CLIP_S))
    for packet in container.demux(stream):
        if not packet.size or packet.pts is None:
            continue
        if packet.is_corrupt:
            raise _refused(name, "is cut off: export it again.", "corrupt")
        if packet.is_discard:
            continue
        begin = packet.pts if begin is None else min(begin, packet.pts)
        ends = packet.pts + (packet.duration or 0)
        end = ends if end is None else max(end, ends)
        if (end - begin) * base > longest + 1:
            break
    if begin is None or end is None:
        raise _refused(name, "has no pictures in it: export it again.", "corrupt")
    seconds = (end - begin) * base
    if seconds > longest:
        raise _refused(
            name, f"lasts longer than {MOST_CLIP_S / 60:g} minutes: cut out the part that you want.", "too_long"
        )
    rate = stream.average_rate or stream.guessed_rate
    return begin * base, max(seconds, 1 / rate if rate else Fraction(1, 25))


def _shown(
    container: InputContainer, stream: VideoStream, name: str, begin_s: Fraction, duration_s: Fraction, strip: str
) -> dict[str, Any]:
    count = max(1, min(MOST_CELLS, math.floor(duration_s / Fraction(LEAST_CELL_S))))
    columns = min(count, STRIP_COLUMNS)
    sheet: Image.Image | None = None
    facts: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="echonos-own-") as folder:
        fitter: Fitter | None = None
        size = Size(1, 1)
        for number in range(count):
            frame = _key_frame(container, stream, begin_s + duration_s * number / count)
            if frame is None:
                raise _refused(name, "is damaged: a key frame of it does not decode. Export it again.", "corrupt")
            if fitter is None or sheet is None:
                facts = _facts(frame, stream)
                size = _cell(facts["width"], facts["height"])
                fitter = Fitter(size, stream.sample_aspect_ratio or Fraction(1), Path(folder))
                sheet = Image.new("RGB", (size.width * columns, size.height * math.ceil(count / columns)))
            where = (number % columns) * size.width, (number // columns) * size.height
            sheet.paste(Image.fromarray(fitter.fit(frame).to_ndarray(format="rgb24")), where)
    assert sheet is not None
    sheet.save(strip, "JPEG", quality=_QUALITY)
    cells = {"strip_frames": count, "strip_columns": columns, "cell_width": size.width, "cell_height": size.height}
    return facts | cells


def _facts(frame: VideoFrame, stream: VideoStream) -> dict[str, Any]:
    pixel = stream.sample_aspect_ratio or Fraction(1)
    width, height = max(1, round(frame.width * (pixel or 1))), frame.height
    if is_sideways(turn_of(frame)):
        width, height = height, width
    return {
        "width": width,
        "height": height,
        "is_hdr": is_hdr(int(frame.color_trc)),
        "has_alpha": has_alpha(frame.format.name),
    }


def _cell(width: int, height: int) -> Size:
    scale = CELL_SIDE / max(width, height)
    return Size(max(16, round(width * scale)), max(16, round(height * scale)), "rgb24")


def _key_frame(container: InputContainer, stream: VideoStream, at_s: Fraction) -> VideoFrame | None:
    """The key frame before a moment, decoded; the first one of all where there is none."""
    container.seek(int(at_s / (stream.time_base or Fraction(1, 1000))), stream=stream)
    decoder = decoder_for(stream)
    for packet in container.demux(stream):
        for frame in decoder.decode(packet if packet.size else None):
            if not frame.is_corrupt:
                return frame
    return None


def _refused(name: str, words: str, code: str) -> InvalidInput:
    return InvalidInput(f"{name} {words}", code, "file")
