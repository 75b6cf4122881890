"""Exports of a finished video: canvas, teaser, other formats, lyric video, poster."""

from typing import Annotated, Literal

from fastapi import Path
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from api import admission
from api.deps import BackendOf, Reader, Writer, counted, has_room
from api.docs import PERSONAL, errors
from api.routes.media import LINK_KEPT_S
from api.routes.videos import VideoId
from api.shapes import PREFIX, WHOLE, Page
from models.base import Model
from models.exports import ExportStarted
from models.progress import FailureNote
from models.vault import ExportKind, ExportRef
from services.exports import find_export, list_exports, look_at_export, start_export
from services.media import link_to
from services.videos import stored_video

router = admission.router("exports")

ExportId = Annotated[str, Path(max_length=80)]
LYRICS_MAX_CHARS = 100_000
"""More than any song's lyrics; with four bytes a character still within a workflow's input."""


class ExportWish(Model):
    """A request for an export; a finished one is found again."""

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
    """A finished export."""

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
    """A video's exports: finished ones, newest first, and those in the making."""

    making: tuple[ExportStarted, ...]


class ExportState(Model):
    """The state of one export."""

    export_id: str
    state: Literal["making", "made", "failed"]
    sentence: str
    piece: ExportShape | None = Field(default=None, description="once it is made")


@router.post(
    "/videos/{video_id}/exports",
    status_code=202,
    summary="Make an export",
    responses=errors(401, 403, 404, 413, 429),
    dependencies=[counted("export")],
)
async def start(video_id: VideoId, body: ExportWish, caller: Writer, backend: BackendOf) -> ExportStarted:
    """Costs no credits. The same export is made once, however often it is requested."""
    await run_in_threadpool(has_room, backend, caller)
    lyrics = None if body.lyrics is None else body.lyrics.encode()
    return await start_export(backend, caller.account_id, video_id, body.kind, body.version, lyrics)


@router.get("/videos/{video_id}/exports", summary="A video's exports", responses=PERSONAL)
async def exports(video_id: VideoId, caller: Reader, backend: BackendOf) -> Exports:
    """Failed exports are not listed."""
    made, making = await list_exports(backend, caller.account_id, video_id)
    return Exports(items=tuple(map(_shape, made)), making=tuple(making))


@router.get("/videos/{video_id}/exports/{export_id}", summary="How far an export is", responses=PERSONAL)
async def state(video_id: VideoId, export_id: ExportId, caller: Reader, backend: BackendOf) -> ExportState:
    """In the making, made, or failed with a reason."""
    match await look_at_export(backend, caller.account_id, video_id, export_id):
        case None:
            return ExportState(export_id=export_id, state="making", sentence="It is being made.")
        case FailureNote() as note:
            return ExportState(export_id=export_id, state="failed", sentence=note.sentence)
        case made:
            return ExportState(export_id=export_id, state="made", sentence="Ready.", piece=_shape(made))


@router.get(
    "/videos/{video_id}/exports/{export_id}/file",
    status_code=307,
    summary="Download an export",
    responses={307: {"description": "a link into the object store, which supports Range requests"}, **PERSONAL},
    response_class=RedirectResponse,
)
def file(video_id: VideoId, export_id: ExportId, caller: Reader, backend: BackendOf) -> Response:
    """The file, named after the video's title."""
    made = find_export(backend, caller.account_id, video_id, export_id)
    title = stored_video(backend, caller.account_id, video_id).title
    ending = made.object_key.rpartition(".")[2]
    url = link_to(backend.public_objects, made.object_key, f"{title} ({made.kind}).{ending}")
    return RedirectResponse(url, 307, {"Cache-Control": f"private, max-age={LINK_KEPT_S}"})


def _shape(made: ExportRef) -> ExportShape:
    url = f"{PREFIX}/videos/{made.video_id}/exports/{made.asset_id}/file"
    kept = made.model_dump(include=set(ExportShape.model_fields))
    return ExportShape(**kept, export_id=made.asset_id, file_url=url)
