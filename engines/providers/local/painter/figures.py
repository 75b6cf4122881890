"""Paints people into a picture: where they stand, their light, their shadows, what they sit on and work at."""

from collections.abc import Callable, Sequence

import numpy as np

from engines.providers.local.painter.canvas import Points, ellipse, smooth
from engines.providers.local.painter.laying import TABLE, lay
from engines.providers.local.painter.layout import Span
from engines.providers.local.painter.manifest import Manifest
from engines.providers.local.painter.mood import luma, mix, rgb
from engines.providers.local.painter.people.dressing import colour_named
from engines.providers.local.painter.people.figure import Person, paint_person
from engines.providers.local.painter.people.look import Look
from engines.providers.local.painter.people.poses import LYING, SEATED
from engines.providers.local.painter.scale import Job, Measure
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.staging import Actor, Prop
from engines.providers.local.painter.things.drawing import Rider, draw_thing
from engines.providers.local.painter.things.kinds import KINDS
from engines.providers.local.painter.things.pen import Pen, Put, Seat
from engines.providers.local.painter.water import mirror_figure
from engines.providers.local.reading.places import INDOORS
from models.storyboard import Framing

_WITH_SEATS = frozenset({"train", "car"})
_READABLE, _READABLE_NEAR = 0.3, 0.34
"""Luma that a person's skin should have from afar, and in a medium shot."""
_LIFTED = 0.13
"""The most by which a dark skin is lightened, in luma."""
_REACH = 0.42
"""From someone who works at a table to its middle, in body heights."""
_WILD = frozenset({"run", "dance", "arms", "jump"})
"""Poses that need room."""


def _readable(scene: Scene) -> float:
    return _READABLE_NEAR if scene.subject.framing is Framing.MEDIUM else _READABLE


def exposure_for(scene: Scene, look: Look, level: float) -> float:
    """How far the lens opens or closes for a person: the same skin is about as bright in every light.

    Args:
        scene: The picture.
        look: Gives the skin.
        level: The luma that it should have at least, as far as the skin can.
    """
    own, lit = float(luma(look.skin)), float(luma(scene.mood.lit(look.skin, 0.75) * np.float32(0.82)))
    least = max((0.78 - 0.16 * scene.mood.night) * own, min(level, own + _LIFTED))
    return float(np.clip(np.clip(lit, least, max(least, own)) / max(lit, 1e-3), 0.25, 4.0))


def rider_of(scene: Scene, manifest: Manifest, actor: Actor, adult: float) -> Rider:
    """Paints someone on a seat, where an adult is `adult` widths tall."""

    def paint(seat: Seat, pen: Pen) -> None:
        x, y = pen.at(seat.x, seat.y)
        unit = adult * actor.look.scale
        hips = 0.06 if actor.pose == "lie" else 0.285
        person = Person(
            actor.look, x + 0.025 * unit * pen.put.facing, y + hips * unit, adult, pen.put.facing, actor.pose, 0,
            pen.put.depth, False, actor.holds,
        )  # fmt: skip
        with manifest.naming(actor.ref):
            paint_person(scene, person, legs=seat.legs, exposure=exposure_for(scene, actor.look, _readable(scene)))
        _show(scene, person)

    return paint


def _show(scene: Scene, person: Person) -> None:
    frame = person.frame
    _, y = frame.eyes
    scene.rig.person(person)
    scene.show(frame.highest, person.y, y - 2.0 * frame.head, y + 1.7 * frame.head)


def _beside(scene: Scene, actors: list[Actor], measure: Measure, centre: float) -> list[float]:
    """Where people stand beside each other, in widths."""
    wild = any(actor.pose in _WILD for actor in actors)
    close = any(actor.pose in ("hug", "hands") for actor in actors)
    spread = measure.size * (0.19 if close else 0.5 if wild else 0.36)
    if measure.size * 1.0 > 0.9 * scene.tall:
        spread = min(spread, 0.42)
    spread = min(spread, 0.5)
    spread = min(spread, 0.78 / max(1, len(actors) - 1) if len(actors) > 1 else spread)
    return [centre + (i - (len(actors) - 1) / 2) * spread for i in range(len(actors))]


def people_of(scene: Scene, actors: list[Actor], measure: Measure, centre: float) -> list[tuple[Actor, Person]]:
    """Who stands where, and how.

    Args:
        scene: The picture.
        actors: Those on their own feet or seats.
        measure: Their scale.
        centre: Their middle, in widths.
    """
    rng = scene.rng("figures")
    lying = any(actor.pose in LYING for actor in actors)
    side, turn = scene.subject.view
    heading = 1 if rng.random() < 0.5 else -1
    heading = side or heading
    found: list[tuple[Actor, Person]] = []
    if len(actors) == 2 and scene.rng("order").random() < 0.5:
        actors = actors[::-1]
    spots = _beside(scene, actors, measure, centre)
    for i, (actor, x) in enumerate(zip(actors, spots, strict=True)):
        still = actor.pose not in ("walk", "run")
        # Two standing figures face each other; moving ones go the same way.
        facing = (1 if i == 0 else -1) if len(actors) == 2 and still else heading
        where = x
        if actor.pose == "table":
            where, facing = _at_table(actors, i, x, facing, measure.size * actor.look.scale)
        foot = measure.foot - 0.008 * i
        if actor.pose in SEATED and measure.foot > scene.tall:
            foot -= 0.27 * measure.size
        if lying:
            foot = min(foot, scene.tall * 0.93)
        if actor.pose == "swim" and scene.water is not None:
            foot = float(np.clip(scene.tall * 0.78, *scene.water)) + 0.35 * measure.size
        person = Person(
            actor.look,
            where,
            foot,
            measure.size,
            facing,
            actor.pose,
            int(rng.integers(3)),
            0.2,
            actor.behind,
            actor.holds,
            turn,
        )
        found.append((actor, person))
    return found


def _at_table(actors: list[Actor], index: int, x: float, facing: int, unit: float) -> tuple[float, int]:
    """Two share a table that is between them; one has it on the side where no one else stands."""
    if len(actors) != 2:
        return (float(np.clip(x - 0.2 * unit * facing, 0.14, 0.86)) if len(actors) == 1 else x), facing
    if all(actor.pose == "table" for actor in actors):
        return 0.5 - facing * _REACH * unit, facing
    outward = -1 if index == 0 else 1
    return float(np.clip(x, 0.3, 0.7)), outward


def spans_of(people: Sequence[tuple[Actor, Person]]) -> list[Span]:
    """What people take of the picture's width, with the tables that they work at."""
    spans = []
    for _, person in people:
        unit = person.frame.unit
        wide = 0.5 if person.pose in LYING else 0.2 if person.pose in _WILD else 0.13
        spans.append(Span(person.x, wide * unit, 1.0))
        if person.pose == "table":
            spans.append(Span(person.x + _REACH * unit * person.facing, 0.34 * unit, 1.0))
    return spans


def people_jobs(
    scene: Scene,
    manifest: Manifest,
    people: Sequence[tuple[Actor, Person]],
    table: Prop | None = None,
    laid: Sequence[Prop] = (),
) -> list[Job]:
    """Paint people, with what they sit on.

    Args:
        scene: The picture.
        manifest: Numbers them.
        people: From `people_of`.
        table: The table of the words, which someone works at.
        laid: What lies on it.
    """
    jobs: list[Job] = []
    shared = False
    for i, (actor, person) in enumerate(people):
        own = person.pose == "table" and not shared
        shared = shared or own
        # Whose arms fly about is behind the other: a hand before a face hides the face.
        away = 1.0 - 0.01 * i + (0.05 if person.pose in _WILD and len(people) > 1 else 0.0)
        jobs.append((away, _actor_painter(scene, manifest, actor, person, table if own else None, own, laid)))
    return jobs


def _actor_painter(
    scene: Scene,
    manifest: Manifest,
    actor: Actor,
    person: Person,
    table: Prop | None,
    own: bool,
    laid: Sequence[Prop] = (),
) -> Callable[[], None]:
    def paint() -> None:
        ground_shadow(scene, person)
        if person.pose in SEATED and scene.subject.place not in _WITH_SEATS:
            _seat_under(scene, person)
            if own:
                _table_before(scene, manifest, person, table, laid)
        with manifest.naming(actor.ref):
            brush = paint_person(scene, person, exposure=exposure_for(scene, actor.look, _readable(scene)))
        _show(scene, person)
        if scene.mood.wet > 0.3 and person.y < scene.tall:
            whole = scene.canvas.stencil(brush.shapes)
            if whole is not None:
                mirror_figure(scene.canvas, whole, person.x, person.y, person.size, scene.mood.wet)

    return paint


def ground_shadow(scene: Scene, person: Person) -> None:
    """A pool of shadow under the feet and, by day, a long one away from the sun."""
    if person.y > scene.tall + person.size * 0.1 or person.pose == "swim":
        return
    canvas, mood, size = scene.canvas, scene.mood, person.frame.unit
    dark = mix(mood.ambient, rgb("000000"), 0.85)
    wide = 0.55 if person.pose in LYING else 0.2
    canvas.fill(ellipse(person.x, person.y, size * wide, size * 0.028), dark, alpha=0.55, soft=size * 0.012)
    if scene.outdoors and mood.night < 0.7 and mood.thick < 0.55 and person.pose not in LYING:
        reach = size * (0.8 if scene.subject.time == "day" else 1.4) * -mood.side
        slant: Points = [
            (person.x - 0.07 * size, person.y), (person.x + 0.07 * size, person.y),
            (person.x + reach + 0.06 * size, person.y + size * 0.26), (person.x + reach - 0.06 * size,
            person.y + size * 0.26),
        ]  # fmt: skip
        canvas.fill(slant, dark, alpha=0.32, soft=size * 0.014)


def _seat_under(scene: Scene, person: Person) -> None:
    """Something to sit on: a chair indoors or for work, a stone outdoors."""
    size, f = person.frame.unit, person.facing
    tall = 0.25 * size
    x, y = person.x - 0.03 * size * f, person.y
    if scene.subject.place in INDOORS or person.pose in ("table", "drums"):
        chair = KINDS["chair"]
        draw_thing(scene, chair, Put(x, y, 0.5 * size, f, None, person.depth, 7), "chair")
        return
    stone = scene.mood.lit(rgb("7a746c"), 0.6)
    shape = smooth(
        [
            (x - 0.2 * size, y),
            (x - 0.17 * size, y - tall * 0.75),
            (x - 0.05 * size, y - tall),
            (x + 0.1 * size, y - tall * 0.92),
            (x + 0.17 * size, y - tall * 0.4),
            (x + 0.2 * size, y),
        ],
        6,
    )
    scene.canvas.fill(shape, stone * np.float32(1.1), stone * np.float32(0.5), depth=person.depth)


def _table_before(scene: Scene, manifest: Manifest, person: Person, table: Prop | None, laid: Sequence[Prop]) -> None:
    size, f = person.frame.unit, person.facing
    colour = colour_named(table.item.colour) if table else None
    put = Put(person.x + (_REACH - 0.03) * size * f, person.y, 0.4 * size, f, colour, person.depth, 7)
    with manifest.naming(table.item.ref if table else ""):
        draw_thing(scene, KINDS[TABLE], put, TABLE)
    lay(scene, manifest, laid, TABLE, put, towards=f)
