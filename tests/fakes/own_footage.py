"""Clips and pictures as phones and editors write them: small, made here, each frame with its number and its corners."""

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from numpy.typing import NDArray

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 180, 30), (40, 40, 200), (220, 220, 220)
CORNERS = (RED, GREEN, BLUE, WHITE)
"""Of every picture: top left, top right, bottom left, bottom right."""

TURNS = {
    "upright": (1, 0, 0, 1),
    "clock": (0, 1, -1, 0),
    "half": (-1, 0, 0, -1),
    "counter": (0, -1, 1, 0),
    "mirror": (-1, 0, 0, 1),
}
"""Display matrices: a, b, c, d."""

Rgb = NDArray[np.uint8]


def picture(width: int, height: int, number: int = 0) -> Rgb:
    """Four coloured corners around a grey middle that says the number, 0…27."""
    shown = np.empty((height, width, 3), np.uint8)
    top, left = height // 2, width // 2
    shown[:top, :left], shown[:top, left:], shown[top:, :left], shown[top:, left:] = CORNERS
    high, wide = height // 4, width // 4
    shown[high : height - high, wide : width - wide] = 20 + 8 * number
    return shown


def number_in(shown: Rgb) -> int:
    """The number of a picture, from its middle."""
    high, wide = shown.shape[0] // 2, shown.shape[1] // 2
    middle = float(shown[high - 3 : high + 3, wide - 3 : wide + 3].astype(float).mean())
    return round((middle - 20) / 8)


def corners_of(shown: Rgb) -> tuple[int, ...]:
    """Which corner is where: for each place, the index in `CORNERS` of the nearest colour."""
    high, wide = shown.shape[0] // 12, shown.shape[1] // 12
    places = (shown[high, wide], shown[high, -wide - 1], shown[-high - 1, wide], shown[-high - 1, -wide - 1])
    return tuple(
        min(range(4), key=lambda one: float(np.abs(place.astype(float) - CORNERS[one]).sum())) for place in places
    )


def turned(shown: Rgb, turn: str) -> Rgb:
    """The stored picture of a recording that is shown upright as `shown`."""
    back = {"upright": 0, "clock": 1, "half": 2, "counter": 3}
    if turn == "mirror":
        return np.ascontiguousarray(shown[:, ::-1])
    return np.ascontiguousarray(np.rot90(shown, back[turn]))


def write_clip(
    path: Path,
    pictures: Sequence[Rgb],
    *,
    times: Sequence[int] | None = None,
    rate: int = 8,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    turn: str = "upright",
    with_sound: bool = False,
    alpha: Rgb | None = None,
    options: dict[str, str] | None = None,
    transfer: int | None = None,
    primaries: int | None = None,
    matrix: int | None = None,
    key_frames: int = 4,
) -> Path:
    """Write a clip.

    Args:
        path: Its ending says the container.
        pictures: Upright ones, in order.
        times: Their times in thousandths; None: evenly, at `rate`.
        turn: How it is stored: a name in `TURNS`.
        alpha: One plane of transparency for all pictures, upright.
    """
    stored = [turned(one, turn) for one in pictures]
    with av.open(str(path), "w") as container:
        base = Fraction(1, 1000)
        stream = cast(av.VideoStream, container.add_stream(codec, rate=rate, options=options or {}))
        stream.height, stream.width = stored[0].shape[:2]
        stream.pix_fmt, stream.time_base = pix_fmt, base
        context = stream.codec_context
        context.time_base, context.gop_size = base, key_frames
        if transfer is not None:
            context.color_trc, context.color_primaries = transfer, primaries or 1
        if matrix is not None:
            context.colorspace = matrix
        name = "libopus" if path.suffix == ".webm" else "aac"
        sound = cast(av.AudioStream, container.add_stream(name, rate=48_000)) if with_sound else None
        for number, one in enumerate(stored):
            frame = _frame(one, None if alpha is None else turned(alpha, turn), pix_fmt, matrix)
            frame.time_base = base
            frame.pts = round(1000 * number / rate) if times is None else times[number]
            if transfer is not None:
                frame.color_trc, frame.color_primaries = transfer, primaries or 1
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if sound is not None:
            silence = av.AudioFrame.from_ndarray(np.zeros((2, 48_000), np.float32), format="fltp", layout="stereo")
            silence.sample_rate, silence.pts, silence.time_base = 48_000, 0, Fraction(1, 48_000)
            fifo = av.AudioFifo()
            fifo.write(silence)
            for part in fifo.read_many(960 if path.suffix == ".webm" else 1024):
                container.mux(sound.encode(part))
            container.mux(sound.encode(None))
    if turn != "upright":
        _mark_turn(path, turn)
    return path


def _frame(shown: Rgb, alpha: Rgb | None, pix_fmt: str, matrix: int | None) -> av.VideoFrame:
    if alpha is None:
        frame = av.VideoFrame.from_ndarray(shown, format="rgb24")
    else:
        frame = av.VideoFrame.from_ndarray(np.dstack([shown, alpha]), format="rgba")
    colorspace = {None: "ITU601", 1: "ITU709", 9: "BT2020"}.get(matrix, "ITU601")
    made = frame.reformat(format=pix_fmt, dst_colorspace=None if pix_fmt in ("argb", "rgb24") else colorspace)
    if matrix is not None:
        made.colorspace = matrix
    return made


def _mark_turn(path: Path, turn: str) -> None:
    """Write the display matrix of the first track of an MP4 or MOV."""
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    a, b, c, d = (value << 16 for value in TURNS[turn])
    data[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(bytes(data))


def write_heic(path: Path, shown: Rgb, turns: int = 0) -> Path:
    """A HEIC picture (ISO/IEC 23008-12): one HEVC picture, to be turned counter-clockwise by `turns` quarters."""
    stored = np.ascontiguousarray(np.rot90(shown, -turns))
    annexb = path.with_suffix(".hevc")
    with av.open(str(annexb), "w", format="hevc") as container:
        options = {"x265-params": "log-level=none:lossless=1"}
        stream = container.add_stream("libx265", rate=1, options=options)
        stream.height, stream.width = stored.shape[:2]
        stream.pix_fmt = "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(stored, format="rgb24").reformat(format="yuv420p")))
        container.mux(stream.encode(None))
    units = [unit for unit in annexb.read_bytes().replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]
    sets = [unit for unit in units if unit[0] >> 1 & 63 in (32, 33, 34)]
    slices = b"".join(len(unit).to_bytes(4, "big") + unit for unit in units if unit[0] >> 1 & 63 < 32)
    sps = next(unit for unit in sets if unit[0] >> 1 & 63 == 33)
    config = bytes([1]) + sps[3:15] + bytes([0xF0, 0, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0, 0x0F, len(sets)])
    config += b"".join(bytes([0x80 | unit[0] >> 1 & 63, 0, 1]) + len(unit).to_bytes(2, "big") + unit for unit in sets)
    height, width = stored.shape[:2]
    properties = (
        _box(b"hvcC", config) + _full(b"ispe", struct.pack(">II", width, height)) + _box(b"irot", bytes([turns]))
    )
    iprp = _box(b"iprp", _box(b"ipco", properties) + _full(b"ipma", struct.pack(">IHB3B", 1, 1, 3, 0x81, 0x02, 0x83)))
    hdlr = _full(b"hdlr", bytes(4) + b"pict" + bytes(13))
    iinf = _full(b"iinf", struct.pack(">H", 1) + _full(b"infe", struct.pack(">HH4s", 1, 0, b"hvc1") + b"\0", version=2))
    ftyp = _box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")

    def meta(offset: int) -> bytes:
        iloc = _full(b"iloc", struct.pack(">BBHHHHII", 0x44, 0, 1, 1, 0, 1, offset, len(slices)))
        return _full(b"meta", hdlr + _full(b"pitm", struct.pack(">H", 1)) + iloc + iinf + iprp)

    path.write_bytes(ftyp + meta(len(ftyp) + len(meta(0)) + 8) + _box(b"mdat", slices))
    return path


def _box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + kind + content


def _full(kind: bytes, content: bytes, version: int = 0) -> bytes:
    return _box(kind, bytes([version, 0, 0, 0]) + content)
