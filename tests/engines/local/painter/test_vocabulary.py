"""Every name of the reading has a drawing, and what is drawn is what was asked."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from engines.providers.local.director.places import SETTINGS
from engines.providers.local.painter.compose import compose
from engines.providers.local.painter.painter import _paint_file
from engines.providers.local.painter.people.casting import look_of
from engines.providers.local.painter.people.dressing import colour_named
from engines.providers.local.painter.people.frame import Frame
from engines.providers.local.painter.reading import read
from engines.providers.local.painter.scenery import PLACES
from engines.providers.local.painter.staging import cast_of
from engines.providers.local.painter.things.drawing import kind_of
from engines.providers.local.painter.things.icons import has_icon, outline
from engines.providers.local.painter.things.kinds import KINDS
from engines.providers.local.reading.facts import Person, Worn
from engines.providers.local.reading.places import Place
from engines.providers.local.reading.things import Thing
from engines.providers.local.reading.words.glyphs import GLYPHS
from models.in_picture import IN_PICTURE_BYTES, LEAST_SHARE, in_picture
from models.storyboard import Framing
from tests.engines.local.painter.conftest import Ask


def test_every_place_and_thing_of_the_reading_is_drawn_by_hand() -> None:
    assert set(PLACES) == set(get_args(Place))
    assert set(get_args(Thing)) <= set(KINDS)


def test_every_glyph_of_the_reading_has_an_outline() -> None:
    missing = [name for name in GLYPHS if not has_icon(name)]
    assert missing == []
    contours, wide = outline("anvil")
    assert wide > 0.3
    assert all(np.isfinite(contour).all() for contour in contours)


def test_an_unknown_glyph_cannot_be_drawn() -> None:
    assert kind_of(None, "no-such-icon") is None
    assert kind_of("boat") is KINDS["boat"]


def test_nothing_odd_is_worn_unless_it_is_asked_for() -> None:
    for seed in range(300):
        look = look_of(Person("", "", 0, role="man", sex="male"), seed)
        assert look.style != "mohawk"
        assert look.hat is None
        assert look.glasses is None
        assert look.beard is None
    assert look_of(Person("", "", 0, hair_style="mohawk"), 1).style == "mohawk"


@pytest.mark.parametrize("seed", [1, 2, 3, 99])
def test_the_words_win_over_the_seed(seed: int) -> None:
    said = Person(
        "", "", 0, role="woman", age="old", sex="female", hair_colour="red", hair_length="long", skin="dark",
        eyewear="glasses", clothes=(Worn("coat", "green"),), headgear=Worn("hat", "white"),
    )  # fmt: skip
    look = look_of(said, seed)
    assert (look.age, look.sex, look.style, look.outfit, look.hat, look.glasses) == (
        "old", "woman", "long", "coat", "hat", "clear",
    )  # fmt: skip
    green, white = colour_named("green"), colour_named("white")
    assert green is not None
    assert white is not None
    assert np.array_equal(look.upper, green)
    assert np.array_equal(look.hat_colour, white)
    assert float(look.skin.mean()) < 0.4


def test_the_same_seed_is_the_same_person_and_another_is_not() -> None:
    said = Person("", "", 0, role="woman", sex="female")
    first, again, other = (
        look_of(said, 41),
        look_of(Person("x", "person-3", 9, role="woman", sex="female"), 41),
        look_of(said, 42),
    )
    assert np.array_equal(first.skin, again.skin)
    assert np.array_equal(first.upper, again.upper)
    assert first.style == again.style
    assert not np.array_equal(first.upper, other.upper) or first.style != other.style


def test_a_child_is_smaller_and_has_a_larger_head_for_its_height() -> None:
    child, adult = (look_of(Person("", "", 0, age=age), 5) for age in ("child", "adult"))
    small, tall = (Frame(look, 0.5, 1.0, 0.5, 1, "stand", 0) for look in (child, adult))
    assert small.highest > tall.highest + 0.1
    assert small.head / (1.0 - small.highest) > 1.25 * tall.head / (1.0 - tall.highest)


def test_someone_in_a_boat_sits_in_it(ask: Ask) -> None:
    cast = cast_of(read(ask("an old fisherman in a red boat on the sea", cast=(1,)).prompt))
    assert cast.afloat
    assert cast.actors[0].pose == "row"
    assert cast.props[cast.actors[0].rides or 0].name == "boat"


def test_children_are_more_than_one(ask: Ask) -> None:
    figures = read(ask("children play on a playground", cast=(1,)).prompt).figures
    assert len({figure.seed for figure in figures}) == 2


def test_a_small_thing_goes_into_a_hand(ask: Ask) -> None:
    cast = cast_of(read(ask("a woman with a letter in a kitchen", cast=(1,)).prompt))
    assert cast.actors[0].holds == (("letter", None),)
    assert cast.props == ()


def test_a_held_thing_has_the_colour_that_was_asked_for(ask: Ask) -> None:
    (actor,) = cast_of(read(ask("a woman with a red umbrella walks in a street", cast=(1,)).prompt)).actors
    ((name, tint),) = actor.holds
    assert name == "umbrella"
    assert tint is not None
    assert tint[0] > 2 * tint[1]


@pytest.mark.parametrize(
    ("words", "framing", "expected"),
    [
        ("an old man in a red boat leaves a harbour with a white lighthouse", Framing.WIDE, {"boat", "lighthouse"}),
        ("three red balloons over a field", Framing.WIDE, {"balloon"}),
        ("a grey wolf in a snowfield", Framing.FULL, {"wolf"}),
        ("a yellow taxi, a car in a street at night", Framing.WIDE, {"car"}),
        ("a black piano on a stage", Framing.DETAIL, {"piano"}),
    ],
)  # fmt: skip
def test_the_manifest_names_what_is_seen(ask: Ask, words: str, framing: Framing, expected: set[str]) -> None:
    note = compose(ask(words, framing=framing, cast=(1,)).prompt, 90, 160).note
    assert expected <= {one.name for one in note.things}
    assert all(one.share >= LEAST_SHARE for one in note.things)


def test_what_is_hidden_is_not_in_the_manifest(ask: Ask) -> None:
    """A face that fills the picture leaves the boat behind it out of focus and out of the list."""
    request = ask("a woman before a boat in a harbour", framing=Framing.CLOSE_UP, cast=(1,))
    note = compose(request.prompt, 90, 160).note
    assert "boat" not in {one.name for one in note.things}
    assert note.people[0].share > 0.2
    assert any("boat" in words for words in note.not_drawn)


def test_a_still_carries_its_note(ask: Ask, tmp_path: Path) -> None:
    _paint_file(ask("an old fisherman in a red boat, a harbour at day", cast=(1,)), str(tmp_path / "still.png"))
    note = in_picture((tmp_path / "still.png").read_bytes()[:IN_PICTURE_BYTES])
    assert note is not None
    assert (note.place, note.time) == ("harbour", "day")
    (fisherman,) = note.people
    assert (fisherman.age, fisherman.sex, fisherman.beard) == ("old", "male", "beard")


@pytest.mark.parametrize("size", [(36, 64), (32, 18)])
@pytest.mark.parametrize("place", get_args(Place))
def test_every_place_is_painted_from_low_down_in_tall_and_wide_pictures(
    ask: Ask, place: Place, size: tuple[int, int]
) -> None:
    """The ground is narrowest there: a thing on it finds room, or is left out."""
    setting = SETTINGS[place]
    words = f"a woman {setting.preposition} {setting.name}"
    note = compose(ask(words, framing=Framing.LOW_ANGLE, cast=(1,)).prompt, *size).note
    assert note.place == place


def test_two_people_of_one_role_keep_their_own_looks(ask: Ask) -> None:
    words = "an old man with a long beard meets a man with sunglasses on a beach at noon"
    old, other = compose(ask(words, framing=Framing.FULL, cast=(1,)).prompt, 90, 160).note.people
    assert (old.beard, old.eyewear) == ("long beard", "")
    assert (other.beard, other.eyewear) == ("", "sunglasses")


def test_what_a_hand_holds_is_in_the_picture(ask: Ask) -> None:
    """The painter puts a small thing into a free hand, whether or not the words do."""
    note = compose(
        ask("a woman in a kitchen, a letter lies there", framing=Framing.FULL, cast=(1,)).prompt, 90, 160
    ).note
    assert note.people[0].holds == ("letter",)
    assert [one.name for one in note.things] == ["letter"]
    assert note.not_drawn == ()


@pytest.mark.parametrize(
    ("words", "framing", "crowd"),
    [
        ("a woman in a street, a crowd", Framing.WIDE, True),
        ("a woman in a street, a crowd", Framing.CLOSE_UP, False),
        ("a woman in a street", Framing.WIDE, False),
        ("a crowd on a stage", Framing.WIDE, True),
        ("a crowd on a stage", Framing.CLOSE_UP, False),
        ("a crowd in a stadium", Framing.FULL, True),
        ("a singer in a stadium", Framing.FULL, False),
    ],
)
def test_a_crowd_is_in_the_picture_where_one_is_painted(ask: Ask, words: str, framing: Framing, crowd: bool) -> None:
    assert compose(ask(words, framing=framing, cast=(1,)).prompt, 90, 160).note.crowd is crowd


def test_a_size_that_was_asked_for_is_in_the_note(ask: Ask) -> None:
    note = compose(ask("a huge cake and a tiny dog in a village", framing=Framing.FULL).prompt, 90, 160).note
    assert {one.noun: one.size for one in note.things} == {"cake": "huge", "dog": "tiny"}
