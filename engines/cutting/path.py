"""The cheapest way through a stretch of music: a shortest path over possible cuts.

Dynamic programming over break points as in Knuth & Plass, "Breaking Paragraphs into Lines" (1981): every shot costs its
deviation from the desired length, every cut the weakness of its footing; the path has the smallest sum.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from math import inf, log

from engines.cutting.grid import Bounds, CutPoint, Footing

Price = Callable[[CutPoint], float]

LengthPrice = Callable[[int, int], float]
"""Price of a shot between two frames."""


def cheapest_cuts(
    start: int, end: int, points: Sequence[CutPoint], bounds: Bounds, cut_price: Price, shot_price: LengthPrice
) -> list[int]:
    """Cuts between two anchors.

    Args:
        start: Frame of the first anchor.
        end: Frame of the second, at least the shortest shot away.
        points: Possible cuts, ascending; those outside are ignored.
        bounds: The limits of every shot.
        cut_price: The price of a cut at a point, above 0.
        shot_price: The price of a shot.

    Returns:
        Ascending frames strictly between the anchors. Beats are used as long as they allow a path; otherwise (silence,
        a tempo slower than the longest shot) frames without a beat are used too.
    """
    first = bisect_right(points, start, key=_frame_of)
    inside = points[first : bisect_left(points, end, key=_frame_of)]
    found = _search(start, end, inside, bounds, cut_price, shot_price)
    if found is None:
        found = _search(start, end, _filled(start, end, inside, bounds), bounds, cut_price, shot_price)
    if found is None:
        raise AssertionError("a stretch no shorter than the shortest shot always has a way through its filled grid")
    return found


def deviation(length: float, wish: float) -> float:
    """Price of a shot's length: squared log ratio, weighted by length so that short shots are not counted double."""
    return length / wish * log(length / wish) ** 2


def _search(
    start: int, end: int, inside: Sequence[CutPoint], bounds: Bounds, cut_price: Price, shot_price: LengthPrice
) -> list[int] | None:
    frames = [start, *(point.frame for point in inside), end]
    prices = [0.0, *(cut_price(point) for point in inside), 0.0]
    cost, before = [inf] * len(frames), [-1] * len(frames)
    cost[0] = 0.0
    first = 0
    for here in range(1, len(frames)):
        while frames[here] - frames[first] > bounds.longest:
            first += 1
        for there in range(first, here):
            if frames[here] - frames[there] < bounds.shortest:
                break
            if cost[there] == inf:
                continue
            total = cost[there] + prices[here] + shot_price(frames[there], frames[here])
            if total < cost[here]:
                cost[here], before[here] = total, there
    if cost[-1] == inf:
        return None
    cuts = []
    here = before[-1]
    while here > 0:
        cuts.append(frames[here])
        here = before[here]
    return cuts[::-1]


def _frame_of(point: CutPoint) -> int:
    return point.frame


def _filled(start: int, end: int, inside: Sequence[CutPoint], bounds: Bounds) -> list[CutPoint]:
    """The points with an even grid under them, of half the shortest shot: with it every stretch can be tiled."""
    grid = {
        frame: CutPoint(frame, Footing.NOTHING, 0.0)
        for frame in range(start, end, max(1, bounds.shortest // 2))
        if frame > start
    }
    grid.update({point.frame: point for point in inside})
    return [grid[frame] for frame in sorted(grid)]
