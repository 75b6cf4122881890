"""Tidying up: staged uploads go a day later, and rows that have expired; what is younger stays."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from sqlalchemy import func, select, update
from temporalio.testing import ActivityEnvironment

from activities.tidying import TidyingActivities
from models.object_keys import staged_key
from models.tidying import TidyRequest
from stores import schema_access
from stores.opening import Stores
from stores.rate_limits import RateLimits
from stores.sessions import Sessions


def test_old_uploads_and_rows_go(stores: Stores) -> None:
    account_id = f"account-{uuid4().hex[:8]}"
    stores.ledger.open_account(account_id)
    sessions, rates = Sessions(stores.database), RateLimits(stores.database)
    for _ in range(2):
        sessions.begin(account_id)
    rates.hit("5/minute", "client")
    gone = datetime.now(UTC) - timedelta(days=1)
    table = schema_access.sessions
    first = select(func.min(table.c.session_hash)).scalar_subquery()
    with stores.database.write() as connection:
        connection.execute(update(table).where(table.c.session_hash == first).values(expires_at=gone))
        connection.execute(update(schema_access.rate_limits).values(expires_at=gone))
    key = staged_key(account_id, uuid4().hex)
    stores.objects.put_bytes(key, b"half a song", "application/octet-stream")
    run = ActivityEnvironment().run
    tidying = TidyingActivities(stores.objects, (sessions, rates))
    assert run(tidying.tidy_up, TidyRequest()).rows == 2
    assert stores.objects.size(key) is not None, "younger than a day"
    assert run(tidying.tidy_up, TidyRequest(staged_hours=-1)).staged >= 1
    assert stores.objects.size(key) is None
    with stores.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == 1
