"""Which parts of animals and boats are cut out of a picture, and how they move."""

import numpy as np

from engines.providers.local.painter.cutting import Cut, Cuts, Mask, Places, chain
from engines.providers.local.painter.gaits import SAMPLES, paw, swinging
from engines.providers.local.painter.things.animals import leg_joints
from engines.providers.local.painter.things.beasts import BEASTS
from engines.providers.local.painter.things.pen import Put
from engines.providers.local.painter.things.water import OAR, OARLOCK, SQUEEZE
from models.stirring import Piece

_STARTS = {
    # Hind near, fore near, hind far, fore far, as shares of a cycle.
    "walk": (0.0, 0.25, 0.5, 0.75),
    "run": (0.0, 0.45, 0.1, 0.55),
}
_REACH = {"walk": (17.0, 34.0, 0.5), "run": (30.0, 55.0, 1.0)}
"""Degrees of the upper leg and of its bend, and cycles a beat."""
_HINGE = 0.5
"""Where a flying bird's wings begin, in its heights."""


def cut_paws(cuts: Cuts, name: str, put: Put, number: int) -> None:
    """Cut out the legs of an animal that walks or runs, and was painted with a number."""
    beast = BEASTS[name]
    degrees, bend, rate = _REACH[put.doing]
    starts = _STARTS[put.doing]
    for index, (far, hind) in enumerate(((False, True), (False, False), (True, True), (True, False))):
        places = [
            (put.x + put.facing * x * put.size, put.y - y * put.size)
            for x, y in leg_joints(beast, put.doing, far=far, hind=hind)
        ]
        joints = [(float(x), float(y)) for x, y in cuts.canvas.place(places) / cuts.canvas.width]
        turns = paw(degrees, bend, starts[index], joints, put.facing, hind=hind)
        chain(
            cuts, (number, number), joints, 1.25 * beast.leg[0] * put.size, turns, rate=rate, above=not far, strict=True
        )


def cut_wings(cuts: Cuts, body: Cut, put: Put, beats_per_s: float) -> None:
    """Cut out the wings of a bird that flies: they go up and down about its shoulders."""
    (spot,) = (cuts.canvas.place([(put.x, put.y - _HINGE * put.size)]) / cuts.canvas.width).tolist()
    middle, hinge = (round(float(one), 4) for one in spot)

    def above(x: Places, y: Places) -> Mask:
        return np.asarray(y < hinge)

    flats = tuple(round(float(one), 2) for one in 0.28 + 0.72 * np.cos(2 * np.pi * np.arange(SAMPLES) / SAMPLES))
    piece = Piece(
        x=middle,
        y=hinge,
        end_x=middle,
        end_y=hinge,
        flats=flats,
        rate=beats_per_s,
        phase=0.23 * put.number,
        steady=True,
    )
    # The wings choose first.
    cuts.cuts.insert(0, Cut(body.first, body.last, piece, body, inside=above, reach=body.reach))


def cut_oar(cuts: Cuts, put: Put, number: int) -> None:
    """Cut out the near oar of a boat whose near side was painted with a number."""
    ends = [(put.x + put.facing * x * SQUEEZE * put.size, put.y - y * put.size) for x, y in (*OAR, OARLOCK)]
    (handle, blade, lock) = (cuts.canvas.place(ends) / cuts.canvas.width).tolist()
    (turn,) = swinging(9.0 * put.facing)
    piece = Piece(
        x=round(lock[0], 4), y=round(lock[1], 4), end_x=handle[0], end_y=handle[1],
        turns=tuple(round(float(one), 1) for one in turn), rate=0.25,
    )  # fmt: skip
    thick = 0.14 * put.size

    def inside(x: Places, y: Places) -> Mask:
        vx, vy = blade[0] - handle[0], blade[1] - handle[1]
        along = np.clip(((x - handle[0]) * vx + (y - handle[1]) * vy) / max(vx * vx + vy * vy, 1e-9), 0, 1.2)
        return np.asarray(np.hypot(x - handle[0] - along * vx, y - handle[1] - along * vy) < thick)

    cuts.add(Cut(number, number, piece, inside=inside))
