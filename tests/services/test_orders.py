"""An order that is refused at its start: forgotten where nothing ran, listed where something did."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from models.brief import Brief
from models.credits import HoldRequest, Operation, SettleRequest
from models.failures import InsufficientCredits, RunPaused, StartRefused
from models.ids import generate_operation_key, video_id_for
from models.song import AudioFacts
from services import orders
from settings import Settings
from stores.database import Database
from stores.ledger import Ledger
from stores.orders import Orders
from stores.vault import Vault
from tests.stores.conftest import clock, database, ledger, sqlite_template

__all__ = ["clock", "database", "ledger", "sqlite_template"]


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated database."""
    path = tmp_path / "echonos.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.mark.parametrize(
    ("refusal", "has_run", "stays"),
    [
        (StartRefused("It was run before."), False, False),
        (StartRefused("It was run before."), True, True),
        (InsufficientCredits("Too few."), False, False),
        (RunPaused(), False, True),
    ],
)
async def test_only_an_order_that_never_ran_is_withdrawn(
    database: Database, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, refusal: Exception, has_run: bool, stays: bool
) -> None:
    """A repeated order whose first answer was lost finds its run ended: it failed, and its artist must see that."""
    facts = AudioFacts(
        container="wav", codec="pcm", duration_s=64, sample_rate_hz=44_100, channels=2, size_bytes=9, sha256="5" * 64
    )
    song = Vault(database).add_song("ada", facts, "Song", "key")
    stores = SimpleNamespace(ledger=ledger, orders=Orders(database), vault=Vault(database))
    app: Any = SimpleNamespace(stores=stores, settings=Settings(), client=None)
    key = generate_operation_key(video_id_for("ada", "operation-1"))

    async def refused(*_: Any) -> None:
        raise refusal

    monkeypatch.setattr(orders, "start_generation", refused)
    if has_run:
        ledger.hold(HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key=key))
        ledger.release(SettleRequest(account_id="ada", operation_key=key))
    with pytest.raises(type(refusal)):
        await orders.order_video(app, "ada", orders.VideoWish(song_id=song.song_id, brief=Brief()), "operation-1")
    assert len(stores.orders.undelivered("ada")) == stays
