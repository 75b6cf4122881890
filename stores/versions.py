"""A video's versions: manifests under the key of the operation that made them. Immutable once stored.

A version is stored only while its operation's hold stands, in one transaction, because the ledger shares the database.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from models.brief import Brief
from models.credits import HoldRequest, HoldState, Settlement, SettleRequest
from models.failures import InvalidInput, NotStored
from models.ids import late_operation_key
from models.timeline import Timeline
from models.vault import VersionRef
from stores import schema
from stores.cancellations import find_stop
from stores.catalogue import video_search_text
from stores.database import Database, utc_now
from stores.holds import end_hold, find_hold, place_hold
from stores.postings import AccountPostings


class Versions:
    """The versions of all accounts' videos; the base class of the Vault.

    Args:
        database: The migrated database that the ledger uses.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def deliver_version(
        self,
        account_id: str,
        operation_key: str,
        timeline: Timeline,
        title: str,
        style: str,
        brief: Brief | None = None,
    ) -> bool:
        """Store a version if the operation's hold still stands, in one transaction.

        A version whose hold was released before is kept aside, on no list, for `settle_late`.

        Args:
            account_id: The owning account.
            operation_key: The operation that made it; a repetition changes nothing.
            timeline: The version.
            title: The video's title; the first version's stays.
            style: The slug of its style.
            brief: The artist's brief; kept with the first version.

        Returns:
            True if it is stored, False if the hold no longer stands or the artist has stopped the run.

        Raises:
            InvalidInput: The song or video is not the account's, or the version's number is another operation's.
        """
        with self._database.write() as connection:
            lock_account(connection, account_id)
            told = None if brief is None else brief.model_dump_json()
            if _is_stored(connection, operation_key, timeline):
                return True
            hold = find_hold(connection, account_id, operation_key)
            stands = hold is not None and hold.state is not HoldState.RELEASED
            if stands and find_stop(connection, operation_key) is None:
                _store(connection, account_id, operation_key, timeline, title, style, told, self._clock())
                return True
            table = schema.undelivered
            known = select(table.c.operation_key).where(table.c.operation_key == operation_key)
            if connection.execute(known).first() is None:
                row = {"operation_key": operation_key, "account_id": account_id, "title": title, "style": style}
                extra = {"timeline": timeline.model_dump_json(), "brief": told, "kept_at": self._clock()}
                connection.execute(insert(table), row | extra)
            return False

    def settle_late(self, request: HoldRequest) -> Settlement:
        """Deliver a version kept aside: hold again, capture and list it, in one transaction.

        Args:
            request: The operation's first request; the new hold gets a key of its own, `…/late`.

        Returns:
            `captured`, also when repeated.

        Raises:
            InsufficientCredits: The balance is short; the version stays unlisted.
            NotStored: No version was kept aside under this operation.
        """
        late_key = late_operation_key(request.operation_key)
        late = request.model_copy(update={"operation_key": late_key, "quoted": None})
        settle = SettleRequest(account_id=request.account_id, operation_key=late_key, reason="delivered late")
        with self._database.write() as connection:
            now = self._clock()
            postings = AccountPostings.open(connection, request.account_id, now)
            if find_hold(connection, request.account_id, late_key) is not None:
                return end_hold(postings, settle, None)
            hold = find_hold(connection, request.account_id, request.operation_key)
            if hold is not None and hold.state is HoldState.HELD:
                raise InvalidInput("This video was stopped before it was finished.", code="stopped")
            table = schema.undelivered
            mine = (table.c.operation_key == request.operation_key) & (table.c.account_id == request.account_id)
            kept = connection.execute(select(table).where(mine)).first()
            if kept is None:
                raise NotStored(request.operation_key)
            place_hold(postings, late)
            settlement = end_hold(postings, settle, None)
            timeline = Timeline.model_validate_json(kept.timeline)
            key, words = request.operation_key, (kept.title, kept.style, kept.brief)
            _store(connection, request.account_id, key, timeline, *words, now)
            connection.execute(delete(table).where(mine))
            return settlement

    def versions(self, account_id: str, video_id: str) -> list[VersionRef]:
        """A video's versions, first to last.

        Args:
            account_id: The owning account.
            video_id: The video.

        Returns:
            Its versions.

        Raises:
            NotStored: The account has no such video.
        """
        video, version = schema.videos.c, schema.versions.c
        query = (
            select(schema.versions)
            .join(schema.videos, video.video_id == version.video_id)
            .where(video.account_id == account_id, video.video_id == video_id)
            .order_by(version.version)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        if not rows:
            raise NotStored(video_id)
        return [
            VersionRef(
                video_id=video_id,
                version=row.version,
                stored_at=row.stored_at,
                video_key=Timeline.model_validate_json(row.timeline).video_key,
            )
            for row in rows
        ]

    def is_delivered(self, account_id: str, video_id: str) -> bool:
        """Whether any version of the video is stored.

        Args:
            account_id: The owning account.
            video_id: The video.
        """
        video, version = schema.videos.c, schema.versions.c
        query = (
            select(version.version)
            .join(schema.videos, video.video_id == version.video_id)
            .where(video.account_id == account_id, video.video_id == video_id)
        )
        with self._database.read() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def timeline(self, account_id: str, video_id: str, version: int | None = None) -> Timeline:
        """The timeline of a version.

        Args:
            account_id: The owning account.
            video_id: The video.
            version: The version's number; None means the latest.

        Returns:
            The timeline.

        Raises:
            NotStored: The account has no such video or version.
        """
        with self._database.read() as connection:
            found = read_timeline(connection, account_id, video_id, version)
        if found is None:
            raise NotStored(video_id if version is None else f"{video_id} version {version}")
        return found


def lock_account(connection: Connection, account_id: str) -> None:
    """Lock an account until the transaction ends; raises `InvalidInput` if it does not exist."""
    account = schema.accounts.c
    query = select(account.account_id).where(account.account_id == account_id).with_for_update()
    if connection.execute(query).first() is None:
        raise InvalidInput(f"There is no account {account_id!r}; open it first.", code="unknown_account")


def read_timeline(
    connection: Connection, account_id: str, video_id: str, version: int | None = None
) -> Timeline | None:
    """The timeline of a version, by default the latest; None if the account has no such video or version."""
    video, line = schema.videos.c, schema.versions.c
    query = (
        select(line.timeline)
        .join(schema.videos, video.video_id == line.video_id)
        .where(video.account_id == account_id, video.video_id == video_id)
        .order_by(line.version.desc())
    )
    if version is not None:
        query = query.where(line.version == version)
    document = connection.scalars(query.limit(1)).first()
    return None if document is None else Timeline.model_validate_json(document)


def insert_version(connection: Connection, operation_key: str, timeline: Timeline, now: datetime) -> None:
    """Store a further version of an existing video."""
    line = {"video_id": timeline.video_id, "version": timeline.version, "operation_key": operation_key}
    connection.execute(insert(schema.versions), line | {"timeline": timeline.model_dump_json(), "stored_at": now})


def _is_stored(connection: Connection, operation_key: str, timeline: Timeline) -> bool:
    version = schema.versions.c
    here = (version.video_id == timeline.video_id) & (version.version == timeline.version)
    rows: list[Any] = list(
        connection.execute(
            select(version.operation_key, version.video_id, version.version).where(
                here | (version.operation_key == operation_key)
            )
        )
    )
    if not rows:
        return False
    if [tuple(row) for row in rows] == [(operation_key, timeline.video_id, timeline.version)]:
        return True
    raise InvalidInput(
        f"Version {timeline.version} of {timeline.video_id} belongs to another operation.", code="version_taken"
    )


def _store(
    connection: Connection,
    account_id: str,
    operation_key: str,
    timeline: Timeline,
    title: str,
    style: str,
    brief: str | None,
    now: datetime,
) -> None:
    video = schema.videos.c
    known_video = select(video.account_id, video.removed_at).where(video.video_id == timeline.video_id)
    there = connection.execute(known_video).first()
    if there is None:
        song = schema.songs.c
        known = select(song.song_id).where(song.song_id == timeline.song_id, song.account_id == account_id)
        if connection.execute(known).first() is None:
            raise InvalidInput(f"The account has no song {timeline.song_id!r}.", code="unknown_song")
        row = {"video_id": timeline.video_id, "account_id": account_id, "song_id": timeline.song_id}
        words = {"title": title, "style": style, "search_text": video_search_text(title, style), "brief": brief}
        connection.execute(insert(schema.videos), row | words | {"created_at": now})
    elif there.account_id != account_id or there.removed_at is not None:
        raise InvalidInput(f"The account has no video {timeline.video_id!r}.", code="unknown_video")
    insert_version(connection, operation_key, timeline, now)
