"""The order of service, and permits of holders that are gone."""

from datetime import timedelta

import pytest

from models.paid_media import PermitRequest
from stores.database import Database
from stores.permits import Permits
from tests.fakes.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(tick=timedelta(milliseconds=1))


@pytest.fixture
def permits(database: Database, clock: Clock) -> Permits:
    return Permits(database, lease_s=60, clock=clock)


def ask(permits: Permits, key: str, account: str = "ada", urgent: bool = False, capacity: int = 0) -> bool:
    return permits.ask(PermitRequest(job_key=key, provider="fal", account_id=account, urgent=urgent), capacity)


def test_no_more_than_the_capacity(permits: Permits) -> None:
    for number in range(5):
        ask(permits, f"job-{number}")
    assert permits.grant("fal", 2) == {"job-0", "job-1"}
    permits.free("job-0")
    assert permits.grant("fal", 2) == {"job-1", "job-2"}
    assert permits.grant("another key", 2) == set()


def test_studio_first_then_the_artist_with_fewest_then_the_oldest(permits: Permits) -> None:
    for number in range(4):
        ask(permits, f"ada-{number}")
    ask(permits, "bob-0", "bob")
    ask(permits, "studio", "ada", urgent=True)
    order: list[str] = []
    held: set[str] = set()
    for capacity in range(1, 7):
        now = permits.grant("fal", capacity)
        order += now - held
        held = now
    assert order == ["studio", "bob-0", "ada-0", "ada-1", "ada-2", "ada-3"]


def test_who_asks_again_keeps_the_place(permits: Permits) -> None:
    ask(permits, "first")
    ask(permits, "second")
    ask(permits, "first")
    assert permits.grant("fal", 1) == {"first"}


def test_a_holder_that_is_gone_loses_its_permit(permits: Permits, clock: Clock) -> None:
    ask(permits, "gone")
    ask(permits, "patient")
    assert permits.grant("fal", 1) == {"gone"}
    clock.now += timedelta(seconds=40)
    permits.renew(["patient"])
    assert permits.grant("fal", 1) == {"gone"}
    clock.now += timedelta(seconds=30)
    assert permits.grant("fal", 1) == {"patient"}
    ask(permits, "gone")
    assert permits.grant("fal", 1) == {"patient"}, "coming back does not take it from the other"


def test_a_waiter_that_is_gone_is_passed_over(permits: Permits, clock: Clock) -> None:
    ask(permits, "gone")
    clock.now += timedelta(seconds=61)
    ask(permits, "here")
    assert permits.grant("fal", 1) == {"here"}


def test_a_free_permit_comes_at_once_unless_somebody_waits(permits: Permits) -> None:
    assert ask(permits, "first", capacity=2)
    assert ask(permits, "first", capacity=2), "asking again keeps it"
    assert not ask(permits, "second", capacity=1)
    assert not ask(permits, "third", capacity=2), "second is before it"
    assert permits.grant("fal", 2) == {"first", "second"}


def test_a_job_that_nobody_waits_for_keeps_its_permit_for_a_while(permits: Permits, clock: Clock) -> None:
    ask(permits, "running", capacity=1)
    ask(permits, "waiting", capacity=1)
    permits.keep("running", 600)
    permits.keep("waiting", 600)
    assert permits.grant("fal", 1) == {"running"}
    assert not ask(permits, "next", capacity=1)
    clock.now += timedelta(seconds=500)
    assert permits.grant("fal", 1) == {"running"}, "longer than a lease"
    clock.now += timedelta(seconds=101)
    assert ask(permits, "next", capacity=1), "and no longer than its job can take; a mere place was given back"
