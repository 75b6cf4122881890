"""An artist's stop: its amount is kept once, by any path that ends the hold, and never beside a delivery."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from models.cancellations import FREE_STOPS, StopTerms
from models.credits import HoldRequest, Operation, SettleRequest
from models.failures import InvalidInput
from models.ids import generate_operation_key, generate_workflow_id
from models.paid_media import Job, JobState, PieceKind
from stores import schema
from stores.database import Database
from stores.ledger import Ledger
from stores.provider_jobs import JobBook
from stores.vault import Vault
from tests.stores.test_ledger import MovableClock, gift
from tests.stores.test_vault import FACTS, timeline_of

VIDEO = "video-0123456789abcdef0123"
KEY = generate_operation_key(VIDEO)
PLANNED = 7


@pytest.fixture
def held(ledger: Ledger) -> Ledger:
    ledger.hold(HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key=KEY))
    return ledger


def bought(database: Database, kind: PieceKind, scene: int, state: JobState = JobState.DONE, revision: int = 0) -> None:
    book = JobBook(database)
    job = Job(
        job_key=f"{VIDEO}.{kind}.{scene}.{revision}",
        workflow_id=generate_workflow_id(VIDEO),
        account_id="ada",
        video_id=VIDEO,
        provider="fal",
        model="model",
        kind=kind,
        scene_index=scene,
        state=JobState.INTENDED,
        planned_clips=PLANNED if kind is PieceKind.CLIP else 0,
        intended_at=datetime.now(UTC),
    )
    book.intend(job)
    book.end(job.job_key, state, "used")


def settle(ledger: Ledger) -> Any:
    return ledger.settle(SettleRequest(account_id="ada", operation_key=KEY))


@pytest.mark.parametrize(("clips", "kept"), [(0, 40), (1, 60), (2, 80), (3, 100), (6, 170), (7, 200)])
def test_a_stop_keeps_forty_and_the_clips_share_in_tens(
    held: Ledger, database: Database, clips: int, kept: int
) -> None:
    bought(database, PieceKind.STILL, 0)
    for scene in range(clips):
        bought(database, PieceKind.CLIP, scene)
    stop = held.stop("ada", KEY, kept)
    assert stop is not None
    assert stop.kept == kept
    settled = settle(held)
    assert (settled.outcome, settled.credits, settled.balance.available) == ("kept", kept, 250 - kept)
    assert settle(held) == settled
    assert not held.verify().differences
    assert f"{kept} of 200 credits are kept" in held.history("ada")[0].text


@given(
    st.builds(
        StopTerms,
        stills_bought=st.integers(0, 90),
        clips_bought=st.integers(0, 90),
        clips_planned=st.integers(0, 90),
        held=st.sampled_from([0, 200]),
    )
)
def test_what_is_kept_is_bounded_in_tens_and_grows_with_what_was_bought(terms: StopTerms) -> None:
    assert terms.kept % 10 == 0
    assert 0 <= terms.kept <= terms.held
    assert terms.kept + terms.returned == terms.held
    more = terms.model_copy(update={"clips_bought": terms.clips_bought + 1})
    assert more.kept >= terms.kept or more.clips_bought > terms.clips_planned
    assert str(terms.kept) in terms.sentence or not terms.kept


def test_nothing_is_kept_where_nothing_was_bought(held: Ledger, database: Database) -> None:
    for state in (JobState.FAILED, JobState.CANCELLED, JobState.LOST):
        bought(database, PieceKind.STILL, 1, state, list(JobState).index(state))
    bought(database, PieceKind.PORTRAIT, -1)
    stop = held.stop("ada", KEY)
    assert stop is not None
    assert stop.kept == 0
    assert settle(held).outcome == "released"
    assert held.balance("ada").available == 250


def test_a_scene_that_was_bought_twice_counts_once(held: Ledger, database: Database) -> None:
    bought(database, PieceKind.STILL, 0)
    bought(database, PieceKind.CLIP, 3)
    bought(database, PieceKind.CLIP, 3, revision=1)
    assert held.stop_terms("ada", KEY).kept == 60


def test_a_sum_that_was_not_shown_is_not_kept(held: Ledger, database: Database) -> None:
    bought(database, PieceKind.STILL, 0)
    shown = held.stop_terms("ada", KEY).kept
    bought(database, PieceKind.CLIP, 0)
    for accepted in (None, 0, shown):
        with pytest.raises(InvalidInput, match="60 credits are kept") as refused:
            held.stop("ada", KEY, accepted)
        assert refused.value.code == "accept_kept"
    assert not held.is_stopped(KEY)
    assert settle(held).outcome == "released", "every other ending keeps nothing"


def test_the_first_accepted_sum_stays(held: Ledger, database: Database) -> None:
    bought(database, PieceKind.STILL, 0)
    first = held.stop("ada", KEY, 40)
    for scene in range(PLANNED):
        bought(database, PieceKind.CLIP, scene)
    assert held.stop("ada", KEY, 0) == first
    assert held.stop_terms("ada", KEY).kept == 40
    assert settle(held).credits == 40


def test_stops_of_other_accounts_and_of_ended_holds_change_nothing(held: Ledger) -> None:
    held.open_account("eve")
    assert held.stop("eve", KEY, 200) is None
    settle(held)
    assert held.stop("ada", KEY, 200) is None
    assert held.stop_terms("ada", KEY) == StopTerms()


def test_a_refund_gives_back_what_a_stop_kept(held: Ledger, database: Database) -> None:
    bought(database, PieceKind.STILL, 0)
    held.stop("ada", KEY, 40)
    settle(held)
    assert held.refund("ada", KEY, "our fault", "support").amount == 40
    assert held.balance("ada").available == 250
    assert not held.verify().differences


def test_verify_sees_a_stop_that_was_not_kept_to(held: Ledger, database: Database) -> None:
    bought(database, PieceKind.STILL, 0)
    held.stop("ada", KEY, 40)
    settle(held)
    with database.write() as connection:
        connection.execute(update(schema.stops).values(kept=60))
    assert any("was stopped, which keeps 60" in said for said in held.verify().differences)
    with database.write() as connection:
        connection.execute(update(schema.stops).values(kept=40))


def test_after_many_free_stops_orders_wait_and_refunds_do_not(database: Database, clock: MovableClock) -> None:
    ledger = Ledger(database, clock)
    ledger.open_account("ada")
    for number in range(FREE_STOPS):
        key = f"generate-video-{number}/generate"
        ledger.check_order("ada")
        ledger.hold(HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key=key))
        ledger.stop("ada", key)
        ledger.settle(SettleRequest(account_id="ada", operation_key=key))
    assert ledger.balance("ada").available == 250
    for refused in (
        lambda: ledger.check_order("ada"),
        lambda: ledger.hold(HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key=KEY)),
    ):
        with pytest.raises(InvalidInput, match="new ones can be ordered from") as error:
            refused()
        assert error.value.code == "too_many_stops"
    image = HoldRequest(account_id="ada", operation=Operation.REGENERATE_IMAGE, operation_key="generate-x/1")
    assert ledger.hold(image).amount == 10
    clock.forward(hours=24, seconds=1)
    ledger.check_order("ada")
    ledger.hold(HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key=KEY))


def test_what_is_finished_after_a_stop_is_delivered_only_for_a_new_payment(
    held: Ledger, database: Database, clock: MovableClock
) -> None:
    vault = Vault(database, clock)
    song = vault.add_song("ada", FACTS, "Neon", "k1")
    timeline = timeline_of(song.song_id, VIDEO)
    bought(database, PieceKind.STILL, 0)
    held.stop("ada", KEY, 40)
    assert not vault.deliver_version("ada", KEY, timeline, "Neon", "film-noir"), "the stop came first"
    request = HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key=KEY)
    with pytest.raises(InvalidInput, match="stopped before it was finished"):
        vault.settle_late(request)
    assert settle(held).outcome == "kept"
    held.grant(gift("more", 100))
    assert vault.settle_late(request).outcome == "captured"
    assert (settle(held).outcome, settle(held).credits) == ("captured", 200)
    assert held.balance("ada").available == 250 + 100 - 40 - 200


def test_a_finished_video_cannot_be_stopped(held: Ledger, database: Database, clock: MovableClock) -> None:
    vault = Vault(database, clock)
    song = vault.add_song("ada", FACTS, "Neon", "k1")
    assert vault.deliver_version("ada", KEY, timeline_of(song.song_id, VIDEO), "Neon", "film-noir")
    assert held.stop("ada", KEY, 200) is None
    assert (settle(held).outcome, settle(held).credits) == ("captured", 200)


def test_a_repeated_hold_is_answered_also_after_many_stops(database: Database, clock: MovableClock) -> None:
    ledger = Ledger(database, clock)
    ledger.open_account("ada")
    request = HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key=KEY)
    first = ledger.hold(request)
    with database.write() as connection:
        for number in range(FREE_STOPS):
            row = {"operation_key": f"k{number}", "account_id": "ada", "kept": 0, "stills_bought": 0}
            row |= {"clips_bought": 0, "clips_planned": 0, "stopped_at": clock()}
            connection.execute(schema.stops.insert(), row)
    assert ledger.hold(request) == first
