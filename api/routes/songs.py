"""Songs: upload, list, rename, what was heard in them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated
from uuid import uuid4

from fastapi import Body, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from api import admission
from api.deps import Backend, BackendOf, Reader, Writer, counted, limit
from api.docs import PERSONAL, errors
from api.drawing import draw_waveform
from api.guard import declared_bytes
from api.problems import Problem, not_found
from api.room import check_room, note_form
from api.shapes import Page, SongShape, song_shape
from api.uploads import LIMIT_BYTES, UPLOAD_LIFETIME_S, received, staged, take_in
from models.base import Model
from models.failures import InvalidInput, NotStored
from models.progress import FailureNote
from models.routing import staged_key, waveform_key
from models.song import SongAnalysis, SongRef
from models.vault import TITLE_MAX_CHARS, PageQuery
from models.waveform import Waveform, waveform_of
from services.songs import copy_estimate_bytes, hear_again, hear_song, look_at_hearing

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
    """Another title."""

    title: Title


class UploadWish(Model):
    """A direct upload that is wanted."""

    filename: FileName


class DirectUpload(Model):
    """A form that the object store takes: POST `fields` and then the file, as `file`, to `url`."""

    upload_id: str
    url: str
    fields: dict[str, str]
    expires_s: int


class UploadDone(Model):
    """The bytes are there."""

    filename: FileName
    title: Title | None = None


class HearingWish(Model):
    """How a song is to be listened to."""

    again: Annotated[bool, Field(strict=True, description="also a song that was heard before")] = False
    force: Annotated[bool, Field(strict=True, description="again, also where it would find the same")] = False


class HearingShape(Model):
    """How far a song's analysis is."""

    running: bool
    failure: FailureNote | None = Field(description="why the last one came to nothing; null: it did not")


_TO_THE_END = HearingWish()


@router.post("/songs", status_code=201, summary="Upload a song", responses=_UPLOAD, openapi_extra=_AUDIO)
async def upload(
    request: Request,
    caller: Writer,
    backend: BackendOf,
    filename: Annotated[FileName, Query()],
    title: Annotated[Title | None, Query()] = None,
) -> SongShape:
    """The file is the body, as it is. Limits hold while it comes; it is checked before anything is stored.

    The same bytes are one song. Its analysis begins at once.
    """
    await run_in_threadpool(limit, backend, backend.settings.rates.upload, "upload", caller.account_id)
    await run_in_threadpool(check_room, backend, caller, declared_bytes(request.headers.get("content-length", "")))
    async with backend.turns.receiving(caller.account_id), received(request) as path:
        return song_shape(await take_in(backend, caller.account_id, path, filename, title))


@router.post("/song-uploads", status_code=201, summary="Upload past us", responses=errors(401, 403, 413, 429))
def begin_upload(body: UploadWish, caller: Writer, backend: BackendOf) -> DirectUpload:
    """A form for the object store itself. The same checks come at completion; what is not completed goes in a day."""
    limit(backend, backend.settings.rates.upload, "upload", caller.account_id)
    check_room(backend, caller, LIMIT_BYTES)
    upload_id = uuid4().hex
    note_form(backend, caller.account_id, upload_id)
    key = staged_key(caller.account_id, upload_id)
    form = backend.public_objects.presigned_post(key, LIMIT_BYTES, UPLOAD_LIFETIME_S)
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
    """Checks what was uploaded and keeps it as a song."""
    await run_in_threadpool(limit, backend, backend.settings.rates.upload, "upload-done", caller.account_id)
    async with staged(backend, caller.account_id, upload_id) as path:
        return song_shape(await take_in(backend, caller.account_id, path, body.filename, body.title))


@router.get("/songs", summary="Search songs", responses=PERSONAL)
def search(caller: Reader, backend: BackendOf, search: Search = "", cursor: Cursor = None) -> Page[SongShape]:
    """The account's songs, newest first."""
    with page_asked_for():
        page = backend.stores.catalogue.songs(caller.account_id, PageQuery(search=search, cursor=cursor))
    return Page(items=tuple(map(song_shape, page.songs)), next_cursor=page.next_cursor)


@router.get("/songs/{song_id}", summary="One song", responses=PERSONAL)
def show(song_id: SongId, caller: Reader, backend: BackendOf) -> SongShape:
    """`analysed` turns true when beats, sections and waveform are there."""
    return song_shape(_song(backend, caller.account_id, song_id))


@router.patch(
    "/songs/{song_id}",
    summary="Rename a song",
    responses=errors(401, 403, 404, 429),
    dependencies=[counted("change")],
)
def rename(song_id: SongId, body: NewTitle, caller: Writer, backend: BackendOf) -> SongShape:
    """Videos made of it keep their titles."""
    try:
        return song_shape(backend.stores.catalogue.rename_song(caller.account_id, song_id, body.title))
    except NotStored:
        raise no_song() from None


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
    """For a song whose analysis did not come to an end; joins the one that runs.

    With `again`, a song that was heard before is heard anew, by what the product hears today: 409 with the code
    `nothing_new` where that would be the same. The song changes once all of it is there; its videos never do.
    """
    vault = backend.stores.vault
    song = await run_in_threadpool(partial(_song, backend, caller.account_id, song_id))
    if not body.again:
        await hear_song(backend.client, vault, caller.account_id, song_id)
        return song_shape(song)
    await run_in_threadpool(check_room, backend, caller, copy_estimate_bytes(song))
    try:
        await hear_again(backend.client, vault, caller.account_id, song_id, force=body.force)
    except InvalidInput as error:
        raise Problem(409, error.code, error.message, "again") from error
    return song_shape(song)


@router.get("/songs/{song_id}/analysis/progress", summary="Is it being listened to", responses=PERSONAL)
async def hearing(song_id: SongId, caller: Reader, backend: BackendOf) -> HearingShape:
    """Whether a song is being listened to now, and if not, why the last time came to nothing."""
    await run_in_threadpool(partial(_song, backend, caller.account_id, song_id))
    running, failure = await look_at_hearing(backend.client, song_id)
    return HearingShape(running=running, failure=failure)


@router.get("/songs/{song_id}/analysis", summary="What was heard", responses=PERSONAL)
def analysis(song_id: SongId, caller: Reader, backend: BackendOf) -> SongAnalysis:
    """Tempo, beats, bars, sections, energy; 404 with the code `not_analysed_yet` while it is listened to."""
    return _analysis(backend, _song(backend, caller.account_id, song_id))


@router.get("/songs/{song_id}/waveform.json", summary="Waveform with beats and sections", responses=PERSONAL)
def waveform(song_id: SongId, caller: Reader, backend: BackendOf) -> Waveform:
    """Compact, for drawing."""
    return _waveform(backend, _song(backend, caller.account_id, song_id))


@router.get(
    "/songs/{song_id}/waveform.svg",
    summary="The waveform as a picture",
    responses={200: {"content": {"image/svg+xml": {}}, "description": "the drawing"}, **PERSONAL},
    response_class=Response,
)
def waveform_picture(song_id: SongId, caller: Reader, backend: BackendOf) -> Response:
    """An SVG of our own making."""
    svg = draw_waveform(_waveform(backend, _song(backend, caller.account_id, song_id)))
    return Response(svg, headers={"Cache-Control": "private, max-age=3600"}, media_type="image/svg+xml")


@contextmanager
def page_asked_for() -> Iterator[None]:
    """A cursor that is none of ours leads nowhere."""
    try:
        yield
    except InvalidInput as error:
        raise Problem(404, "no_page", error.message, "cursor") from error


def no_song() -> Problem:
    """The account has no such song."""
    return not_found("There is no such song in your Vault.")


def _song(backend: Backend, account_id: str, song_id: str) -> SongRef:
    try:
        return backend.stores.vault.song(account_id, song_id)
    except NotStored:
        raise no_song() from None


def _analysis(backend: Backend, song: SongRef) -> SongAnalysis:
    if song.analysis_key is None:
        raise Problem(404, "not_analysed_yet", "This song is still being listened to.")
    try:
        return SongAnalysis.from_bytes(backend.stores.objects.get_bytes(song.analysis_key))
    except NotStored:
        raise Problem(404, "not_analysed_yet", "What was heard in this song is gone: hear it again.") from None


def _waveform(backend: Backend, song: SongRef) -> Waveform:
    if song.analysis_key is not None:
        try:
            return Waveform.from_bytes(backend.stores.objects.get_bytes(waveform_key(song.analysis_key)))
        except NotStored:
            pass  # heard before waveforms were stored
    return waveform_of(_analysis(backend, song))
