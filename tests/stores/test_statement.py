"""An account's history as its owner reads it: one line per order, under the video's name, with its outcome."""

import pytest

from models.brief import Brief
from models.credits import HoldRequest, Operation, SettleRequest
from models.ids import generate_operation_key, studio_operation_key
from models.orders import Order
from models.profiles import ProfileName
from stores.database import Database
from stores.ledger import Ledger
from stores.orders import Orders
from stores.statement import Statements
from tests.fakes.clock import Clock

VIDEO = "video-0123456789abcdef0123"


def _hold(ledger: Ledger, key: str, operation: Operation = Operation.GENERATE) -> None:
    ledger.hold(HoldRequest(account_id="ada", operation=operation, operation_key=key))


@pytest.fixture
def ordered(database: Database, clock: Clock) -> Order:
    order = Order(
        video_id=VIDEO,
        account_id="ada",
        song_id="song-1",
        song_title="First Light",
        brief=Brief(),
        profile=ProfileName.TINY,
        ordered_at=clock(),
    )
    return Orders(database).add(order)


def test_an_order_and_its_end_are_one_line(database: Database, ledger: Ledger, clock: Clock, ordered: Order) -> None:
    said = Statements(database)
    clock.forward(minutes=1)
    placed_at, key = clock(), generate_operation_key(ordered.video_id)
    _hold(ledger, key)
    (under_way, welcome) = said.of("ada")
    assert (under_way.text, under_way.outcome, under_way.credits, under_way.ended_at) == (
        "Video “First Light”",
        "Under way, 200 credits are reserved",
        -200,
        None,
    )
    assert (welcome.text, welcome.outcome, welcome.credits) == ("Welcome credits", "", 250)

    clock.forward(minutes=5)
    ledger.capture(SettleRequest(account_id="ada", operation_key=key))
    (done, _) = said.of("ada")
    assert (done.outcome, done.credits, done.at, done.ended_at) == ("Delivered", -200, placed_at, clock())
    assert done.video_id == VIDEO


def test_what_was_not_delivered_changed_nothing(
    database: Database, ledger: Ledger, clock: Clock, ordered: Order
) -> None:
    for name in ("a", "b", "c"):
        _hold(ledger, studio_operation_key(VIDEO, name), Operation.REGENERATE_IMAGE)
    ledger.release(SettleRequest(account_id="ada", operation_key=studio_operation_key(VIDEO, "b")))
    lines = Statements(database).of("ada")
    assert [(line.credits, line.outcome) for line in lines] == [
        (-10, "Under way, 10 credits are reserved"),
        (0, "Not delivered, nothing was charged"),
        (-10, "Under way, 10 credits are reserved"),
        (250, ""),
    ]
    assert sum(line.credits for line in lines) == ledger.balance("ada").available
    assert {line.text for line in lines[:3]} == {"New image for a scene of “First Light”"}
    assert Statements(database).of("ada", limit=2) == lines[:2]
    assert Statements(database).of("ada", before=lines[1].transaction_id) == lines[2:]


def test_a_video_that_is_gone_has_no_name(database: Database, ledger: Ledger) -> None:
    _hold(ledger, generate_operation_key(VIDEO))
    (line, _) = Statements(database).of("ada")
    assert (line.text, line.video_id) == ("A video that is not in your Vault", None)
