"""Corrections of beats and sections: looked at, kept as a song's new revision, and offered to its videos."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from activities.recutting import corrected_grid, grid_of
from models import disk
from models.beat_corrections import BeatCorrection, heard_first
from models.beat_use import BeatsOffer, beats_offer
from models.correcting import corrected
from models.edits import TimelineEdit, UseBeats
from models.failures import Conflict, InvalidInput, NotFound, NotStored
from models.ids import digest_of
from models.object_keys import correction_key, waveform_key
from models.song import SongAnalysis, SongRef
from models.timeline import Timeline
from models.waveform import Waveform, waveform_of
from services.app import App
from services.failures import missing_is
from services.hearing import look_at_hearing
from services.media import find_timeline
from services.songs import analysis_at, find_song, read_analysis, read_waveform, waveform_at

CORRECTION_BYTES = 1_000_000
"""The most that a correction of a song of twenty minutes adds to an account, rounded up."""

_AS_HEARD = "Beats and sections as they were heard"
_JSON = "application/json"


@dataclass(frozen=True)
class CorrectedSong:
    """A song's analysis as corrections would leave it.

    Attributes:
        song: The song as it is.
        analysis: The analysis afterwards, not stored.
        sentences: What the corrections do, in words.
    """

    song: SongRef
    analysis: SongAnalysis
    sentences: tuple[str, ...]


def preview_corrections(
    app: App, account_id: str, song_id: str, corrections: Sequence[BeatCorrection], base_revision: int | None = None
) -> CorrectedSong:
    """Show what corrections would do; nothing is changed.

    Args:
        corrections: In their order.
        base_revision: The song's revision that the artist saw; None: any.

    Raises:
        NotFound: The account has no such song, or it is not analysed yet.
        Conflict: `revision_moved`: the song has another revision by now.
        InvalidInput: One cannot be done, or they change nothing; the sentence says why.
    """
    song = find_song(app, account_id, song_id)
    current = read_analysis(app, song)
    if base_revision not in (None, song.analysis_revision):
        raise Conflict("This song was corrected or analysed meanwhile: look at it, then try again.", "revision_moved")
    from_heard, rest = heard_first(corrections)
    if not from_heard:
        after = corrected(current, rest)
        return CorrectedSong(song, after, after.corrections[len(current.corrections) :])
    if song.heard_key is None and not rest:
        raise InvalidInput("This changes nothing: the song was not corrected.", code="no_change")
    heard = current if song.heard_key is None else analysis_at(app, song.heard_key)
    after = corrected(heard, rest) if rest else heard
    return CorrectedSong(song, after, (_AS_HEARD, *after.corrections))


async def correct_song(
    app: App, account_id: str, song_id: str, corrections: Sequence[BeatCorrection], base_revision: int | None = None
) -> SongRef:
    """Keep corrections as the song's next revision: new videos use it, existing ones are only offered it. Free.

    Args:
        corrections: In their order.
        base_revision: The song's revision that the artist saw; None: the newest. A repeated call changes nothing.

    Raises:
        NotFound: The account has no such song, or it is not analysed yet.
        Conflict: The song has another revision by now, or is being analysed.
        InvalidInput: One cannot be done, or they change nothing; the sentence says why.
        NoServer: The server does not answer.
    """
    if (await look_at_hearing(app, account_id, song_id)).running:
        raise Conflict("This song is being listened to: correct it afterwards.", "being_heard")
    return await asyncio.to_thread(_correct, app, account_id, song_id, corrections, base_revision)


def _correct(
    app: App, account_id: str, song_id: str, corrections: Sequence[BeatCorrection], base_revision: int | None
) -> SongRef:
    song, stores = find_song(app, account_id, song_id), app.stores
    base = song.analysis_revision if base_revision is None else base_revision
    key = _key(song, base, corrections)
    if (song.analysis_revision, song.analysis_key) == (base + 1, key):
        return song  # a repeated call
    made = preview_corrections(app, account_id, song_id, corrections, base)
    from_heard, rest = heard_first(corrections)
    with missing_is(NotFound("There is no such song in your Vault.")):
        if from_heard and not rest:
            return stores.vault.record_correction(account_id, song_id, song.heard_key or "", None, base)
        disk.check()
        stores.objects.put_bytes(waveform_key(key), waveform_of(made.analysis).to_bytes(), _JSON)
        stores.objects.put_bytes(key, made.analysis.to_bytes(), _JSON)
        heard_key = song.heard_key or song.analysis_key
        return stores.vault.record_correction(account_id, song_id, key, heard_key, base)


def _key(song: SongRef, base: int, corrections: Sequence[BeatCorrection]) -> str:
    digest = digest_of(*(one.model_dump_json() for one in corrections))
    return correction_key(song.account_id, song.song_id, base + 1, song.analysis_version, digest)


def offer_beats(app: App, account_id: str, video_id: str) -> BeatsOffer:
    """The edits that bring a video's newest version onto its song's newest beats; none of them is done.

    Raises:
        NotFound: The account has no such video, or an analysis is missing.
    """
    timeline, stores = find_timeline(app, account_id, video_id), app.stores
    try:
        song = stores.vault.song(account_id, timeline.song_id)
    except NotStored:
        return BeatsOffer(revision=None, is_used=True, sentence="The song is no longer in your Vault.")
    if song.analysis_key is None:
        return BeatsOffer(revision=None, is_used=True, sentence="The song is not analysed yet.")
    with missing_is(NotFound("The song's analysis is missing: analyse the song again.")):
        new = corrected_grid(stores.objects, timeline, song.analysis_key)
        assert new is not None
        return beats_offer(timeline, grid_of(stores.objects, timeline), new, song.analysis_revision)


def beats_key(app: App, timeline: Timeline, account_id: str, edits: Sequence[TimelineEdit]) -> str:
    """The key of the analysis that the last `UseBeats` among edits stands for; empty without one.

    Raises:
        NotFound: The song is gone.
        Conflict: `beats_moved`: the song has another revision by now.
    """
    wanted = [edit.revision for edit in edits if isinstance(edit, UseBeats)]
    if not wanted:
        return ""
    song = find_song(app, account_id, timeline.song_id)
    if song.analysis_key is None or song.analysis_revision != wanted[-1]:
        raise Conflict("The song's beats were corrected again meanwhile: look at them, then try again.", "beats_moved")
    return song.analysis_key


def read_video_waveform(app: App, account_id: str, video_id: str, version: int | None = None) -> Waveform:
    """The waveform with the beats and sections that a version follows.

    Args:
        version: None: the newest.

    Raises:
        NotFound: There is no such video or version, or its analysis is gone.
    """
    timeline = find_timeline(app, account_id, video_id, version)
    if timeline.analysis_key:
        return waveform_at(app, timeline.analysis_key)
    return read_waveform(app, find_song(app, account_id, timeline.song_id))
