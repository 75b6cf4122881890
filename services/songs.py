"""Songs: check a file, add it with title and cover art, rename it, read its analysis."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from engines.intake.inspection import IntakeLimits, inspect_song, too_big
from engines.intake.pictures import extract_cover
from engines.intake.refusals import clock
from engines.intake.wave import flac_bytes
from models import disk
from models.failures import InvalidInput, NotFound, NotStored
from models.object_keys import song_prefix, staged_key, waveform_key, working_copy_key
from models.song import AudioFacts, SongAnalysis, SongRef
from models.vault import PageQuery, SongPage
from models.waveform import Waveform, waveform_of
from services.app import App
from services.failures import missing_is
from settings import Settings
from stores.searching import title_found, title_from

__all__ = ["clock"]

MOST_SONG_BYTES = IntakeLimits().max_size_bytes
HEAD_BYTES = 4_096
"""These first bytes of a WAV say how large its FLAC will be."""

NOT_ANALYSED = "not_analysed_yet"
_COPY_TYPE = "audio/flac"


@dataclass(frozen=True)
class CheckedSong:
    """A file that the intake accepted.

    Attributes:
        path: The file.
        facts: The intake's measurements.
        filename: The artist's file name; empty: the path's own name.
        wanted_title: The artist's title, if any.
        copy: The working copy; None: later steps read the artist's file.
        cover: The cover art as a JPEG, if the file has any.
    """

    path: Path
    facts: AudioFacts
    filename: str = ""
    wanted_title: str | None = None
    copy: Path | None = None
    cover: Path | None = None
    folder: "tempfile.TemporaryDirectory[str] | None" = field(default=None, repr=False)
    """Holds copy and cover where the caller named no folder; deleted with this object."""

    @property
    def title(self) -> str:
        """The artist's title, or else the file's tag, or else the file's name."""
        return title_found(self.wanted_title, self.facts.title, Path(self.filename or self.path.name).stem)


def demo_song(settings: Settings) -> Path:
    """The demo song in the data folder; composed at first use."""
    from engines.demo_song.rendering import render_demo_song  # late: only the demo needs it

    path = settings.home / "demo-song.flac"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part.flac")
        render_demo_song(unfinished)
        unfinished.rename(path)
    return path


def check_song(
    path: Path, settings: Settings, filename: str = "", title: str | None = None, folder: Path | None = None
) -> CheckedSong:
    """Check a song file, write its working copy, and take its cover art out. Stores nothing.

    Args:
        filename: The artist's file name, if `path` has another; only its ending and stem are used.
        title: The artist's title; None: the file's tag, or else its name.
        folder: The folder for copy and cover; None: one that is deleted with the result.

    Raises:
        InvalidInput: The file is no usable song, or the title is unusable; the sentence says why and what to do.
    """
    wanted = None if title is None else title_from(title)
    own = tempfile.TemporaryDirectory(prefix="echonos-") if folder is None else None
    room = Path(own.name) if own is not None else folder
    assert room is not None
    copy, cover = room / "working.flac", room / "cover.jpg"
    try:
        limits = IntakeLimits(max_s=settings.max_song_s)
        facts = inspect_song(path, name=filename or None, copy=copy, limits=limits)
    except InvalidInput as error:
        error.field = "song"
        raise
    return CheckedSong(path, facts, filename, wanted, copy, cover if extract_cover(path, cover) else None, own)


def add_song(app: App, account_id: str, song: CheckedSong) -> SongRef:
    """Store a song, its bytes before its row, so that a listed song is complete.

    The same bytes are one song per account; an artist's title replaces the old one.

    Raises:
        InvalidInput: There is no such account.
        ProviderUnavailable: A store does not answer, or the same song is just being deleted.
    """
    vault, objects, copy = app.stores.vault, app.stores.objects, song.copy
    song_id = vault.song_id_of(account_id, song.facts.sha256)
    copy_key = working_copy_key(account_id, song_id)
    try:
        known = vault.song(account_id, song_id)
    except NotStored:
        prefix = song_prefix(account_id, song_id)
    else:
        # An existing analysis stays; a song without one is analysed by the current version.
        if copy is not None and not known.copy_bytes and known.analysis_key is None:
            objects.put_file(copy_key, copy, _COPY_TYPE)
            known = vault.record_copy(account_id, song_id, song.facts.copy_bytes)
        if song.wanted_title in (None, known.title):
            return known
        return app.stores.catalogue.rename_song(account_id, song_id, song.title)
    disk.check()
    source_key, cover_key = f"{prefix}source.{song.facts.container}", f"{prefix}cover.jpg"
    objects.put_file(source_key, song.path, "application/octet-stream")
    if copy is not None:
        objects.put_file(copy_key, copy, _COPY_TYPE)
    if song.cover is not None:
        objects.put_file(cover_key, song.cover, "image/jpeg")
    return vault.add_song(account_id, song.facts, song.title, source_key, None if song.cover is None else cover_key)


def refuse_too_big(size_bytes: int, head: bytes) -> InvalidInput:
    """The refusal of a song of more than `MOST_SONG_BYTES`, by its size and its first `HEAD_BYTES`."""
    refusal = too_big(size_bytes, MOST_SONG_BYTES, flac_bytes(head, size_bytes))
    refusal.field = "song"
    return refusal


def fetch_staged(app: App, account_id: str, upload_id: str, path: Path) -> None:
    """Write a direct upload into `path`.

    Raises:
        NotFound: Nothing was uploaded.
        InvalidInput: `too_big`.
    """
    key, objects = staged_key(account_id, upload_id), app.stores.objects
    size = objects.size(key)
    if size is None:
        raise NotFound("Nothing was uploaded under this number, or it was completed before.")
    if size > MOST_SONG_BYTES:
        raise refuse_too_big(size, objects.get_range(key, 0, HEAD_BYTES))
    objects.get_file(key, path)


def forget_staged(app: App, account_id: str, upload_id: str) -> None:
    """Delete a direct upload from the staging area: it was stored or refused."""
    app.stores.objects.delete_prefix(staged_key(account_id, upload_id))


def find_song(app: App, account_id: str, song_id: str) -> SongRef:
    """A song of the account. Raises `NotFound`: it has no such song."""
    with missing_is(_no_song()):
        return app.stores.vault.song(account_id, song_id)


def list_songs(app: App, account_id: str, page: PageQuery) -> SongPage:
    """The account's songs, newest first. Raises `NotFound`: `no_page`: the cursor is none of this list's."""
    return app.stores.catalogue.songs(account_id, page)


def audio_key(song: SongRef) -> str:
    """The key of a song's audio: its AAC once it was analysed; until then its working copy, or the file itself."""
    copy_key = working_copy_key(song.account_id, song.song_id) if song.copy_bytes else song.source_key
    return song.soundtrack_key or copy_key


def rename_song(app: App, account_id: str, song_id: str, title: str) -> SongRef:
    """Give a song another title; videos made of it keep theirs.

    Raises:
        InvalidInput: The title is empty or too long.
        NotFound: The account has no such song.
    """
    with missing_is(_no_song()):
        return app.stores.catalogue.rename_song(account_id, song_id, title)


def read_analysis(app: App, song: SongRef) -> SongAnalysis:
    """A song's analysis. Raises `NotFound`: `not_analysed_yet`."""
    if song.analysis_key is None:
        raise NotFound("This song is still being listened to.", NOT_ANALYSED)
    return analysis_at(app, song.analysis_key)


def analysis_at(app: App, key: str) -> SongAnalysis:
    """The analysis under a key. Raises `NotFound`: `not_analysed_yet`: it is gone."""
    with missing_is(NotFound("This song's analysis is missing: analyse the song again.", NOT_ANALYSED)):
        return SongAnalysis.from_bytes(app.stores.objects.get_bytes(key))


def read_waveform(app: App, song: SongRef) -> Waveform:
    """A song's waveform with beats and sections. Raises `NotFound`: `not_analysed_yet`."""
    if song.analysis_key is None:
        return waveform_of(read_analysis(app, song))
    return waveform_at(app, song.analysis_key)


def waveform_at(app: App, analysis_key: str) -> Waveform:
    """The waveform of the analysis under a key. Raises `NotFound`: `not_analysed_yet`: it is gone."""
    try:
        return Waveform.from_bytes(app.stores.objects.get_bytes(waveform_key(analysis_key)))
    except NotStored:  # analysed before waveforms were stored
        return waveform_of(analysis_at(app, analysis_key))


def _no_song() -> NotFound:
    return NotFound("There is no such song in your Vault.")
