"""Sets actors and props into a picture in perspective, and paints them from far to near."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engines.providers.local.painter import supports
from engines.providers.local.painter.figures import people_jobs, people_of, rider_of, spans_of
from engines.providers.local.painter.laying import SEATS, TABLE, laid_on, lay
from engines.providers.local.painter.layout import Span, clash, room_for
from engines.providers.local.painter.manifest import Manifest
from engines.providers.local.painter.people.dressing import colour_named
from engines.providers.local.painter.people.figure import Person
from engines.providers.local.painter.scale import SIZES, Job, Measure, stood
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.staging import Actor, Cast, Prop
from engines.providers.local.painter.standing import LEANING, ON_FIRM_GROUND, VEHICLES, Rest, at_rest, rest_of
from engines.providers.local.painter.things.drawing import Rider, draw_thing
from engines.providers.local.painter.things.floating import in_water
from engines.providers.local.painter.things.pen import Put
from engines.providers.local.reading.places import Place
from models.storyboard import Framing

_LARGEST = 0.6
"""The most of a thing's height in company, in heights of the picture."""
_SEEN, _GROWN = 0.085, 1.3
"""A height below which a thing is hardly seen, in heights of the picture, and by how much it may then be
too large."""
_SPECK = 0.0012
"""Shares of the picture below which a thing would be a speck: it is left to the pictures of its own."""
_THROUGH = 0.5
"""The share of a thing that may be in others at its depth; beyond it the thing is left to other pictures."""
_FIRM, _BEFORE_FENCES = 0.6, 0.12
"""The share of a foot that has ground under it, and how far a thing comes down for it, in heights of the picture."""
_ACROSS_AWAY, _FARTHEST = 2.6, 6.0
"""The farthest that a vehicle is on a road seen across, and other things on the ground, in distances of the figures."""
_AFLOAT = {Framing.FULL: 1.15, Framing.MEDIUM: 1.6}
_ACROSS = {Framing.FULL: 1.05, Framing.MEDIUM: 1.5, Framing.WIDE: 0.86, Framing.EXTREME_WIDE: 0.8, Framing.AERIAL: 0.8}
"""Widest things with people in them, in widths of the picture: boats, and what is on the ground."""
_PLAYED = {"piano": 1.25}
"""The same for what someone plays."""
_WIDE, _WIDE_VEHICLE = 0.8, 0.95
"""Widest things beside people: a vehicle may fill the picture."""
_FITTED = frozenset({"bicycle", "swing"})
"""What is made for who uses it."""
_SEATED = frozenset({"car", "train"})
"""Places whose seats hold what is in them."""
_BANKS: frozenset[Place] = frozenset({"harbour", "river"})
"""Places with ground on the other side of the water."""
_BEYOND = 1.5
"""How much farther than its bank a thing must be to stand on the opposite one."""
_BEFORE = {"drums": 0.0, "microphone": 0.2}
"""What stands before who plays or sings, and how far ahead of the body, in body heights."""


def paint_cast(scene: Scene, manifest: Manifest, cast: Cast, measure: Measure, centre: float) -> None:
    """Paint everything that stands on the ground or the water, the farthest first.

    Args:
        scene: The picture.
        manifest: Numbers them.
        cast: Who and what.
        measure: Their scale.
        centre: The actors' middle, in widths.
    """
    jobs: list[Job] = []
    riders: dict[int, list[Actor]] = {}
    walking = []
    for actor in cast.actors:
        if actor.rides is None:
            walking.append(actor)
        else:
            riders.setdefault(actor.rides, []).append(actor)
    side = -1 if centre > 0.5 else 1
    people = people_of(scene, walking, measure, 0.5 - 0.3 * side if riders else centre)
    taken = spans_of(people)
    works = _works(walking) and scene.subject.place not in _SEATED
    found = next((prop for prop in cast.props if prop.name == TABLE), None)
    table = found if works else None
    laid = laid_on(found, cast.props, scene.subject.words) if found or works else []
    seated = {
        index: laid_on(prop, cast.props, scene.subject.words)
        for index, prop in enumerate(cast.props)
        if prop.name in SEATS and index not in riders
    }
    away = [*laid, *(one for lying in seated.values() for one in lying)]
    order = list(riders) + [index for index in range(len(cast.props)) if index not in riders]
    for index in order:
        prop, carried = cast.props[index], riders.get(index, [])
        if prop.kind.stand == "sky" or prop is table or any(prop is one for one in away):
            continue
        spots = None
        if carried:
            spots = (centre if not walking else 0.5 + 0.24 * side,)
        elif prop.name == "window" and any(actor.pose == "look" for actor in walking):
            spots = (centre,)
        elif prop.name in _BEFORE and (user := _user(prop.name, people)) is not None:
            spots = (user.x + _BEFORE[prop.name] * user.frame.unit * user.facing,)
        own = laid if prop is found else seated.get(index, ())
        jobs += prop_jobs(scene, manifest, prop, measure, taken, side, carried, spots, laid=own)
    jobs += people_jobs(scene, manifest, people, table, laid if works else ())
    for _, paint in sorted(jobs, key=lambda job: -job[0]):
        paint()


def _works(actors: Sequence[Actor]) -> bool:
    return any(actor.pose == "table" for actor in actors)


def _user(name: str, people: Sequence[tuple[Actor, Person]]) -> Person | None:
    """Who plays the drums, or sings into a microphone on a stand."""
    poses = ("drums",) if name == "drums" else ("voice", "sing", "guitar", "stand")
    return next((person for actor, person in people if person.pose in poses), None)


@dataclass(frozen=True)
class _Scaled:
    """A thing's true size at its distances.

    Attributes:
        tall: Its height in heights of an adult.
        most: The most of its height, in widths.
        nearest, farthest: Distances, in distances of the figures.
    """

    tall: float
    most: float
    nearest: float
    farthest: float

    def size(self, scene: Scene, measure: Measure, k: float) -> float:
        true = self.tall * measure.at(k)[1]
        return min(max(true, min(_SEEN * scene.tall, _GROWN * true)), self.most)


def _scale_of(prop: Prop, carried: Sequence[Actor]) -> float:
    """How much larger or smaller than usual a thing is: a child's bicycle is as large as the child."""
    fitting = max(actor.look.scale for actor in carried) if carried and prop.name in _FITTED else 1.0
    return SIZES[prop.item.size] * min(1.0, fitting)


def _scaled(scene: Scene, prop: Prop, measure: Measure, carried: Sequence[Actor], behind: float) -> _Scaled:
    kind = prop.kind
    tall = kind.tall * _scale_of(prop, carried)
    limit = measure.foot if measure.foot <= scene.tall else scene.tall * 0.965
    k = max(kind.far, measure.distance(limit), behind)
    if carried:
        k = max(1.0 if kind.stand == "water" else 1.05, measure.distance(limit))
    elif kind.stand == "water" and scene.water is not None and scene.water[1] > measure.horizon:
        # As far away as the nearest water, not as large as on the sand in front of it.
        k = max(k, measure.distance(scene.water[1]))
    if prop.name in _BEFORE and not behind:
        k = max(0.97, measure.distance(limit))
    # Not larger than the picture can hold; a boat or a piano with someone at it may leave it on one side.
    across = _across(scene, prop) if carried else _WIDE_VEHICLE if prop.name in VEHICLES else _WIDE
    most = min(_LARGEST * scene.tall, across / kind.wide)
    adult = measure.at(k)[1]
    if adult * tall > most:
        # Farther away, but not so far that its place would be the wall at the end of a street.
        k = min(k * adult * tall / most, max(k, _ACROSS_AWAY if scene.across else 1e3))
    farthest = _ACROSS_AWAY if scene.across else _FARTHEST
    if scene.shore > measure.horizon:
        farthest = min(farthest, measure.distance(scene.shore))
        if scene.water and scene.subject.place in _BANKS and kind.stand == "ground" and k > _BEYOND * farthest:
            # Too large for this bank: it is on the other one.
            k = max(k, measure.distance(scene.water[0] + 0.015 * scene.tall))
        elif kind.stand == "ground":
            k = min(k, max(1.0, farthest))
    if carried or kind.stand != "ground" or prop.name in _BEFORE:
        farthest = k
    return _Scaled(tall, most, k, max(k, farthest))


def _across(scene: Scene, prop: Prop) -> float:
    """The widest that a thing may be with someone in it or at it, in widths of the picture."""
    widest = _AFLOAT if prop.kind.stand == "water" else _ACROSS
    return max(widest.get(scene.subject.framing, 0.92), _PLAYED.get(prop.name, 0.0))


def prop_jobs(
    scene: Scene,
    manifest: Manifest,
    prop: Prop,
    measure: Measure,
    taken: list[Span],
    side: int,
    carried: Sequence[Actor] = (),
    spots: Sequence[float] | None = None,
    *,
    behind: float = 0.0,
    laid: Sequence[Prop] = (),
) -> list[Job]:
    """Set a thing beside or behind the subject, as many of it as there are.

    Args:
        scene: The picture.
        manifest: Numbers it.
        prop: The thing.
        measure: The subject's scale.
        taken: Who and what has its place already; the thing is added.
        side: -1 or 1, the side of the picture where it should be.
        carried: Who sits in or on it.
        spots: The only middles that it may have, in widths.
        behind: The least distance of something that must be farther away than the subject.
        laid: What lies on it, if it is a table.
    """
    kind, rng = prop.kind, scene.rng("prop", prop.name)
    rest = rest_of(kind, prop.name, SIZES[prop.item.size], scene.subject.place)
    scaled = _scaled(scene, prop, measure, carried, behind)

    def half_at(k: float) -> float:
        wide = kind.wide * scaled.size(scene, measure, k)
        return 0.5 * (wide + (prop.count - 1) * _step(prop.count, wide))

    def free(k: float) -> tuple[float, float]:
        middle, half = scene.aisle or (0.5, 9.0)
        half *= (measure.at(k)[0] - measure.horizon) / (scene.tall - scene.horizon)
        return middle - half, middle + half

    walled = scene.aisle is not None and kind.stand == "ground" and scene.subject.framing is not Framing.LOW_ANGLE

    def firm(where: Span) -> float:
        return scene.firm(where.x, where.half, measure.at(where.away)[0])

    stands = kind.stand == "ground" and spots is None and scene.water is None and not scene.rails
    span = room_for(
        half_at, scaled.nearest, scaled.farthest, taken, side, spots, free if walled else None, firm if stands else None
    )
    if len(taken) > 1 and not carried and spots is None and clash(span, taken) > _THROUGH:
        return []
    x, k = span.x, span.away
    foot, size = measure.at(k)[0], scaled.size(scene, measure, k)
    if size * size * kind.wide < _SPECK * scene.tall and not carried:
        return []
    taken.append(span)
    if scene.water is None or foot > scene.water[0] + 0.02 * scene.tall:
        foot = stood(scene, kind.stand, foot, k, measure)
    if stands:
        foot = _grounded(scene, span, foot)
    if prop.name == "train" and scene.rails:
        foot, k = scene.rails, max(k, 1.5)
    jobs: list[Job] = []
    facing = 1 if (x < 0.5) == (rng.random() < 0.8) else -1
    for number in range(prop.count):
        dx, dk = _offset(number, prop.count, kind.wide * size, rng)
        edge = min(0.5, 0.5 * kind.wide * size * 0.94)
        spot = x + dx if prop.name in _BEFORE else float(np.clip(x + dx, max(0.12, edge), min(0.88, 1 - edge)))
        if carried and _across(scene, prop) > 1:
            spot = x - kind.seats[0].x * 0.8 * size * facing
        away = 1 + dk
        put = Put(
            spot, measure.horizon + (foot - measure.horizon) / away if kind.stand != "hang" else foot, size / away,
            facing,
            colour_named(prop.item.colour), float(np.clip(0.2 * k * away, 0.12, 0.86)), number,
            prop.item.doing or "",
        )  # fmt: skip
        ground = measure.at(max(k * away, 1.0))[0]
        riders = list(carried) if number == 0 else []
        own = laid if number == 0 else ()
        jobs.append((k * away, _prop_painter(scene, manifest, prop, put, riders, rest, ground, own)))
    return jobs


def _grounded(scene: Scene, span: Span, foot: float) -> float:
    """The foot, or the nearest one before it that has ground under it: behind a fence a house would hang in the air."""
    for step in np.linspace(0.0, _BEFORE_FENCES * scene.tall, 8):
        if scene.firm(span.x, span.half, foot + float(step)) >= _FIRM:
            return foot + float(step)
    return foot


def _prop_painter(
    scene: Scene,
    manifest: Manifest,
    prop: Prop,
    put: Put,
    carried: list[Actor],
    rest: Rest,
    ground: float,
    laid: Sequence[Prop] = (),
) -> Callable[[], None]:
    scale = _scale_of(prop, carried)

    def paint() -> None:
        if rest == "post" and prop.name == "window":
            supports.front(scene, prop.kind, put, min(ground, 0.97 * scene.tall))
        elif rest == "post":
            supports.post(scene, prop.kind, put, min(ground, 0.97 * scene.tall))
        elif rest == "hung":
            supports.rope(scene, put, min(ground, 0.97 * scene.tall))
        elif prop.name in LEANING:
            supports.frame(scene, put)
        at = at_rest(put, prop.name) if rest in ON_FIRM_GROUND else put
        if rest == "table" and scene.subject.place not in _SEATED:
            at = replace(at, y=at.y - supports.side_table(scene, at, put.size / (prop.kind.tall * scale)))
        with manifest.naming(prop.item.ref):
            adult = put.size / (prop.kind.tall * scale)
            seats: list[Rider] = [rider_of(scene, manifest, actor, adult) for actor in carried]
            if rest == "water":
                with in_water(scene, prop.kind, at, prop.name) as at_surface:
                    draw_thing(scene, prop.kind, at_surface, prop.name, seats)
            else:
                draw_thing(scene, prop.kind, at, prop.name, seats)
            scene.rig.thing(prop.name, at, prop.kind.wide)
        lay(scene, manifest, laid, prop.name, at)

    return paint


def _step(count: int, wide: float) -> float:
    """From one to the next of a kind, in widths."""
    return min(0.24, max(0.1, wide * 0.75), 0.76 / count)


def _offset(number: int, count: int, wide: float, rng: np.random.Generator) -> tuple[float, float]:
    """Several of a kind: beside and behind each other."""
    if count == 1:
        return 0.0, 0.0
    aside = (number - (count - 1) / 2) * _step(count, wide) + float(rng.normal(0, 0.012))
    return aside, 0.16 * (number % 3) + float(rng.uniform(0, 0.08))
