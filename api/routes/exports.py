"""Pieces made from a finished video: canvas, teaser, other formats, lyric video, poster."""

from functools import partial
from typing import Annotated, Literal

from fastapi import Path
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from starlette.responses import RedirectResponse, Response
from temporalio.service import RPCError

from api import admission
from api.deps import Backend, BackendOf, Caller, Reader, Writer, counted
from api.docs import PERSONAL, errors
from api.finding import stored_video
from api.problems import Problem, not_found
from api.room import check_room
from api.routes.media import LINK_KEPT_S, LINK_S
from api.routes.videos import VideoId
from api.shapes import PREFIX, WHOLE, Page
from models.base import Model
from models.exports import EXPORT_METHOD, ExportRequest, ExportStarted
from models.failures import InvalidInput, NotStored
from models.lyrics import Lyrics, check_against_song, read_lyrics
from models.routing import asset_id_for
from models.vault import AssetRef, ExportKind
from workflows.clients import exports_under_way, look_at_export, start_export

router = admission.router("exports")

ExportId = Annotated[str, Path(max_length=80)]
LYRICS_MAX_CHARS = 100_000
"""More than any song has; with four bytes a character still within what a run is started with."""


class ExportWish(Model):
    """A piece that is wanted; what was made before is found."""

    kind: ExportKind
    version: Annotated[int | None, WHOLE] = Field(
        default=None, strict=True, ge=1, le=100_000, description="null: the newest"
    )
    lyrics: str | None = Field(
        default=None,
        max_length=LYRICS_MAX_CHARS,
        description="for `lyrics` only: the text of an LRC or SRT file",
        examples=["[00:12.50]First light on the wire"],
    )


class ExportShape(Model):
    """A finished piece."""

    export_id: str
    kind: ExportKind
    version: int
    media_type: str
    size_bytes: int
    width: int
    height: int
    duration_s: float
    file_url: str


class Exports(Page[ExportShape]):
    """A video's pieces: those that are finished, newest first, and those in the making."""

    making: tuple[ExportStarted, ...]


class ExportState(Model):
    """One piece, from its order on."""

    export_id: str
    state: Literal["making", "made", "failed"]
    sentence: str
    piece: ExportShape | None = Field(default=None, description="once it is made")


@router.post(
    "/videos/{video_id}/exports",
    status_code=202,
    summary="Make a piece",
    responses=errors(401, 403, 404, 413, 429),
    dependencies=[counted("export")],
)
async def start(video_id: VideoId, body: ExportWish, caller: Writer, backend: BackendOf) -> ExportStarted:
    """Costs no credits. The same piece is made once, however often it is asked for."""
    await run_in_threadpool(check_room, backend, caller)
    request = await run_in_threadpool(partial(_request, backend, caller, video_id, body))
    await start_export(backend.client, request)
    export_id = asset_id_for(request, EXPORT_METHOD)
    return ExportStarted(export_id=export_id, kind=request.kind, version=request.version)


@router.get("/videos/{video_id}/exports", summary="A video's pieces", responses=PERSONAL)
async def pieces(video_id: VideoId, caller: Reader, backend: BackendOf) -> Exports:
    """What was ordered and could not be made is not among them."""
    stores, account_id = backend.stores, caller.account_id
    await run_in_threadpool(stored_video, stores, account_id, video_id)
    try:
        making = await exports_under_way(backend.client, account_id, video_id)
    except (RPCError, RuntimeError):  # the server is away: what is finished can be had all the same
        making = []
    made = await run_in_threadpool(stores.catalogue.assets, account_id, video_id)  # last: what has just ended is there
    there = {piece.asset_id for piece in made}
    return Exports(
        items=tuple(map(_shape, made)), making=tuple(piece for piece in making if piece.export_id not in there)
    )


@router.get("/videos/{video_id}/exports/{export_id}", summary="How far a piece is", responses=PERSONAL)
async def state(video_id: VideoId, export_id: ExportId, caller: Reader, backend: BackendOf) -> ExportState:
    """In the making, made, or why not."""
    await run_in_threadpool(stored_video, backend.stores, caller.account_id, video_id)
    try:
        piece = await run_in_threadpool(backend.stores.catalogue.asset, caller.account_id, export_id)
    except NotStored:
        pass
    else:
        if piece.video_id != video_id:
            raise _no_piece()
        return ExportState(export_id=export_id, state="made", sentence="It is there.", piece=_shape(piece))
    try:
        note = await look_at_export(backend.client, caller.account_id, video_id, export_id)
    except NotStored:
        raise _no_piece() from None
    if note is None:
        return ExportState(export_id=export_id, state="making", sentence="It is being made.")
    return ExportState(export_id=export_id, state="failed", sentence=note.sentence)


@router.get(
    "/videos/{video_id}/exports/{export_id}/file",
    status_code=307,
    summary="Download a piece",
    responses={307: {"description": "a link into the object store, which answers Range"}, **PERSONAL},
    response_class=RedirectResponse,
)
def file(video_id: VideoId, export_id: ExportId, caller: Reader, backend: BackendOf) -> Response:
    """Under the video's title."""
    title = stored_video(backend.stores, caller.account_id, video_id).title
    try:
        piece = backend.stores.catalogue.asset(caller.account_id, export_id)
    except NotStored:
        raise _no_piece() from None
    if piece.video_id != video_id:
        raise _no_piece()
    ending = piece.object_key.rpartition(".")[2]
    url = backend.public_objects.presigned_get(piece.object_key, LINK_S, f"{title} ({piece.kind}).{ending}")
    return RedirectResponse(url, 307, {"Cache-Control": f"private, max-age={LINK_KEPT_S}"})


def _request(backend: Backend, caller: Caller, video_id: str, body: ExportWish) -> ExportRequest:
    stores, account_id = backend.stores, caller.account_id
    video = stored_video(stores, account_id, video_id)
    version = body.version or video.latest_version
    if version > video.latest_version:
        raise not_found("There is no such version of this video.")
    try:
        artist = stores.vault.song(account_id, video.song_id).artist or ""
    except NotStored:
        artist = ""
    timeline = stores.vault.timeline(account_id, video_id, version)
    lyrics = _lyrics(body, float(timeline.frame_count / timeline.fps))
    return ExportRequest(
        account_id=account_id,
        video_id=video_id,
        version=version,
        kind=body.kind,
        title=video.title,
        artist=artist,
        style=video.style,
        lyrics=lyrics,
        limits=backend.settings.run_limits(),
    )


def _lyrics(body: ExportWish, duration_s: float) -> Lyrics | None:
    """What is sung, if this piece shows it; refused here, before anything is started."""
    if (body.kind is ExportKind.LYRICS) is not (body.lyrics is not None):
        wanted = "A lyric video needs the song's lyrics, as LRC or SRT."
        sentence = wanted if body.lyrics is None else "Lyrics belong to a lyric video only."
        raise Problem(422, "lyrics", sentence, "lyrics")
    if body.lyrics is None:
        return None
    try:
        lyrics = read_lyrics(body.lyrics.encode())
        check_against_song(lyrics, duration_s)
    except InvalidInput as error:
        raise Problem(422, error.code, error.message, "lyrics") from error
    return lyrics


def _shape(piece: AssetRef) -> ExportShape:
    url = f"{PREFIX}/videos/{piece.video_id}/exports/{piece.asset_id}/file"
    kept = piece.model_dump(include=set(ExportShape.model_fields))
    return ExportShape(**kept, export_id=piece.asset_id, file_url=url)


def _no_piece() -> Problem:
    return not_found("There is no such piece of this video.")
