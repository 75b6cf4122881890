"""Deleting from the Vault: what it would mean, and doing it."""

from typing import Annotated

from fastapi import Path
from fastapi.concurrency import run_in_threadpool

from api import admission
from api.deps import Backend, BackendOf, Caller, Reader, Writer, counted
from api.docs import PERSONAL, errors
from api.problems import Problem, not_found
from models.failures import InvalidInput, NotStored
from models.vault import DeletionPlan, RemovalRequest, Shelf
from workflows.clients import delete_from_vault

router = admission.router("vault")

_DELETION = errors(401, 403, 404, 409, 429)
SubjectId = Annotated[str, Path(max_length=80)]


@router.get("/songs/{song_id}/deletion", summary="What deleting a song means", responses=PERSONAL)
def plan_song(song_id: SubjectId, caller: Reader, backend: BackendOf) -> DeletionPlan:
    """To be shown before it is done."""
    return _plan(backend, caller, Shelf.SONG, song_id)


@router.delete(
    "/songs/{song_id}",
    status_code=204,
    summary="Delete a song",
    responses=_DELETION,
    dependencies=[counted("change")],
)
async def delete_song(song_id: SubjectId, caller: Writer, backend: BackendOf) -> None:
    """Off the lists at once, its objects right after. Videos made of it stay."""
    await _delete(backend, caller, Shelf.SONG, song_id)


@router.get("/videos/{video_id}/deletion", summary="What deleting a video means", responses=PERSONAL)
def plan_video(video_id: SubjectId, caller: Reader, backend: BackendOf) -> DeletionPlan:
    """To be shown before it is done."""
    return _plan(backend, caller, Shelf.VIDEO, video_id)


@router.delete(
    "/videos/{video_id}",
    status_code=204,
    summary="Delete a video",
    responses=_DELETION,
    dependencies=[counted("change")],
)
async def delete_video(video_id: SubjectId, caller: Writer, backend: BackendOf) -> None:
    """All its versions, for good; or an order that never came to a version. 409 while it is being made."""
    await _delete(backend, caller, Shelf.VIDEO, video_id)


@router.get("/characters/{character_id}/deletion", summary="What deleting a character means", responses=PERSONAL)
def plan_character(character_id: SubjectId, caller: Reader, backend: BackendOf) -> DeletionPlan:
    """To be shown before it is done."""
    return _plan(backend, caller, Shelf.CHARACTER, character_id)


@router.delete(
    "/characters/{character_id}",
    status_code=204,
    summary="Delete a character",
    responses=_DELETION,
    dependencies=[counted("change")],
)
async def delete_character(character_id: SubjectId, caller: Writer, backend: BackendOf) -> None:
    """Videos that it appears in stay as they are."""
    await _delete(backend, caller, Shelf.CHARACTER, character_id)


def _plan(backend: Backend, caller: Caller, shelf: Shelf, subject_id: str) -> DeletionPlan:
    try:
        return backend.stores.removal.plan(caller.account_id, shelf, subject_id)
    except NotStored:
        raise not_found(f"There is no such {shelf} in your Vault.") from None


async def _delete(backend: Backend, caller: Caller, shelf: Shelf, subject_id: str) -> None:
    await run_in_threadpool(_plan, backend, caller, shelf, subject_id)
    request = RemovalRequest(account_id=caller.account_id, shelf=shelf, subject_id=subject_id)
    try:
        await delete_from_vault(backend.client, request)
    except InvalidInput as error:
        raise Problem(409, error.code, error.message) from error
