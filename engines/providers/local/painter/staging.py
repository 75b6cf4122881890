"""Who and what stands in a picture, from the reading of its words: people with looks and poses, things with riders."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engines.providers.local.painter.noise import rng_for
from engines.providers.local.painter.people.casting import look_of
from engines.providers.local.painter.people.dressing import colour_named
from engines.providers.local.painter.people.held import HOLDABLE, POLES, Tints, in_hand
from engines.providers.local.painter.people.look import Look
from engines.providers.local.painter.people.measuring import Measured
from engines.providers.local.painter.people.poses import SEATED
from engines.providers.local.painter.reading import Figure, Subject
from engines.providers.local.painter.standing import WALLED
from engines.providers.local.painter.things.drawing import kind_of
from engines.providers.local.painter.things.fronts import FRONTS
from engines.providers.local.painter.things.kinds import KINDS
from engines.providers.local.painter.things.pen import Kind
from engines.providers.local.reading.facts import Item, Person
from engines.providers.local.reading.places import INDOORS
from engines.providers.local.reading.things import CARRIERS, HANDHELD, living
from models.storyboard import Framing

_POSES = {
    "hold hands": "hands", "look out": "look", "work": "table", "read": "carry", "eat": "table", "fight": "point",
    "fly": "jump",
}  # fmt: skip
_PLAYED = {
    "guitar": "guitar",
    "violin": "violin",
    "piano": "piano",
    "drums": "drums",
    "trumpet": "trumpet",
    "accordion": "carry",
}
_GRIPS = {
    "microphone": "sing", "guitar": "guitar", "violin": "violin", "letter": "carry", "book": "carry", "phone": "phone",
}  # fmt: skip
_BUSY = frozenset({"row", "run", "swim", "hug", "ride", "drive"})
"""Poses without a free hand."""
_FURNITURE = frozenset({"bench", "chair", "sofa", "swing"})
_OF_PLACES: dict[str, frozenset[str]] = {"harbour": frozenset({"pier"})}
"""Things that a place paints by itself; rooms have their walls."""
_CARRIED, _LIFTED, _LOST = 0.62, 1.2, 0.32
"""The longest things that are carried by hand, of icons and of drawings, and those that are always, in heights of an
adult."""
_LONG = frozenset({"broom", "rake", "shovel", "oar", "spear", "bow-arrow", "axe", "pickaxe", "hook", "ski", "torch"})
"""Longer ones that have a handle."""
_MOST_PROPS = 7
_MOST_OF_ONE = 12


@dataclass(frozen=True)
class Actor:
    """A person in the picture.

    Attributes:
        figure: As read.
        look: Its looks.
        pose: Of the skeleton.
        behind: Seen from behind.
        holds: Things in its hands.
        rides: The index of the thing that it sits in or on; None on its own feet.
    """

    figure: Figure
    look: Look
    pose: str
    behind: bool
    holds: Tints = ()
    rides: int | None = None

    @property
    def ref(self) -> str:
        """Its name in the reading; empty if the words do not mention it."""
        return self.figure.person.ref if self.figure.person else ""


@dataclass(frozen=True)
class Prop:
    """A thing in the picture, `count` of them."""

    item: Item
    kind: Kind
    name: str
    count: int = 1


@dataclass(frozen=True)
class Cast:
    """Everything that is drawn besides the place.

    Attributes:
        missing: Items that nothing here can draw.
    """

    actors: tuple[Actor, ...]
    props: tuple[Prop, ...]
    missing: tuple[Item, ...] = field(default=())

    @property
    def afloat(self) -> bool:
        """Whether everyone's seat is on the water."""
        return bool(self.actors) and all(
            actor.rides is not None and self.props[actor.rides].kind.stand == "water" for actor in self.actors
        )


def cast_of(subject: Subject, measured: Mapping[int, Measured] | None = None) -> Cast:
    """The cast of a picture.

    Args:
        subject: The reading of its prompt.
        measured: What the reference pictures of locked characters show, by cast seed.

    Returns:
        Its actors and props, in the words' order.
    """
    props, missing = _props(subject)
    actors = [_actor(figure, (measured or {}).get(figure.seed)) for figure in subject.figures]
    actors = [_unhanded(actor) for actor in actors]
    actors, props = _in_hands(actors, props)
    # A hand before the mouth holds a microphone, or it is not there.
    actors = [
        replace(actor, pose="voice") if actor.pose == "sing" and "microphone" not in dict(actor.holds) else actor
        for actor in actors
    ]
    actors = [_standing(subject, actor) for actor in actors]
    return Cast(tuple(_seated(subject, actors, props)), tuple(props), tuple(missing))


def _unhanded(actor: Actor) -> Actor:
    """Who eats at a table has the cake on it, not in the hand."""
    if actor.pose != "table":
        return actor
    return replace(actor, holds=tuple(one for one in actor.holds if one[0] in HOLDABLE))


def _standing(subject: Subject, actor: Actor) -> Actor:
    """Who eats, or feeds animals, in the open needs no table, unless the words have one."""
    free = subject.place not in INDOORS and not subject.has("table", "chair", "bench")
    if actor.figure.pose != "eat" or actor.pose != "table" or not free:
        return actor
    return replace(actor, pose=_GRIPS.get(actor.holds[0][0], "hold") if actor.holds else "point")


def _props(subject: Subject) -> tuple[list[Prop], list[Item]]:
    props: list[Prop] = []
    missing: list[Item] = []
    for item in subject.words.items:
        kind = kind_of(item.name, item.glyph)
        if kind is None:
            missing.append(item)
        elif item.name in _OF_PLACES.get(subject.place, ()) or (item.glyph == "wall" and subject.place in WALLED):
            continue
        elif len(props) < _MOST_PROPS:
            name = item.name or item.glyph
            props.append(Prop(item, _seen(subject, item, kind), name, min(item.count, _MOST_OF_ONE)))
    return props, missing


def _seen(subject: Subject, item: Item, kind: Kind) -> Kind:
    """A vehicle without people is in half of its near pictures seen from the front."""
    near = subject.framing not in (Framing.WIDE, Framing.EXTREME_WIDE, Framing.AERIAL)
    front = FRONTS.get(item.name or "")
    if front is None or subject.figures or not near or rng_for(subject.key, "front", item.name).random() < 0.5:
        return kind
    return front


def _actor(figure: Figure, measured: Measured | None) -> Actor:
    person = figure.person
    pose = _POSES.get(figure.pose, figure.pose)
    held = [name for name in _held_names(person) if name in HOLDABLE or _fits_a_hand(name)]
    played = next((name for name in (person.holds if person else ()) if name in _PLAYED), None)
    if figure.pose == "play":
        pose = _PLAYED.get(played or "", "guitar" if not played else "carry")
        if pose == "guitar" and not played:
            pose = "stand"
    elif held and pose in ("stand", "walk", "lean", "look"):
        pose = _GRIPS.get(held[0], "hold") if pose != "walk" else pose
    if figure.pose == "read" and "book" not in held and "letter" not in held:
        held.append("book")
    return Actor(
        figure,
        look_of(person, figure.seed, measured),
        pose,
        figure.behind or figure.pose == "look out",
        tuple((name, None) for name in held),
    )


def _held_names(person: Person | None) -> tuple[str, ...]:
    return tuple(name.removeprefix("mdi:") for name in person.holds) if person else ()


def _fits_a_hand(name: str) -> bool:
    """Whether something can be carried: a shopping cart is pushed."""
    kind = in_hand(name)
    if kind is None or name in _LONG or name in POLES:
        return kind is not None
    return not kind.seats and kind.tall * max(1.0, kind.wide) < (_LIFTED if name in KINDS else _CARRIED)


def _little(prop: Prop) -> bool:
    """Whether an icon's thing is so small that it would be lost on the ground."""
    alive = living(prop.item.name, prop.item.glyph)
    return not alive and prop.kind.stand == "ground" and prop.kind.tall * max(1.0, prop.kind.wide) < _LOST


def _in_hands(actors: list[Actor], props: list[Prop]) -> tuple[list[Actor], list[Prop]]:
    """A single small thing goes into the first free hand: on the ground it would be too small to see."""
    left: list[Prop] = []
    for prop in props:
        tint = colour_named(prop.item.colour)
        held = next((i for i, actor in enumerate(actors) if prop.name in dict(actor.holds)), None)
        if held is not None:
            kept = tuple((name, tint if name == prop.name else own) for name, own in actors[held].holds)
            actors[held] = replace(actors[held], holds=kept)
            continue
        free = next((i for i, actor in enumerate(actors) if not actor.holds), None)
        sung = prop.name == "microphone" and free is not None and actors[free].pose == "sing"
        drawn = prop.name in HANDHELD and prop.name in HOLDABLE and prop.kind.tall < 0.7
        small = prop.count == 1 and (drawn or (not prop.item.name and _little(prop)))
        if free is None or not (small or sung) or actors[free].pose in _BUSY:
            left.append(prop)
            continue
        actor = actors[free]
        pose = _GRIPS.get(prop.name, "hold") if actor.pose in ("stand", "lean", "look") else actor.pose
        actors[free] = replace(actor, holds=((prop.name, tint),), pose=pose)
    return actors, left


def _seated(subject: Subject, actors: list[Actor], props: list[Prop]) -> list[Actor]:
    """People who are in or on a vehicle or an animal, or play a thing that stands, take their seats."""
    placed: list[Actor] = []
    taken: dict[int, int] = {}
    for actor in actors:
        index = _carrier(subject, actor, props)
        if index is None or taken.get(index, 0) >= len(props[index].kind.seats):
            placed.append(actor)
            continue
        seat = props[index].kind.seats[taken.get(index, 0)]
        taken[index] = taken.get(index, 0) + 1
        pose = "lie" if actor.pose == "lie" else seat.pose
        placed.append(replace(actor, rides=index, pose=pose))
    return placed


def _carrier(subject: Subject, actor: Actor, props: list[Prop]) -> int | None:
    person = actor.figure.person
    if person is None:
        return None
    # “Reads a book in the armchair”: the book's armchair is the reader's.
    holds = {name for name, _ in actor.holds}
    held = [item.ref for item in subject.words.items if item.name in holds]
    refs = [other for one in held for other in subject.words.related(one, "in", "on")]
    refs += subject.words.related(person.ref, "in", "on", "with")
    for index, prop in enumerate(props):
        near = prop.item.ref in refs
        rides = actor.pose in SEATED and actor.pose not in ("table", "drums")
        if prop.kind.seats and (
            (near and prop.name in _FURNITURE and actor.pose in ("carry", "stand", "lean", "table"))
            or (near and (prop.name in CARRIERS or actor.pose in SEATED))
            or (actor.pose in ("row", "ride", "drive") and prop.name in CARRIERS)
            or (actor.pose == "piano" and prop.name == "piano")
            or (rides and prop.name in ("bench", "swing", "chair", "sofa"))
            or (actor.pose == "lie" and prop.name in ("bed", "sofa"))
        ):
            return index
    return None
