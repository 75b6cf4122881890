"""Things stand: on the ground, on a table, in the water, on a post; whole in the picture, and below the horizon."""

import itertools
from typing import get_args

import numpy as np
import pytest

from engines.providers.local.painter.compose import compose
from engines.providers.local.painter.insert import Plan, plan_of
from engines.providers.local.painter.ledges import SUPPORTS
from engines.providers.local.painter.places.variations import variation_of
from engines.providers.local.painter.reading import Subject, read
from engines.providers.local.painter.staging import Cast, Prop
from engines.providers.local.painter.standing import VEHICLES, at_rest, crosses, reach_of, rest_of
from engines.providers.local.painter.things.icons import outline
from engines.providers.local.painter.things.kinds import KINDS
from engines.providers.local.painter.things.pen import Put
from engines.providers.local.painter.things.sizes import ADULT_M, icon_lies, icon_stand, icon_tall
from engines.providers.local.painter.urban import Lane
from engines.providers.local.reading.facts import Item, Reading
from engines.providers.local.reading.places import Place
from engines.providers.local.reading.things import Thing
from models.storyboard import Framing
from tests.engines.local.painter.conftest import Ask

TALL = 16 / 9
PLACES: tuple[Place, ...] = ("street", "kitchen", "beach", "sea", "forest", "underwater")
NEAR = (Framing.DETAIL, Framing.MEDIUM)
ON_SOMETHING = frozenset({"ground", "low", "table", "ledge", "planks", "water"})


def planned(name: Thing, place: Place, framing: Framing, seed: int = 1) -> Plan | None:
    subject = Subject(place, "day", "clear", (), False, framing, 0.5, f"{name}|{place}|{seed}", Reading())
    item = Item("", "item-0", 0, name, name)
    return plan_of(subject, Cast((), (Prop(item, KINDS[name], name),)), TALL)


def all_plans() -> list[tuple[Thing, Place, Plan]]:
    found = [
        (name, place, planned(name, place, framing))
        for name, place, framing in itertools.product(get_args(Thing), PLACES, (*NEAR, Framing.WIDE))
    ]
    return [(name, place, plan) for name, place, plan in found if plan is not None]


def test_a_thing_alone_is_whole_in_the_picture_and_stands_below_the_horizon() -> None:
    plans = all_plans()
    assert len(plans) > 1000
    for name, place, plan in plans:
        back, ahead = reach_of(KINDS[name], name)
        left, right = (back, ahead) if plan.facing > 0 else (ahead, back)
        x0, x1 = plan.x - left * plan.size, plan.x + right * plan.size
        seen = (min(1.0, x1) - max(0.0, x0)) / (x1 - x0) * min(1.0, plan.foot / plan.size)
        assert seen >= 0.85, (name, place, plan)
        assert plan.foot <= 0.97 * TALL, (name, place, plan)
        if plan.rest in ON_SOMETHING:
            assert plan.foot > plan.horizon + 0.03 * TALL, (name, place, plan)


def test_what_fits_into_a_hand_is_never_as_large_as_a_door() -> None:
    small: tuple[Thing, ...] = ("phone", "letter", "cup", "key", "apple", "book", "headphones", "bottle", "ring")
    for name, place, framing in itertools.product(small, PLACES, (*NEAR, Framing.WIDE)):
        plan = planned(name, place, framing)
        assert plan is not None
        assert plan.size <= 0.37 * TALL, (name, place, plan)
        assert plan.rest in ("table", "planks", "ledge"), (name, place, plan.rest)


def test_seeds_vary_where_and_how_large_a_thing_is() -> None:
    plans = [planned("dog", "field", Framing.MEDIUM, seed) for seed in range(12)]
    assert len({(one.x < 0.5, one.facing) for one in plans if one}) >= 3
    assert len({round(one.size, 2) for one in plans if one}) >= 4


@pytest.mark.parametrize(
    ("name", "place", "rest"),
    [
        ("clock", "forest", "post"),
        ("clock", "kitchen", "wall"),
        ("boat", "river", "water"),
        ("boat", "desert", "ground"),
        ("whale", "underwater", "deep"),
        ("phone", "bar", "table"),
        ("phone", "desert", "ledge"),
        ("rabbit", "kitchen", "low"),
        ("rose", "bedroom", "table"),
        ("piano", "sea", "planks"),
        ("bell", "church", "hung"),
        ("balloon", "street", "air"),
    ],
)
def test_each_thing_knows_how_it_stands(name: Thing, place: Place, rest: str) -> None:
    assert rest_of(KINDS[name], name, 1.0, place) == rest


@pytest.mark.parametrize("glyph", ["baguette", "pizza", "hammer", "spear", "candycane", "wrench", "oar"])
def test_what_would_not_stand_as_its_icon_shows_it_falls_over(glyph: str) -> None:
    assert icon_lies(glyph)
    upright, lying = (np.concatenate(outline(glyph, lies)[0]) for lies in (False, True))
    assert not steady(upright)
    assert steady(lying)


def test_what_is_eaten_from_the_hand_stands_upright() -> None:
    """A cone on its side is no ice cream: it has a stand."""
    upright, put_down = (np.concatenate(outline("ice-cream", lies)[0]) for lies in (False, True))
    assert np.array_equal(upright, put_down)


@pytest.mark.parametrize("glyph", ["bucket", "robot", "barrel", "pig", "skateboard", "crane", "kangaroo"])
def test_what_stands_is_drawn_as_its_icon_shows_it(glyph: str) -> None:
    assert outline(glyph, icon_lies(glyph))[1] == outline(glyph)[1]


def steady(points: np.ndarray) -> bool:
    """Whether a thing's lowest points are on both sides of its middle."""
    middle = (points[:, 0].min() + points[:, 0].max()) / 2
    carrying = points[points[:, 1] < 0.05, 0]
    return bool(carrying.min() < middle < carrying.max() and np.ptp(carrying) > 0.18 * np.ptp(points[:, 0]))


def test_an_umbrella_lies_on_its_rim_and_a_sword_stands_in_the_ground() -> None:
    upright = Put(0.5, 1.0, 0.2)
    assert 0.5 < at_rest(upright, "umbrella").turn < 1.0
    assert at_rest(upright, "sword").turn == pytest.approx(np.pi)
    assert at_rest(upright, "cup") == upright


@pytest.mark.parametrize("place", get_args(Place))
def test_small_things_have_a_support_in_every_place(place: Place) -> None:
    rest = rest_of(KINDS["cup"], "cup", 1.0, place)
    assert rest in ("table", "planks", "ledge")
    assert rest != "ledge" or place in SUPPORTS


def test_a_lane_grows_to_the_sides_as_it_grows_in_height() -> None:
    level, from_above = Lane(0.5, 0.9, 0.88), Lane(0.5, 0.4, 1.38)
    grown = (from_above.at(0.4, 0, 2)[0] - 0.5) / (level.at(0.4, 0, 2)[0] - 0.5)
    assert grown == pytest.approx(1.38 / 0.9)


def test_icons_have_the_size_of_what_they_show() -> None:
    assert icon_tall("castle") > icon_tall("helicopter") > icon_tall("fire-hydrant") > icon_tall("wallet")
    wide = outline("skateboard")[1]
    assert icon_tall("skateboard", wide) * wide * ADULT_M == pytest.approx(0.75)
    assert (icon_stand("helicopter"), icon_stand("chandelier"), icon_stand("wallet")) == ("sky", "hang", "ground")


def test_what_drives_crosses_a_street_that_runs_from_side_to_side() -> None:
    for vehicle in VEHICLES:
        assert crosses(frozenset({vehicle}), "street")
        assert not crosses(frozenset({vehicle}), "field")
    assert not crosses(frozenset({"dog", "phone"}), "bridge")


@pytest.mark.parametrize("where", ["city street", "bridge", "tunnel", "highway", "field", "beach", "harbour", "church"])
def test_ground_is_seen_below_what_stands_on_it(ask: Ask, where: str) -> None:
    """In the painted picture: under the lowest pixel of a car is something nearer than sky and far hills."""
    stirring = compose(
        ask(f"a red car in a {where}, day, not a soul in sight", framing=Framing.FULL).prompt, 36, 64
    ).stirring
    depths = np.array([[int(digit, 16) / 15 for digit in row] for row in stirring.depth])
    rows = len(depths)
    assert (depths[round(0.86 * rows) : round(0.95 * rows)] < 0.62).all()


@pytest.mark.parametrize(
    ("words", "drawing"),
    [
        ("a girl at a swimming pool", "pool"),
        ("a man runs in a gym", "gym"),
        ("a woman sings in an empty theatre", "theatre"),
        ("a soldier at the train station", "station"),
        ("three cows under a viaduct", "viaduct"),
        ("a woman in a park", ""),
        ("a man in the subway station", ""),
        ("a singer on a stage", ""),
        ("a boy in a classroom", ""),
    ],
)
def test_a_place_is_drawn_as_its_words_say(ask: Ask, words: str, drawing: str) -> None:
    found = variation_of(read(ask(words).prompt))
    assert (found.__name__ if found else "") == drawing


@pytest.mark.parametrize(
    ("words", "noun"),
    [
        ("Detail shot in pouring rain at a bus stop: a black dog", "dog"),
        ("Detail shot at a train station: a suitcase", "suitcase"),
        ("Detail shot in a graveyard at dusk: a lantern", "lantern"),
    ],
)
def test_what_is_asked_for_takes_the_picture_from_what_its_place_brings(ask: Ask, words: str, noun: str) -> None:
    note = compose(ask(words, framing=Framing.DETAIL).prompt, 90, 160).note
    assert note.things[0].noun == noun
    assert note.not_drawn == ()


def test_what_a_place_brings_is_not_missed(ask: Ask) -> None:
    note = compose(ask("Close-up at a train station: a detective", framing=Framing.CLOSE_UP, cast=(1,)).prompt, 90, 160)
    assert note.note.not_drawn == ()
