"""Says what moves in a painted picture: limbs, hair, boats, flags, water."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import cv2
import numpy as np

from engines.providers.local.painter.canvas import Canvas
from engines.providers.local.painter.creatures import cut_oar, cut_paws, cut_wings
from engines.providers.local.painter.cutting import Cut, Cuts
from engines.providers.local.painter.gaits import GAITS
from engines.providers.local.painter.jointing import Limbs, cut_person
from engines.providers.local.painter.people.face import eye_level, mouth_level
from engines.providers.local.painter.people.figure import EYES_SHUT, Person, sings, sitter_of
from engines.providers.local.painter.people.poses import LYING
from engines.providers.local.painter.things.beasts import BEASTS
from engines.providers.local.painter.things.drawing import STANDING
from engines.providers.local.painter.things.pen import Put
from models.stirring import Piece, Stir, Stirring

_MOST_STIRS = 22
_ROAM = 0.35
"""How far what moves on may come, in widths."""
_DEPTH_COLUMNS = 18
_Swing = tuple[str, str, float, float, float]
"""A joint, the limb's end, degrees, cycles a beat, phase."""
_SWINGS: dict[str, tuple[_Swing, ...]] = {
    "walk": (("h1", "a1", 5, 0.5, 0.0), ("h2", "a2", 5, 0.5, 0.5), ("s1", "w1", 8, 0.5, 0.5), ("s2", "w2", 8, 0.5,
    0.0)),
    "run": (("h1", "a1", 6, 1.0, 0.0), ("h2", "a2", 6, 1.0, 0.5), ("s1", "w1", 10, 1.0, 0.5), ("s2", "w2", 10, 1.0,
    0.0)),
    "wave": (("e2", "w2", 22, 1.0, 0.0),),
    "arms": (("s1", "w1", 8, 0.5, 0.0), ("s2", "w2", 8, 0.5, 0.5)),
    "jump": (("s1", "w1", 8, 0.5, 0.0), ("s2", "w2", 8, 0.5, 0.5)),
    "dance": (("s1", "w1", 12, 0.5, 0.0), ("s2", "w2", 12, 0.5, 0.4), ("h2", "a2", 6, 0.5, 0.0)),
    "row": (("s2", "w2", 11, 0.25, 0.0), ("s1", "w1", 11, 0.25, 0.0)),
    "guitar": (("e1", "w1", 9, 1.0, 0.0),),
    "violin": (("e1", "w1", 8, 0.5, 0.0),),
    "piano": (("e2", "w2", 6, 1.0, 0.0), ("e1", "w1", 6, 1.0, 0.5)),
    "drums": (("e1", "w1", 13, 1.0, 0.0), ("e2", "w2", 13, 1.0, 0.5)),
    "sing": (("s1", "w1", 7, 0.25, 0.0),),
    "voice": (("s1", "w1", 7, 0.25, 0.0), ("s2", "w2", 7, 0.25, 0.5)),
    "drive": (("e2", "w2", 3, 0.25, 0.0),),
    "swim": (("s1", "w1", 12, 0.5, 0.0), ("h1", "a1", 7, 1.0, 0.0), ("h2", "a2", 7, 1.0, 0.5)),
    "table": (("e2", "w2", 4, 0.5, 0.0),),
    "hands": (("s2", "w2", 3, 0.25, 0.0),),
}  # fmt: skip
_BOBS = {"dance": 0.022, "run": 0.018, "walk": 0.010, "jump": 0.022, "arms": 0.012, "ride": 0.014}
_LONG = frozenset({"long", "wavy", "dreads", "ponytail", "braids"})
_SPEEDS = {
    "car": 0.13, "bus": 0.11, "truck": 0.1, "motorbike": 0.13, "bicycle": 0.09, "train": 0.16, "tractor": 0.05,
    "ship": 0.025, "sailboat": 0.03, "plane": 0.1, "bird": 0.09, "gull": 0.08, "crow": 0.08, "eagle": 0.07,
    "fish": 0.06, "shark": 0.06, "whale": 0.03, "hot-air balloon": 0.02,
}  # fmt: skip
"""How far things move on, in widths a second."""
_PERIODS = {"train": 2.0}
"""After how many of its heights a thing repeats itself."""
_ROCKS = {
    "boat": 2.6,
    "sailboat": 2.4,
    "ship": 0.8,
    "whale": 2.0,
    "swan": 2.0,
    "swing": 3.0,
    "bell": 6.0,
    "balloon": 4.0,
}
_SWAYS = {
    "tree": 1.2, "palm": 1.6, "birch": 1.4, "willow": 1.6, "blossom tree": 1.2, "dead tree": 0.6, "pine": 0.8,
    "flower": 3.0,
    "rose": 2.5, "sunflower": 2.5, "tulip": 3.0, "daisy": 3.0, "poppy": 3.0, "wheat": 3.5, "fire": 3.0, "candle": 1.5,
}  # fmt: skip
_FACE_PIXELS = 26
"""Half a head's width, above which eyes blink and lips move."""
_BLINKS_PER_S = 0.31
_BEATS_PER_S = {"gull": 1.1, "eagle": 0.7, "bird": 2.2, "crow": 1.5, "butterfly": 2.6, "swan": 0.9, "owl": 1.2}
"""How often wings beat."""
_RESTING = ("sit", "stand", "swim", "lie")
_TURNS = {"ferris wheel": 0.56, "windmill": 0.6}
"""The height of the hub."""


@dataclass
class Rig:
    """Collects the movements of one picture.

    Attributes:
        limbs: The numbers of the limbs of the person painted last.
        things: The numbers of the thing that was painted last: of its far side and of what covers its riders.
    """

    canvas: Canvas
    stirs: list[Stir] = field(default_factory=list)
    limbs: Limbs = field(default_factory=dict)
    things: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        self._cuts = Cuts(self.canvas)
        self._moving = False

    @contextmanager
    def moving(self, name: str, put: Put, *, aside: bool = True) -> Iterator[None]:
        """What is painted meanwhile is a thing that moves on, if such things do, with its lights and shadows."""
        speed = 0.0 if not aside or put.doing in STANDING else _SPEEDS.get(name, 0.0) * put.facing
        if not speed or self._moving:
            yield
            return
        period = _PERIODS.get(name, 0.0) * put.size
        with self._cut_out(Piece(x=put.x, y=put.y, end_x=put.x, end_y=put.y, speed=speed, period=period)) as cut:
            yield
        if name in _BEATS_PER_S and cut is not None:
            cut_wings(self._cuts, cut, put, _BEATS_PER_S[name])

    @contextmanager
    def coming(self, x: float, y: float, grow: float) -> Iterator[None]:
        """What is painted meanwhile comes nearer from a place far away, in widths, or goes away to it."""
        (spot,) = (self.canvas.place([(x, y)]) / self.canvas.width).tolist()
        with self._cut_out(Piece(x=spot[0], y=spot[1], end_x=spot[0], end_y=spot[1], grow=grow)):
            yield

    @contextmanager
    def _cut_out(self, piece: Piece) -> Iterator[Cut]:
        first, before = self.canvas.objects + 1, self._cuts.sampled()
        # Riders move as their vehicle does.
        self._moving = True
        cut = Cut(first, first, piece, above=False, reach=_ROAM)
        yield cut
        self._moving = False
        cut.last, cut.halo = self.canvas.objects, self._cuts.changed(before)
        self._cuts.add(cut)

    def person(self, person: Person) -> None:
        """A person breathes, nods, and moves its limbs as its pose asks."""
        if self._moving:
            return
        frame, unit = person.frame, person.frame.unit
        foot, eyes = (person.x, person.y), frame.eyes
        if person.pose in LYING:
            return
        lift = _BOBS.get(person.pose, 0.005)
        self._add("bob", foot, eyes, 0.16 * unit, lift * unit, 1.0 if lift > 0.006 else 0.25)
        jointed = cut_person(self._cuts, self.limbs, person)
        for start, end, degrees, rate, phase in _SWINGS.get(person.pose, ()):
            if jointed and (start[0] in "se" or person.pose in GAITS):
                continue
            wide = 0.055 if start.startswith("h") else 0.045
            self._add("swing", frame.joint(start), frame.joint(end), wide * unit, degrees * person.facing, rate, phase)
        self._face(person)
        neck = frame.joint("neck")
        self._add("swing", neck, eyes, 1.5 * frame.head, 1.6, 0.5)
        if person.look.style in _LONG and person.look.hat != "hood":
            low = (eyes[0], eyes[1] + 3.2 * frame.head)
            self._add(
                "blow",
                (eyes[0], eyes[1] + 0.6 * frame.head),
                low,
                1.3 * frame.head,
                0.16 * frame.head,
                0.4,
                steady=True,
            )
        if person.look.legs in ("bare", "skirt") or person.look.outfit == "coat":
            hips, hem = frame.between("h1", "h2", 0.5), frame.between("k1", "k2", 0.5, 0.0, -0.05)
            self._add("blow", hips, hem, 0.1 * unit, 0.012 * unit, 0.5, steady=True)

    def _face(self, person: Person) -> None:
        """Eyes blink, and lips move in song."""
        look, s = person.look, sitter_of(person)
        if person.behind or s.unit * self.canvas.width < _FACE_PIXELS or look.kind != "person":
            return
        eyes, lips = eye_level(look), mouth_level(look) + 0.07
        for k in (-1.0, 1.0) if look.glasses != "dark" and person.pose not in EYES_SHUT else ():
            start, end = s.spot(k * 0.44 - 0.16, eyes + 0.05, 1), s.spot(k * 0.44 + 0.16, eyes + 0.05, 1)
            self._add("blink", start, end, 0.27 * s.unit, 0.9, _BLINKS_PER_S, 0.4, steady=True)
        if sings(person) and look.beard not in ("full", "long"):
            self._add("press", s.spot(-0.2, lips, 1), s.spot(0.2, lips, 1), 0.36 * s.unit, 0.62, 1.0, 0.5)

    def thing(self, name: str, put: Put, wide: float) -> None:
        """A thing rocks, sways, turns, slides or blows, if such things do."""
        x, y, size = put.x, put.y, put.size
        if name in BEASTS and put.doing in ("run", "walk"):
            cut_paws(self._cuts, name, put, self.things[0])
        if name == "boat":
            cut_oar(self._cuts, put, self.things[1])
        if name == "butterfly" and put.doing not in _RESTING:
            level, half = y - 0.45 * size, 0.4 * wide * size
            self._add(
                "press", (x - half, level), (x + half, level), 0.62 * size, 0.28, _BEATS_PER_S[name], 0.23 * put.number,
                steady=True,
            )  # fmt: skip
        if name in _ROCKS:
            hung = name in ("bell", "swing")
            pivot = (x, y - (size if hung else 0.0))
            half = 0.42 * wide * size
            self._add(
                "rock",
                pivot,
                (x, y - size * (0.0 if hung else 1.0)),
                max(half, 0.6 * size),
                _ROCKS[name],
                0.3,
                0.13 * put.number,
                steady=True,
            )
        elif name in _SWAYS:
            self._add(
                "rock",
                (x, y),
                (x, y - size),
                0.3 * size,
                _SWAYS[name],
                0.35 if name != "fire" else 1.6,
                0.2 * put.number,
                steady=True,
            )
        elif name in _TURNS:
            hub = (x, y - _TURNS[name] * size)
            self._add("turn", hub, hub, 0.46 * size, 6.0, 1.0, steady=True)
        elif name == "flag":
            self._add(
                "blow",
                (x - 0.45 * size * put.facing, y - 0.76 * size),
                (x + 0.5 * size * put.facing, y - 0.76 * size),
                0.22 * size,
                0.05 * size,
                0.9,
                steady=True,
            )
        elif put.doing in ("run", "walk") and name not in _SPEEDS:
            self._add("bob", (x, y), (x, y - size), 0.4 * wide * size, 0.03 * size, 1.0)

    def water(self, top: float, bottom: float) -> None:
        """Water shimmers, more of it in front."""
        self._add("ripple", (0.0, top), (1.0, bottom), 1.0, 0.005, 0.4, steady=True)

    def _add(
        self,
        kind: str,
        start: tuple[float, float],
        end: tuple[float, float],
        radius: float,
        amount: float,
        rate: float = 0.5,
        phase: float = 0.0,
        *,
        steady: bool = False,
    ) -> None:
        if len(self.stirs) >= _MOST_STIRS or radius * self.canvas.width < 3 or amount == 0:
            return
        (x, y), (end_x, end_y) = (self.canvas.place([start, end]) / self.canvas.width).tolist()
        values = (round(v, 4) for v in (x, y, end_x, end_y, radius, amount, rate, phase))
        fields = dict(zip(("x", "y", "end_x", "end_y", "radius", "amount", "rate", "phase"), values, strict=True))
        self.stirs.append(Stir.model_validate({"kind": kind, "steady": steady, **fields}))

    def stirring(self) -> Stirring:
        """The note, with the picture's depth."""
        rows = max(2, round(_DEPTH_COLUMNS * self.canvas.tall))
        small = cv2.resize(self.canvas.depth, (_DEPTH_COLUMNS, rows), interpolation=cv2.INTER_AREA)
        digits = np.clip(np.round(small * 15), 0, 15).astype(int)
        return Stirring(
            stirs=tuple(self.stirs),
            depth=tuple("".join(f"{d:x}" for d in row) for row in digits),
            cutting=self._cuts.cutting(),
        )
