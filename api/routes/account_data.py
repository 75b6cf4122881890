"""All data of an account: as one ZIP, or erased for good."""

from typing import Annotated, Literal
from uuid import uuid4

from fastapi import Path, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from api import admission
from api.cookies import clear_session
from api.deps import Backend, BackendOf, Owner, Recent, limit
from api.docs import errors
from api.problems import Problem, not_found
from models.account_data import TAKEOUT_KEPT, Takeout
from models.base import Model
from models.failures import InvalidInput, NotStored, StartRefused
from services.account_data import TakeoutFailed, erase_account, look_at_takeout, start_takeout
from services.media import link_to

router = admission.router("account")

TakeoutId = Annotated[str, Path(min_length=32, max_length=32, pattern="^[0-9a-f]+$", examples=["0" * 32])]
ERASE_WORD = "erase"


class TakeoutState(Model):
    """The state of one ZIP."""

    takeout_id: str = Field(examples=["0" * 32])
    state: Literal["packing", "ready", "failed"] = Field(examples=["ready"])
    sentence: str
    size_bytes: int | None = Field(default=None, description="once it is ready")
    url: str | None = Field(
        default=None, description="once it is ready; works for an hour", examples=["https://…/account.zip"]
    )


class ErasureWish(Model):
    """The confirmation of an erasure."""

    confirm: Literal["erase"] = Field(description="the word, typed by the person", examples=[ERASE_WORD])


class ErasureBegun(Model):
    """The erasure has begun: no login or token works any more."""

    sentence: str


@router.post(
    "/account/takeouts", status_code=202, summary="Pack everything of the account", responses=errors(401, 403, 429)
)
async def pack(caller: Recent, backend: BackendOf) -> TakeoutState:
    """Songs, videos, versions, prompts, credits and log-ins as one ZIP, kept for seven days."""
    rates = backend.settings.rates
    await run_in_threadpool(limit, backend, rates.takeout, "takeout", caller.account_id)
    takeout_id = uuid4().hex
    await start_takeout(backend.client, caller.account_id, takeout_id)
    return _packing(takeout_id)


@router.get("/account/takeouts/{takeout_id}", summary="How far the ZIP is", responses=errors(401, 403, 404))
async def look(takeout_id: TakeoutId, caller: Owner, backend: BackendOf) -> TakeoutState:
    """Contains a link once the ZIP is ready."""
    try:
        takeout = await look_at_takeout(backend.client, caller.account_id, takeout_id)
    except NotStored:
        raise not_found() from None
    except TakeoutFailed as error:
        return TakeoutState(takeout_id=takeout_id, state="failed", sentence=error.message)
    if takeout is None:
        return _packing(takeout_id)
    return await run_in_threadpool(_ready, backend, takeout)


@router.post("/account/erasure", status_code=202, summary="Erase the account", responses=errors(401, 403, 409, 422))
async def erase(body: ErasureWish, caller: Recent, response: Response, backend: BackendOf) -> ErasureBegun:
    """Sessions and tokens end at once, runs end and are settled, then everything is deleted for good.

    The ledger's entries stay, under an id that identifies no person any more.
    """
    if caller.local:
        raise Problem(409, "local", "This is the local stack's own account: remove its data folder instead.")
    try:
        await erase_account(backend.client, caller.account_id)
    except (InvalidInput, StartRefused) as error:
        raise Problem(409, "erased", error.message) from error
    clear_session(response, backend.settings)
    return ErasureBegun(sentence="Your account is being erased. You are logged out everywhere.")


def _packing(takeout_id: str) -> TakeoutState:
    return TakeoutState(takeout_id=takeout_id, state="packing", sentence="Everything is being packed.")


def _ready(backend: Backend, takeout: Takeout) -> TakeoutState:
    if backend.stores.objects.size(takeout.object_key) is None:
        raise not_found("This ZIP is older than seven days and was removed; ask for another one.")
    url = link_to(backend.public_objects, takeout.object_key, "echonos-account.zip")
    days = TAKEOUT_KEPT.days
    return TakeoutState(
        takeout_id=takeout.takeout_id,
        state="ready",
        sentence=f"{takeout.files} files and all records, ready for {days} days.",
        size_bytes=takeout.size_bytes,
        url=url,
    )
