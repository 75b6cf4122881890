"""What is remembered for a moment is bounded, ends by itself, and is forgotten on demand."""

from api.remembering import Remembered


def test_the_oldest_give_way() -> None:
    remembered = Remembered[int](60, most=2)
    for number in range(3):
        remembered.keep(number, number, remembered.age)
    assert [remembered.find(number) for number in range(3)] == [None, 1, 2]


def test_nothing_is_remembered_for_longer_than_its_life() -> None:
    remembered = Remembered[int](0, most=2)
    remembered.keep("a", 1, remembered.age)
    assert remembered.find("a") is None


def test_what_was_found_before_everything_was_forgotten_does_not_come_back() -> None:
    remembered = Remembered[int](60, most=2)
    remembered.keep("a", 1, remembered.age)
    before = remembered.age
    remembered.forget()
    remembered.keep("b", 2, before)
    assert (remembered.find("a"), remembered.find("b")) == (None, None)
