"""Studio's operations in SQL, on both databases: their outcomes if no run is left to record them."""

from typing import Any

import pytest

from models.credits import HoldRequest, Operation, SettleRequest
from models.failures import InvalidInput
from models.ids import generate_operation_key, video_id_for
from models.progress import FailureNote
from models.studio import SceneTake, StudioKind, StudioOrder, StudioState
from models.timeline import FALLBACK, FREE_RETRY
from stores.database import Database
from stores.ledger import Ledger
from stores.operations import Operations
from stores.vault import Vault
from tests.stores.test_vault import FACTS, timeline_of

VIDEO = video_id_for("ada", "op")


@pytest.fixture
def operations(ledger: Ledger, database: Database, clock: Any) -> Operations:
    """For an account with a video of two scenes, whose first one has a fallback."""
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
    """Its run was terminated, and the reconciler settled its hold: the row itself was never ended."""
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
    """A delivery's answer may be lost: giving up then must not leave its credits held until the run closes."""
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


def chosen(operations: Operations, take_id: str, scene: int) -> None:
    wish = {"kind": StudioKind.CHOOSE, "take_id": take_id, "scene_index": scene}
    key = operations.accept(order(f"{take_id}-{scene}", scene).model_copy(update=wish)).operation_key
    operations.give_up("ada", key, FailureNote(type="Abandoned", sentence="Only asked."))


def test_the_second_part_of_a_scene_has_the_takes_of_both(
    operations: Operations, database: Database, clock: Any
) -> None:
    """A split shares what the scene shows: its takes are listed at both parts, and can be chosen at both."""
    vault = Vault(database, clock)
    draft = vault.timeline("ada", VIDEO)
    key = operations.accept(order("new", scene=1)).operation_key
    old = SceneTake.of(draft.scenes[1]).model_copy(update={"take_id": "new", "frames": 0})
    operations.record_take("ada", key, old)
    part = draft.scenes[1].model_copy(update={"index": 2, "shows_scene": 1})
    cut = draft.model_copy(update={"version": 2, "scenes": (*draft.scenes, part)})
    assert operations.deliver("ada", key, cut) == 2
    for take_id in ("new", "draft"):
        chosen(operations, take_id, scene=2)
    with pytest.raises(InvalidInput, match="Scene 1 has no take 'new'"):
        chosen(operations, "new", scene=0)
    made = operations.takes("ada", VIDEO)[-1]
    assert (made.take_id, made.frames) == ("new", 720), "from before edits: as long as its scene in the draft"


def test_takes_are_found_without_reading_the_operations(
    operations: Operations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every edit asks for them: with hundreds of edits, reading each would cost a second."""
    for number in range(3):
        key = operations.accept(order(f"op-{number}")).operation_key
        operations.give_up("ada", key, FailureNote(type="Abandoned", sentence="Only asked."))

    def refuse(_row: object) -> None:
        raise AssertionError("an operation was read")

    monkeypatch.setattr("stores.operations.operation_in", refuse)
    assert [(take.take_id, take.scene_index) for take in operations.takes("ada", VIDEO)] == [("draft", 0), ("draft", 1)]
    assert operations.takes("ada", video_id_for("ada", "none")) == []
