"""Share links: who may open one, for how long, and what ends it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.access import SecurityEventKind
from models.failures import Conflict, NotStored
from models.shares import MOST_SHARES
from models.vault import Shelf
from stores import schema_access as tables
from stores.access import open_access
from stores.account_data import AccountData
from stores.database import Database
from stores.deletion import DeletionStore
from stores.shares import Shares
from tests.fakes.clock import Clock
from tests.stores.test_catalogue import Shop

MONTH = timedelta(days=30)


@pytest.fixture
def shop(database: Database, clock: Clock) -> Shop:
    return Shop(database, clock)


@pytest.fixture
def video_id(shop: Shop) -> str:
    return shop.video(shop.song("Neon"), "Rain")


@pytest.fixture
def shares(database: Database, clock: Clock) -> Shares:
    return Shares(database, clock)


def test_a_link_is_kept_as_a_digest_and_works_until_it_expires(
    shares: Shares, video_id: str, clock: Clock, database: Database
) -> None:
    share, secret = shares.issue("ada", video_id, 1, MONTH, download=True)
    assert len(secret) == 43, "256 random bits"
    found = shares.find(secret)
    assert found is not None
    assert (found.account_id, found.share) == ("ada", share)
    with database.read() as connection:
        (row,) = connection.execute(select(tables.shares)).all()
    assert secret not in repr(row)
    for wrong in ("", secret[:-1], secret.swapcase(), share.share_id, row.token_hash):
        assert shares.find(wrong) is None
    clock.now = share.expires_at - timedelta(seconds=1)
    assert shares.find(secret) is not None
    assert shares.sweep() == 0
    clock.now = share.expires_at
    assert shares.find(secret) is None
    assert shares.find_by_id(share.share_id) is None
    assert shares.of_account("ada") == []
    assert not shares.revoke("ada", video_id, share.share_id)
    assert shares.sweep() == 1


def test_a_link_is_revoked_by_its_owner_alone_and_once(shares: Shares, shop: Shop, video_id: str) -> None:
    other = shop.video(shop.song("Sun"), "Sun")
    share, secret = shares.issue("ada", video_id, 1, MONTH, download=False)
    _, kept = shares.issue("ada", video_id, 1, MONTH, download=False)
    assert not shares.revoke("bob", video_id, share.share_id)
    assert not shares.revoke("ada", other, share.share_id)
    assert shares.find(secret) is not None
    assert shares.revoke("ada", video_id, share.share_id)
    assert not shares.revoke("ada", video_id, share.share_id)
    assert shares.find(secret) is None
    assert shares.find(kept) is not None
    assert len(shares.of_account("ada", video_id)) == 1
    assert shares.of_account("ada", other) == shares.of_account("bob") == []


def test_only_the_owners_videos_and_their_versions_are_shared(shares: Shares, video_id: str) -> None:
    for account_id, video, version in (("bob", video_id, 1), ("ada", "video-none", 1), ("ada", video_id, 2)):
        with pytest.raises(NotStored):
            shares.issue(account_id, video, version, MONTH, download=False)


def test_a_video_has_so_many_links_at_once(shares: Shares, video_id: str) -> None:
    made = [shares.issue("ada", video_id, 1, MONTH, download=False)[0] for _ in range(MOST_SHARES)]
    with pytest.raises(Conflict, match="revoke one"):
        shares.issue("ada", video_id, 1, MONTH, download=False)
    assert shares.revoke("ada", video_id, made[0].share_id)
    shares.issue("ada", video_id, 1, MONTH, download=False)


def test_a_hidden_video_shows_nothing_and_a_deleted_one_has_no_links(
    shares: Shares, video_id: str, database: Database, clock: Clock
) -> None:
    _, secret = shares.issue("ada", video_id, 1, MONTH, download=False)
    desk = DeletionStore(database, clock)
    desk.hide("ada", Shelf.VIDEO, video_id)
    assert shares.find(secret) is None, "at once, while its objects are still being deleted"
    assert shares.of_account("ada") == []
    with pytest.raises(NotStored):
        shares.issue("ada", video_id, 1, MONTH, download=False)
    desk.show("ada", Shelf.VIDEO, video_id)
    assert shares.find(secret) is not None, "the deletion was refused"
    desk.hide("ada", Shelf.VIDEO, video_id)
    desk.forget("ada", Shelf.VIDEO, video_id)
    with database.read() as connection:
        assert connection.execute(select(tables.shares)).all() == []


def test_an_erased_account_ends_its_links_first(
    shares: Shares, video_id: str, database: Database, clock: Clock
) -> None:
    _, secret = shares.issue("ada", video_id, 1, MONTH, download=False)
    account = AccountData(database, clock)
    taken = dict(account.rows("ada"))["shares"]
    assert "token_hash" not in taken[0]
    assert taken[0]["video_id"] == video_id
    account.close("ada")
    assert shares.find(secret) is None
    account.forget("ada")


def test_making_and_revoking_leave_events_without_the_secret(
    shares: Shares, video_id: str, database: Database, clock: Clock
) -> None:
    share, secret = shares.issue("ada", video_id, 1, MONTH, download=False)
    shares.revoke("ada", video_id, share.share_id)
    shares.revoke("ada", video_id, share.share_id)
    events = open_access(database, clock).events.of("ada")
    assert [one.kind for one in events] == [SecurityEventKind.SHARE_MADE, SecurityEventKind.SHARE_REVOKED]
    assert all(share.share_id in one.detail for one in events)
    assert secret not in repr(events)
