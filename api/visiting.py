"""Who looks at a page."""

from dataclasses import dataclass, field

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from api.callers import may_support
from api.cookies import session_sent
from api.deps import backend_of, csrf_token_of, of_session


@dataclass(frozen=True)
class PageSession:
    """Who looks at a page."""

    account_id: str
    email: str
    verified: bool
    roles: frozenset[str]
    csrf_token: str = field(repr=False)
    may_support: bool = False
    local: bool = False


async def page_session(request: Request) -> PageSession | None:
    """Who looks at a page; None where no session is open."""
    backend = backend_of(request)
    sent = session_sent(request, backend.settings)
    if sent is None:
        return None
    secret, host_cookie = sent
    found = await run_in_threadpool(lambda: backend.access.sessions.look(secret, host_cookie=host_cookie))
    if found is None:
        return None
    caller = of_session(backend, secret, *found)
    return PageSession(
        account_id=caller.account_id,
        email=caller.profile.email or "",
        verified=caller.profile.verified,
        roles=frozenset(role.value for role in caller.profile.roles),
        csrf_token=csrf_token_of(secret),
        may_support=may_support(caller),
        local=caller.local,
    )
