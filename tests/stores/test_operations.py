"""Studio's operations in SQL, on both databases: what becomes of them where no run is left to say so."""

from typing import Any

import pytest

from models.credits import HoldRequest, Operation, SettleRequest
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
    """Of an account with a video whose one scene had to be filled in."""
    vault, key = Vault(database, clock), generate_operation_key(VIDEO)
    ledger.hold(HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key=key))
    timeline = timeline_of(vault.add_song("ada", FACTS, "Song", "key").song_id, VIDEO)
    fallen = timeline.scenes[0].model_copy(update={"marks": (FALLBACK, FREE_RETRY)})
    assert vault.deliver_version("ada", key, timeline.model_copy(update={"scenes": (fallen,)}), "Song", "s")
    ledger.settle(SettleRequest(account_id="ada", operation_key=key))
    return Operations(database, clock)


def order(operation_id: str) -> StudioOrder:
    return StudioOrder(
        account_id="ada", video_id=VIDEO, operation_id=operation_id, kind=StudioKind.VIDEO, scene_index=0
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
