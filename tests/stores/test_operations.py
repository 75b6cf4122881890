"""Studio's operations in SQL, on both databases: what becomes of them where no run is left to say so."""

from typing import Any

import pytest

from models.credits import HoldRequest, Operation, SettleRequest
from models.progress import FailureNote
from models.routing import generate_operation_key, video_id_for
from models.studio import StudioKind, StudioOrder, StudioState
from models.timeline import FALLBACK, FREE_RETRY
from stores.database import Database
from stores.ledger import Ledger
from stores.operations import Operations
from stores.vault import Vault
from tests.stores.test_vault import FACTS, timeline_of

VIDEO = video_id_for("ada", "op")


@pytest.fixture
def operations(ledger: Ledger, database: Database, clock: Any) -> Operations:
    """Of an account with a video of two scenes, whose first one had to be filled in."""
    vault, key = Vault(database, clock), generate_operation_key(VIDEO)
    ledger.hold(HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key=key))
    timeline = timeline_of(vault.add_song("ada", FACTS, "Song", "key").song_id, VIDEO)
    scenes = [timeline.scenes[0].model_copy(update={"index": 0, "marks": (FALLBACK, FREE_RETRY)})]
    scenes.append(timeline.scenes[0].model_copy(update={"index": 1}))
    timeline = timeline.model_copy(update={"scenes": tuple(scenes)})
    assert vault.deliver_version("ada", key, timeline, "Song", "s")
    ledger.settle(SettleRequest(account_id="ada", operation_key=key))
    return Operations(database, clock)


def order(operation_id: str, scene: int = 0) -> StudioOrder:
    return StudioOrder(
        account_id="ada", video_id=VIDEO, operation_id=operation_id, kind=StudioKind.VIDEO, scene_index=scene
    )


def test_a_free_retry_that_nobody_could_finish_is_free_again(ledger: Ledger, operations: Operations) -> None:
    """Its run was terminated, and the reconciler has settled its hold: the row itself was never ended."""
    ticket = operations.accept(order("first"))
    assert ticket.price == 0
    ledger.settle(SettleRequest(account_id="ada", operation_key=ticket.operation_key))
    assert operations.operation("ada", VIDEO, "first").state is StudioState.FAILED
    assert operations.spent_retries("ada", VIDEO) == frozenset()
    quote = operations.quote(order("second"))
    assert quote is not None
    assert (quote.price, operations.accept(order("second")).price) == (0, 0)


@pytest.mark.parametrize("is_delivered", [True, False])
def test_giving_up_settles_by_what_was_delivered(
    ledger: Ledger, operations: Operations, database: Database, clock: Any, is_delivered: bool
) -> None:
    """The answer of a delivery may be lost: who gives up then must not leave its credits held until the run closes."""
    key = operations.accept(order("op", scene=1)).operation_key
    assert ledger.balance("ada").held == 50
    if is_delivered:
        newest = Vault(database, clock).timeline("ada", VIDEO)
        assert operations.deliver("ada", key, newest.model_copy(update={"version": 2})) == 2
    note = FailureNote(type="Abandoned", sentence="Given up.")
    for _ in range(2):
        ended = operations.give_up("ada", key, note)
        assert ended.state is (StudioState.DELIVERED if is_delivered else StudioState.FAILED)
        balance = ledger.balance("ada")
        assert (balance.available, balance.held) == (0 if is_delivered else 50, 0)
