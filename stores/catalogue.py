"""An account's Vault: lists with search and pages, and new titles.

Deleted songs and videos appear on no list; see `stores/deletion.py`.
"""

from sqlalchemy import Connection, Row, func, select, update

from models.failures import NotStored
from models.song import SongRef
from models.vault import ExportRef, PageQuery, SongPage, VideoPage, VideoRef
from stores import schema
from stores.database import Database
from stores.searching import folded, matching, page_of, title_from

_VERSIONS = (
    select(schema.versions.c.video_id, func.max(schema.versions.c.version).label("latest_version"))
    .group_by(schema.versions.c.video_id)
    .subquery()
)


class Catalogue:
    """The lists of all accounts.

    Args:
        database: The migrated database that the Vault uses.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def songs(self, account_id: str, page: PageQuery | None = None) -> SongPage:
        """The account's songs, newest first.

        Args:
            account_id: The owning account.
            page: The search in title and artist, and the page; None means the first page of all songs.

        Returns:
            One page.

        Raises:
            NotFound: The cursor is not one of this list.
        """
        page, song = page or PageQuery(), schema.songs.c
        query = select(schema.songs).where(
            song.account_id == account_id, song.removed_at.is_(None), matching(song.search_text, page.search)
        )
        with self._database.read() as connection:
            rows, cursor = page_of(connection, query, page, song.added_at, song.song_id)
        songs = tuple(SongRef.model_validate_json(row.document) for row in rows)
        return SongPage(songs=songs, next_cursor=cursor)

    def videos(self, account_id: str, page: PageQuery | None = None, song_id: str | None = None) -> VideoPage:
        """The account's videos that have a version, newest first.

        Args:
            account_id: The owning account.
            page: The search in title and style, and the page; None means the first page of all videos.
            song_id: Only videos made of this song.

        Returns:
            One page.

        Raises:
            NotFound: The cursor is not one of this list.
        """
        page, video = page or PageQuery(), schema.videos.c
        query = (
            select(schema.videos, _VERSIONS.c.latest_version)
            .join(_VERSIONS, _VERSIONS.c.video_id == video.video_id)
            .where(video.account_id == account_id, video.removed_at.is_(None), matching(video.search_text, page.search))
        )
        if song_id is not None:
            query = query.where(video.song_id == song_id)
        with self._database.read() as connection:
            rows, cursor = page_of(connection, query, page, video.created_at, video.video_id)
        return VideoPage(videos=tuple(_video(row) for row in rows), next_cursor=cursor)

    def rename_song(self, account_id: str, song_id: str, title: str) -> SongRef:
        """Give a song another title; videos made of it keep theirs.

        Args:
            account_id: The owning account.
            song_id: The song.
            title: The new title.

        Returns:
            The song.

        Raises:
            InvalidInput: The title is empty or too long.
            NotStored: The account has no such song.
        """
        title, table = title_from(title), schema.songs
        mine = (table.c.song_id == song_id) & (table.c.account_id == account_id) & table.c.removed_at.is_(None)
        with self._database.write() as connection:
            document = connection.scalars(select(table.c.document).where(mine).with_for_update()).first()
            if document is None:
                raise NotStored(song_id)
            song = SongRef.model_validate_json(document).model_copy(update={"title": title})
            values = {"title": title, "document": song.model_dump_json(), "search_text": folded(title, song.artist)}
            connection.execute(update(table).where(mine).values(values))
        return song

    def rename_video(self, account_id: str, video_id: str, title: str) -> VideoRef:
        """Give a video another title.

        Args:
            account_id: The owning account.
            video_id: The video.
            title: The new title.

        Returns:
            The video.

        Raises:
            InvalidInput: The title is empty or too long.
            NotStored: The account has no such video.
        """
        title, table = title_from(title), schema.videos
        with self._database.write() as connection:
            video = _find_video(connection, account_id, video_id)
            values = {"title": title, "search_text": video_search_text(title, video.style)}
            connection.execute(update(table).where(table.c.video_id == video_id).values(values))
        return video.model_copy(update={"title": title})

    def add_export(self, asset: ExportRef) -> ExportRef:
        """List an export that was made from a video; listing it again changes nothing.

        Args:
            asset: The export, whose file is in the object store already.

        Returns:
            The export as it was first listed.

        Raises:
            NotStored: The account has no such video (any more).
        """
        table = schema.assets
        with self._database.write() as connection:
            _find_video(connection, asset.account_id, asset.video_id, lock=True)
            known = connection.scalars(select(table.c.document).where(table.c.asset_id == asset.asset_id)).first()
            if known is not None:
                return ExportRef.model_validate_json(known)
            row = asset.model_dump(include={"asset_id", "account_id", "video_id", "made_at"})
            extra = {"kind": asset.kind.value, "document": asset.model_dump_json()}
            connection.execute(table.insert().values(row | extra))
        return asset

    def export(self, account_id: str, asset_id: str) -> ExportRef:
        """An export of the account's.

        Args:
            account_id: The owning account.
            asset_id: The export.

        Returns:
            The export.

        Raises:
            NotStored: The account has no such export.
        """
        asset = schema.assets.c
        query = select(asset.document).where(asset.asset_id == asset_id, asset.account_id == account_id)
        with self._database.read() as connection:
            document = connection.scalars(query).first()
        if document is None:
            raise NotStored(asset_id)
        return ExportRef.model_validate_json(document)

    def exports(self, account_id: str, video_id: str) -> list[ExportRef]:
        """The exports made from a video, newest first.

        Args:
            account_id: The owning account.
            video_id: The video.

        Returns:
            The exports; empty if the account has no such video.
        """
        asset = schema.assets.c
        mine = (asset.account_id == account_id) & (asset.video_id == video_id)
        query = select(asset.document).where(mine).order_by(asset.made_at.desc(), asset.asset_id)
        with self._database.read() as connection:
            return [ExportRef.model_validate_json(document) for document in connection.scalars(query)]


def video_search_text(title: str, style: str) -> str:
    """The text in which a search looks for a video."""
    return folded(title, style.replace("-", " "))


def _find_video(connection: Connection, account_id: str, video_id: str, *, lock: bool = False) -> VideoRef:
    video = schema.videos.c
    mine = (video.account_id == account_id) & (video.video_id == video_id) & video.removed_at.is_(None)
    if lock:
        # A concurrent deletion waits for this lock, and then sees what was added.
        connection.execute(select(video.video_id).where(mine).with_for_update())
    query = select(schema.videos, _VERSIONS.c.latest_version)
    query = query.join(_VERSIONS, _VERSIONS.c.video_id == video.video_id).where(mine)
    row = connection.execute(query).first()
    if row is None:
        raise NotStored(video_id)
    return _video(row)


def _video(row: Row[tuple[object, ...]]) -> VideoRef:
    return VideoRef.model_validate(dict(row._mapping))
