"""Shot grammar: a section begins wide, neighbours differ in subject or size, energy chooses the camera move.

Every choice is a chain from a section's first shot, seeded by video and section alone. So a scene's shot does not
depend on the other scenes of a request, or on their order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import TypeVar

from engines.providers.local.director.chance import chance
from engines.providers.local.director.story import Moment
from engines.providers.local.director.words import Act
from models.storyboard import CameraMove, Framing

T = TypeVar("T")

ESTABLISHING: tuple[Framing, Framing] = (Framing.EXTREME_WIDE, Framing.WIDE)
"""The first shot of a section; neighbours alternate, so sections of one shot differ too."""

_HOOK = {"peak": Framing.CLOSE_UP, "rising": Framing.LOW_ANGLE}
"""The second shot of a section that contains the song's hook."""

_PEOPLE: dict[Act, dict[Framing, float]] = {
    "opening": {Framing.WIDE: 3, Framing.FULL: 3, Framing.MEDIUM: 2, Framing.CLOSE_UP: 0.5},
    "telling": {Framing.MEDIUM: 3, Framing.FULL: 3, Framing.WIDE: 2, Framing.CLOSE_UP: 1.5, Framing.LOW_ANGLE: 0.7},
    "rising": {Framing.FULL: 3, Framing.LOW_ANGLE: 2, Framing.MEDIUM: 2, Framing.WIDE: 1.5, Framing.CLOSE_UP: 1},
    "peak": {Framing.CLOSE_UP: 3, Framing.LOW_ANGLE: 3, Framing.FULL: 2.5, Framing.WIDE: 2.5, Framing.MEDIUM: 2},
    "elsewhere": {Framing.CLOSE_UP: 2, Framing.WIDE: 2, Framing.MEDIUM: 1.5, Framing.FULL: 1},
    "ending": {Framing.WIDE: 3, Framing.FULL: 2, Framing.MEDIUM: 1.5},
}
_THINGS: dict[Framing, float] = {Framing.DETAIL: 3, Framing.MEDIUM: 2.5, Framing.WIDE: 2, Framing.FULL: 1}
_PLACES: dict[Framing, float] = {
    Framing.WIDE: 3,
    Framing.FULL: 2,
    Framing.MEDIUM: 1,
    Framing.LOW_ANGLE: 1,
}
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
_ANGLES = ("seen from the front", "in left profile", "in three-quarter view", "in right profile", "seen from behind")
SIDES = ("straight on", "from low down", "at an angle", "from one side", "close by", "from farther off")
"""How things and places are seen; `painter/insert.py` knows each of these words."""

_TURNED = frozenset({Framing.WIDE, Framing.EXTREME_WIDE, Framing.FULL})
"""Only here are people seen from behind: nearer, the face is the picture."""

_SIZES: dict[Framing, int] = {
    Framing.EXTREME_WIDE: 0, Framing.AERIAL: 0, Framing.WIDE: 1, Framing.FULL: 2, Framing.LOW_ANGLE: 2,
    Framing.MEDIUM: 3, Framing.CLOSE_UP: 4, Framing.DETAIL: 5,
}  # fmt: skip
_JUMP_CUT = 0.1
"""Weight of a framing only one size away from the last of the same subject: it looks like a mistake."""

_AGAIN = 0.3
"""Weight of a size that a subject had already, each time."""

_SHOWN = 0.75
"""The same for each shot of it in the video so far."""

_USUAL = 8
"""Shots of a section, about."""

_IN_TURN = 3.0
"""Factor on the weight of the size whose turn it is."""

_FACE, _OTHERS, _IN_A_ROW = 2.0, 6.5, 3
"""The least shots of a person per shot of a thing; how many things would leave it at that; a lead's most in a row."""

_TOGETHER = frozenset({Framing.WIDE, Framing.FULL, Framing.MEDIUM, Framing.EXTREME_WIDE})
_HOT = 0.62


@dataclass(frozen=True)
class Part:
    """A section of the song in the story.

    Attributes:
        moments: What it tells, in order.
        others: Moments that it recalls now and then: a chorus sums up the story.
        turn: How many sections before it share its first moment; the subjects' order turns with it.
        meeting: Pairs of people who belong together.
        returns: Whether it brings the main image back instead of telling on.
    """

    act: Act
    driven: bool
    moments: tuple[Moment, ...]
    others: tuple[Moment, ...]
    turn: int
    meeting: frozenset[tuple[str, str]]
    returns: bool = False


@dataclass(frozen=True)
class Setup:
    """Camera and subject of one shot.

    Attributes:
        subject: A ref of the story; empty for the place itself.
        moment: The moment that it belongs to.
        company: Others in frame with the subject, if the framing has room for them.
        framing, move, lens_mm: The camera.
        angle: The side from which people are seen; never the same twice in a row.
        side: How a thing or a place is seen; each of them before one comes again.
        action: A number that chooses the action.
    """

    subject: str
    moment: Moment
    company: tuple[str, ...]
    framing: Framing
    move: CameraMove
    lens_mm: int
    angle: str
    side: str
    action: int

    @property
    def place_number(self) -> int:
        """A number that chooses one of the moment's places."""
        return self.action >> 4


def setup_of(key: str, section_index: int, told: Sequence[Part], place: int) -> Setup:
    """The camera of one shot of a section.

    Args:
        key: The video's key.
        section_index: The section, whose first shot starts the chain.
        told: Each section's part in the story.
        place: The shot's place in the section.

    Returns:
        Its setup.
    """
    return _chain(key, tuple(told[: section_index + 1]), place)[-1]


@lru_cache(maxsize=1024)
def _chain(key: str, told: tuple[Part, ...], place: int) -> tuple[Setup, ...]:
    before = _chain(key, told, place - 1) if place else ()
    section_index, part = len(told) - 1, told[-1]
    # How long the sections before were is not known here: of each, the usual number of shots.
    earlier = [one for index in range(1, len(told)) for one in _chain(key, told[:index], _USUAL - 1)]
    rng = chance(key, "setup", section_index, place)
    moment, subject = _subject(part, before)
    shown = [one for one in (*earlier, *before) if one.subject == subject]
    framing = _framing(section_index, part, subject, before, shown, rng)
    alike = [one for one in shown if one.framing is framing]
    own = [one for one in before if one.subject == subject]
    last = before[-1] if before else None
    moves = dict(_DRIVEN_MOVES if part.driven else _CALM_MOVES)
    allowed = _MOVES_OF_FRAMING.get(framing, tuple(moves))
    moves = {move: moves.get(move, 0.4) for move in allowed if last is None or move is not last.move}
    sides = _ANGLES if framing in _TURNED else _ANGLES[:-1]
    angles = [angle for angle in sides if last is None or angle != last.angle]
    return (
        *before,
        Setup(
            subject=subject,
            moment=moment,
            company=_company(part, moment, subject, framing, place),
            framing=framing,
            move=_pick(moves, rng),
            lens_mm=rng.choice(_LENSES[framing]),
            # A composition that was shown comes again only when all others were.
            angle=_least_used(angles, rng, *([one.angle for one in of] for of in (own, alike, shown))),
            side=_least_used(SIDES, rng, *([one.side for one in of] for of in (own, alike, shown))),
            action=rng.randrange(2**16),
        ),
    )


def _subject(part: Part, before: Sequence[Setup]) -> tuple[Moment, str]:
    """Whose turn it is: the one shown least, in the brief's order; never the last one if there is another."""
    place = len(before)
    if place % 4 == 3 and part.others:
        moment = part.others[(place // 4 + part.turn) % len(part.others)]
        choice = moment.subjects or ("",)
        return moment, choice[(place // 4 + part.turn) // len(part.others) % len(choice)]
    known: dict[str, Moment] = {}
    for moment in part.moments:
        for subject in moment.subjects or ("",):
            known.setdefault(subject, moment)
    order = list(known)
    if place == 0 or (place == 1 and part.act in _HOOK):
        return known[order[0]], order[0]
    turned = order[part.turn % len(order) :] + order[: part.turn % len(order)]
    last = before[-1].subject
    uses = {one: sum(setup.subject == one for setup in before) for one in order}
    people = [one for one in order if one.startswith(("person", "locked"))]
    # A face carries more shots than a thing, and may have several in a row: one cup makes no video.
    weight = max(_FACE, (_OTHERS - len(order) + len(people)) / max(1, len(people)))
    run = _IN_A_ROW if len(people) == 1 else 1
    again = last in people and [setup.subject for setup in before[-run:]] != [last] * run
    weighed = [one for one in turned if one != last or again or len(order) == 1]
    chosen = min(weighed, key=lambda one: uses[one] / (weight if one in people else 1))
    return known[chosen], chosen


def _framing(
    section_index: int, part: Part, subject: str, before: Sequence[Setup], shown: Sequence[Setup], rng: Random
) -> Framing:
    if not before:
        return ESTABLISHING[section_index % 2]
    person = subject.startswith(("person", "locked"))
    if len(before) == 1 and part.act in _HOOK and person:
        return _HOOK[part.act]
    table = _PEOPLE[part.act] if person else _THINGS if subject else _PLACES
    last = before[-1]
    weights = {framing: weight for framing, weight in table.items() if framing is not last.framing}
    if (section_index + 1) % 2 and len(weights) > 1:
        weights.pop(ESTABLISHING[1], None)  # the next section begins with it
    for one in weights:
        weights[one] *= _AGAIN ** sum(setup.subject == subject and setup.framing is one for setup in before)
        weights[one] *= _SHOWN ** sum(setup.framing is one for setup in shown)
        near = abs(_SIZES[one] - _SIZES[last.framing]) < 2 and Framing.LOW_ANGLE not in (one, last.framing)
        if near and last.subject == subject:
            weights[one] *= _JUMP_CUT
    # A subject that comes back in another section comes in another size.
    ranked = sorted(weights, key=lambda one: -table[one])
    uses = sum(setup.subject == subject for setup in before)
    weights[ranked[(part.turn + uses) % len(ranked)]] *= _IN_TURN
    return _pick(weights, rng)


def _company(part: Part, moment: Moment, subject: str, framing: Framing, place: int) -> tuple[str, ...]:
    """Who and what is in frame with the subject: in wide shots all of the moment, else one who belongs to it."""
    if framing in (Framing.EXTREME_WIDE, Framing.WIDE):
        return tuple(one for one in moment.subjects if one != subject)
    if subject.startswith("item") and framing in (Framing.FULL, Framing.MEDIUM):
        # A thing is alone in one picture and has another one of its moment beside it in the next.
        things = [one for one in moment.items if one != subject]
        return (things[place // 2 % len(things)],) if things and (place + part.turn) % 2 else ()
    if framing not in _TOGETHER or not subject.startswith(("person", "locked")):
        return ()
    partners = [other for one, other in part.meeting if one == subject]
    partners += [one for one, other in part.meeting if other == subject]
    if partners and place % 2 == 0:
        return (partners[0],)
    others = [one for one in moment.people if one != subject]
    return (others[0],) if others and framing is Framing.FULL else ()


def _least_used(options: Sequence[str], rng: Random, *uses: Sequence[str]) -> str:
    """One of those that were used least: in the section, then in alike pictures, then in all of the subject."""
    counts = {one: tuple(used.count(one) for used in uses) for one in options}
    fewest = min(counts.values())
    return rng.choice([one for one in options if counts[one] == fewest])


def _pick(weights: Mapping[T, float], rng: Random) -> T:
    return rng.choices(list(weights), list(weights.values()))[0]
