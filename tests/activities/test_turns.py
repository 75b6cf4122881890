"""Turns of drafts: so many in the making at once, the next of the account with the fewest, and no place for good."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from activities.turns import PLACE_S, Turns
from models.generation import TurnRequest
from models.ids import generate_operation_key
from models.paid_media import DRAFTS_KEY, PermitRequest
from stores.database import Database, open_database
from stores.figures import Figures
from stores.permits import LEASE_S, Permits
from tests.fakes.clock import Clock

PATIENCE_S = 60
PLACES = 2


@pytest.fixture
def clock() -> Clock:
    return Clock(tick=timedelta(milliseconds=1))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def turns(database: Database, clock: Clock) -> Turns:
    return Turns(Permits(database, clock=clock), PLACES)


def draft(account: str, number: int) -> TurnRequest:
    return TurnRequest(account_id=account, operation_key=generate_operation_key(f"{account}-{number}"))


def test_so_many_drafts_are_in_the_making_at_once(turns: Turns) -> None:
    taken = [turns.take(draft("ada", number)) for number in range(4)]
    assert taken == [True, True, False, False]
    assert [turns.take(draft("ada", number)) for number in range(4)] == taken, "a retried step changes nothing"


def test_an_accounts_first_draft_begins_at_once(turns: Turns) -> None:
    """A place beyond the others: a small account waits for no draft of a big one."""
    for number in range(4):
        turns.take(draft("big", number))
    assert turns.take(draft("small", 0))
    assert not turns.take(draft("small", 1))
    turns.give_back(draft("small", 0).operation_key)
    assert not turns.take(draft("small", 2)), "its second one waits already"


async def test_the_next_place_goes_to_the_account_with_fewest(turns: Turns) -> None:
    big = [draft("big", number) for number in range(6)]
    assert [turns.take(one) for one in big] == [True] * PLACES + [False] * 4
    assert turns.take(draft("small", 0))
    small = draft("small", 1)
    assert not turns.take(small)
    order: list[str] = []

    async def wait(one: TurnRequest) -> None:
        await turns.wait(one)
        order.append(one.account_id)

    waiting = [asyncio.create_task(wait(one)) for one in (*big[PLACES:], small)]
    async with asyncio.timeout(PATIENCE_S):
        turns.give_back(draft("small", 0).operation_key)
        turns.give_back(big[0].operation_key)
        while len(order) < 1:
            await asyncio.sleep(0.01)
        turns.give_back(big[1].operation_key)
        while len(order) < 2:
            await asyncio.sleep(0.01)
    assert order == ["small", "big"], "before four others that came earlier"
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_place_without_its_draft_is_free_after_a_while(turns: Turns, clock: Clock) -> None:
    """A parked draft, or one whose run was terminated, does not keep the others out."""
    for number in range(PLACES):
        assert turns.take(draft("ada", number))
    clock.now += timedelta(seconds=PLACE_S - LEASE_S / 2)
    assert not turns.take(draft("ada", PLACES)), "longer than a place in the queue, though nothing renews it"
    clock.now += timedelta(seconds=LEASE_S)
    await asyncio.wait_for(turns.wait(draft("ada", PLACES)), PATIENCE_S)


async def test_a_place_that_was_waited_for_is_kept_as_long(turns: Turns, clock: Clock) -> None:
    await turns.wait(draft("ada", 0))
    await turns.wait(draft("ada", 1))
    clock.now += timedelta(seconds=PLACE_S - LEASE_S / 2)
    assert not turns.take(draft("ada", 2))


def test_providers_permits_count_without_drafts(database: Database, turns: Turns, clock: Clock) -> None:
    for number in range(PLACES + 1):
        turns.take(draft("ada", number))
    permits = Permits(database, clock=clock)
    permits.ask(PermitRequest(job_key="job", provider="fal", account_id="ada"), 1)
    figures = Figures(database, clock).read()
    assert (figures.permits_used, figures.permits_wanted) == (1, 0)
    assert len(permits.grant(DRAFTS_KEY, PLACES)) == PLACES
