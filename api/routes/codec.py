"""The codec server of Temporal's own pages, and the token with which support opens it there.

Those pages take one address and add `/decode` or `/encode` to it, without cookies of ours: the token is in the address.
"""

from datetime import datetime
from typing import Annotated

from fastapi import Depends, Path, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from api import admission
from api.admission import before_the_body
from api.deps import BackendOf, Supporter, backend_of, of_session
from api.docs import errors
from api.permissions import may_support
from api.problems import Problem
from api.shapes import PREFIX
from models.base import Model
from models.decoding import EncodedPayload
from services import decoding

router = admission.router("support")

MOST_BYTES = 16_000_000
"""Temporal's pages send the payloads of a whole history page at once."""

TOKEN_CHARS = 600


class CodecToken(Model):
    """Opens encrypted payloads in Temporal's own pages, for half an hour or until the session ends."""

    endpoint: str = Field(
        examples=["https://echonos.example/api/v1/codec/k1.wJ4…"], description="for Temporal's page, “Codec Server”"
    )
    expires_at: datetime


class Payloads(Model):
    """Payloads of a history."""

    payloads: tuple[EncodedPayload, ...] = Field(default=(), max_length=100_000)


async def _admit(request: Request) -> None:
    """Raise `Problem`, 404, unless the address has a token of someone who may do support's work now."""
    backend = backend_of(request)
    found = await run_in_threadpool(decoding.holder_of, backend, request.path_params["token"])
    if found is None or not may_support(of_session(backend, found[1].session_id, *found)):
        raise Problem(404, "not_found", "This codec address has expired: fetch a new one on the support page.")


@before_the_body(_admit)
async def _admitted(token: Annotated[str, Path(max_length=TOKEN_CHARS, description="from `codec-tokens`")]) -> None:
    """Documents the token; `_admit` has checked it."""


_ANSWERS = errors(404, 409, 413)


@router.post(
    "/support/codec-tokens", status_code=201, summary="Read Temporal's own pages", responses=errors(401, 403, 404, 409)
)
async def issue(caller: Supporter, backend: BackendOf) -> CodecToken:
    """An address that shows encrypted payloads there."""
    token, expires_at = await run_in_threadpool(decoding.issue_token, backend, caller.account_id, caller.session or "")
    return CodecToken(endpoint=f"{backend.settings.public_url}{PREFIX}/codec/{token}", expires_at=expires_at)


@router.post("/codec/{token}/decode", summary="Decrypt payloads", responses=_ANSWERS, dependencies=[Depends(_admitted)])
async def decode(body: Payloads, backend: BackendOf) -> Payloads:
    """Temporal's codec protocol. Payloads that are not encrypted come back as they are."""
    return Payloads(payloads=await run_in_threadpool(decoding.decode, backend, body.payloads))


@router.post("/codec/{token}/encode", summary="Encrypt payloads", responses=_ANSWERS, dependencies=[Depends(_admitted)])
async def encode(body: Payloads, backend: BackendOf) -> Payloads:
    """Temporal's codec protocol, for inputs that are typed into its pages."""
    return Payloads(payloads=await run_in_threadpool(decoding.encode, backend, body.payloads))
