"""Songs, videos and their versions, per account. Nobody sees another account's."""

from collections.abc import Mapping
from itertools import count

from sqlalchemy import Connection, and_, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from models.brief import Brief
from models.failures import InvalidInput, NotStored, ProviderUnavailable
from models.routing import song_id_for
from models.song import FIRST_HEARD, AudioFacts, Heard, SongRef
from models.vault import TITLE_MAX_CHARS, VideoRef
from stores import schema
from stores.searching import folded, title_from
from stores.versions import Versions, lock_account


class Vault(Versions):
    """The Vault of all accounts.

    Args:
        database: Migrated, and the ledger's.
        clock: Tells the moment, aware; tests bring their own.
    """

    def song_id_of(self, account_id: str, sha256: str) -> str:
        """The id of the account's song with these bytes, or the one that it will get.

        Args:
            account_id: Whose.
            sha256: Of the file.

        Returns:
            The id.
        """
        with self._database.read() as connection:
            return _song_id_of(connection, account_id, sha256)

    def add_song(
        self, account_id: str, facts: AudioFacts, title: str, source_key: str, cover_key: str | None = None
    ) -> SongRef:
        """Put a song into the Vault; the same bytes are one song per account.

        Args:
            account_id: Whose.
            facts: What the intake measured.
            title: How the artist calls it; cut where it is too long.
            source_key: Where its bytes are in the object store.
            cover_key: Where its cover art is, if it brought any.

        Returns:
            The song, as it was first added.

        Raises:
            InvalidInput: There is no such account.
            ProviderUnavailable: The same song is just being deleted.
        """
        title = title_from(title[:TITLE_MAX_CHARS])
        with self._database.write() as connection:
            lock_account(connection, account_id)
            song_id = _song_id_of(connection, account_id, facts.sha256)
            known = _song(connection, account_id, song_id)
            if known is not None:
                return known
            if _exists(connection, song_id):
                raise ProviderUnavailable("This song is just being deleted: try again in a moment.")
            song = SongRef(
                song_id=song_id,
                account_id=account_id,
                title=title,
                artist=facts.artist,
                sha256=facts.sha256,
                source_key=source_key,
                size_bytes=facts.size_bytes,
                duration_s=facts.duration_s,
                container=facts.container,
                cover_key=cover_key,
                copy_bytes=facts.copy_bytes,
            )
            row = {"song_id": song_id, "account_id": account_id, "sha256": song.sha256, "title": title}
            extra = {"document": song.model_dump_json(), "added_at": self._clock()}
            found_by = {"search_text": folded(title, song.artist)}
            connection.execute(insert(schema.songs), row | extra | found_by)
        return song

    def song(self, account_id: str, song_id: str) -> SongRef:
        """A song of the account.

        Args:
            account_id: Whose.
            song_id: Which.

        Returns:
            The song.

        Raises:
            NotStored: The account has no such song.
        """
        with self._database.read() as connection:
            song = _song(connection, account_id, song_id)
        if song is None:
            raise NotStored(song_id)
        return song

    def record_analysis(
        self, account_id: str, song_id: str, analysis_key: str, soundtrack_key: str, heard: Heard = FIRST_HEARD
    ) -> SongRef:
        """Remember what was made of a song's bytes, in one transaction.

        Args:
            account_id: Whose.
            song_id: Which.
            analysis_key: The analysis in the object store.
            soundtrack_key: The encoded soundtrack in the object store.
            heard: Its revision; one that is older than the song's changes nothing, as when a run is reset.

        Returns:
            The song with the keys that it has now.

        Raises:
            NotStored: The account has no such song.
        """
        new: dict[str, str | int | float] = {
            "analysis_key": analysis_key,
            "soundtrack_key": soundtrack_key,
            "analysis_revision": heard.revision,
            "analysis_version": heard.analysis_version,
        }
        if heard.copy_bytes:
            new |= {"copy_bytes": heard.copy_bytes, "duration_s": heard.duration_s}
        return self._change(account_id, song_id, new, heard.revision)

    def record_copy(self, account_id: str, song_id: str, copy_bytes: int) -> SongRef:
        """Remember that a song from before there were working copies has one.

        Args:
            account_id: Whose.
            song_id: Which.
            copy_bytes: The copy's size.

        Returns:
            The song.

        Raises:
            NotStored: The account has no such song.
        """
        return self._change(account_id, song_id, {"copy_bytes": copy_bytes})

    def _change(
        self, account_id: str, song_id: str, new: Mapping[str, str | int | float], revision: int | None = None
    ) -> SongRef:
        with self._database.write() as connection:
            lock_account(connection, account_id)
            song = _song(connection, account_id, song_id)
            if song is None:
                raise NotStored(song_id)
            if revision is not None and song.analysed and revision < song.analysis_revision:
                return song
            song = song.model_copy(update=new)
            table = schema.songs
            connection.execute(update(table).where(table.c.song_id == song_id).values(document=song.model_dump_json()))
        return song

    def video(self, account_id: str, video_id: str) -> VideoRef:
        """A video of the account.

        Args:
            account_id: Whose.
            video_id: Which.

        Returns:
            The video.

        Raises:
            NotStored: The account has no such video, or it has no version yet.
        """
        version = schema.versions.c
        latest = select(func.max(version.version)).where(version.video_id == video_id).scalar_subquery()
        query = select(schema.videos, latest.label("latest_version")).where(_is_listed(account_id, video_id))
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None or row.latest_version is None:
            raise NotStored(video_id)
        return VideoRef.model_validate(dict(row._mapping))

    def brief(self, account_id: str, video_id: str) -> Brief:
        """The brief that a video was made with, as the artist gave it.

        Args:
            account_id: Whose.
            video_id: Which.

        Returns:
            The brief.

        Raises:
            NotStored: The account has no such video.
            InvalidInput: The video was made before briefs were kept.
        """
        with self._database.read() as connection:
            row = connection.execute(select(schema.videos.c.brief).where(_is_listed(account_id, video_id))).first()
        if row is None:
            raise NotStored(video_id)
        if row.brief is None:
            raise InvalidInput("This video's brief was not kept: say yourself what to make.", code="no_brief")
        return Brief.model_validate_json(row.brief)


def _song_id_of(connection: Connection, account_id: str, sha256: str) -> str:
    song = schema.songs.c
    for edition in count():
        song_id = song_id_for(account_id, sha256, edition)
        # A deleted song has given its bytes back, see `stores/removal.py`.
        if connection.scalar(select(song.sha256).where(song.song_id == song_id)) in (None, sha256):
            break
    return song_id


def _exists(connection: Connection, song_id: str) -> bool:
    song = schema.songs.c
    return connection.scalar(select(song.song_id).where(song.song_id == song_id)) is not None


def _song(connection: Connection, account_id: str, song_id: str) -> SongRef | None:
    song = schema.songs.c
    mine = (song.song_id == song_id) & (song.account_id == account_id) & song.removed_at.is_(None)
    document = connection.scalars(select(song.document).where(mine)).first()
    return None if document is None else SongRef.model_validate_json(document)


def _is_listed(account_id: str, video_id: str) -> ColumnElement[bool]:
    video = schema.videos.c
    return and_(video.account_id == account_id, video.video_id == video_id, video.removed_at.is_(None))
