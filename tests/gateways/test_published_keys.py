"""Keys of others are fetched beside the requests."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from gateways import published_keys
from gateways.published_keys import WAITERS, PublishedKeys
from models.failures import ProviderUnavailable

Keys = dict[str, str]


class Publisher:
    """Publishes keys on demand."""

    def __init__(self) -> None:
        self.keys: Keys | None = {"1": "one"}
        self.asked, self.may_answer = 0, threading.Event()
        self.may_answer.set()

    def read(self) -> Keys:
        self.asked += 1
        assert self.may_answer.wait(200)
        if self.keys is None:
            raise ProviderUnavailable("away")
        return self.keys


def look(keys: PublishedKeys[Keys], name: str, lifetime_s: float = 600, unknown_every_s: float = 30) -> str | None:
    return keys.find(lambda known: known.get(name), lifetime_s=lifetime_s, unknown_every_s=unknown_every_s)


def until(is_so: Callable[[], bool]) -> None:
    assert any(is_so() or threading.Event().wait(0.01) for _ in range(3_000))


def test_unknown_names_do_not_make_us_ask_again() -> None:
    publisher = Publisher()
    keys = PublishedKeys(publisher.read, "away")
    assert (look(keys, "1"), look(keys, "2"), look(keys, "3")) == ("one", None, None)
    assert publisher.asked == 1


def test_new_keys_are_found() -> None:
    publisher = Publisher()
    keys = PublishedKeys(publisher.read, "away")
    assert look(keys, "1") == "one"
    publisher.keys = {"2": "two"}
    assert look(keys, "2", unknown_every_s=0) == "two"
    assert look(keys, "1") is None


def test_known_keys_are_found_while_the_publisher_hangs() -> None:
    publisher = Publisher()
    keys = PublishedKeys(publisher.read, "away")
    assert look(keys, "1") == "one"
    publisher.may_answer.clear()
    assert [look(keys, "1", lifetime_s=0) for _ in range(50)] == ["one"] * 50
    until(lambda: publisher.asked == 2)
    publisher.may_answer.set()


def test_few_wait_and_all_others_answer_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the patience of a test: who does not wait has answered before the publisher does."""
    monkeypatch.setattr(published_keys, "PATIENCE_S", 60.0)
    publisher, answered = Publisher(), threading.Semaphore(0)
    publisher.may_answer.clear()
    keys = PublishedKeys(publisher.read, "away")

    def ask() -> str | None:
        try:
            return look(keys, "1")
        except ProviderUnavailable:
            answered.release()
            return "unavailable"

    with ThreadPoolExecutor(20) as people:
        asked = [people.submit(ask) for _ in range(20)]
        assert all(answered.acquire(timeout=60) for _ in range(20 - WAITERS))
        publisher.may_answer.set()
        answers = [one.result() for one in asked]
    assert sorted(set(answers), key=str) == ["one", "unavailable"]
    assert answers.count("one") == WAITERS
    assert publisher.asked == 1


def test_after_a_failure_the_publisher_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published_keys, "FIRST_BACKOFF_S", 3_600.0)
    monkeypatch.setattr(published_keys, "LONGEST_BACKOFF_S", 3_600.0)
    publisher = Publisher()
    publisher.keys = None
    keys = PublishedKeys(publisher.read, "away")
    for _ in range(5):
        with pytest.raises(ProviderUnavailable):
            look(keys, "1")
    assert publisher.asked == 1
