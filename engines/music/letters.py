"""Which sections are the same music."""

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from scipy.special import expit

from engines.music.bars import BarFeatures
from engines.music.weights import Weights

Floats = NDArray[np.float64]
Span = tuple[int, int]

MEASURES = ("aligned_pitch", "aligned_mel", "aligned_rhythm", "aligned_chroma", "timbre", "level", "length")
# Average linkage joins what is the same music with at least this probability.
_SAME = 0.4


def pair_measures(bars: BarFeatures, spans: list[Span]) -> Floats:
    """How alike sections are, in pairs.

    Args:
        bars: The song.
        spans: Sections as first bar and bar after the last, in order.

    Returns:
        (pairs, len(MEASURES)), pairs in the order of `numpy.triu_indices(len(spans), 1)`.
    """
    spread_db = float(bars.level_db.std()) + 0.5
    rows = []
    for i, a in enumerate(spans):
        for b in spans[i + 1 :]:
            short, long = sorted((a[1] - a[0], b[1] - b[0]))
            level_a, level_b = (float(bars.level_db[slice(*span)].mean()) for span in (a, b))
            rows.append(
                [_aligned(bars.similarity[name], a, b) for name in ("pitch", "mel", "rhythm", "chroma")]
                + [
                    float(bars.similarity["timbre"][slice(*a), slice(*b)].mean()),
                    abs(level_a - level_b) / spread_db,
                    float(np.log2(long / short)),
                ]
            )
    return np.array(rows).reshape(-1, len(MEASURES))


def letter_sections(measures: Floats, count: int, weights: Weights) -> list[str]:
    """A letter for each section, A for the first music heard.

    Args:
        measures: From `pair_measures`.
        count: How many sections there are.
        weights: How much each measure counts.

    Returns:
        One letter per section: A…Z, then AA, AB, …
    """
    groups: list[int] = [0] * count
    if count > 1:
        different = expit(-weights.same_music.log_odds(measures))
        square = np.zeros((count, count))
        square[np.triu_indices(count, 1)] = different
        groups = list(fcluster(linkage(squareform(square + square.T), "average"), 1 - _SAME, "distance"))
    order = list(dict.fromkeys(groups))
    return [_letter(order.index(group)) for group in groups]


def joined_sections(spans: list[Span], letters: list[str]) -> tuple[list[Span], list[str]]:
    """Neighbours that are the same music, as one section.

    Args:
        spans: Sections as first bar and bar after the last, in order.
        letters: One per section.

    Returns:
        Spans and letters of which no two neighbours are equal.
    """
    joined: list[Span] = []
    kept: list[str] = []
    for span, letter in zip(spans, letters, strict=True):
        if kept and kept[-1] == letter:
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
            kept.append(letter)
    return joined, kept


def _letter(index: int) -> str:
    name = chr(ord("A") + index % 26)
    return name if index < 26 else _letter(index // 26 - 1) + name


def _aligned(similarity: Floats, a: Span, b: Span) -> float:
    """The best mean along a diagonal: the two laid over each other, three quarters of the shorter one overlapping."""
    length_a, length_b = a[1] - a[0], b[1] - b[0]
    needed = min(length_a, length_b, max(2.0, 0.75 * min(length_a, length_b)))
    best = -np.inf
    for offset in range(-(length_b - 1), length_a):
        first, last = max(0, offset), min(length_a, offset + length_b)
        if last - first >= needed:
            k = np.arange(first, last)
            best = max(best, float(similarity[a[0] + k, b[0] + k - offset].mean()))
    return best
