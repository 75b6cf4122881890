"""Where things stand beside people: as visible as possible, behind rather than inside each other."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

_BACKWARDS = (1.0, 1.25, 1.6, 2.1, 2.8, 3.8)
"""How much farther than usual a thing may be to find room."""
_ONE_DEPTH = 1.3
"""Things whose distances differ by less than this factor would pass through each other where they overlap."""
_HIDDEN, _HIDES, _CLASH, _FAR, _OFF = 1.0, 0.9, 1.6, 0.3, 0.05
_WALL, _LOOSE = 0.8, 0.9
"""The prices of being hidden, of hiding others, of passing through them, of being far away, of the other side;
of being in a wall, or without ground under the foot: behind a fence, on a trunk."""
_SPOTS = 15


@dataclass(frozen=True)
class Span:
    """What something takes of the picture's width.

    Attributes:
        x: Its middle, in widths.
        half: Half of its width.
        away: Its distance, in distances of the figures.
    """

    x: float
    half: float
    away: float

    def over(self, other: "Span") -> float:
        """How much of the picture's width both take."""
        return max(0.0, min(self.x + self.half, other.x + other.half) - max(self.x - self.half, other.x - other.half))


def room_for(
    half_at: Callable[[float], float],
    nearest: float,
    farthest: float,
    taken: Sequence[Span],
    side: int,
    spots: Iterable[float] | None = None,
    free: Callable[[float], tuple[float, float]] | None = None,
    firm: Callable[[Span], float] | None = None,
) -> Span:
    """The best place for a thing.

    Args:
        half_at: Half of its width in the picture at a distance.
        nearest: Its usual distance, in distances of the figures.
        farthest: The farthest that its ground allows.
        taken: Who and what has a place already.
        side: -1 if the left side of the picture is preferred, 1 for the right.
        spots: The only middles that it may have.
        free: What is free between walls at a distance, from the left and to the right.
        firm: The share of its foot that has ground under it.

    Returns:
        Its span.
    """
    best: tuple[float, Span] | None = None
    for factor in _BACKWARDS:
        away = nearest * factor
        if factor > 1.0 and away > farthest:
            break
        half = half_at(away)
        edge = min(0.5, 0.94 * half)
        for x in spots if spots is not None else np.linspace(max(0.12, edge), min(0.88, 1 - edge), _SPOTS):
            span = Span(float(x), half, away)
            price = (
                _price(span, taken) + _walled(span, free) + _FAR * float(np.log(factor)) + _OFF * ((x - 0.5) * side < 0)
            )
            if firm is not None and (best is None or price < best[0]):
                price += _LOOSE * (1 - firm(span))
            if best is None or price < best[0] - 1e-9:
                best = (price, span)
    assert best is not None  # the nearest distance is always tried
    return best[1]


def clash(span: Span, taken: Sequence[Span]) -> float:
    """The largest share of a thing, or of one at its depth, that both take: there they pass through each other."""
    return max(
        (
            span.over(other) / (2 * min(span.half, other.half))
            for other in taken
            if max(span.away, other.away) < _ONE_DEPTH * min(span.away, other.away)
        ),
        default=0.0,
    )


def _walled(span: Span, free: Callable[[float], tuple[float, float]] | None) -> float:
    """What a thing pays for the part of it that would be in a wall."""
    if free is None:
        return 0.0
    left, right = free(span.away)
    inside = max(0.0, min(span.x + span.half, right) - max(span.x - span.half, left))
    return _WALL * (1 - inside / (2 * span.half))


def _price(span: Span, taken: Sequence[Span]) -> float:
    price = 0.0
    for other in taken:
        both = span.over(other)
        if not both:
            continue
        if max(span.away, other.away) < _ONE_DEPTH * min(span.away, other.away):
            price += _CLASH * both / (2 * min(span.half, other.half))
        elif span.away > other.away:
            price += _HIDDEN * both / (2 * span.half)
        else:
            price += _HIDES * both / (2 * other.half)
    return price
