"""What belongs outdoors is seen outdoors, and water covers what is under it."""

import pytest

from engines.providers.local.painter.compose import compose
from engines.providers.local.painter.outside import seen_from_outside
from engines.providers.local.painter.reading import read
from engines.providers.local.painter.staging import cast_of
from engines.providers.local.painter.things import floating
from models.storyboard import Framing
from tests.engines.local.painter.conftest import Ask


@pytest.mark.parametrize(
    ("words", "framing", "place"),
    [
        ("Wide shot in a bar: a detective; a yellow taxi", Framing.WIDE, "street"),
        ("Wide shot in a church: a bride; a motorcycle", Framing.WIDE, "village"),
        ("Close-up in a church: a bride; a motorcycle", Framing.CLOSE_UP, "church"),
        ("Wide shot in a kitchen: a cook; a cake", Framing.WIDE, "kitchen"),
        ("Wide shot in a workshop: a mechanic; a car", Framing.WIDE, "workshop"),
        ("a tree grows in a bedroom", Framing.WIDE, "bedroom"),
    ],
)
def test_what_belongs_outdoors_is_seen_outdoors(ask: Ask, words: str, framing: Framing, place: str) -> None:
    assert seen_from_outside(read(ask(words, framing=framing, cast=(1,)).prompt)).place == place


def test_a_whale_is_partly_under_water(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    prompt = ask("a whale at the open sea, day, not a soul in sight", framing=Framing.MEDIUM).prompt
    (swimming,) = compose(prompt, 90, 160).note.things
    monkeypatch.setattr(floating, "_BELOW", {})
    (lying,) = compose(prompt, 90, 160).note.things
    assert 0.3 * lying.share < swimming.share < 0.85 * lying.share


def test_a_shopping_cart_is_pushed_and_a_broom_is_carried(ask: Ask) -> None:
    pushed = cast_of(read(ask("a man pushes a shopping cart on a road", cast=(1,)).prompt))
    assert [prop.name for prop in pushed.props] == ["cart"]
    swept = cast_of(read(ask("a man with a broom on a road", cast=(1,)).prompt))
    assert "broom" in dict(swept.actors[0].holds)


def test_what_is_small_goes_into_a_free_hand(ask: Ask) -> None:
    cast = cast_of(read(ask("a woman in a street; a slice of pizza", cast=(1,)).prompt))
    assert cast.props == ()
    assert [name for name, _ in cast.actors[0].holds] == ["pizza"]
