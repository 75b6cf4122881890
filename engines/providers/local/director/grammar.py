"""Shot grammar: establish wide, then never the same framing twice; energy chooses how the camera moves.

Every choice is a chain from a section's first shot, seeded by video and section alone. So a scene's shot is the same
whichever scenes are asked for together, and in whichever order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import TypeVar

from engines.providers.local.director.chance import chance
from engines.providers.local.director.words import Act
from models.storyboard import CameraMove, Framing

T = TypeVar("T")

ESTABLISHING: tuple[Framing, Framing] = (Framing.EXTREME_WIDE, Framing.AERIAL)
"""Only for the first shot of a section; neighbours alternate, so sections of one shot differ too."""

_HOOK = {"peak": Framing.CLOSE_UP, "rising": Framing.LOW_ANGLE}
"""The second shot of a section where the song has its hook."""

_FRAMINGS: dict[Act, dict[Framing, float]] = {
    "opening": {Framing.WIDE: 3, Framing.DETAIL: 3, Framing.FULL: 2, Framing.MEDIUM: 1},
    "telling": {Framing.MEDIUM: 3, Framing.FULL: 3, Framing.WIDE: 2, Framing.CLOSE_UP: 1.5, Framing.DETAIL: 1.5,
                Framing.LOW_ANGLE: 1},
    "rising": {Framing.FULL: 3, Framing.LOW_ANGLE: 2, Framing.MEDIUM: 2, Framing.DETAIL: 1.5, Framing.WIDE: 1.5},
    "peak": {Framing.CLOSE_UP: 3, Framing.LOW_ANGLE: 3, Framing.FULL: 2.5, Framing.WIDE: 2.5, Framing.MEDIUM: 2,
             Framing.DETAIL: 1},
    "elsewhere": {Framing.CLOSE_UP: 2, Framing.WIDE: 2, Framing.DETAIL: 2, Framing.MEDIUM: 1.5, Framing.FULL: 1},
    "ending": {Framing.WIDE: 3, Framing.DETAIL: 2, Framing.FULL: 2, Framing.MEDIUM: 1},
}  # fmt: skip
_CALM_MOVES: dict[CameraMove, float] = {
    CameraMove.PUSH_IN: 3, CameraMove.DRIFT: 3, CameraMove.PULL_OUT: 1.5, CameraMove.PAN_LEFT: 1,
    CameraMove.PAN_RIGHT: 1, CameraMove.TILT_UP: 1, CameraMove.TILT_DOWN: 0.7,
}  # fmt: skip
_DRIVEN_MOVES: dict[CameraMove, float] = {
    CameraMove.HANDHELD: 3, CameraMove.CRANE_UP: 2, CameraMove.ROLL: 1.5, CameraMove.PUSH_IN: 2,
    CameraMove.PAN_LEFT: 1.2, CameraMove.PAN_RIGHT: 1.2, CameraMove.TILT_UP: 1, CameraMove.PULL_OUT: 1,
}  # fmt: skip
_MOVES_OF_FRAMING: dict[Framing, tuple[CameraMove, ...]] = {
    Framing.EXTREME_WIDE: (CameraMove.PUSH_IN, CameraMove.DRIFT, CameraMove.CRANE_UP, CameraMove.PULL_OUT),
    Framing.AERIAL: (CameraMove.DRIFT, CameraMove.PUSH_IN, CameraMove.ROLL, CameraMove.TILT_DOWN),
    Framing.DETAIL: (CameraMove.PUSH_IN, CameraMove.DRIFT, CameraMove.TILT_DOWN, CameraMove.HANDHELD),
    Framing.LOW_ANGLE: (CameraMove.TILT_UP, CameraMove.CRANE_UP, CameraMove.PUSH_IN, CameraMove.HANDHELD,
                        CameraMove.ROLL),
}  # fmt: skip
_LENSES: dict[Framing, tuple[int, ...]] = {
    Framing.EXTREME_WIDE: (14, 18),
    Framing.AERIAL: (20, 24),
    Framing.WIDE: (24, 28),
    Framing.FULL: (32, 35),
    Framing.LOW_ANGLE: (18, 21, 24),
    Framing.MEDIUM: (40, 50),
    Framing.CLOSE_UP: (75, 85, 100),
    Framing.DETAIL: (90, 100, 135),
}
_ANGLES = (
    "seen from the front",
    "in left profile",
    "seen from behind",
    "in three-quarter view",
    "in right profile",
)
_FACING = ("seen from the front", "in three-quarter view")
_SIZES: dict[Framing, int] = {
    Framing.EXTREME_WIDE: 0, Framing.AERIAL: 0, Framing.WIDE: 1, Framing.FULL: 2, Framing.LOW_ANGLE: 2,
    Framing.MEDIUM: 3, Framing.CLOSE_UP: 4, Framing.DETAIL: 5,
}  # fmt: skip
_JUMP_CUT = 0.08
"""Weight of a framing only one size away from the last: a cut between two sizes that are alike looks like a mistake."""

_HOT = 0.62
_INTERCUT = 5
"""In long sections every fifth shot may show another place: a chorus sums up the story."""


@dataclass(frozen=True)
class Setup:
    """Camera and subject of one shot.

    Attributes:
        framing, move, lens_mm: The camera.
        angle: From which side people are seen; never the same twice in a row.
        who: Which of the section's characters are in frame, as indices; empty for a shot without anybody.
        spot: A number that chooses the spot within the place; neighbours differ.
        action: A number that chooses what is done.
        elsewhere: The story may look into another of its places here, and then come back.
    """

    framing: Framing
    move: CameraMove
    lens_mm: int
    angle: str
    who: tuple[int, ...]
    spot: int
    action: int
    elsewhere: bool


def setup_of(key: str, section_index: int, act: Act, energy: float, cast_size: int, place: int) -> Setup:
    """The camera of the shot at one place in a section.

    Args:
        key: Of the video.
        section_index: Of the section, whose first shot starts the chain.
        act: What part the section plays.
        energy: Of the section.
        cast_size: How many characters the section has.
        place: The shot's place in the section.

    Returns:
        Its setup.
    """
    return _chain(key, section_index, act, energy >= _HOT, cast_size, place)[-1]


@lru_cache(maxsize=256)
def _chain(key: str, section_index: int, act: Act, driven: bool, cast_size: int, place: int) -> tuple[Setup, ...]:
    before = _chain(key, section_index, act, driven, cast_size, place - 1) if place else ()
    rng = chance(key, "setup", section_index, place)
    framing = _framing(section_index, act, before, rng)
    moves = dict(_DRIVEN_MOVES if driven else _CALM_MOVES)
    allowed = _MOVES_OF_FRAMING.get(framing, tuple(moves))
    last = before[-1] if before else None
    moves = {move: moves.get(move, 0.4) for move in allowed if last is None or move is not last.move}
    sides = _FACING if framing is Framing.CLOSE_UP else _ANGLES
    angles = [angle for angle in sides if last is None or angle != last.angle]
    spots = [spot for spot in range(5) if spot not in {setup.spot for setup in before[-3:]}]
    return (
        *before,
        Setup(
            framing=framing,
            move=_pick(moves, rng),
            lens_mm=rng.choice(_LENSES[framing]),
            angle=rng.choice(angles),
            who=_who(framing, act, cast_size, before, rng),
            spot=rng.choice(spots),
            action=rng.randrange(2**16),
            elsewhere=place % _INTERCUT == _INTERCUT - 1,
        ),
    )


def _framing(section_index: int, act: Act, before: Sequence[Setup], rng: Random) -> Framing:
    if not before:
        return ESTABLISHING[section_index % 2]
    if len(before) == 1 and act in _HOOK:
        return _HOOK[act]
    weights = {framing: weight for framing, weight in _FRAMINGS[act].items() if framing is not before[-1].framing}
    if len(before) == 1:
        weights.pop(Framing.WIDE, None)
    size = _SIZES[before[-1].framing]
    for one in weights:
        if abs(_SIZES[one] - size) < 2 and Framing.LOW_ANGLE not in (one, before[-1].framing):
            weights[one] *= _JUMP_CUT
    for earlier in before[-3:-1]:
        if earlier.framing in weights:
            weights[earlier.framing] *= 0.35
    return _pick(weights, rng)


def _who(framing: Framing, act: Act, cast_size: int, before: Sequence[Setup], rng: Random) -> tuple[int, ...]:
    if not cast_size or framing is Framing.DETAIL:
        return ()
    if not before:
        # Establishing shots show the place; only where the story culminates somebody is already there.
        return (0,) if act in ("peak", "telling") else ()
    if cast_size > 1 and framing in (Framing.FULL, Framing.MEDIUM, Framing.WIDE) and rng.random() < 0.35:
        return (0, 1 + rng.randrange(cast_size - 1))
    if cast_size > 1 and rng.random() < 0.35:
        return (1 + rng.randrange(cast_size - 1),)
    if act in ("opening", "ending") and framing is Framing.WIDE and before[-1].who and rng.random() < 0.4:
        return ()
    return (0,)


def _pick(weights: Mapping[T, float], rng: Random) -> T:
    return rng.choices(list(weights), list(weights.values()))[0]
