"""The cache is bounded, expires, and can be cleared."""

from api.ttl_cache import TtlCache


def test_the_oldest_give_way() -> None:
    cache = TtlCache[int](60, most=2)
    for number in range(3):
        cache.keep(number, number, cache.age)
    assert [cache.find(number) for number in range(3)] == [None, 1, 2]


def test_nothing_is_remembered_for_longer_than_its_life() -> None:
    cache = TtlCache[int](0, most=2)
    cache.keep("a", 1, cache.age)
    assert cache.find("a") is None


def test_what_was_found_before_everything_was_forgotten_does_not_come_back() -> None:
    cache = TtlCache[int](60, most=2)
    cache.keep("a", 1, cache.age)
    before = cache.age
    cache.forget()
    cache.keep("b", 2, before)
    assert (cache.find("a"), cache.find("b")) == (None, None)
