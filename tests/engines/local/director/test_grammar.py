"""The same subject in the next section: another size, and not always alone."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

from engines.providers.local.director.grammar import Part, Setup, setup_of
from engines.providers.local.director.story import Moment

MOMENT = Moment((), ("item-0", "item-1"), ("field",))


def shots(turn: int, key: str, section: int = 1) -> list[Setup]:
    part = Part("telling", False, (MOMENT,), (), turn, frozenset())
    return [setup_of(key, section, [part] * (section + 1), place) for place in range(6)]


def test_a_thing_that_comes_back_in_another_section_comes_in_another_size() -> None:
    again = 0
    for number in range(60):
        first, second = shots(0, f"video {number}"), shots(1, f"video {number}", 3)
        again += sum(one.framing is other.framing for one, other in zip(first[1:], second[1:], strict=True))
    assert again < 80  # of 300; 92 by chance alone


def test_a_thing_is_alone_in_one_picture_and_beside_another_thing_in_the_next() -> None:
    found = [setup for number in range(20) for setup in shots(0, f"video {number}")]
    near = [setup for setup in found if setup.framing.value in ("full shot", "medium shot")]
    assert {bool(setup.company) for setup in near} == {True, False}


def test_one_thing_beside_a_person_takes_at_most_a_third_of_the_shots() -> None:
    moment = Moment(("person-0",), ("item-0",), ("bar",))
    part = Part("telling", False, (moment,), (), 0, frozenset())
    for number in range(20):
        found = [setup_of(f"video {number}", 1, [part] * 2, place) for place in range(12)]
        assert 2 <= sum(setup.subject == "item-0" for setup in found) <= 4
        for one, other in pairwise(found):
            assert (one.subject, one.framing) != (other.subject, other.framing)


def test_each_thing_is_seen_from_every_side_before_one_comes_again() -> None:
    for number in range(20):
        sides = [setup.side for setup in shots(0, f"video {number}") if setup.subject == "item-0"]
        assert len(set(sides)) == len(sides)


def test_a_composition_comes_again_only_when_most_others_were_shown() -> None:
    """Three choruses with one person: size and side together differ as long as there are others."""
    part = Part("peak", True, (Moment(("person-0",), (), ("stage",)),), (), 0, frozenset(), True)
    told = [replace(part, turn=turn) for turn in range(3)]
    again = 0
    for number in range(20):
        found = [setup_of(f"video {number}", section, told, place) for section in range(3) for place in range(1, 6)]
        seen = Counter((setup.framing, setup.angle) for setup in found)
        assert max(seen.values()) <= 3
        again += sum(count - 1 for count in seen.values())
    assert again < 80  # of 300; 119 where each section chooses for itself
