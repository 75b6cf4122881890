"""Between which bars one section ends and the next begins.

For every bar line several novelties are measured and weighed against each other; then the best set of lines is chosen
under a preference for sections of eight bars, four, or at least an even number. The measures are Foote's checkerboard
(2000) on several similarities and scales, jumps in level, and beginnings and ends of repetitions, read from the
time-lag matrix as in Serrà et al. (2014). Choosing by dynamic programming with a price on lengths is that of the
correlation block-matching algorithm of Marmoret, Cohen & Bimbot (2023).
"""

import numpy as np
from numpy.typing import NDArray

from engines.music.bars import BarFeatures
from engines.music.weights import Weights

Floats = NDArray[np.float64]

MEASURES = (
    "mel4", "timbre1", "timbre2", "timbre4", "rhythm4", "pitch8",
    "level1", "level2", "level4", "rise1", "rise2", "dip", "crash",
    "pitch_repeat", "pitch_repeat_begins", "pitch_repeat_ends", "mel_repeat",
)  # fmt: skip
_LONGEST_BARS = 40
# Lines between bars of the same music go again when sections get their letters: choose rather many.
_LINE_BIAS = 2.5
_LAG_BARS = 4


def boundary_measures(bars: BarFeatures) -> Floats:
    """What speaks for a section's beginning at each inner bar line.

    Args:
        bars: The song, n bars.

    Returns:
        (n − 1, len(MEASURES)); the novelties are relative to the song.
    """
    lines = range(1, bars.count)
    level = bars.level_db
    columns: dict[str, Floats] = {}
    for name, size in (("mel", 4), ("timbre", 1), ("timbre", 2), ("timbre", 4), ("rhythm", 4), ("pitch", 8)):
        similarity = bars.similarity[name]
        columns[f"{name}{size}"] = _relative(np.array([_checkerboard(similarity, line, size) for line in lines]))
    for size in (1, 2, 4):
        jump = np.array([level[i : i + size].mean() - level[max(0, i - size) : i].mean() for i in lines])
        columns[f"level{size}"] = np.abs(jump)
        columns[f"rise{size}"] = jump
    columns["dip"] = np.array(
        [(level[max(0, i - 5) : max(1, i - 1)].mean() + level[i : i + 4].mean()) / 2 - level[i - 1] for i in lines]
    )
    treble = bars.treble_onset_db
    columns["crash"] = np.array([treble[i] - np.median(treble[max(0, i - 4) : i + 5]) for i in lines])
    columns |= _repetitions("pitch", bars.similarity["pitch"]) | _repetitions("mel", bars.similarity["mel"])
    return np.stack([columns[name] for name in MEASURES], axis=1)


def choose_boundaries(measures: Floats, allowed: NDArray[np.bool_], weights: Weights) -> list[int]:
    """The bar lines at which sections begin.

    Args:
        measures: (n − 1, len(MEASURES)), from `boundary_measures`.
        allowed: (n − 1,), lines at which a section may begin.
        weights: How much each measure counts.

    Returns:
        Inner bar lines, rising; empty for a song that is one section.
    """
    count = len(measures) + 1
    odds = np.where(allowed, weights.boundary.log_odds(measures) + _LINE_BIAS, -np.inf)
    best = np.full(count + 1, -np.inf)
    origin = np.zeros(count + 1, int)
    best[0] = 0.0
    for end in range(1, count + 1):
        starts = np.arange(max(0, end - _LONGEST_BARS), end)
        values = best[starts] - np.array(
            [_length_price(end - int(start), start == 0, end == count) for start in starts]
        )
        choice = int(values.argmax())
        origin[end] = starts[choice]
        best[end] = values[choice] + (odds[end - 1] if end < count else 0.0)
    lines, at = [], int(origin[count])
    while at > 0:
        lines.append(at)
        at = int(origin[at])
    return lines[::-1]


def _length_price(length: int, is_first: bool, is_last: bool) -> float:
    """Nats that a section of so many bars costs. Intros and endings have any length."""
    if is_first:
        return 0.3 if length >= 2 else 3.0
    if is_last:
        return 0.2 + (1.0 if length < 3 else 0.0)
    price = 0.0 if length % 8 == 0 else 0.4 if length % 4 == 0 else 0.9 if length % 2 == 0 else 1.1
    return price + (3.0 if length < 3 else 2.0 if length < 4 else 0.0) + (0.4 if length > 20 else 0.0)


def _checkerboard(similarity: Floats, line: int, size: int) -> float:
    before, after = slice(max(0, line - size), line), slice(line, min(len(similarity), line + size))
    within = (similarity[before, before].mean() + similarity[after, after].mean()) / 2
    return float(within - similarity[before, after].mean())


def _relative(values: Floats) -> Floats:
    scaled: Floats = values / (values.std() + 1e-9)
    return scaled


def _repetitions(name: str, similarity: Floats) -> dict[str, Floats]:
    """Where stripes parallel to the diagonal begin, end, or do either."""
    count = len(similarity)
    lagged = np.zeros((count, 2 * count - 1))
    centred = similarity - np.median(similarity)
    for row in range(count):
        lagged[row, count - 1 - row : 2 * count - 1 - row] = centred[row]
    sums = np.vstack([np.zeros((1, 2 * count - 1)), np.cumsum(lagged, axis=0)])
    lines = np.arange(1, count)
    ahead = (sums[np.minimum(lines + _LAG_BARS, count)] - sums[lines]) / _LAG_BARS
    behind = (sums[lines] - sums[np.maximum(lines - _LAG_BARS, 0)]) / _LAG_BARS
    far = np.abs(np.arange(2 * count - 1) - (count - 1)) >= _LAG_BARS
    change = (ahead - behind)[:, far]
    if change.shape[1] < 3:
        change = np.zeros((count - 1, 3))
    ordered = np.sort(change, axis=1)
    spread = change.std() + 1e-9
    return {
        f"{name}_repeat": np.sqrt((change**2).mean(axis=1)) / spread,
        f"{name}_repeat_begins": ordered[:, -3:].mean(axis=1) / spread,
        f"{name}_repeat_ends": -ordered[:, :3].mean(axis=1) / spread,
    }
