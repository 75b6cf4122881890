"""Any number of channels to two, so that everything audible in the room stays audible.

Weights follow ITU-R BS.775-4: centre and surround 3 dB down. The subwoofer is kept, 6 dB down, because files that name
their channels wrongly have music there.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Gram = NDArray[np.float64]

_HALF = float(np.sqrt(0.5))
_LEFT, _RIGHT, _BOTH = (1.0, 0.0), (0.0, 1.0), (_HALF, _HALF)
_WEIGHTS: dict[str, tuple[float, float]] = (
    {
        "FL": _LEFT,
        "FR": _RIGHT,
        "FC": _BOTH,
        "LFE": (0.5, 0.5),
        "LFE2": (0.5, 0.5),
        "BC": (0.5, 0.5),
        "FLC": (0.92, 0.38),
        "FRC": (0.38, 0.92),
        "DL": _LEFT,
        "DR": _RIGHT,
    }
    | {
        name: (_HALF, 0.0) if name.endswith("L") else (0.0, _HALF)
        for name in ("BL", "BR", "SL", "SR", "TFL", "TFR", "TBL", "TBR", "TSL", "TSR", "WL", "WR", "SDL", "SDR")
    }
    | {"SSL": (_HALF, 0.0), "SSR": (0.0, _HALF), "TTL": (_HALF, 0.0), "TTR": (0.0, _HALF)}
)
_UNNAMED = {
    3: ("FL", "FR", "FC"),
    4: ("FL", "FR", "BL", "BR"),
    5: ("FL", "FR", "FC", "BL", "BR"),
    6: ("FL", "FR", "FC", "LFE", "BL", "BR"),
    7: ("FL", "FR", "FC", "LFE", "BC", "SL", "SR"),
    8: ("FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"),
}
"""Microsoft's order of channels, for files that name no speakers."""

_LOST = 0.25
"""A side with a smaller share of its channels' power than this has lost sound to cancellation."""


def is_plain(speakers: Sequence[str]) -> bool:
    """Whether channels are used unchanged: mono, and any pair of a left and a right, even an inverted one.

    Args:
        speakers: A name for each channel, in FFmpeg's words.

    Returns:
        Whether `mix_matrix` has nothing to do.
    """
    if len(speakers) == 1:
        return True
    if len(speakers) != 2:
        return False
    (left, right), (other_left, other_right) = (_WEIGHTS.get(name, _BOTH) for name in speakers)
    unnamed = all(name not in _WEIGHTS for name in speakers)
    return unnamed or (left > right and other_right > other_left)


def mix_matrix(speakers: Sequence[str]) -> Samples:
    """The gain of each channel on either side.

    Args:
        speakers: A name for each channel, in FFmpeg's words; channels with unknown names have no position.

    Returns:
        float32, (channels, 2).
    """
    count = len(speakers)
    if not any(name in _WEIGHTS for name in speakers):
        if count not in _UNNAMED:
            # Tracks of a mixing desk: odd ones left, even ones right, as recorders pair them.
            return np.asarray([_LEFT if channel % 2 == 0 else _RIGHT for channel in range(count)], np.float32)
        speakers = _UNNAMED[count]
    return np.asarray([_WEIGHTS.get(name, _BOTH) for name in speakers], np.float32)


def polarities(matrix: Samples, gram: Gram) -> tuple[float, ...] | None:
    """The channels to invert so that none cancels another.

    Args:
        matrix: float32, (channels, 2), from `mix_matrix`.
        gram: float64, (channels, channels), sums of products of samples over the song.

    Returns:
        1 or −1 for each channel; None if nothing is lost without inverting.
    """
    alone = matrix.T.astype(float) ** 2 @ np.diag(gram)
    mixed = np.einsum("is,ij,js->s", matrix, gram, matrix, optimize=True)
    if np.all(mixed >= _LOST * alone):
        return None
    loudness = (matrix**2).sum(axis=1) * np.diag(gram)
    signs = np.zeros(len(matrix))
    for channel in np.argsort(-loudness, kind="stable"):
        shared = np.einsum("s,js,j->", matrix[channel], matrix, signs * gram[channel])
        signs[channel] = -1.0 if shared < 0 else 1.0
    return tuple(float(sign) for sign in signs)
