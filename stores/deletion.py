"""Deleting from the Vault: previews, and the deletion of rows.

Rows of deleted songs and videos stay as tombstones without their words: a video made of a song still refers to it,
and nothing can be delivered under a deleted video's id. Objects are deleted afterwards (`workflows/deletion.py`); the
ledger is never touched.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from models.credits import HoldState, Operation
from models.failures import NotStored
from models.footage import FootageRef
from models.ids import generate_operation_key, workflow_id_of
from models.object_keys import character_prefix, own_footage_prefix, song_prefix, video_prefix, working_copy_key
from models.orders import Order
from models.song import SongRef
from models.vault import DeletionPlan, Removal, Shelf
from stores import schema, schema_access
from stores.database import Database, utc_now


class DeletionStore:
    """Deletes things from an account's Vault.

    Args:
        database: The migrated database that the Vault uses.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def plan(self, account_id: str, shelf: Shelf, subject_id: str) -> DeletionPlan:
        """Preview a deletion.

        Args:
            account_id: The owning account.
            shelf: The shelf it is on.
            subject_id: The id of the song, video, character or footage.

        Returns:
            Counts, and a sentence to show before the deletion.

        Raises:
            NotStored: The account has no such thing.
        """
        with self._database.read() as connection:
            row = _find(connection, account_id, shelf, subject_id)
            if row is None and shelf is Shelf.VIDEO:
                return _order_plan(_order_of(connection, account_id, subject_id), subject_id)
            if row is None or row.removed_at is not None:
                raise NotStored(subject_id)
            if shelf is Shelf.SONG:
                return _song_plan(subject_id, row.title, _video_count(connection, subject_id))
            if shelf is Shelf.VIDEO:
                versions = _count(connection, schema.versions, subject_id)
                return _video_plan(subject_id, row.title, versions, _count(connection, schema.assets, subject_id))
            if shelf is Shelf.FOOTAGE:
                sentence = f"“{row.title}” leaves the Vault. Videos that show it stay exactly as they are."
                return DeletionPlan(shelf=shelf, subject_id=subject_id, title=row.title, sentence=sentence)
        sentence = f"“{row.name}” leaves the Vault. Videos that show this character stay exactly as they are."
        return DeletionPlan(shelf=shelf, subject_id=subject_id, title=row.name, sentence=sentence)

    def hide(self, account_id: str, shelf: Shelf, subject_id: str) -> None:
        """Take something off the lists, so that nothing new can use it; `show` reverses it.

        Args:
            account_id: The owning account.
            shelf: The shelf it is on.
            subject_id: The id of the song, video, character or footage; an unknown id changes nothing.
        """
        table, key = _TABLES[shelf]
        with self._database.write() as connection:
            row = _find(connection, account_id, shelf, subject_id)
            if row is not None and row.removed_at is None:
                hidden = update(table).where(table.c[key] == subject_id).values(removed_at=self._clock())
                connection.execute(hidden)

    def show(self, account_id: str, shelf: Shelf, subject_id: str) -> None:
        """Put something back on the lists, unless it has been deleted for good.

        Args:
            account_id: The owning account.
            shelf: The shelf it is on.
            subject_id: The id of the song, video, character or footage.
        """
        table, key = _TABLES[shelf]
        with self._database.write() as connection:
            row = _find(connection, account_id, shelf, subject_id)
            if row is not None and not _is_blank(row, shelf):
                connection.execute(update(table).where(table.c[key] == subject_id).values(removed_at=None))

    def drafts_in_the_making(self, account_id: str) -> list[str]:
        """The workflows that hold credits for a draft now: what they use must not be deleted.

        A run holds before it reads anything, so one that saw a song before it was hidden is found here afterwards.

        Args:
            account_id: The owning account.

        Returns:
            Workflow ids.
        """
        hold = schema.holds.c
        query = select(hold.operation_key).where(
            hold.account_id == account_id,
            hold.state == HoldState.HELD.value,
            hold.operation == Operation.GENERATE.value,
        )
        with self._database.read() as connection:
            return sorted(workflow_id_of(key) for key in connection.scalars(query))

    def forget(self, account_id: str, shelf: Shelf, subject_id: str) -> Removal:
        """Delete the words and rows of something hidden; a repetition gives the same answer.

        Args:
            account_id: The owning account.
            shelf: The shelf it is on.
            subject_id: The id of the song, video, character or footage.

        Returns:
            What is left to remove from the object store.
        """
        with self._database.write() as connection:
            row = _find(connection, account_id, shelf, subject_id)
            if row is None:
                if shelf is Shelf.VIDEO and _order_of(connection, account_id, subject_id) is not None:
                    _forget_order(connection, subject_id)
                    prefix = (video_prefix(account_id, subject_id),)
                    return Removal(shelf=shelf, subject_id=subject_id, prefixes=prefix)
                return Removal(shelf=shelf, subject_id=subject_id)
            match shelf:
                case Shelf.SONG:
                    prefixes = _forget_song(connection, account_id, row)
                case Shelf.VIDEO:
                    prefixes = _forget_video(connection, account_id, row)
                case Shelf.CHARACTER:
                    blank = {"name": "", "document": "", "search_text": "", "folded_name": f"removed {subject_id}"}
                    characters = schema.characters
                    mine = characters.c.character_id == subject_id
                    connection.execute(update(characters).where(mine).values(blank))
                    _blank_answers(connection, account_id, subject_id)
                    prefixes = (character_prefix(account_id, subject_id),)
                case Shelf.FOOTAGE:
                    prefixes = _forget_footage(connection, account_id, row)
        return Removal(shelf=shelf, subject_id=subject_id, prefixes=prefixes)


_DELETED = (
    '{"type":"urn:echonos:problem:deleted","title":"Not found","status":404,"code":"deleted",'
    '"detail":"What this request made has been deleted since; send it with a new key."}'
)

_TABLES = {
    Shelf.SONG: (schema.songs, "song_id"),
    Shelf.VIDEO: (schema.videos, "video_id"),
    Shelf.CHARACTER: (schema.characters, "character_id"),
    Shelf.FOOTAGE: (schema.footage, "footage_id"),
}


def _find(connection: Connection, account_id: str, shelf: Shelf, subject_id: str) -> Row[Any] | None:
    table, key = _TABLES[shelf]
    mine = (table.c[key] == subject_id) & (table.c.account_id == account_id)
    return connection.execute(select(table).where(mine).with_for_update()).first()


def _is_blank(row: Row[Any], shelf: Shelf) -> bool:
    return row.removed_at is not None and not (row.name if shelf is Shelf.CHARACTER else row.title)


def _count(connection: Connection, table: Any, video_id: str) -> int:
    return connection.scalar(select(func.count()).select_from(table).where(table.c.video_id == video_id)) or 0


def _video_count(connection: Connection, song_id: str) -> int:
    video = schema.videos.c
    mine = (video.song_id == song_id) & video.removed_at.is_(None)
    return connection.scalar(select(func.count()).select_from(schema.videos).where(mine)) or 0


def _song_plan(song_id: str, title: str, videos: int) -> DeletionPlan:
    sentence = f"“{title}” leaves the Vault with its upload and what was heard in it."
    if videos:
        what = "The video made of it stays" if videos == 1 else f"The {videos} videos made of it stay"
        sentence = (
            f"“{title}” leaves the Vault with its upload. {what}: playable, and open for Studio. "
            "New videos of it need the song again."
        )
    return DeletionPlan(shelf=Shelf.SONG, subject_id=song_id, title=title, videos=videos, sentence=sentence)


def _video_plan(video_id: str, title: str, versions: int, exports: int) -> DeletionPlan:
    parts = [f"{versions} version{'s' if versions != 1 else ''}"]
    if exports:
        parts.append(f"{exports} export{'s' if exports != 1 else ''} made from it")
    sentence = f"“{title}” is deleted for good: {' and '.join(parts)}. The song stays. Its credits are not given back."
    return DeletionPlan(
        shelf=Shelf.VIDEO, subject_id=video_id, title=title, versions=versions, pieces=exports, sentence=sentence
    )


def _forget_song(connection: Connection, account_id: str, row: Row[Any]) -> tuple[str, ...]:
    """Delete upload, working copy and cover; soundtrack and analysis stay as long as a video needs them."""
    songs, prefix = schema.songs, song_prefix(account_id, row.song_id)
    # The same bytes may be uploaded again, as another song with objects of its own.
    song = SongRef.model_validate_json(row.document)
    nameless = song.model_copy(update={"title": "", "artist": None, "sha256": row.song_id})
    gone = {"title": "", "search_text": "", "sha256": row.song_id, "document": nameless.model_dump_json()}
    connection.execute(update(songs).where(songs.c.song_id == row.song_id).values(gone))
    _blank_answers(connection, account_id, row.song_id)
    if not _video_count(connection, row.song_id):
        return (prefix,)
    # The copy may exist unrecorded: a repeated analysis writes it first, and may have failed since.
    copy_key = working_copy_key(account_id, row.song_id)
    return tuple(key for key in (song.source_key, copy_key, song.cover_key) if key)


def _forget_footage(connection: Connection, account_id: str, row: Row[Any]) -> tuple[str, ...]:
    """Delete the picture or clip; videos have copies of what they show."""
    table, footage_id = schema.footage, row.footage_id
    known = FootageRef.model_validate_json(row.document)
    nameless = known.model_copy(update={"title": "", "sha256": footage_id})
    blank = {"title": "", "search_text": "", "sha256": footage_id, "document": nameless.model_dump_json()}
    connection.execute(update(table).where(table.c.footage_id == footage_id).values(blank))
    _blank_answers(connection, account_id, footage_id)
    return (own_footage_prefix(account_id, footage_id),)


def _forget_video(connection: Connection, account_id: str, row: Row[Any]) -> tuple[str, ...]:
    videos, prefixes = schema.videos, [video_prefix(account_id, row.video_id)]
    for table in (schema.versions, schema.assets, schema.operations, schema_access.board_steps):
        connection.execute(delete(table).where(table.c.video_id == row.video_id))
    shares = schema_access.shares
    connection.execute(delete(shares).where(shares.c.video_id == row.video_id))
    _forget_order(connection, row.video_id)
    gone = {"title": "", "search_text": "", "brief": None}
    connection.execute(update(videos).where(videos.c.video_id == row.video_id).values(gone))
    song = schema.songs.c
    removed = connection.scalar(select(song.removed_at).where(song.song_id == row.song_id)) is not None
    if removed and not _video_count(connection, row.song_id):
        prefixes.append(song_prefix(account_id, row.song_id))
    return tuple(prefixes)


def _order_of(connection: Connection, account_id: str, video_id: str) -> Order | None:
    """An order that never got a version."""
    order = schema_access.orders.c
    query = select(order.document).where(order.account_id == account_id, order.video_id == video_id)
    document = connection.scalars(query).first()
    return None if document is None else Order.model_validate_json(document)


def _order_plan(order: Order | None, video_id: str) -> DeletionPlan:
    if order is None:
        raise NotStored(video_id)
    sentence = f"“{order.song_title}” never became a video; its order leaves the Vault. The song stays."
    return DeletionPlan(shelf=Shelf.VIDEO, subject_id=video_id, title=order.song_title, sentence=sentence)


def _forget_order(connection: Connection, video_id: str) -> None:
    """Delete the order, a version kept aside for it, and providers' answers about its pieces."""
    orders, kept, jobs = schema_access.orders, schema.undelivered, schema.provider_jobs
    drafts = schema_access.scene_drafts
    connection.execute(delete(drafts).where(drafts.c.video_id == video_id))
    connection.execute(delete(orders).where(orders.c.video_id == video_id))
    connection.execute(delete(kept).where(kept.c.operation_key == generate_operation_key(video_id)))
    # Their errors repeat prompts. An open job gets a new reason when it ends.
    ended = (jobs.c.video_id == video_id) & jobs.c.ended_at.is_not(None)
    connection.execute(update(jobs).where(ended).values(answer=None, reason=""))


def _blank_answers(connection: Connection, account_id: str, subject_id: str) -> None:
    """Blank the stored answers to repeated requests that name the deleted thing; the keys still count as used."""
    kept = schema_access.idempotency
    mine = (kept.c.account_id == account_id) & kept.c.answer.contains(f'"{subject_id}"', autoescape=True)
    connection.execute(update(kept).where(mine).values(status=404, answer=_DELETED))
