"""Songs: upload, list, rename, analysis."""

from typing import Annotated
from uuid import uuid4

from fastapi import Body, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from api import admission
from api.deps import BackendOf, Reader, Writer, counted, has_room, limit
from api.docs import PERSONAL, errors
from api.drawing import draw_waveform
from api.guard import declared_bytes
from api.shapes import Page, SongShape, song_shape
from api.uploads import received, staged, take_in
from models.base import Model
from models.object_keys import staged_key
from models.song import SongAnalysis
from models.vault import TITLE_MAX_CHARS, PageQuery
from models.waveform import Waveform
from services.hearing import Hearing, copy_estimate_bytes, hear_again, hear_song, look_at_hearing
from services.songs import MOST_SONG_BYTES, find_song, list_songs, read_analysis, read_waveform, rename_song
from services.storage import UPLOAD_LIFETIME_S, note_form

router = admission.router("songs")

_UPLOAD = errors(401, 403, 408, 413, 415, 429)
_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_AUDIO = {"requestBody": {"required": True, "content": _BYTES}}

Plain = r"^[^\x00-\x1f\x7f]*$"
SongId = Annotated[str, Path(max_length=80, examples=["song-0123456789abcdef0123"])]
_VISIBLE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
Title = Annotated[str, Field(min_length=1, max_length=TITLE_MAX_CHARS, pattern=_VISIBLE)]
FileName = Annotated[str, Field(min_length=1, max_length=255, pattern=Plain, examples=["Night Drive.flac"])]
Search = Annotated[str, Query(max_length=500, description="words; all must occur")]
Cursor = Annotated[str | None, Query(max_length=400, description="`next_cursor` of the page before")]


class NewTitle(Model):
    """The new title."""

    title: Title


class UploadWish(Model):
    """A request for a direct upload."""

    filename: FileName


class DirectUpload(Model):
    """A form that the object store takes: POST `fields` and then the file, as `file`, to `url`."""

    upload_id: str
    url: str
    fields: dict[str, str]
    expires_s: int


class UploadDone(Model):
    """Completes a direct upload."""

    filename: FileName
    title: Title | None = None


class HearingWish(Model):
    """How to analyse a song."""

    again: Annotated[bool, Field(strict=True, description="also a song that has an analysis")] = False
    force: Annotated[
        bool, Field(strict=True, description="again, even if nothing new is found or corrections are lost")
    ] = False


_TO_THE_END = HearingWish()


@router.post("/songs", status_code=201, summary="Upload a song", responses=_UPLOAD, openapi_extra=_AUDIO)
async def upload(
    request: Request,
    caller: Writer,
    backend: BackendOf,
    filename: Annotated[FileName, Query()],
    title: Annotated[Title | None, Query()] = None,
) -> SongShape:
    """The body is the file. Limits apply while it arrives; it is checked before anything is stored.

    The same bytes are one song. Its analysis begins at once.
    """
    await run_in_threadpool(limit, backend, backend.settings.rates.upload, "upload", caller.account_id)
    await run_in_threadpool(has_room, backend, caller, declared_bytes(request.headers.get("content-length", "")))
    async with backend.concurrency.receiving(caller.account_id), received(request) as path:
        return song_shape(await take_in(backend, caller.account_id, path, filename, title))


@router.post("/song-uploads", status_code=201, summary="Upload past us", responses=errors(401, 403, 413, 429))
def begin_upload(body: UploadWish, caller: Writer, backend: BackendOf) -> DirectUpload:
    """A form for the object store. Completion runs the same checks; incomplete uploads are deleted after a day."""
    limit(backend, backend.settings.rates.upload, "upload", caller.account_id)
    has_room(backend, caller, MOST_SONG_BYTES)
    upload_id = uuid4().hex
    note_form(backend, caller.account_id, upload_id)
    key = staged_key(caller.account_id, upload_id)
    form = backend.public_objects.presigned_post(key, MOST_SONG_BYTES, UPLOAD_LIFETIME_S)
    return DirectUpload(upload_id=upload_id, url=form.url, fields=form.fields, expires_s=UPLOAD_LIFETIME_S)


@router.post(
    "/song-uploads/{upload_id}/completion",
    status_code=201,
    summary="The bytes are there",
    responses=errors(401, 403, 404, 413, 415, 429),
)
async def complete_upload(
    upload_id: Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")], body: UploadDone, caller: Writer, backend: BackendOf
) -> SongShape:
    """Checks the upload and stores it as a song."""
    await run_in_threadpool(limit, backend, backend.settings.rates.upload, "upload-done", caller.account_id)
    async with staged(backend, caller.account_id, upload_id) as path:
        return song_shape(await take_in(backend, caller.account_id, path, body.filename, body.title))


@router.get("/songs", summary="Search songs", responses=PERSONAL)
def search(caller: Reader, backend: BackendOf, search: Search = "", cursor: Cursor = None) -> Page[SongShape]:
    """The account's songs, newest first."""
    page = list_songs(backend, caller.account_id, PageQuery(search=search, cursor=cursor))
    return Page(items=tuple(map(song_shape, page.songs)), next_cursor=page.next_cursor)


@router.get("/songs/{song_id}", summary="One song", responses=PERSONAL)
def show(song_id: SongId, caller: Reader, backend: BackendOf) -> SongShape:
    """`analysed` becomes true when beats, sections and waveform are available."""
    return song_shape(find_song(backend, caller.account_id, song_id))


@router.patch(
    "/songs/{song_id}",
    summary="Rename a song",
    responses=errors(401, 403, 404, 429),
    dependencies=[counted("change")],
)
def rename(song_id: SongId, body: NewTitle, caller: Writer, backend: BackendOf) -> SongShape:
    """Its videos keep their titles."""
    return song_shape(rename_song(backend, caller.account_id, song_id, body.title))


@router.post(
    "/songs/{song_id}/analysis",
    status_code=202,
    summary="Hear a song again",
    responses=errors(401, 403, 404, 409, 413, 429),
    dependencies=[counted("analyse")],
)
async def analyse(
    song_id: SongId, caller: Writer, backend: BackendOf, body: Annotated[HearingWish, Body()] = _TO_THE_END
) -> SongShape:
    """For a song whose analysis failed; joins a running one.

    With `again`, a song is analysed again by the current version: 409 with the code `nothing_new` where the result
    would be the same, and `corrected` where the artist's corrections would be dropped; `force` does it anyway. The song
    changes once the analysis is complete; its videos never do.
    """
    song = await run_in_threadpool(find_song, backend, caller.account_id, song_id)
    if body.again:
        await run_in_threadpool(has_room, backend, caller, copy_estimate_bytes(song))
        await hear_again(backend, caller.account_id, song_id, force=body.force)
    else:
        await hear_song(backend, caller.account_id, song_id)
    return song_shape(song)


@router.get("/songs/{song_id}/analysis/progress", summary="The progress of an analysis", responses=PERSONAL)
async def hearing(song_id: SongId, caller: Reader, backend: BackendOf) -> Hearing:
    """Whether an analysis runs, or is paused, and if not, why the last one failed."""
    return await look_at_hearing(backend, caller.account_id, song_id)


@router.get("/songs/{song_id}/analysis", summary="What was heard", responses=PERSONAL)
def analysis(song_id: SongId, caller: Reader, backend: BackendOf) -> SongAnalysis:
    """Tempo, beats, bars, sections, energy; 404 with the code `not_analysed_yet` while the analysis runs."""
    return read_analysis(backend, find_song(backend, caller.account_id, song_id))


@router.get("/songs/{song_id}/waveform.json", summary="Waveform with beats and sections", responses=PERSONAL)
def waveform(song_id: SongId, caller: Reader, backend: BackendOf) -> Waveform:
    """Compact, for drawing."""
    return read_waveform(backend, find_song(backend, caller.account_id, song_id))


@router.get(
    "/songs/{song_id}/waveform.svg",
    summary="The waveform as a picture",
    responses={200: {"content": {"image/svg+xml": {}}, "description": "the drawing"}, **PERSONAL},
    response_class=Response,
)
def waveform_picture(song_id: SongId, caller: Reader, backend: BackendOf) -> Response:
    """An SVG."""
    svg = draw_waveform(read_waveform(backend, find_song(backend, caller.account_id, song_id)))
    return Response(svg, headers={"Cache-Control": "private, max-age=3600"}, media_type="image/svg+xml")
