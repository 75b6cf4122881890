"""Pictures of things without people: the camera looks for a thing so that all of it is seen, and what it stands on."""

from dataclasses import dataclass, replace

import numpy as np

from engines.providers.local.painter import supports
from engines.providers.local.painter.laying import SEATS, TABLE, laid_on, lay
from engines.providers.local.painter.layout import Span
from engines.providers.local.painter.ledges import ledge
from engines.providers.local.painter.manifest import Manifest
from engines.providers.local.painter.noise import rng_for
from engines.providers.local.painter.people.dressing import colour_named
from engines.providers.local.painter.placing import prop_jobs
from engines.providers.local.painter.reading import Subject
from engines.providers.local.painter.scale import SIZES, Job, Measure, stood
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.staging import Cast, Prop
from engines.providers.local.painter.standing import (
    BURNS,
    LEANING,
    SMALL,
    TREES,
    Rest,
    alive,
    at_rest,
    is_small,
    reach_of,
    rest_of,
    slight,
)
from engines.providers.local.painter.things.drawing import draw_thing
from engines.providers.local.painter.things.floating import in_water
from engines.providers.local.painter.things.pen import Put
from engines.providers.local.painter.treatments.effects import blur
from engines.providers.local.reading.things import FLOWERS
from models.storyboard import Framing

_LARGE: dict[Framing, tuple[float, float]] = {
    Framing.EXTREME_WIDE: (0.24, 0.5),
    Framing.WIDE: (0.34, 0.66),
    Framing.FULL: (0.44, 0.78),
    Framing.MEDIUM: (0.5, 0.86),
    Framing.LOW_ANGLE: (0.56, 0.86),
    Framing.CLOSE_UP: (0.56, 0.9),
    Framing.DETAIL: (0.6, 0.92),
    Framing.AERIAL: (0.26, 0.5),
}
"""The most of the picture that a thing takes, as shares of its height and its width."""
_LITTLE = 0.6
"""What lies on a table takes less of it, or it would be as large as a door."""
_MOST_OF_ONE = 7
_LEAST_BESIDE, _GROWN = 0.145, 1.9
"""The least height of what lies beside it, in heights of the picture: less would not count as seen; and the most by
which it may be larger than it is."""
_CARRIED = ("table", "ledge", "planks", "low")
"""What small things rest on."""
_SEATED = frozenset({"car", "train"})
"""Places whose firm ground is their seats."""
_FLYING = frozenset({"fly", "jump"})
_SKY_PHENOMENA = frozenset({"sun", "moon", "rainbow", "cloud", "lightning", "fireworks", "aurora"})


@dataclass(frozen=True)
class _View:
    """How the words have a thing seen.

    Attributes:
        near: Factor on its size.
        aside: From the middle, in widths; None by chance.
        lower: How much lower the camera is, as a share of the picture's height that the horizon falls.
        drop: How much lower the thing is in the picture, likewise.
    """

    near: float = 1.0
    aside: float | None = None
    lower: float = 0.0
    drop: float = 0.0


_SEEN: dict[str, _View] = {
    "straight on": _View(aside=0.0),
    "from low down": _View(near=1.12, lower=0.1, drop=0.06),
    "at an angle": _View(lower=-0.1, drop=-0.04),
    "from one side": _View(aside=0.24),
    "close by": _View(near=1.35),
    "from farther off": _View(near=0.66, aside=0.1),
}
"""The director's words for it."""


@dataclass(frozen=True)
class Plan:
    """A picture of things.

    Attributes:
        index: The main thing's, among the cast's props.
        rest: What carries it.
        horizon: In widths from the top.
        x, foot: The middle of its foot, in widths.
        size: Its height in widths.
        step: From one to the next of a kind, in widths.
        facing: -1 to the left, 1 to the right.
        adult: An adult's height at its foot, in widths.
    """

    index: int
    rest: Rest
    horizon: float
    x: float
    foot: float
    size: float
    step: float
    facing: int
    adult: float

    @property
    def measure(self) -> Measure:
        """The scale of what stands beside it."""
        return Measure(self.adult, self.foot, self.horizon)


def plan_of(subject: Subject, cast: Cast, tall: float) -> Plan | None:
    """The camera for a picture of things; None with people, or with nothing that could be its subject.

    Args:
        subject: Its words.
        cast: What is in it.
        tall: The picture's height in widths.
    """
    index = _main(subject.framing, cast)
    if index is None:
        return None
    index = _seat_below(subject, cast, index)
    prop = cast.props[index]
    kind, scale = prop.kind, SIZES[prop.item.size]
    rest: Rest = "branch" if _tree_of(subject, cast, index) else _rest(subject, prop)
    rng = rng_for(subject.key, "insert")
    high, across = _LARGE[subject.framing]
    if is_small(kind, prop.name, scale):
        high, across = high * _LITTLE, across * _LITTLE
    elif rest in ("low", "air", "branch", "hung", "wall", "post", "deep", "planks"):
        high, across = high * 0.72, across * 0.8
    if rest == "ground":
        # What is lower than a person does not tower like a house.
        high *= float(np.clip(0.5 + 0.45 * kind.tall * scale, 0.55, 1.0))
    high, across = high * float(rng.uniform(0.86, 1.0)), across * float(rng.uniform(0.9, 1.0))
    count = min(prop.count, _MOST_OF_ONE)
    back, ahead = reach_of(kind, prop.name)
    wide = back + ahead
    seen = next((view for said, view in _SEEN.items() if said in subject.key), _View())
    size = min(high * tall, across / wide)
    size = min(size * seen.near, 0.96 / wide)
    step = 0.0
    if count > 1:
        # Side by side, they hide little of each other.
        size = min(0.85 * size, 1.08 / (wide * (1 + 0.82 * (count - 1))))
        step = min(0.95 * wide * size, (0.98 - wide * size) / (count - 1))
    slack = max(0.0, 0.48 - 0.5 * (wide * size + step * (count - 1)))
    side = 1 if rng.random() < 0.5 else -1
    # It looks into the picture.
    facing = -side if rng.random() < 0.8 else side
    aside = seen.aside if seen.aside is not None else float(rng.uniform(0.02, 0.16))
    x = 0.5 + side * min(slack, aside) - facing * 0.5 * (ahead - back) * size
    foot = tall * (_foot(subject.framing, rest, size / tall, float(rng.uniform(-0.02, 0.02))) + seen.drop)
    adult = size / (kind.tall * scale)
    horizon = tall * _horizon(subject.framing, rest, foot / tall, adult / tall, float(rng.uniform(-0.025, 0.025)))
    horizon += tall * seen.lower
    if rest in (*_CARRIED, "wall", "hung", "deep", "air", "branch"):
        adult = min(adult, 0.5 * tall)
    return Plan(index, rest, horizon, x, foot, size, step, facing, adult)


def _main(framing: Framing, cast: Cast) -> int | None:
    if cast.actors:
        return None
    near = framing in (Framing.DETAIL, Framing.CLOSE_UP)
    flying = [one.kind.stand == "sky" for one in cast.props]
    for index, prop in enumerate(cast.props):
        if prop.name not in _SKY_PHENOMENA and (near or not flying[index]):
            return index
    return None


def _seat_below(subject: Subject, cast: Cast, index: int) -> int:
    """The chair on which the words have the main thing: it is filmed with what lies on it."""
    for at, prop in enumerate(cast.props):
        if prop.name in SEATS and any(one is cast.props[index] for one in laid_on(prop, cast.props, subject.words)):
            return at
    return index


def _tree_of(subject: Subject, cast: Cast, index: int) -> Prop | None:
    """The tree in which the words have a bird or a squirrel: it is filmed on its branch."""
    main = cast.props[index]
    if not (alive(main.name) and slight(main.kind, SIZES[main.item.size])) or main.item.doing in _FLYING:
        return None
    refs = subject.words.related(main.item.ref, "in", "on")
    return next((one for one in cast.props if one.name in TREES and one.item.ref in refs), None)


def _foot(framing: Framing, rest: Rest, size: float, chance: float) -> float:
    """Where a thing's foot is, as a share of the picture's height."""
    if rest in ("air", "branch"):
        return 0.42 + 0.5 * size + chance
    if rest in ("wall", "hung"):
        return 0.41 + 0.5 * size + chance
    if rest == "post":
        return 0.4 + 0.5 * size + chance
    if rest == "deep":
        return 0.52 + 0.5 * size + chance
    if rest == "water":
        return 0.74 + chance
    if rest in ("table", "ledge", "planks"):
        return 0.7 + chance
    if rest == "low":
        return float(np.clip(0.56 + 0.5 * size, 0.66, 0.84)) + chance
    if framing is Framing.LOW_ANGLE:
        return 0.92
    return (0.78 if framing in (Framing.EXTREME_WIDE, Framing.AERIAL) else 0.83) + chance


def _horizon(framing: Framing, rest: Rest, foot: float, adult: float, chance: float) -> float:
    """The horizon's height for a camera at a person's eyes, as far as the picture has room for it."""
    if framing is Framing.AERIAL:
        return 0.24
    if rest == "low":
        # The camera looks down: the ground is the picture.
        return 0.27 + chance
    if rest in ("air", "branch", "wall", "hung", "post", "deep", "table", "ledge", "planks"):
        return 0.5 + chance
    if rest == "water":
        return 0.48 + chance
    if framing is Framing.LOW_ANGLE:
        return 0.8
    return float(np.clip(foot - 0.95 * adult, 0.4, 0.66)) + chance


def paint_insert(scene: Scene, manifest: Manifest, cast: Cast, plan: Plan) -> None:
    """Paint the things onto their place: those behind first, then the lens's blur, the support and the subject."""
    main = cast.props[plan.index]
    others = [prop for i, prop in enumerate(cast.props) if i != plan.index and prop.kind.stand != "sky"]
    carried = plan.rest in _CARRIED
    # What carries it is the table of the words: a second one would stand on it, as small as a toy.
    table = next((one for one in others if one.name == TABLE), None) if plan.rest == "table" else None
    if plan.rest == "branch":
        table = _tree_of(scene.subject, cast, plan.index)
    laid = laid_on(main, cast.props, scene.subject.words) if plan.rest == "ground" else []
    others = [one for one in others if one is not table and not any(one is thing for thing in laid)]
    beside = [one for one in others if carried and _low(one) and _rest(scene.subject, one) in _CARRIED]
    beside = [one for one in beside if plan.rest == "low" or one.name not in BURNS][:2]
    jobs: list[Job] = []
    side = -1 if plan.x > 0.5 else 1
    half = 0.5 * (main.kind.wide * plan.size + plan.step * (min(main.count, _MOST_OF_ONE) - 1))
    taken = [Span(plan.x, half, 0.4 if carried else 1.0)]
    for prop in (one for one in others if one not in beside):
        measure = plan.measure
        if carried or plan.rest in ("wall", "hung", "air", "branch"):
            measure = Measure(0.36 * scene.tall, 0.8 * scene.tall, plan.horizon)
        # What is much larger than the subject is far behind it, or it would seem small.
        jobs += prop_jobs(scene, manifest, prop, measure, taken, side, behind=2.0 if carried else 1.3)
    for _, paint in sorted(jobs, key=lambda job: -job[0]):
        paint()
    close = scene.subject.framing in (Framing.DETAIL, Framing.CLOSE_UP) or carried or plan.rest == "branch"
    if close:
        _focus(scene, plan)
    if plan.rest == "table":
        with manifest.naming(table.item.ref if table else ""):
            supports.table(scene, plan.foot)
    elif plan.rest == "branch":
        with manifest.naming(table.item.ref if table else ""):
            supports.branch(scene, plan.foot)
    elif plan.rest == "ledge":
        ledge(scene, plan.foot)
    elif plan.rest == "planks":
        supports.boards(scene, plan.foot - 0.12 * scene.tall)
    _group(scene, manifest, main, plan)
    if laid:
        lay(scene, manifest, laid, main.name, _put(main, plan.x, plan.foot, plan.size, plan.facing, 0))
    for index, prop in enumerate(beside):
        own = prop.kind.tall * SIZES[prop.item.size] / (main.kind.tall * SIZES[main.item.size])
        true = plan.size * min(own, 1.4)
        small = min(max(true, min(_LEAST_BESIDE * scene.tall, _GROWN * true)), 0.4 / prop.kind.wide)
        x = plan.x + side * (1 if index == 0 else -1) * (
            0.5 * main.kind.wide * plan.size + 0.6 * prop.kind.wide * small
        )
        edge = 0.5 * prop.kind.wide * small
        put = _put(prop, float(np.clip(x, edge, 1 - edge)), plan.foot + 0.02 * scene.tall, small, plan.facing, index)
        _draw(scene, manifest, prop, put, plan.rest)
    scene.show(plan.foot - plan.size, plan.foot, plan.foot - plan.size, plan.foot - 0.55 * plan.size)


def _low(prop: Prop) -> bool:
    return prop.kind.tall * SIZES[prop.item.size] < SMALL


def _rest(subject: Subject, prop: Prop) -> Rest:
    return rest_of(prop.kind, prop.name, SIZES[prop.item.size], subject.place)


def _group(scene: Scene, manifest: Manifest, prop: Prop, plan: Plan) -> None:
    """The main thing, as many as there are, the farther first."""
    count = min(prop.count, _MOST_OF_ONE)
    foot = plan.foot
    if plan.rest in ("water", "coast") or (plan.rest in ("ground", "low") and scene.subject.place not in _SEATED):
        stand = prop.kind.stand if plan.rest in ("water", "coast") else "ground"
        foot = min(stood(scene, stand, foot, 1.0, plan.measure), 0.97 * scene.tall)
    if prop.name == "train" and scene.rails:
        foot = scene.rails
    order = sorted(range(count), key=lambda number: (number * 2) % 3)
    for number in order:
        x = plan.x + (number - (count - 1) / 2) * plan.step
        back = 0.012 * scene.tall * (2 - (number * 2) % 3) if count > 1 else 0.0
        if plan.rest in ("air", "deep", "hung") and count > 1:
            back *= 4 if plan.rest != "hung" else 0
        put = _put(prop, x, foot - back, plan.size, plan.facing, number)
        _draw(scene, manifest, prop, put, plan.rest)


def _put(prop: Prop, x: float, foot: float, size: float, facing: int, number: int) -> Put:
    # A microphone alone has its stand.
    close = prop.name != "microphone"
    return Put(x, foot, size, facing, colour_named(prop.item.colour), 0.16, number, prop.item.doing or "", close)


def _draw(scene: Scene, manifest: Manifest, prop: Prop, put: Put, rest: Rest) -> None:
    kind, ground = prop.kind, 0.86 * scene.tall
    if rest == "post" and prop.name == "window":
        supports.front(scene, kind, put, ground)
    elif rest == "post":
        supports.post(scene, kind, put, ground)
    elif rest == "hung":
        supports.rope(scene, put, ground)
    elif rest in ("ground", *_CARRIED):
        supports.contact(scene, kind, put)
        if prop.name in LEANING:
            supports.frame(scene, put)
        put = at_rest(put, prop.name)
    with manifest.naming(prop.item.ref):
        if rest == "water":
            with in_water(scene, kind, put, prop.name) as at_surface:
                draw_thing(scene, kind, at_surface, prop.name)
        else:
            draw_thing(scene, replace(kind, stand="hang"), put, prop.name)
        scene.rig.thing(prop.name, put, kind.wide)
    if rest == "table" and prop.name in FLOWERS:
        supports.vase(scene, put)


def _focus(scene: Scene, plan: Plan) -> None:
    """A lens that is sharp where the thing stands: what is behind it blurs, the more the farther."""
    canvas = scene.canvas
    reach = 0.012 if scene.subject.framing in (Framing.DETAIL, Framing.CLOSE_UP) else 0.006
    rows = (np.arange(canvas.height, dtype=np.float32) + 0.5) / canvas.width
    span = max(0.55 * (plan.foot - plan.horizon), 0.1)
    if plan.rest in ("ground", "low", "water"):
        away = np.clip((plan.foot - 0.1 * plan.size - rows) / span, 0.0, 1.0)
    else:
        away = np.ones_like(rows)
    soft = blur(canvas.light, max(0.6, reach * canvas.width))
    canvas.light += (soft - canvas.light) * away[:, None, None]
    canvas.depth = np.maximum(canvas.depth, 0.7 * away[:, None])
    canvas.ident[away > 0.5] = 0
