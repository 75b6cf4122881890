"""A whole person: body, clothes, head, in the order from far to near."""

from dataclasses import dataclass

import numpy as np

from engines.providers.local.painter.modelling import model
from engines.providers.local.painter.people import beings, extras, hair
from engines.providers.local.painter.people.brush import Brush
from engines.providers.local.painter.people.clothes import torso
from engines.providers.local.painter.people.frame import Frame
from engines.providers.local.painter.people.head import Head, paint_head, paint_neck
from engines.providers.local.painter.people.held import HOLDABLE, Tints, held_before, held_behind
from engines.providers.local.painter.people.limbs import arm, cast_on_trunk, leg, sew_shoulders
from engines.providers.local.painter.people.look import Look
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.sitter import Sitter
from engines.providers.local.reading.things import FLOWERS

_SIDEWAYS = frozenset({"walk", "run", "row", "ride", "drive", "piano", "table", "swim", "hug"})
_GLAD = {"dance": 0.75, "wave": 0.7, "arms": 0.65, "jump": 0.9, "hug": 0.6, "grieve": -0.8, "pray": -0.1, "run": 0.1}
"""Expressions of poses: -1 grieving … 1 laughing."""
EYES_SHUT = frozenset({"pray", "grieve"})
_BOTH_HANDS = frozenset({"letter", "book", "accordion"})
_NEAR_FACE = frozenset({"phone"})
_ONE_HAND = FLOWERS | {"umbrella", "lantern", "candle", "balloon", "cup", "bottle", "sword"}
_OWN_ARMS = frozenset(
    {
        "sing",
        "voice",
        "trumpet",
        "guitar",
        "violin",
        "drums",
        "piano",
        "wave",
        "arms",
        "dance",
        "row",
        "drive",
        "ride",
        "hug",
        "pray",
        "grieve",
    }
)
"""Poses whose arms are taken."""


@dataclass(frozen=True)
class Person:
    """A person set into a picture: feet at (x, y); `size` is an adult's height in widths.

    Attributes:
        facing: -1 to the left, 1 to the right.
        pose, variant: Of the skeleton.
        depth: 0 at the lens … 1.
        behind: Seen from behind.
        holds: Things in the hands.
        turn: How far the head turns aside, 0…0.5; less in no pose that goes sideways.
    """

    look: Look
    x: float
    y: float
    size: float
    facing: int
    pose: str
    variant: int = 0
    depth: float = 0.2
    behind: bool = False
    holds: Tints = ()
    turn: float = 0.2

    @property
    def frame(self) -> Frame:
        """The joints."""
        held, grip = {name for name, _ in self.holds}, ""
        if self.pose not in _OWN_ARMS:
            grip = (
                "both"
                if held & _BOTH_HANDS
                else "near face"
                if held & _NEAR_FACE
                else "one"
                if held & _ONE_HAND or held - HOLDABLE
                else ""
            )
        return Frame(self.look, self.x, self.y, self.size, self.facing, self.pose, self.variant, grip)


def sings(person: Person) -> bool:
    """Whether its mouth is open to sing."""
    return person.pose in ("sing", "voice") or any(name == "microphone" for name, _ in person.holds)


class _Limbs(dict[str, tuple[int, int]]):
    """Paints arms and legs, and knows the numbers with which each was painted: `arm1`, `leg2`."""

    def __init__(self, brush: Brush, frame: Frame, look: Look) -> None:
        super().__init__()
        self._brush, self._frame, self._look = brush, frame, look

    def arm(self, side: str, shade: float) -> None:
        first = self._brush.canvas.objects + 1
        arm(self._brush, self._frame, self._look, side, shade)
        self["arm" + side] = (first, self._brush.canvas.objects)

    def leg(self, side: str, shade: float) -> None:
        first = self._brush.canvas.objects + 1
        leg(self._brush, self._frame, self._look, side, shade)
        self["leg" + side] = (first, self._brush.canvas.objects)


def paint_person(scene: Scene, person: Person, *, legs: bool = True, exposure: float = 1.0) -> Brush:
    """Paint a person; `legs` False for one who sits in a boat or a car, `exposure` lightens its face and clothes."""
    look, frame = person.look, person.frame
    brush = Brush(scene, person.depth, exposure)
    limbs = scene.rig.limbs = _Limbs(brush, frame, look)
    sitter = sitter_of(person)
    if not person.behind:
        hair.behind(brush, sitter, look)
    held_behind(brush, frame, look, person.holds)
    if not person.behind:
        beings.behind_body(brush, frame, look)
    # Hands before the body are painted after it, and hidden by a back.
    crossing = [side for side in "12" if frame.crosses(side)]
    first = scene.canvas.objects + 1
    if "1" not in crossing or person.behind:
        limbs.arm("1", 0.74)
    if "2" in crossing and person.behind:
        limbs.arm("2", 0.74)
    if legs and look.kind == "mermaid":
        beings.tail(brush, frame)
    elif legs:
        limbs.leg("1", 0.76)
        limbs.leg("2", 1.0)
    trunk = scene.canvas.objects + 1
    torso(brush, frame, look, person.behind)
    sleeves, brush.span = brush.span, None
    extras.on_body(brush, frame, look, behind=person.behind)
    paint_neck(brush, sitter, look, frame.joint("neck", 0.0, -0.01))
    # Hands before a grieving face are painted after it.
    covers = person.pose == "grieve"
    if person.behind:
        beings.behind_body(brush, frame, look)
    before = [side for side in "12" if side not in limbs and not covers]
    on_trunk = trunk, scene.canvas.objects
    brush.span = sleeves
    for side in before:
        cast_on_trunk(brush, frame, look, side, on_trunk)
        limbs.arm(side, 0.92 if side == "1" else 1.0)
    brush.span = None
    # Arms and trunk are lit as one body: lit apart, a shoulder would have a rim of light of its own.
    whole = scene.canvas.stencil(brush.shapes)
    if whole is not None:
        model(scene, whole, strength=0.38, rim=0.5)
    glad = _GLAD.get(person.pose, 0.2)
    head = Head(sitter, look, person.behind, glad, sings(person), person.pose in EYES_SHUT)
    extras.at_neck(brush, frame, sitter, look, behind=person.behind)
    if covers:
        paint_head(brush, head)
        limbs.arm("1", 0.92)
        limbs.arm("2", 1.0)
    sew_shoulders(brush, frame, look, first)
    if covers:
        return brush
    extras.at_wrist(brush, frame, look, "2")
    held_before(brush, frame, look, person.holds)
    paint_head(brush, head)
    return brush


def sitter_of(person: Person) -> Sitter:
    """The coordinates of a person's head."""
    frame = person.frame
    x, y = frame.eyes
    turn = max(person.turn, 0.42 if person.pose in _SIDEWAYS else 0.0) * person.facing
    if person.behind:
        turn = 0.0
    return Sitter(x, y, frame.head, turn, float(np.clip(frame.lean, -1.7, 1.7)))
