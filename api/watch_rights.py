"""A short cache of who may watch which run, because watchers poll.

It is the only such cache: all other requests are authenticated every time. A session or token that ends in this process
is removed at once; one that ends in another process can watch for RIGHTS_KNOWN_S more.
"""

import hashlib
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from api.deps import Backend, BackendOf, Bearer, Caller, Cookie, caller_of, require
from api.problems import Problem
from models.access import Scope
from models.failures import EchonosError, NotFound
from services.videos import check_owned


async def watcher_of(request: Request, backend: BackendOf, cookie: Cookie, bearer: Bearer) -> Caller:
    """The caller who watches the run of this path.

    Raises:
        Problem: 401, not authenticated; 403, a token without the scope.
        NotFound: The run belongs to another account.
    """
    video_id = request.path_params["video_id"]
    secrets, rights = f"{request.headers.get('authorization')}\n{cookie}", backend.rights
    digest = hashlib.sha256(secrets.encode()).hexdigest()
    known = rights.find((digest, video_id))
    if known is not None:
        return known
    age = rights.age
    caller = await run_in_threadpool(_prove, request, backend, video_id)
    rights.keep((digest, video_id), caller, age)
    return caller


async def may_still_watch(request: Request, backend: Backend, cookie: str | None) -> bool:
    """Whether the watcher of an open stream may go on; yes while the database does not answer."""
    try:
        await watcher_of(request, backend, cookie, None)
    except (Problem, NotFound):
        return False
    except EchonosError:  # the database does not answer
        return True
    return True


def _prove(request: Request, backend: Backend, video_id: str) -> Caller:
    caller = require(caller_of(request, backend), Scope.READ)
    check_owned(backend, caller.account_id, video_id)
    return caller


Watcher = Annotated[Caller, Depends(watcher_of)]
