"""How limbs go: the angles of legs, arms and paws over a cycle, as differences from how they are painted."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Angles = NDArray[np.float64]
Spot = tuple[float, float]

SAMPLES = 12
_CYCLE: Angles = 2 * np.pi * np.arange(SAMPLES) / SAMPLES


@dataclass(frozen=True)
class Gait:
    """A way to go on two legs, in degrees; forward is positive.

    Attributes:
        lean: The thigh's middle.
        thigh: How far it swings from there, to both sides.
        straight, bent: The knee's least and greatest bend: it is bent while the leg comes forward.
        arm: How far the upper arm swings.
        elbow: Its bend, and how much more when the arm is in front.
        rate: Cycles a beat.
    """

    lean: float
    thigh: float
    straight: float
    bent: float
    arm: float
    elbow: tuple[float, float]
    rate: float


GAITS: dict[str, Gait] = {
    "walk": Gait(-1, 20, 5, 46, 20, (12, 9), 0.5),
    "run": Gait(14, 36, 14, 88, 34, (82, 12), 1.0),
}


def legs(gait: Gait, left: Sequence[Spot], right: Sequence[Spot], facing: int) -> tuple[list[Angles], Angles]:
    """The turns of both thighs and shins, and the lift that keeps the lower foot on the ground.

    Args:
        gait: How they go.
        left: Hip, knee and ankle of one leg, as painted, in widths.
        right: The same of the other.
        facing: -1 to the left, 1 to the right.

    Returns:
        Samples in degrees clockwise: of the first leg's thigh and shin, then of the second's; and lifts in widths.
    """
    ahead = 0.0 if (left[2][0] - right[2][0]) * facing > 0 else np.pi
    turns: list[Angles] = []
    lows = []
    for joints, start in ((left, ahead), (right, ahead + np.pi)):
        thigh, shin, upper, lower = _leg(gait, joints, start, facing)
        turns += [facing * (_angle(joints[0], joints[1], facing) - thigh)]
        turns += [facing * (_angle(joints[1], joints[2], facing) - shin) - turns[-1]]
        lows.append(joints[0][1] + upper * np.cos(np.radians(thigh)) + lower * np.cos(np.radians(shin)))
    lowest = np.maximum(*lows)
    return turns, lowest - max(left[2][1], right[2][1])


def _leg(gait: Gait, joints: Sequence[Spot], start: float, facing: int) -> tuple[Angles, Angles, float, float]:
    """Angles of thigh and shin, from straight down, and their lengths."""
    phase = _CYCLE + start
    thigh = gait.lean + gait.thigh * np.cos(phase)
    shin = thigh - gait.straight - (gait.bent - gait.straight) * np.maximum(0, -np.sin(phase)) ** 1.5
    return thigh, shin, _length(joints[0], joints[1]), _length(joints[1], joints[2])


def swung_arm(gait: Gait, joints: Sequence[Spot], facing: int, *, ahead: bool) -> list[Angles]:
    """The turns of upper arm and forearm; `ahead`: it is in front when the cycle begins."""
    swing = np.cos(_CYCLE + (0 if ahead else np.pi))
    upper = gait.arm * swing
    fore = upper + gait.elbow[0] + gait.elbow[1] * swing
    first = facing * (_angle(joints[0], joints[1], facing) - upper)
    return [first, facing * (_angle(joints[1], joints[2], facing) - fore) - first]


def swinging(*degrees: float, phase: float = 0.0) -> list[Angles]:
    """Parts of a limb that swing about how they are painted."""
    wave = np.sin(_CYCLE + 2 * np.pi * phase)
    return [degree * wave for degree in degrees]


def paw(degrees: float, bend: float, start: float, joints: Sequence[Spot], facing: int, *, hind: bool) -> list[Angles]:
    """The turns of an animal's upper and lower leg.

    Args:
        degrees: How far the leg swings, to both sides.
        bend: How far it is bent in the air.
        start: Where in its stride it begins, as a share of the cycle.
        joints: Hip or shoulder, hock or wrist, and foot, as painted, in widths.
        facing: -1 to the left, 1 to the right.
        hind: A fore leg bends its wrist backwards, a hind leg its hock too, but less.
    """
    phase = _CYCLE + 2 * np.pi * start
    painted = _angle(joints[0], joints[2], facing)
    upper = facing * (painted - degrees * np.cos(phase))
    return [upper, facing * (0.6 if hind else 1.0) * bend * np.maximum(0, -np.sin(phase)) ** 1.5]


def _angle(a: Spot, b: Spot, facing: int) -> float:
    """A bone's angle from straight down, in degrees, forward positive."""
    return float(np.degrees(np.arctan2((b[0] - a[0]) * facing, b[1] - a[1])))


def _length(a: Spot, b: Spot) -> float:
    return float(np.hypot(b[0] - a[0], b[1] - a[1]))
