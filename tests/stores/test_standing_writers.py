"""A writer that stalls while it holds locks delays others only for a limited time."""

import pytest
from sqlalchemy import select

from models.credits import GrantRequest, GrantSource
from models.failures import ProviderUnavailable
from stores import schema
from stores.database import open_database
from stores.ledger import Ledger

GRANT = GrantRequest(account_id="ada", key="k", amount=10, source=GrantSource.GOODWILL)


def test_the_next_writer_gives_up_after_its_patience_and_may_come_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stores.database.BUSY_TIMEOUT_S", 0.2)
    database = open_database(database_url)
    ledger = Ledger(database)
    ledger.open_account("ada")
    account = schema.accounts.c.account_id
    with database.write() as standing:
        standing.execute(select(account).where(account == "ada").with_for_update())
        with pytest.raises(ProviderUnavailable):
            ledger.grant(GRANT)
    ledger.grant(GRANT)
    assert ledger.balance("ada").posted == 260
    database.close()
