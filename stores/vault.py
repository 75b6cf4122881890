"""Songs, videos and their versions, per account. An account can never read another's."""

from collections.abc import Mapping
from functools import partial

from sqlalchemy import Connection, and_, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from models.brief import Brief
from models.failures import Conflict, InvalidInput, NotStored, ProviderUnavailable
from models.ids import song_id_for
from models.song import FIRST_HEARD, AudioFacts, Heard, SongRef
from models.vault import TITLE_MAX_CHARS, VideoRef
from stores import schema
from stores.claims import claimed_id, is_taken
from stores.searching import folded, title_from
from stores.versions import Versions, lock_account


class Vault(Versions):
    """The Vault of all accounts.

    Args:
        database: The migrated database that the ledger uses.
        clock: Returns the current time, aware; tests pass their own.
    """

    def song_id_of(self, account_id: str, sha256: str) -> str:
        """The id of the account's song with these bytes, existing or not.

        Args:
            account_id: The owning account.
            sha256: Digest of the file.

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
            account_id: The owning account.
            facts: The intake's measurements.
            title: The artist's title; truncated if too long.
            source_key: The key of its bytes in the object store.
            cover_key: The key of its cover art, if it has any.

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
            if is_taken(connection, schema.songs.c.song_id, song_id):
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
            account_id: The owning account.
            song_id: The song.

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
        """Record what was made from a song's bytes, in one transaction.

        Args:
            account_id: The owning account.
            song_id: The song.
            analysis_key: The analysis in the object store.
            soundtrack_key: The encoded soundtrack in the object store.
            heard: The revision of the analysis; one older than the song's changes nothing, as after a reset, nor does
                one that was begun before the artist corrected the song.

        Returns:
            The song with its current keys.

        Raises:
            NotStored: The account has no such song.
        """
        new: dict[str, str | int | float | None] = {
            "heard_key": None,
            "analysis_key": analysis_key,
            "soundtrack_key": soundtrack_key,
            "analysis_revision": heard.revision,
            "analysis_version": heard.analysis_version,
        }
        if heard.copy_bytes:
            new |= {"copy_bytes": heard.copy_bytes, "duration_s": heard.duration_s}
        return self._change(account_id, song_id, new, heard.revision)

    def record_correction(
        self, account_id: str, song_id: str, analysis_key: str, heard_key: str | None, base_revision: int
    ) -> SongRef:
        """Record a corrected analysis as the song's next revision; a repetition changes nothing.

        Args:
            account_id: The owning account.
            song_id: The song.
            analysis_key: The analysis in the object store.
            heard_key: The analysis as it was heard; None: it is that one again.
            base_revision: The revision that was corrected.

        Returns:
            The song with its current keys.

        Raises:
            NotStored: The account has no such song.
            Conflict: `revision_moved`: the song has another revision by now.
        """
        with self._database.write() as connection:
            lock_account(connection, account_id)
            song = _song(connection, account_id, song_id)
            if song is None:
                raise NotStored(song_id)
            if (song.analysis_revision, song.analysis_key) == (base_revision + 1, analysis_key):
                return song
            if song.analysis_revision != base_revision:
                raise Conflict(
                    "This song was corrected or analysed meanwhile: look at it, then try again.", "revision_moved"
                )
            new = {"analysis_key": analysis_key, "heard_key": heard_key, "analysis_revision": base_revision + 1}
            return _written(connection, song.model_copy(update=new))

    def record_copy(self, account_id: str, song_id: str, copy_bytes: int) -> SongRef:
        """Record the working copy of a song from before working copies existed.

        Args:
            account_id: The owning account.
            song_id: The song.
            copy_bytes: The copy's size.

        Returns:
            The song.

        Raises:
            NotStored: The account has no such song.
        """
        return self._change(account_id, song_id, {"copy_bytes": copy_bytes})

    def _change(
        self, account_id: str, song_id: str, new: Mapping[str, str | int | float | None], revision: int | None = None
    ) -> SongRef:
        with self._database.write() as connection:
            lock_account(connection, account_id)
            song = _song(connection, account_id, song_id)
            if song is None:
                raise NotStored(song_id)
            if revision is not None and song.analysed and revision < song.analysis_revision + song.corrected:
                return song
            return _written(connection, song.model_copy(update=new))

    def video(self, account_id: str, video_id: str) -> VideoRef:
        """A video of the account.

        Args:
            account_id: The owning account.
            video_id: The video.

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
        """The brief that a video was made with, as the artist wrote it.

        Args:
            account_id: The owning account.
            video_id: The video.

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
            raise InvalidInput("This video's brief was not kept: give the brief yourself.", code="no_brief")
        return Brief.model_validate_json(row.brief)


def _song_id_of(connection: Connection, account_id: str, sha256: str) -> str:
    song = schema.songs.c
    return claimed_id(connection, song.song_id, song.sha256, sha256, partial(song_id_for, account_id, sha256))


def _song(connection: Connection, account_id: str, song_id: str) -> SongRef | None:
    song = schema.songs.c
    mine = (song.song_id == song_id) & (song.account_id == account_id) & song.removed_at.is_(None)
    document = connection.scalars(select(song.document).where(mine)).first()
    return None if document is None else SongRef.model_validate_json(document)


def _written(connection: Connection, song: SongRef) -> SongRef:
    row = schema.songs.c.song_id == song.song_id
    connection.execute(update(schema.songs).where(row).values(document=song.model_dump_json()))
    return song


def _is_listed(account_id: str, video_id: str) -> ColumnElement[bool]:
    video = schema.videos.c
    return and_(video.account_id == account_id, video.video_id == video_id, video.removed_at.is_(None))
