"""Share links. A link's secret is stored as a digest; its row ends with the link, the video or the account."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from models.access import SecurityEventKind
from models.failures import Conflict, NotStored
from models.secrets import digest_secret, new_secret
from models.shares import MOST_SHARES, Share
from stores import schema
from stores import schema_access as tables
from stores.database import Database, utc_now
from stores.security_events import SecurityEvents
from stores.versions import lock_account

_T = tables.shares


@dataclass(frozen=True)
class OwnedShare:
    """A link with the account whose video it shows."""

    account_id: str
    share: Share


class Shares:
    """The share links of all accounts. Each link that is made or revoked leaves a security event.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._events = SecurityEvents(database, clock)

    def issue(
        self, account_id: str, video_id: str, version: int, lasts: timedelta, *, download: bool
    ) -> tuple[Share, str]:
        """Make a link.

        Args:
            account_id: The owning account.
            video_id: The video.
            version: The version that the link shows.
            lasts: How long it works.
            download: Whether its page offers the file.

        Returns:
            The link, and its secret, which is never shown again.

        Raises:
            NotStored: The account has no such video or version.
            Conflict: The video has as many links as it may have.
        """
        secret, now = new_secret(), self._clock()
        share = Share(
            share_id=f"share-{uuid4().hex[:20]}",
            video_id=video_id,
            version=version,
            download=download,
            created_at=now,
            expires_at=now + lasts,
        )
        with self._database.write() as connection:
            lock_account(connection, account_id)
            video, made = schema.videos.c, schema.versions.c
            is_there = (
                select(made.version)
                .join(schema.videos, video.video_id == made.video_id)
                .where(made.video_id == video_id, made.version == version, video.account_id == account_id)
                .where(video.removed_at.is_(None))
            )
            if connection.execute(is_there).first() is None:
                raise NotStored(video_id)
            standing = select(func.count()).select_from(_T).where(_T.c.video_id == video_id, self._works())
            if connection.execute(standing).scalar_one() >= MOST_SHARES:
                raise Conflict(
                    f"This video has {MOST_SHARES} links that work: revoke one of them first.", "many_shares"
                )
            row = share.model_dump() | {"account_id": account_id, "token_hash": digest_secret(secret)}
            connection.execute(insert(_T), row)
            told = f"{share.share_id} of {video_id}, version {version}"
            self._events.note_within(connection, SecurityEventKind.SHARE_MADE, account_id, told)
        return share, secret

    def find(self, secret: str) -> OwnedShare | None:
        """The link with a secret; None if it is revoked, expired or unknown, or its video is deleted."""
        return self._one((_T.c.token_hash == digest_secret(secret)) & self._works())

    def find_by_id(self, share_id: str) -> OwnedShare | None:
        """The link with an id, if it works."""
        return self._one((_T.c.share_id == share_id) & self._works())

    def of_account(self, account_id: str, video_id: str | None = None) -> list[Share]:
        """The account's links that work, newest first.

        Args:
            account_id: The account.
            video_id: Only those of this video.
        """
        mine = (_T.c.account_id == account_id) & self._works()
        if video_id is not None:
            mine &= _T.c.video_id == video_id
        query = _listed().where(mine).order_by(_T.c.created_at.desc(), _T.c.share_id)
        with self._database.read() as connection:
            return [_share(row) for row in connection.execute(query)]

    def revoke(self, account_id: str, video_id: str, share_id: str) -> bool:
        """Revoke a link at once; False if the video has no such link that works."""
        mine = (_T.c.account_id == account_id) & (_T.c.video_id == video_id) & (_T.c.share_id == share_id)
        with self._database.write() as connection:
            ended = update(_T).where(mine & self._works()).values(revoked_at=self._clock())
            if not connection.execute(ended).rowcount:
                return False
            self._events.note_within(connection, SecurityEventKind.SHARE_REVOKED, account_id, share_id)
        return True

    def sweep(self) -> int:
        """Delete the rows of links that no longer work; returns their number."""
        over = _T.c.revoked_at.is_not(None) | (_T.c.expires_at <= self._clock())
        with self._database.write() as connection:
            return connection.execute(delete(_T).where(over)).rowcount

    def _works(self) -> ColumnElement[bool]:
        return _T.c.revoked_at.is_(None) & (_T.c.expires_at > self._clock())

    def _one(self, which: ColumnElement[bool]) -> OwnedShare | None:
        with self._database.read() as connection:
            row = connection.execute(_listed().where(which)).first()
        return None if row is None else OwnedShare(row.account_id, _share(row))


def _listed() -> Any:
    """Links of videos that are not deleted; one that is being deleted is gone at once."""
    video = schema.videos.c
    return (
        select(_T)
        .join(schema.videos, (video.video_id == _T.c.video_id) & (video.account_id == _T.c.account_id))
        .where(video.removed_at.is_(None))
    )


def _share(row: Row[Any]) -> Share:
    return Share.model_validate(dict(row._mapping))
