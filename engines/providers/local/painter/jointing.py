"""Which limbs of people are cut out of a picture, and how they move."""

from collections.abc import Mapping
from dataclasses import replace

from engines.providers.local.painter.cutting import Cuts, Spot, chain
from engines.providers.local.painter.gaits import GAITS, Angles, Gait, legs, swinging, swung_arm
from engines.providers.local.painter.people.figure import Person

Limbs = Mapping[str, tuple[int, int]]
"""The numbers with which each limb was painted: `arm1`, `leg2`."""

_LEG, _ARM = 0.06, 0.046
"""Half a limb's thickness, in body heights."""
_UNDER_CLOTH = 0.72
"""How far legs go in a coat or a skirt, which stays as it is."""
_WAVES: dict[str, dict[str, tuple[tuple[float, float], float, float]]] = {
    # limb: degrees of its two parts, cycles a beat, phase
    "wave": {"arm2": ((6, 20), 1.0, 0.0)},
    "arms": {"arm1": ((13, 12), 0.5, 0.0), "arm2": ((13, 12), 0.5, 0.5)},
    "jump": {"arm1": ((13, 12), 0.5, 0.0), "arm2": ((13, 12), 0.5, 0.5)},
    "dance": {
        "arm1": ((17, 26), 0.5, 0.0),
        "arm2": ((17, 26), 0.5, 0.35),
    },
    "drums": {"arm1": ((4, 20), 1.0, 0.0), "arm2": ((4, 20), 1.0, 0.5)},
}


def cut_person(cuts: Cuts, limbs: Limbs, person: Person) -> bool:
    """Cut a person's limbs out; whether there were any that move so far."""
    before = len(cuts.cuts)
    gait = GAITS.get(person.pose)
    if gait is not None:
        _going(cuts, limbs, person, gait)
    for limb, (degrees, rate, phase) in _WAVES.get(person.pose, {}).items():
        if limb in limbs and not (limb.startswith("arm") and person.holds):
            turns = [person.facing * turn for turn in swinging(*degrees, phase=phase)]
            if person.pose == "wave":
                # Away from the head.
                turns[1] = turns[1] + person.facing * 5.0
            _limb(cuts, limbs, person, limb, turns, rate=rate)
    return len(cuts.cuts) > before


def _going(cuts: Cuts, limbs: Limbs, person: Person, gait: Gait) -> None:
    if person.look.outfit == "coat" or person.look.legs in ("bare", "skirt"):
        gait = replace(gait, thigh=_UNDER_CLOTH * gait.thigh)
    first, second = (_joints(cuts, person, "leg" + side) for side in "12")
    if "leg1" in limbs and "leg2" in limbs:
        turns, lifts = legs(gait, first, second, person.facing)
        _limb(cuts, limbs, person, "leg1", turns[:2], lifts=lifts, rate=gait.rate)
        _limb(cuts, limbs, person, "leg2", turns[2:], lifts=lifts, rate=gait.rate)
    leading = (first[2][0] - second[2][0]) * person.facing > 0
    for side, ahead in (("1", not leading), ("2", leading)):
        # A hand with something in it keeps still: the thing is no part of the arm.
        if "arm" + side in limbs and not person.holds:
            turns = swung_arm(gait, _joints(cuts, person, "arm" + side), person.facing, ahead=ahead)
            _limb(cuts, limbs, person, "arm" + side, turns, rate=gait.rate)


def _limb(
    cuts: Cuts,
    limbs: Limbs,
    person: Person,
    limb: str,
    turns: list[Angles],
    *,
    lifts: Angles | None = None,
    rate: float = 0.5,
) -> None:
    thick = (_LEG if limb.startswith("leg") else _ARM) * person.frame.unit * person.frame.girth
    lifted = () if lifts is None else lifts.tolist()
    seen = 0.06 if limb.startswith("leg") else 0.33
    chain(cuts, limbs[limb], _joints(cuts, person, limb), thick, turns, lifts=lifted, rate=rate, seen=seen)


def _joints(cuts: Cuts, person: Person, limb: str) -> list[Spot]:
    """Root, middle and end, in widths of the picture."""
    names = "hka" if limb.startswith("leg") else "sew"
    placed = cuts.canvas.place([person.frame.joint(name + limb[-1]) for name in names]) / cuts.canvas.width
    return [(float(x), float(y)) for x, y in placed]
