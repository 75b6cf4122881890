"""What became of drafts, as their holds say it: who gets which e-mail, once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from models.boards import BoardKind
from models.brief import Brief
from models.credits import GrantRequest, GrantSource, HoldRequest, Operation, SettleRequest
from models.ids import generate_operation_key, video_id_for
from models.notices import NoticeKind
from models.orders import Order
from models.profiles import ProfileName
from models.vault import Shelf
from stores import schema_access as tables
from stores.access import open_access
from stores.boards import Boards
from stores.database import Database
from stores.deletion import DeletionStore
from stores.ledger import Ledger
from stores.notices import AGAIN_AFTER, KEPT, NEWS_FOR, Notices
from stores.orders import Orders
from stores.vault import Vault
from tests.fakes.clock import Clock
from tests.stores.test_vault import FACTS, timeline_of

MADE, FAILED, PARKED = NoticeKind.MADE, NoticeKind.FAILED, NoticeKind.PARKED


class Artist:
    """An account with a confirmed address, and what becomes of its drafts."""

    def __init__(self, database: Database, clock: Clock, email: str = "ada@example.org") -> None:
        self.access = open_access(database, clock)
        self.database, self.clock = database, clock
        self.ledger, self.vault, self.orders = Ledger(database, clock), Vault(database, clock), Orders(database)
        self.account_id = self.access.profiles.sign_up(email, "correct horse battery").account_id
        assert self.access.profiles.verify(self.account_id)
        self.song = self.vault.add_song(self.account_id, FACTS, "Neon", "key")

    @property
    def notices(self) -> Notices:
        return self.access.notices

    def order(self) -> str:
        """A draft whose credits are held."""
        self.clock.forward(seconds=1)
        video_id, account_id = video_id_for(self.account_id, uuid4().hex), self.account_id
        self.ledger.grant(GrantRequest(account_id=account_id, key=video_id, amount=200, source=GrantSource.GOODWILL))
        key = generate_operation_key(video_id)
        self.ledger.hold(HoldRequest(account_id=account_id, operation=Operation.GENERATE, operation_key=key))
        self.orders.add(
            Order(
                video_id=video_id,
                account_id=account_id,
                song_id=self.song.song_id,
                song_title="Neon",
                brief=Brief(style="film-noir", prompt="a private thought"),
                profile=ProfileName.TINY,
                ordered_at=self.clock.now,
            )
        )
        return video_id

    def settle(self, video_id: str) -> str:
        """Its credits are taken or given back."""
        self.clock.forward(seconds=1)
        key = generate_operation_key(video_id)
        self.ledger.settle(SettleRequest(account_id=self.account_id, operation_key=key))
        return video_id

    def made(self) -> str:
        """A draft that is ready."""
        video_id = self.order()
        timeline = timeline_of(self.song.song_id, video_id)
        key = generate_operation_key(video_id)
        assert self.vault.deliver_version(self.account_id, key, timeline, "Rain", "film-noir")
        return self.settle(video_id)

    def due(self, *parked: str) -> list[tuple[NoticeKind, str]]:
        found = self.notices.due(dict.fromkeys(parked, self.account_id))
        return [(one.kind, one.video_id) for one in found]


@pytest.fixture
def artist(database: Database, clock: Clock) -> Artist:
    return Artist(database, clock)


def test_what_became_of_a_draft_is_due_once(artist: Artist) -> None:
    made, failed, running, parked = artist.made(), artist.settle(artist.order()), artist.order(), artist.order()
    assert artist.due() == [(MADE, made), (FAILED, failed)]
    assert artist.due(parked) == [(MADE, made), (FAILED, failed), (PARKED, parked)]
    found = artist.notices.due({parked: artist.account_id})
    assert {(one.email, one.account_id) for one in found} == {("ada@example.org", artist.account_id)}
    assert [one.title for one in found] == ["Rain", "Neon", "Neon"]
    assert "private" not in repr(found)
    for one in found:
        assert artist.notices.claim(one) is not None
        artist.notices.sent(one)
    assert artist.due(parked) == []
    # A parked draft that is made later is another event.
    artist.settle(parked)
    assert artist.due() == [(FAILED, parked)]
    assert running


def test_a_storyboard_waits_and_later_ends_soon(artist: Artist, database: Database, clock: Clock) -> None:
    video_id, boards = artist.order(), Boards(database, clock)
    boards.add(artist.account_id, video_id, "laid-0", BoardKind.LAID, "laid-0", 0, "key")

    def due() -> list[NoticeKind]:
        found = artist.notices.due({}, {video_id: artist.account_id}, timedelta(days=6))
        return [one.kind for one in found if one.video_id == video_id]

    assert due() == [NoticeKind.BOARD]
    clock.forward(days=5)
    boards.add(artist.account_id, video_id, "edit", BoardKind.EDIT, "edit", 1, "key")
    clock.forward(days=5)
    assert due() == [NoticeKind.BOARD], "an answer begins the time anew"
    clock.forward(days=2)
    assert due() == [NoticeKind.BOARD, NoticeKind.BOARD_ENDS]


def test_what_the_artist_did_is_not_reported(artist: Artist, database: Database, clock: Clock) -> None:
    stopped = artist.order()
    artist.ledger.stop(artist.account_id, generate_operation_key(stopped), 200)
    artist.settle(stopped)
    deleted, order = artist.made(), artist.settle(artist.order())
    desk = DeletionStore(database, clock)
    for video_id in (deleted, order):
        desk.hide(artist.account_id, Shelf.VIDEO, video_id)
        desk.forget(artist.account_id, Shelf.VIDEO, video_id)
    assert artist.due() == []
    # A Studio operation that waits has an artist beside it.
    made = artist.made()
    assert artist.due(made) == [(MADE, made)]


@pytest.mark.parametrize("lacking", ["off", "unconfirmed", "no address", "older account"])
def test_only_accounts_that_want_them_get_them(artist: Artist, lacking: str) -> None:
    kinds: dict[str, dict[str, object]] = {"unconfirmed": {"verified_at": None}, "no address": {"email": None}}
    values = kinds.get(lacking, {})
    if lacking == "off":
        artist.notices.choose(artist.account_id, videos=False)
    elif lacking == "older account":
        values = {"tell_since": None}
    if values:
        with artist.database.write() as connection:
            connection.execute(update(tables.profiles).values(values))
    artist.made()
    assert artist.due(artist.order()) == []
    wanted = artist.notices.settings(artist.account_id)
    assert (wanted.videos, wanted.confirmed) == (
        lacking in {"unconfirmed", "no address"},
        not values or lacking == "older account",
    )


def test_what_ended_before_they_were_wanted_is_old(artist: Artist) -> None:
    artist.notices.choose(artist.account_id, videos=False)
    artist.made()
    artist.clock.forward(seconds=1)
    artist.notices.choose(artist.account_id, videos=True)
    assert artist.due() == []
    later = artist.made()
    artist.notices.choose(artist.account_id, videos=True)
    assert artist.due() == [(MADE, later)], "asking twice forgets nothing"
    artist.clock.now += NEWS_FOR
    assert artist.due() == []


def test_a_claim_is_one_processs_and_is_taken_over_when_it_ends_nowhere(artist: Artist) -> None:
    artist.made()
    (notice,) = artist.notices.due({})
    other = open_access(artist.database, artist.clock).notices
    first = artist.notices.claim(notice)
    assert first is not None
    assert other.claim(notice) is None
    assert artist.due() == []
    artist.clock.now += AGAIN_AFTER
    assert other.due({}) == [notice]
    second = other.claim(notice)
    assert second is not None
    assert artist.notices.claim(notice) is None
    other.sent(notice)
    artist.clock.now += 2 * AGAIN_AFTER
    assert artist.notices.claim(notice) is None
    assert artist.due() == []
    assert other.holder_of(second) == artist.account_id
    assert other.holder_of(first) is None, "that e-mail was never accepted"
    assert other.holder_of("") is None


def test_links_in_old_emails_work_for_long_and_then_go(artist: Artist) -> None:
    artist.made()
    (notice,) = artist.notices.due({})
    secret = artist.notices.claim(notice)
    assert secret is not None
    artist.notices.sent(notice)
    artist.clock.now += KEPT - timedelta(seconds=1)
    artist.access.profiles.set_password(artist.account_id, "another horse battery")
    assert artist.notices.sweep() == 0
    assert artist.notices.holder_of(secret) == artist.account_id, "a new password does not bring them back"
    artist.clock.forward(seconds=1)
    assert artist.notices.sweep() == 1
