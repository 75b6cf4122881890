"""How a frame has to be turned to stand upright: from the display matrix of its file (ISO/IEC 14496-12, 8.3.2)."""

import struct
from typing import cast

from av.video.frame import VideoFrame
from typing_extensions import Buffer

_UPRIGHT = (1, 0, 0, 1)
_STEPS: dict[tuple[int, int, int, int], tuple[tuple[str, str], ...]] = {
    _UPRIGHT: (),
    (0, 1, -1, 0): (("transpose", "clock"),),
    (0, -1, 1, 0): (("transpose", "cclock"),),
    (-1, 0, 0, -1): (("hflip", ""), ("vflip", "")),
    (-1, 0, 0, 1): (("hflip", ""),),
    (1, 0, 0, -1): (("vflip", ""),),
    (0, 1, 1, 0): (("transpose", "cclock_flip"),),
    (0, -1, -1, 0): (("transpose", "clock_flip"),),
}
"""By the signs of a, b, c and d: the filters that do what the matrix says."""

Turn = tuple[int, int, int, int]
"""The signs of a, b, c and d: x' = a·x + c·y, y' = b·x + d·y."""


def turn_of(frame: VideoFrame) -> Turn:
    """How a decoded frame has to be turned; a matrix that is no quarter turn is taken for the nearest one."""
    data = frame.side_data.get("DISPLAYMATRIX")
    if data is None:
        return _UPRIGHT
    a, b, _, c, d, *_ = struct.unpack("<9i", bytes(cast(Buffer, data))[:36])
    straight = max(abs(a), abs(d)) >= max(abs(b), abs(c))
    turn = (_sign(a), 0, 0, _sign(d)) if straight else (0, _sign(b), _sign(c), 0)
    return turn if turn in _STEPS else _UPRIGHT


def steps_of(turn: Turn) -> tuple[tuple[str, str], ...]:
    """The filters of a turn, as names and arguments."""
    return _STEPS[turn]


def is_sideways(turn: Turn) -> bool:
    """Whether a turn exchanges width and height."""
    return turn[0] == 0


def _sign(value: int) -> int:
    return (value > 0) - (value < 0)
