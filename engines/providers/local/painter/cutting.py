"""Cuts a painted picture into pieces that move: which cells are whose, by the canvas's numbers of objects.

What is painted later has a higher number, so the numbers also say what is before a piece.
"""

import base64
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engines.providers.local.painter.canvas import Canvas
from engines.providers.local.painter.noise import Floats
from models.stirring import STILL, Cutting, Piece

_COLUMNS = 270
_MOST = 48
_LEAST_CELLS = 10
"""A piece of fewer cells is too small to be seen moving."""
_SEEN = 0.015
"""A change of light below which no shadow or glow is seen."""
_MARGIN = 0.05
"""How far beyond its own cells a turning piece may come, in widths; what is before it there is noted, too."""

Spot = tuple[float, float]
Mask = NDArray[np.bool_]
Places = NDArray[Any]
Inside = Callable[[Places, Places], Mask]
"""Which of the places at x and y, in widths, belong to a piece."""


@dataclass(eq=False)
class Cut:
    """A piece to be: what is painted with a range of numbers.

    Attributes:
        first, last: The range.
        piece: Its place and motion; `parent` is filled in from `on`.
        on: The cut on which it hangs.
        above: Whether what has the same number, and is not this piece, is behind it.
        inside: Which part of the range it is; None for all.
        halo: Cells that are also its own if nothing is before them: its shadow and its lamps' glow.
        reach: How far it moves, in widths.
        least: The area that must be seen of it, in square widths.
    """

    first: int
    last: int
    piece: Piece
    on: "Cut | None" = None
    above: bool = True
    inside: Inside | None = None
    halo: Mask | None = None
    reach: float = _MARGIN
    least: float = 0.0

    @property
    def order(self) -> float:
        """Where it is among the numbers."""
        return self.last + (0.5 if self.above else -0.5)


@dataclass
class Cuts:
    """All pieces of a picture; those that are added first have the first choice of cells."""

    canvas: Canvas
    cuts: list[Cut] = field(default_factory=list)

    def add(self, cut: Cut) -> Cut:
        """Cut something out."""
        self.cuts.append(cut)
        return cut

    def sampled(self) -> Floats:
        """The light of every second cell in both directions, as it is now."""
        step = 2 * self._step
        return self.canvas.light[step // 2 :: step, step // 2 :: step].copy()

    def changed(self, before: Floats) -> Mask:
        """The cells whose light has changed since it was sampled."""
        mask = np.abs(self.sampled() - before).max(axis=2) > _SEEN + 0.08 * before.max(axis=2)
        return np.asarray(mask.repeat(2, axis=0).repeat(2, axis=1))

    @property
    def _step(self) -> int:
        return max(1, round(self.canvas.width / _COLUMNS))

    def cutting(self) -> Cutting | None:
        """Who owns which cells, as the picture is now; None if nothing that moves is to be seen."""
        chosen = self.cuts[:_MOST]
        if not chosen:
            return None
        cuts = sorted(chosen, key=lambda cut: cut.order)
        step, numbers = self._step, np.arange(self.canvas.objects + 1)
        idents = self.canvas.ident[step // 2 :: step, step // 2 :: step]
        cell = step / self.canvas.width
        # Only cells whose number is in some range are looked at: most of a picture is ground.
        within = np.zeros(len(numbers), bool)
        for cut in chosen:
            within[cut.first : cut.last + 1] = True
        looked = within[idents]
        for cut in chosen:
            if cut.halo is not None:
                high, wide = (min(pair) for pair in zip(cut.halo.shape, idents.shape, strict=True))
                looked[:high, :wide] |= cut.halo[:high, :wide]
        rows, columns = np.nonzero(looked)
        number, x, y = idents[rows, columns], (columns + 0.5) * cell, (rows + 0.5) * cell
        owner = np.zeros(len(number), np.int16)
        for cut in chosen:
            mine = number >= cut.first
            if cut.halo is not None:
                high, wide = cut.halo.shape
                mine |= cut.halo[np.minimum(rows, high - 1), np.minimum(columns, wide - 1)]
            own = np.flatnonzero(mine & (number <= cut.last) & (owner == 0))
            if cut.inside is not None:
                own = own[cut.inside(x[own], y[own])]
            owner[own] = cuts.index(cut) + 1
        kept = _kept(cuts, owner, cell * cell)
        labels = np.zeros(len(cuts) + 1, np.int16)
        for label, cut in enumerate(kept, start=1):
            labels[cuts.index(cut) + 1] = label
        own = np.flatnonzero(labels[owner])
        if not len(own):
            return None
        rows, columns = rows[own], columns[own]
        pad = round(max(cut.reach for cut in kept) / cell)
        top, left = max(0, int(rows.min()) - pad), max(0, int(columns.min()) - pad)
        box = slice(top, int(rows.max()) + pad + 1), slice(left, int(columns.max()) + pad + 1)
        levels = STILL + np.searchsorted([cut.order for cut in kept], numbers)
        part = levels.astype(np.uint8)[idents[box]]
        part[rows - top, columns - left] = labels[owner[own]]
        return Cutting(
            x=round(left * cell, 5),
            y=round(top * cell, 5),
            cell=round(cell, 6),
            columns=part.shape[1],
            labels=base64.b64encode(zlib.compress(part.tobytes(), 6)).decode("ascii"),
            pieces=tuple(
                cut.piece.model_copy(update={"parent": kept.index(cut.on) if cut.on in kept else -1}) for cut in kept
            ),
        )


def _kept(cuts: Sequence[Cut], owner: NDArray[np.int16], cell_area: float) -> list[Cut]:
    """The pieces of which enough is seen, and those on which they hang."""
    least = np.array([max(_LEAST_CELLS, cut.least / cell_area) for cut in cuts])
    seen = np.bincount(owner.ravel(), minlength=len(cuts) + 1)[1:] >= least
    wanted: list[Cut] = []
    for cut, big in zip(cuts, seen, strict=True):
        one: Cut | None = cut if big else None
        while one is not None:
            wanted.append(one)
            one = one.on
    return [cut for cut in cuts if any(cut is one for one in wanted)]


def chain(
    cuts: Cuts,
    numbers: tuple[int, int],
    joints: Sequence[Spot],
    radius: float,
    turns: Sequence[Places],
    *,
    lifts: Sequence[float] = (),
    rate: float = 0.5,
    above: bool = True,
    strict: bool = False,
    seen: float = 0.06,
) -> None:
    """Cut a limb at its joints; each of its parts hangs on the one before.

    Args:
        cuts: Where the parts go.
        numbers: The first and last of the limb's numbers.
        joints: From the root to the end, in widths.
        radius: Half its thickness.
        turns: For each part the samples of its own turn, in degrees clockwise.
        lifts: Samples of the root's lift, in widths.
        rate: Cycles a beat.
        above: See `Cut`.
        seen: The share of each part that must be seen: colours cannot be told from less.
        strict: The numbers are also those of others: the limb is only what is near its bones.
    """
    bones = list(pairwise(joints))
    on: Cut | None = None
    for index, ((a, b), turn) in enumerate(zip(bones, turns, strict=True)):
        piece = Piece(
            x=round(a[0], 4),
            y=round(a[1], 4),
            end_x=round(b[0], 4),
            end_y=round(b[1], 4),
            radius=round(radius, 4),
            turns=tuple(round(float(one), 1) for one in turn),
            lifts=tuple(round(float(one), 4) for one in lifts) if index == 0 else (),
            rate=rate,
        )
        inside = _nearest(bones, index, 1.5 * radius if strict else None)
        area = 2 * radius * float(np.hypot(b[0] - a[0], b[1] - a[1]))
        on = cuts.add(Cut(*numbers, piece, on, above, inside, reach=_MARGIN + radius, least=seen * area))


def _nearest(bones: Sequence[tuple[Spot, Spot]], index: int, within: float | None) -> Inside:
    """The places that are nearer to one bone than to the others."""

    def inside(x: Places, y: Places) -> Mask:
        away = np.stack([_away(x, y, *bone) for bone in bones])
        near = np.argmin(away, axis=0) == index
        return np.asarray(near if within is None else near & (away[index] < within))

    return inside


def _away(x: Places, y: Places, a: Spot, b: Spot) -> Places:
    vx, vy = b[0] - a[0], b[1] - a[1]
    along = np.clip(((x - a[0]) * vx + (y - a[1]) * vy) / max(vx * vx + vy * vy, 1e-9), 0, 1)
    return np.asarray(np.hypot(x - a[0] - along * vx, y - a[1] - along * vy))
