"""E-mails about drafts: which ones are due, and which were sent.

What became of a draft is read from its hold, so no run has to say it. A notice is claimed before it is sent; processes
that find it due at the same moment send it once.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from models.credits import HoldState, Operation
from models.ids import generate_operation_key, late_operation_key, video_id_of
from models.notices import MailSettings, Notice, NoticeKind
from models.orders import Order
from models.secrets import digest_secret, new_secret
from stores import schema
from stores import schema_access as tables
from stores.database import Database, utc_now

NEWS_FOR = timedelta(days=2)
"""Older endings are not reported any more: the mail server was away for too long."""

AGAIN_AFTER = timedelta(minutes=15)
"""A claim without an end is taken over: its process died, or the mail server refused."""

KEPT = timedelta(days=180)
"""How long a sent e-mail's link can end further ones."""

_T, _P = tables.notices, tables.profiles


class Notices:
    """The notices of all accounts.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def settings(self, account_id: str) -> MailSettings:
        """Which e-mails the account gets."""
        query = select(_P.c.email, _P.c.verified_at, _P.c.tell_since).where(_P.c.account_id == account_id)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return MailSettings(videos=False)
        confirmed = row.verified_at is not None and row.email is not None
        return MailSettings(videos=row.tell_since is not None, address=row.email, confirmed=confirmed)

    def choose(self, account_id: str, *, videos: bool) -> None:
        """Switch e-mails about videos on or off; what ended before they were switched on is not reported."""
        mine = _P.c.account_id == account_id
        wanted = mine & _P.c.tell_since.is_(None) if videos else mine
        with self._database.write() as connection:
            connection.execute(update(_P).where(wanted).values(tell_since=self._clock() if videos else None))

    def holder_of(self, secret: str) -> str | None:
        """The account that an e-mail's link belongs to; None if it is too old or unknown."""
        query = select(_T.c.account_id).where(_T.c.quiet_hash == digest_secret(secret))
        with self._database.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def due(
        self,
        parked: Mapping[str, str],
        boards: Mapping[str, str] = MappingProxyType({}),
        warn_after: timedelta = timedelta(days=6),
    ) -> list[Notice]:
        """What accounts that want e-mails have not been sent yet, oldest first.

        Args:
            parked: The account of each video that waits for a person.
            boards: The account of each video that waits with its storyboard.
            warn_after: A storyboard that was not answered for so long ends soon.
        """
        now = self._clock()
        with self._database.read() as connection:
            found = [*_ended(connection, now - NEWS_FOR), *_waiting(connection, NoticeKind.PARKED, parked)]
            found += _waiting(connection, NoticeKind.BOARD, boards)
            unanswered = _unanswered(connection, boards, now - warn_after)
            found += _waiting(connection, NoticeKind.BOARD_ENDS, unanswered)
            settled = _settled(connection, (one.key for one in found), now - AGAIN_AFTER)
        return [one for one in found if one.key not in settled]

    def claim(self, notice: Notice) -> str | None:
        """Claim a notice before it is sent.

        Returns:
            The secret of its link that ends further e-mails; None if another process is sending it, or has sent it.
        """
        secret, now = new_secret(), self._clock()
        row = {"quiet_hash": digest_secret(secret), "claimed_at": now}
        mine = (_T.c.notice_key == notice.key) & _T.c.sent_at.is_(None) & (_T.c.claimed_at <= now - AGAIN_AFTER)
        try:
            with self._database.write() as connection:
                if connection.execute(update(_T).where(mine).values(row)).rowcount:
                    return secret
                new = {"notice_key": notice.key, "account_id": notice.account_id}
                connection.execute(insert(_T), row | new)
        except IntegrityError:
            return None
        return secret

    def sent(self, notice: Notice) -> None:
        """Record that the mail server has accepted a notice."""
        with self._database.write() as connection:
            connection.execute(update(_T).where(_T.c.notice_key == notice.key).values(sent_at=self._clock()))

    def sweep(self) -> int:
        """Delete old rows; returns their number."""
        with self._database.write() as connection:
            return connection.execute(delete(_T).where(_T.c.claimed_at <= self._clock() - KEPT)).rowcount


def _ended(connection: Connection, since: datetime) -> list[Notice]:
    """Drafts that have ended: stored and paid, or given back without the artist's own stop."""
    hold, version, video = schema.holds.c, schema.versions.c, schema.videos.c
    query = (
        select(hold.operation_key, hold.state, hold.ended_at, _P.c.account_id, _P.c.email, _P.c.tell_since)
        .join(_P, _P.c.account_id == hold.account_id)
        .where(hold.operation == Operation.GENERATE.value, hold.ended_at > since)
        .where(_P.c.email.is_not(None), _P.c.verified_at.is_not(None), hold.ended_at > _P.c.tell_since)
        .order_by(hold.ended_at)
    )
    found = []
    for row in connection.execute(query).all():
        video_id = video_id_of(row.operation_key.removesuffix(late_operation_key("")))
        title = connection.scalar(
            select(video.title)
            .join(schema.versions, version.video_id == video.video_id)
            .where(video.video_id == video_id, video.removed_at.is_(None), version.version == 1)
        )
        if title is not None:
            found.append(_notice(NoticeKind.MADE, row, video_id, title))
        elif row.state == HoldState.RELEASED.value and not _is_stopped(connection, video_id):
            found += _of_order(connection, NoticeKind.FAILED, row, video_id)
    return found


def _unanswered(connection: Connection, boards: Mapping[str, str], since: datetime) -> dict[str, str]:
    """Those of the storyboards whose artists have ordered nothing since."""
    step = tables.board_steps.c
    last = select(step.video_id, func.max(step.accepted_at).label("at")).where(step.video_id.in_(list(boards)))
    rows = connection.execute(last.group_by(step.video_id)).all()
    return {row.video_id: boards[row.video_id] for row in rows if _utc(row.at) < since}


def _utc(moment: datetime | str) -> datetime:
    """A moment that the database computed, which SQLite returns as it is stored."""
    read = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def _waiting(connection: Connection, kind: NoticeKind, parked: Mapping[str, str]) -> list[Notice]:
    """Drafts that wait; a video with a version waits only with a Studio operation, whose artist is at work."""
    found: list[Notice] = []
    for video_id, account_id in sorted(parked.items()):
        if connection.scalar(select(schema.versions.c.version).where(schema.versions.c.video_id == video_id).limit(1)):
            continue
        person = select(_P.c.account_id, _P.c.email).where(_P.c.account_id == account_id, _P.c.email.is_not(None))
        wants = _P.c.verified_at.is_not(None) & _P.c.tell_since.is_not(None)
        row = connection.execute(person.where(wants)).first()
        if row is not None:
            found += _of_order(connection, kind, row, video_id)
    return found


def _of_order(connection: Connection, kind: NoticeKind, row: Any, video_id: str) -> list[Notice]:
    """A notice under the order's title; none where the order was deleted."""
    order = tables.orders.c
    query = select(order.document).where(order.video_id == video_id, order.account_id == row.account_id)
    document = connection.scalar(query)
    if document is None:
        return []
    return [_notice(kind, row, video_id, Order.model_validate_json(document).song_title)]


def _notice(kind: NoticeKind, row: Any, video_id: str, title: str) -> Notice:
    return Notice(kind=kind, account_id=row.account_id, video_id=video_id, email=row.email, title=title)


def _is_stopped(connection: Connection, video_id: str) -> bool:
    stop = schema.stops.c
    query = select(stop.operation_key).where(stop.operation_key == generate_operation_key(video_id))
    return connection.scalar(query) is not None


def _settled(connection: Connection, keys: Iterable[str], again: datetime) -> set[str]:
    """Those that were sent, or were claimed a moment ago."""
    busy = _T.c.sent_at.is_not(None) | (_T.c.claimed_at > again)
    query = select(_T.c.notice_key).where(_T.c.notice_key.in_(list(keys)), busy)
    return set(connection.scalars(query))
