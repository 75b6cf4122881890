"""Exports of a finished video: check lyrics, request, follow, list."""

import asyncio
from collections.abc import Sequence

from temporalio.service import RPCError

from models.exports import EXPORT_METHOD, ExportRequest, ExportStarted
from models.failures import InvalidInput, NotFound, NotStored
from models.ids import export_id_for
from models.lyrics import Lyrics, check_against_song, read_lyrics
from models.progress import FailureNote
from models.vault import ExportKind, ExportRef
from services.app import App
from services.failures import missing_is
from services.media import find_timeline
from services.videos import stored_video
from temporal import exports


def check_lyrics(kind: ExportKind, data: bytes | None) -> Lyrics | None:
    """Read the lyrics of a lyric video, and refuse those that cannot be shown; other exports have none.

    Args:
        data: An LRC or SRT file, if one was given.

    Raises:
        InvalidInput: Lyrics are missing, superfluous or malformed, or have characters that our typefaces lack.
    """
    if (kind is ExportKind.LYRICS) is not (data is not None):
        wanted = "A lyric video needs the song's lyrics, as LRC or SRT."
        raise InvalidInput(wanted if data is None else "Lyrics belong to a lyric video only.", "lyrics", "lyrics")
    if data is None:
        return None
    from engines.picture.exports.faces import check_showable  # late: the typefaces' libraries are large

    try:
        lyrics = read_lyrics(data)
        for line in lyrics.lines:
            check_showable(line.text, f"Line {line.number} of the lyrics")
    except InvalidInput as error:
        error.field = "lyrics"
        raise
    return lyrics


async def start_export(
    app: App, account_id: str, video_id: str, kind: ExportKind, version: int | None = None, lyrics: bytes | None = None
) -> ExportStarted:
    """Start an export. It is free, and a repeated request joins the first.

    Args:
        version: The version to export; None: the newest.
        lyrics: An LRC or SRT file, for a lyric video.

    Raises:
        NotFound: The account has no such video, or it has no such version.
        InvalidInput: As for `check_lyrics`, or a line begins after the song's end.
    """

    def read() -> ExportRequest:
        video = stored_video(app, account_id, video_id)
        timeline = find_timeline(app, account_id, video_id, version)
        words = check_lyrics(kind, lyrics)
        if words is not None:
            try:
                check_against_song(words, float(timeline.frame_count / timeline.fps))
            except InvalidInput as error:
                error.field = "lyrics"
                raise
        try:
            artist = app.stores.vault.song(account_id, video.song_id).artist or ""
        except NotStored:
            artist = ""
        return ExportRequest(
            account_id=account_id,
            video_id=video_id,
            version=timeline.version,
            kind=kind,
            title=video.title,
            artist=artist,
            style=video.style,
            lyrics=words,
            limits=app.settings.run_limits(),
        )

    request = await asyncio.to_thread(read)
    await exports.start_export(app.client, request)
    export_id = export_id_for(request, EXPORT_METHOD)
    return ExportStarted(export_id=export_id, kind=request.kind, version=request.version)


async def wait_for_export(app: App, export_id: str) -> ExportRef:
    """The finished export, once it is made. Raises `WorkflowFailureError`: it cannot be made."""
    return await exports.made_export(app.client, export_id)


async def list_exports(app: App, account_id: str, video_id: str) -> tuple[Sequence[ExportRef], list[ExportStarted]]:
    """A video's finished exports, newest first, and those in the making; failed ones are in neither.

    Raises:
        NotFound: The account has no such video.
    """
    await asyncio.to_thread(stored_video, app, account_id, video_id)
    try:
        making = await exports.exports_under_way(app.client, account_id, video_id)
    except (RPCError, RuntimeError):  # finished exports need no Temporal server
        making = []
    # Read last, so that an export that has just ended is not missed.
    made = await asyncio.to_thread(app.stores.catalogue.exports, account_id, video_id)
    finished = {one.asset_id for one in made}
    return made, [one for one in making if one.export_id not in finished]


def find_export(app: App, account_id: str, video_id: str, export_id: str) -> ExportRef:
    """A finished export. Raises `NotFound`: this video of the account has no such export."""
    stored_video(app, account_id, video_id)
    with missing_is(_no_export()):
        found = app.stores.catalogue.export(account_id, export_id)
    if found.video_id != video_id:
        raise _no_export()
    return found


async def look_at_export(app: App, account_id: str, video_id: str, export_id: str) -> ExportRef | FailureNote | None:
    """A finished export, or why it failed; None while it is in the making.

    Raises:
        NotFound: This video of the account has no such export.
    """
    try:
        return await asyncio.to_thread(find_export, app, account_id, video_id, export_id)
    except NotFound:
        await asyncio.to_thread(stored_video, app, account_id, video_id)
    with missing_is(_no_export()):
        return await exports.look_at_export(app.client, account_id, video_id, export_id)


def _no_export() -> NotFound:
    return NotFound("There is no such export of this video.")
