"""Costly POSTs: the same Idempotency-Key gives the same answer, in every process and after every restart.

Ids of new work come from account and key, so a repeated request finds work that began before a crash.
"""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Header, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from api.deps import Backend, Caller
from api.problems import MEDIA_TYPE, problem_of
from models.access import KeptAnswer
from models.base import Model
from models.ids import digest_of

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Chosen by the caller, a new one for each new order. The same key gives the same answer.",
        examples=["5f0c2a8e-8d0b-4c5e-9d53-1f2a7c1f7f10"],
    ),
]
_FINAL = frozenset({402, 404, 409, 422})
"""Refusals that are stored as answers; others (rate limits, unavailable parts) say nothing about the request."""


async def once(
    request: Request,
    backend: Backend,
    caller: Caller,
    key: str,
    body: Model,
    work: Callable[[str], Awaitable[tuple[int, Model]]],
) -> Response:
    """Run work once per idempotency key.

    Args:
        request: The request; its method and path are part of the key's digest.
        body: The request's body, also part of the digest.
        work: Called with an operation id derived from account and key; returns status and answer. Safe to repeat.
    """
    account_id, keys = caller.account_id, backend.access.idempotency
    told = f"{request.method} {request.url.path}\n{body.model_dump_json()}"
    kept = await run_in_threadpool(keys.claim, account_id, key, hashlib.sha256(told.encode()).hexdigest())
    if kept is not None:
        return _response(kept, replayed=True)
    try:
        status, made = await work(digest_of("operation", account_id, key))
        answer = KeptAnswer(status=status, body=made.model_dump_json())
    except Exception as error:
        problem = problem_of(error)
        if problem.status_code not in _FINAL:
            raise
        answer = KeptAnswer(status=problem.status_code, body=bytes(problem.response().body).decode())
    return _response(await run_in_threadpool(keys.keep, account_id, key, answer), replayed=False)


def _response(answer: KeptAnswer, *, replayed: bool) -> Response:
    media_type = MEDIA_TYPE if answer.status >= 400 else "application/json"
    headers = {"Idempotency-Replayed": "true"} if replayed else {}
    return Response(answer.body, answer.status, headers, media_type)
