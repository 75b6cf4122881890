"""An artist's own pictures and clips: uploaded in parts, kept in the Vault, renamed, shown in scenes."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import Path, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from api import admission
from api.deps import Backend, BackendOf, Reader, Writer, counted, has_room, limit
from api.docs import COSTLY, PERSONAL, errors
from api.guard import declared_bytes
from api.idempotency import IdempotencyKey, once
from api.routes.media import LINK_KEPT_S, SceneIndex
from api.routes.songs import Cursor, FileName, NewTitle, Search, Title
from api.routes.studio import SeenVersion
from api.routes.videos import VideoId
from api.shapes import PREFIX, WHOLE, Page, shared
from api.uploads import checked, received
from models.base import Model
from models.failures import InvalidInput
from models.footage import MIDDLE, MOST_CLIP_S, MOST_FOOTAGE_BYTES, Focus, FootageKind, FootageRef, OwnShot
from models.studio import AcceptedOperation, StudioKind, StudioOrder
from models.vault import PageQuery
from services.footage import (
    PART_BYTES,
    UploadState,
    add_footage,
    add_part,
    begin_upload,
    check_footage,
    end_upload,
    fetch_upload,
    find_footage,
    finished_upload,
    list_footage,
    rename_footage,
    upload_state,
)
from services.media import link_to
from services.studio import order_operation

router = admission.router("footage")

MOST_PART_BYTES = 2 * PART_BYTES
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_PART = {"requestBody": {"required": True, "content": _BYTES}}
_LOCATION = {"Location": {"schema": {"type": "string"}}}
_LINK = {
    307: {"description": "a link into the object store, which supports Range requests", "headers": _LOCATION},
    **PERSONAL,
}

UploadId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", examples=["0123456789abcdef0123456789abcdef"])]
FootageId = Annotated[str, Path(max_length=80, examples=["footage-0123456789abcdef0123"])]
Bytes = Annotated[
    int, Field(strict=True, lt=2**53), WHOLE, Field(json_schema_extra={"minimum": 1, "maximum": MOST_FOOTAGE_BYTES})
]
"""The bounds are refused in sentences."""

Share = Annotated[float, Field(strict=True, ge=0, le=1)]


class FootageWish(Model):
    """A file to be uploaded in parts."""

    filename: FileName
    size_bytes: Bytes


class FootageUpload(UploadState):
    """How far an upload is."""

    part_bytes: int = Field(default=PART_BYTES, description="the size that parts should have; the last one is shorter")


class FootageDone(Model):
    """Completes an upload."""

    title: Title | None = Field(default=None, description="null: the file's name")


class FootageShape(Model):
    """A picture or clip in the Vault."""

    footage_id: str
    title: str
    kind: FootageKind
    format: str
    width: int = Field(description="upright, in pixels")
    height: int
    duration_s: float = Field(description="of a clip")
    size_bytes: int
    is_hdr: bool = Field(description="whether its colours are reduced to standard range in videos")
    has_alpha: bool = Field(description="whether its transparent parts are shown on black")
    strip_frames: int = Field(description="pictures in the film strip, at even distances, left to right, top to bottom")
    strip_columns: int
    cell_width: int
    cell_height: int
    strip_url: str
    file_url: str


class Point(Model):
    """The point of a picture that the crop keeps in its middle as far as it can."""

    x: Share = Field(default=0.5, description="from the left")
    y: Share = Field(default=0.5, description="from the top")


class OwnWish(Model):
    """How a scene shows a picture or clip."""

    footage_id: str = Field(min_length=1, max_length=80)
    in_s: Annotated[float, Field(strict=True, ge=0, lt=MOST_CLIP_S)] = Field(
        default=0, description="where in a clip the scene begins"
    )
    focus: Point = Point()
    stands_still: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="a picture without a camera move"
    )

    def shot(self) -> OwnShot:
        """As the run takes it."""
        return OwnShot(
            footage_id=self.footage_id,
            in_s=self.in_s,
            focus=Focus(**self.focus.model_dump()) if self.focus != Point() else MIDDLE,
            stands_still=self.stands_still,
        )


class OwnFootage(OwnWish):
    """How a scene of a version shows a picture or clip."""

    version: SeenVersion = None


def footage_shape(footage: FootageRef) -> FootageShape:
    """A picture or clip as JSON shows it."""
    url = f"{PREFIX}/footage/{footage.footage_id}"
    return FootageShape(**shared(FootageShape, footage), strip_url=f"{url}/strip", file_url=f"{url}/file")


def _upload(state: UploadState) -> FootageUpload:
    return FootageUpload(**state.model_dump())


@router.post(
    "/footage-uploads",
    status_code=201,
    summary="Begin to upload a picture or clip",
    responses=errors(401, 403, 413, 429),
)
def begin(body: FootageWish, caller: Writer, backend: BackendOf) -> FootageUpload:
    """Send the file's parts next, in order. Incomplete uploads are deleted after a day."""
    limit(backend, backend.settings.rates.upload, "footage", caller.account_id)
    has_room(backend, caller, body.size_bytes)
    return _upload(begin_upload(backend, caller.account_id, body.filename, body.size_bytes))


@router.get("/footage-uploads/{footage_upload_id}", summary="How far an upload is", responses=PERSONAL)
def state(footage_upload_id: UploadId, caller: Reader, backend: BackendOf) -> FootageUpload:
    """After a lost connection, go on from `received_bytes`."""
    return _upload(upload_state(backend, caller.account_id, footage_upload_id))


@router.post(
    "/footage-uploads/{footage_upload_id}/parts/{offset}",
    summary="Send a part",
    responses=errors(401, 403, 404, 408, 409, 413, 429),
    openapi_extra=_PART,
)
async def part(
    request: Request,
    footage_upload_id: UploadId,
    caller: Writer,
    backend: BackendOf,
    offset: Annotated[int, Path(ge=0, lt=2**53, description="where in the file the part begins")],
) -> FootageUpload:
    """The body is the part. 409 with the code `offset` where it does not begin at `received_bytes`."""
    await run_in_threadpool(limit, backend, backend.settings.rates.change, "footage-part", caller.account_id)
    await run_in_threadpool(has_room, backend, caller, declared_bytes(request.headers.get("content-length", "")))
    await run_in_threadpool(upload_state, backend, caller.account_id, footage_upload_id)
    refused = f"A part has at most {MOST_PART_BYTES:,} bytes: send smaller ones."
    async with backend.concurrency.receiving(caller.account_id), received(request, MOST_PART_BYTES, refused) as path:
        return _upload(await run_in_threadpool(add_part, backend, caller.account_id, footage_upload_id, offset, path))


@router.post(
    "/footage-uploads/{footage_upload_id}/completion",
    status_code=201,
    summary="All parts are there",
    responses=errors(401, 403, 404, 409, 413, 415, 429),
)
async def complete(footage_upload_id: UploadId, body: FootageDone, caller: Writer, backend: BackendOf) -> FootageShape:
    """Judges the file by its content and keeps it. The same bytes are one picture or clip; a title replaces the old."""
    account_id = caller.account_id
    await run_in_threadpool(limit, backend, backend.settings.rates.upload, "footage-done", account_id)
    known = await run_in_threadpool(finished_upload, backend, account_id, footage_upload_id)
    if known is not None:
        return footage_shape(known)
    return footage_shape(await _taken_in(backend, account_id, footage_upload_id, body.title))


async def _taken_in(backend: Backend, account_id: str, upload_id: str, title: str | None) -> FootageRef:
    end: Callable[[FootageRef | None], None] = partial(end_upload, backend, account_id, upload_id)
    with tempfile.TemporaryDirectory(prefix="echonos-footage-") as folder:
        path = FilePath(folder) / "body"
        uploaded = await run_in_threadpool(fetch_upload, backend, account_id, upload_id, path)
        try:
            async with checked(backend, account_id):
                judge = partial(check_footage, path, uploaded.filename, FilePath(folder), title)
                judged = await run_in_threadpool(judge)
        except InvalidInput as error:
            if error.field != "title":  # then the file is not at fault, and the completion can be repeated
                await run_in_threadpool(end, None)
            raise
        footage = await run_in_threadpool(add_footage, backend, account_id, judged)
    await run_in_threadpool(end, footage)
    return footage


@router.get("/footage", summary="Search own pictures and clips", responses=PERSONAL)
def search(caller: Reader, backend: BackendOf, search: Search = "", cursor: Cursor = None) -> Page[FootageShape]:
    """The account's pictures and clips, newest first."""
    page = list_footage(backend, caller.account_id, PageQuery(search=search, cursor=cursor))
    return Page(items=tuple(map(footage_shape, page.footage)), next_cursor=page.next_cursor)


@router.get("/footage/{footage_id}", summary="One picture or clip", responses=PERSONAL)
def show(footage_id: FootageId, caller: Reader, backend: BackendOf) -> FootageShape:
    """With links to its file and its film strip."""
    return footage_shape(find_footage(backend, caller.account_id, footage_id))


@router.patch(
    "/footage/{footage_id}",
    summary="Rename a picture or clip",
    responses=errors(401, 403, 404, 429),
    dependencies=[counted("change")],
)
def rename(footage_id: FootageId, body: NewTitle, caller: Writer, backend: BackendOf) -> FootageShape:
    """Scenes that show it stay as they are."""
    return footage_shape(rename_footage(backend, caller.account_id, footage_id, body.title))


@router.get(
    "/footage/{footage_id}/strip",
    status_code=307,
    summary="A film strip",
    responses=_LINK,
    response_class=RedirectResponse,
)
def strip(footage_id: FootageId, caller: Reader, backend: BackendOf) -> Response:
    """A JPEG: of a picture the picture, of a clip its key frames at even distances."""
    return _link(backend, find_footage(backend, caller.account_id, footage_id).strip_key)


@router.get(
    "/footage/{footage_id}/file",
    status_code=307,
    summary="The picture or clip itself",
    responses=_LINK,
    response_class=RedirectResponse,
)
def file(footage_id: FootageId, caller: Reader, backend: BackendOf) -> Response:
    """A clip as it was uploaded, a picture upright as a JPEG."""
    return _link(backend, find_footage(backend, caller.account_id, footage_id).file_key)


@router.post(
    "/videos/{video_id}/scenes/{index}/own",
    status_code=202,
    summary="Show an own picture or clip",
    responses=COSTLY,
    dependencies=[counted("choose")],
    response_model=AcceptedOperation,
)
async def show_own(
    request: Request,
    video_id: VideoId,
    index: SceneIndex,
    body: OwnFootage,
    key: IdempotencyKey,
    caller: Writer,
    backend: BackendOf,
) -> Response:
    """Free; makes a new version. The scene keeps its own copy."""

    async def work(operation_id: str) -> tuple[int, Model]:
        order = StudioOrder(
            account_id=caller.account_id,
            video_id=video_id,
            operation_id=operation_id,
            kind=StudioKind.OWN,
            scene_index=index,
            own=body.shot(),
        )
        return 202, await order_operation(backend, order, body.version)

    return await once(request, backend, caller, key, body, work)


def _link(backend: Backend, key: str) -> Response:
    return RedirectResponse(
        link_to(backend.public_objects, key), 307, {"Cache-Control": f"private, max-age={LINK_KEPT_S}"}
    )
