"""Who may watch which run, remembered for a moment: watchers ask again and again, and what may have changed is little.

It is the only memory of this kind. Whoever reads or changes anything else is looked up every time. A session or token
that ends in this process is forgotten here at once; one that ends in another process can watch on for RIGHTS_KNOWN_S.
"""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool

from api.deps import Backend, BackendOf, Bearer, Caller, Cookie, caller_of, require
from api.finding import check_owned
from api.problems import Problem
from models.access import Scope
from models.failures import EchonosError
from stores.secrets import digest_secret


async def watcher_of(request: Request, backend: BackendOf, cookie: Cookie, bearer: Bearer) -> Caller:
    """Who watches the run of this address.

    Raises:
        Problem: 401, a stranger; 403, a token without the scope; 404, it is not theirs.
    """
    video_id = request.path_params["video_id"]
    digest, rights = digest_secret(f"{request.headers.get('authorization')}\n{cookie}"), backend.rights
    known = rights.find((digest, video_id))
    if known is not None:
        return known
    age = rights.age
    caller = await run_in_threadpool(_prove, request, backend, video_id)
    rights.keep((digest, video_id), caller, age)
    return caller


async def may_still_watch(request: Request, backend: Backend, cookie: str | None) -> bool:
    """Whether the watcher of a stream that is open may go on; yes while nobody can tell."""
    try:
        await watcher_of(request, backend, cookie, None)
    except Problem:
        return False
    except EchonosError:  # the database is away
        return True
    return True


def _prove(request: Request, backend: Backend, video_id: str) -> Caller:
    caller = require(caller_of(request, backend), Scope.READ)
    check_owned(backend.stores, caller.account_id, video_id)
    return caller


Watcher = Annotated[Caller, Depends(watcher_of)]
