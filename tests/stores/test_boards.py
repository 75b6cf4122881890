"""Rows of storyboards: one newest revision, and money that follows what is shown."""

import pytest

from models.boards import BoardKind, BoardStepState, StoredStep
from models.credits import HoldState, SettleRequest
from models.failures import InsufficientCredits, InvalidInput, NotStored, VersionMoved
from models.ids import studio_operation_key
from models.progress import FailureNote
from stores.boards import Boards
from stores.database import Database
from stores.ledger import Ledger

VIDEO = "video-0123456789abcdef0123"
NOTE = FailureNote(type="X", sentence="It could not be made.")


class Desk:
    """An account with 250 credits and a board at revision 0."""

    def __init__(self, database: Database) -> None:
        self.boards, self.ledger = Boards(database), Ledger(database)
        self.ledger.open_account("ada")
        self.boards.add("ada", VIDEO, "laid-0", BoardKind.LAID, "laid-0", 0, "key-0")

    def edit(self, name: str, revision: int, decided: frozenset[int] = frozenset()) -> StoredStep:
        return self.boards.add("ada", VIDEO, name, BoardKind.EDIT, name, revision, f"key-{name}", decided)

    def repaint(self, name: str, scene: int, revision: int, quoted: int | None = None) -> StoredStep:
        return self.boards.accept_repaint("ada", VIDEO, name, name, scene, revision, quoted)[0]

    def money(self) -> tuple[int, int]:
        balance = self.ledger.balance("ada")
        assert not self.ledger.verify().differences
        return balance.posted, balance.held


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def test_of_two_edits_of_one_revision_one_is_refused(desk: Desk) -> None:
    assert desk.edit("one", 1).revision == 1
    with pytest.raises(InvalidInput, match="revision 1 is the newest") as refused:
        desk.edit("two", 1)
    assert refused.value.code == "board_moved"
    assert desk.edit("one", 1).revision == 1, "a repeated order gets its first answer"
    with pytest.raises(InvalidInput, match="another operation"):
        desk.boards.find("ada", VIDEO, "one", "something else")
    assert desk.boards.head("ada", VIDEO).board_key == "key-one"
    with pytest.raises(NotStored):
        desk.boards.head("eve", VIDEO)


def test_a_repaint_is_free_once_and_captured_with_the_revision_that_shows_it(desk: Desk) -> None:
    assert desk.boards.quote("ada", VIDEO, (3,))[3].price == 0
    assert (desk.repaint("free", 3, 0).price, desk.money()) == (0, (250, 0))
    with pytest.raises(InvalidInput, match="being made anew already"):
        desk.repaint("other", 3, 0)
    desk.edit("moved", 1)
    with pytest.raises(VersionMoved):
        desk.boards.apply_repaint("ada", VIDEO, "free", 1, "key-free")
    assert desk.boards.apply_repaint("ada", VIDEO, "free", 2, "key-free").state is BoardStepState.APPLIED
    assert desk.boards.quote("ada", VIDEO, (3, 4))[3].price == 10
    with pytest.raises(InvalidInput, match="price is 10"):
        desk.repaint("paid", 3, 2, quoted=0)
    assert (desk.repaint("paid", 3, 2, quoted=10).price, desk.money()) == (10, (250, 10))
    assert desk.boards.apply_repaint("ada", VIDEO, "paid", 3, "key-paid").revision == 3
    assert desk.money() == (240, 0)
    assert desk.boards.end_repaint("ada", VIDEO, "paid", NOTE).state is BoardStepState.APPLIED, "it is shown"
    assert desk.money() == (240, 0)


def test_a_repaint_that_ends_otherwise_costs_nothing_and_uses_nothing_up(desk: Desk) -> None:
    desk.repaint("one", 3, 0)
    assert desk.boards.end_repaint("ada", VIDEO, "one", NOTE).failure == NOTE
    assert desk.boards.apply_repaint("ada", VIDEO, "one", 1, "key").state is BoardStepState.FAILED, "too late"
    assert desk.repaint("two", 3, 0).price == 0
    desk.boards.apply_repaint("ada", VIDEO, "two", 1, "key")
    desk.repaint("three", 3, 1)
    assert desk.money() == (250, 10)
    # The run is gone: the reconciler settles the hold, and the row reads as failed.
    desk.ledger.settle(SettleRequest(account_id="ada", operation_key=studio_operation_key(VIDEO, "three")))
    found = desk.boards.find("ada", VIDEO, "three")
    assert found is not None
    assert found.state is BoardStepState.FAILED
    assert (desk.boards.painting("ada", VIDEO), desk.money()) == ([], (250, 0))
    hold = desk.ledger.find_hold("ada", studio_operation_key(VIDEO, "three"))
    assert hold is not None
    assert hold.state is HoldState.RELEASED


def test_what_is_being_painted_is_not_decided_on(desk: Desk) -> None:
    desk.repaint("one", 3, 0)
    with pytest.raises(InvalidInput, match="being made anew"):
        desk.edit("approve", 1, frozenset({2, 3}))
    assert desk.edit("other", 1, frozenset({2})).revision == 1
    with pytest.raises(InvalidInput, match="revision 1 is the newest"):
        desk.repaint("late", 4, 0)


def test_a_repaint_beyond_the_balance_is_refused(desk: Desk) -> None:
    desk.repaint("free", 3, 0)
    desk.boards.apply_repaint("ada", VIDEO, "free", 1, "key")
    for number in range(25):
        desk.repaint(f"paid-{number}", 3, 1 + number)
        desk.boards.apply_repaint("ada", VIDEO, f"paid-{number}", 2 + number, "key")
    with pytest.raises(InsufficientCredits):
        desk.repaint("last", 3, 26)
    assert desk.money() == (0, 0)
