"""Things find room beside people: not in them, behind rather than half in front, and at their true size."""

import numpy as np
import pytest

from engines.providers.local.painter.compose import compose
from engines.providers.local.painter.layout import Span, clash, room_for
from models.storyboard import Framing
from tests.engines.local.painter.conftest import Ask


def test_a_thing_stands_where_it_hides_and_is_hidden_least() -> None:
    person = Span(0.4, 0.1, 1.0)
    found = room_for(lambda away: 0.15 / away, 1.0, 6.0, [person], 1)
    assert found.over(person) == 0
    assert found.x > 0.5


def test_what_has_no_room_beside_goes_behind_and_not_through() -> None:
    crowd = [Span(x, 0.12, 1.0) for x in (0.2, 0.5, 0.8)]
    found = room_for(lambda away: 0.3 / away, 1.0, 6.0, crowd, 1)
    assert found.away >= 1.3


def test_nothing_goes_farther_than_its_ground() -> None:
    crowd = [Span(x, 0.12, 1.0) for x in (0.2, 0.5, 0.8)]
    assert room_for(lambda away: 0.3 / away, 1.0, 1.5, crowd, 1).away <= 1.5


def test_a_speck_is_left_to_the_pictures_of_its_own(ask: Ask) -> None:
    words = "a man and a ring and a skull in a field, day"
    wide = compose(ask(words, framing=Framing.EXTREME_WIDE, cast=(1,)).prompt, 90, 160).note
    near = compose(ask("a ring in a field, day, not a soul in sight", framing=Framing.DETAIL).prompt, 90, 160).note
    assert "skull" not in {one.noun for one in wide.things}
    assert {one.noun for one in near.things} == {"ring"}


@pytest.mark.parametrize("seed", range(4))
def test_two_who_work_at_a_table_sit_on_its_two_sides(ask: Ask, seed: int) -> None:
    prompt = ask("a man works and a woman works in a kitchen", framing=Framing.WIDE, cast=(1, 2), seed=seed).prompt
    note = compose(prompt, 90, 160).note
    assert len(note.people) == 2
    assert min(one.share for one in note.people) > 0.5 * np.mean([one.share for one in note.people])


def test_what_stands_looks_for_ground() -> None:
    """A fence or a trunk under the foot would have it float."""
    free = room_for(lambda k: 0.1 / k, 1.0, 1.5, [], 1, firm=lambda span: float(span.x < 0.4))
    assert free.x < 0.4
    assert room_for(lambda k: 0.1 / k, 1.0, 1.5, [], 1).x > 0.4


def test_things_of_one_depth_clash_where_they_overlap() -> None:
    taken = [Span(0.5, 0.2, 1.0)]
    assert clash(Span(0.5, 0.1, 1.1), taken) == pytest.approx(1.0)
    assert clash(Span(0.5, 0.1, 2.0), taken) == 0.0
    assert clash(Span(0.85, 0.1, 1.1), taken) == 0.0
