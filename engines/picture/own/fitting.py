"""Decoded frames as pictures of one size: upright, with square pixels, in standard range, cropped around a focus."""

import math
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from av.filter import Graph
from av.video.format import VideoFormat
from av.video.frame import VideoFrame

from engines.picture.own.colours import needs_table, write_table
from engines.picture.own.orientation import Turn, is_sideways, steps_of, turn_of
from models.footage import MIDDLE, Focus

_UNSPECIFIED = 2
_MATRICES = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020", 10: "bt2020"}
"""By ITU-T H.273's number: swscale's names."""

_FULL_RANGE = 2
_HD_HEIGHT = 720
"""From this height on, untagged pictures have BT.709's matrix."""

_EVEN = 4
"""Edges of the first crop lie on multiples of this, so that no format moves them."""


@dataclass(frozen=True)
class Size:
    """What frames are made into.

    Attributes:
        width: In pixels.
        height: In pixels.
        format: `yuv420p` (BT.709, limited range) or `rgb24`.
        focus: The point that stays in the middle as far as the picture reaches.
    """

    width: int
    height: int
    format: str = "yuv420p"
    focus: Focus = MIDDLE


@dataclass(frozen=True)
class Crop:
    """A crop to fill: first of the picture, then of the scaled part, so that neither grows beyond need.

    Attributes:
        x, y, width, height: The part of the picture, in its pixels.
        scaled: Width and height of that part once it is scaled.
        offset: Left and top of the result in it.
    """

    x: int
    y: int
    width: int
    height: int
    scaled: tuple[int, int]
    offset: tuple[int, int]


def crop_to_fill(width: int, height: int, wide: int, high: int, focus: Focus, stretch: Fraction = Fraction(1)) -> Crop:
    """The largest part of a picture that fills a size, as near to the focus as it can lie.

    Args:
        width: Of the picture, in pixels.
        height: Of the picture, in pixels.
        wide: Of the result.
        high: Of the result.
        focus: The point to keep in the middle.
        stretch: How much wider than high a pixel of the picture is.
    """
    scale = max(Fraction(wide) / (width * stretch), Fraction(high, height))
    across, down = scale * stretch, scale  # scaled pixels per pixel of the picture
    x0, part_wide = _part(width, wide / across, focus.x)
    y0, part_high = _part(height, high / down, focus.y)
    left, right = _around(x0, x0 + part_wide, width)
    top, bottom = _around(y0, y0 + part_high, height)
    scaled = max(wide, round((right - left) * across)), max(high, round((bottom - top) * down))
    offset = (
        min(scaled[0] - wide, round((x0 - left) * across)),
        min(scaled[1] - high, round((y0 - top) * down)),
    )
    return Crop(left, top, right - left, bottom - top, scaled, offset)


def _part(length: int, part: Fraction, focus: float) -> tuple[Fraction, Fraction]:
    """Where a part of a length begins, and how long it is."""
    part = min(part, Fraction(length))
    begins = Fraction(focus).limit_denominator(10_000) * length - part / 2
    return max(Fraction(0), min(length - part, begins)), part


def _around(begin: Fraction, end: Fraction, length: int) -> tuple[int, int]:
    return math.floor(begin / _EVEN) * _EVEN, min(length, math.ceil(end / _EVEN) * _EVEN)


@dataclass(frozen=True)
class _Look:
    """Everything about a frame that its filters depend on."""

    format: str
    width: int
    height: int
    turn: Turn
    matrix: int
    colour_range: int
    transfer: int
    primaries: int


class Fitter:
    """Fits frames, one after the other; frames may change their size or colours on the way.

    Args:
        size: What they are made into.
        pixel: Width to height of a pixel, as the file says.
        folder: For tables of colours.
    """

    def __init__(self, size: Size, pixel: Fraction = Fraction(1), folder: Path | None = None) -> None:
        self._size = size
        self._pixel = pixel if pixel > 0 else Fraction(1)
        self._folder = folder or Path(tempfile.gettempdir())
        self._look: _Look | None = None
        self._graph = Graph()

    def fit(self, frame: VideoFrame) -> VideoFrame:
        """The frame as a picture of the size."""
        look = _Look(
            format=frame.format.name,
            width=frame.width,
            height=frame.height,
            turn=turn_of(frame),
            matrix=int(frame.colorspace),
            colour_range=int(frame.color_range),
            transfer=int(frame.color_trc),
            primaries=int(frame.color_primaries),
        )
        if look != self._look:
            self._graph, self._look = self._build(look), look
        self._graph.push(frame)
        fitted = self._graph.pull()
        assert isinstance(fitted, VideoFrame)
        fitted.pict_type = 0  # the segment's own settings choose the key frames
        return fitted

    def _table(self, look: _Look) -> Path | None:
        if not needs_table(look.transfer, look.primaries):
            return None
        table = self._folder / f"colours-{look.transfer}-{look.primaries}.cube"
        if not table.exists():
            write_table(table, look.transfer, look.primaries)
        return table

    def _build(self, look: _Look) -> Graph:
        size, graph = self._size, Graph()
        width, height = (look.height, look.width) if is_sideways(look.turn) else (look.width, look.height)
        pixel = 1 / self._pixel if is_sideways(look.turn) else self._pixel
        crop = crop_to_fill(width, height, size.width, size.height, size.focus, pixel)
        source = graph.add_buffer(
            width=look.width, height=look.height, format=VideoFormat(look.format), time_base=Fraction(1, 1000)
        )
        steps = [graph.add(name, arguments) for name, arguments in steps_of(look.turn)]
        table = self._table(look)
        in_rgb = size.format != "yuv420p" or table is not None or has_alpha(look.format)
        ours = "" if in_rgb else _OURS
        scaling = f"{crop.scaled[0]}:{crop.scaled[1]}:flags=bicubic{_matrix(look)}{ours}"
        steps += [
            graph.add("crop", f"{crop.width}:{crop.height}:{crop.x}:{crop.y}:exact=1"),
            graph.add("scale", scaling),
        ]
        if has_alpha(look.format):
            # Transparent parts are shown on black.
            steps += [graph.add("format", "gbrap"), graph.add("premultiply", "inplace=1"), graph.add("format", "gbrp")]
        if table is not None:
            steps += [graph.add("format", "gbrp16le"), graph.add("lut3d", f"file={table}:interp=tetrahedral")]
        if in_rgb:
            steps.append(graph.add("format", "gbrp" if table is None else "gbrp16le"))
        if in_rgb and size.format == "yuv420p":
            steps.append(graph.add("scale", _OURS.removeprefix(":")))
        steps.append(
            graph.add("format", "yuv444p" if size.format == "yuv420p" else "gbrp")
        )  # any offset is a whole one
        steps += [
            graph.add("crop", f"{size.width}:{size.height}:{crop.offset[0]}:{crop.offset[1]}"),
            graph.add("setsar", "1"),
            graph.add("format", size.format),
            graph.add("buffersink"),
        ]
        for before, after in zip([source, *steps], steps, strict=False):
            before.link_to(after)
        graph.configure()
        return graph


_OURS = ":out_color_matrix=bt709:out_range=tv"


def has_alpha(format_name: str) -> bool:
    """Whether pictures of a format have transparent parts."""
    if format_name == "pal8":
        return True
    components = VideoFormat(format_name).components
    return len(components) in (2, 4) and any(one.is_alpha for one in components)


def _matrix(look: _Look) -> str:
    if VideoFormat(look.format).is_rgb:
        return ""
    unknown = "bt709" if min(look.width, look.height) >= _HD_HEIGHT else "smpte170m"
    colour_range = "pc" if look.colour_range == _FULL_RANGE or look.format.startswith("yuvj") else "tv"
    return f":in_color_matrix={_MATRICES.get(look.matrix, unknown)}:in_range={colour_range}"
