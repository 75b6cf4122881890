"""The visitor of a page."""

import re
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from api.cookies import session_sent
from api.deps import backend_of, bind_request, csrf_token_of, of_session
from api.permissions import may_support

_OWN_PAGE = re.compile(r"/(?:[?A-Za-z0-9_~%-][^\\\s\x00-\x20]*)?")
"""Addresses of our own: no second slash or backslash at the beginning, which browsers take for another site."""


def own_page(wanted: str) -> str:
    """Where a log-in may lead: a wanted page of our own, otherwise Create."""
    return wanted if _OWN_PAGE.fullmatch(wanted) else "/"


@dataclass(frozen=True)
class PageSession:
    """The visitor of a page."""

    account_id: str
    email: str
    verified: bool
    roles: frozenset[str]
    csrf_token: str = field(repr=False)
    may_support: bool = False
    local: bool = False


async def page_session(request: Request) -> PageSession | None:
    """The visitor of a page; None without a session."""
    backend = backend_of(request)
    sent = session_sent(request, backend.settings)
    if sent is None:
        return None
    secret, host_cookie = sent
    found = await run_in_threadpool(lambda: backend.access.sessions.look(secret, host_cookie=host_cookie))
    if found is None:
        return None
    caller = of_session(backend, secret, *found)
    bind_request(request, caller.account_id)
    return PageSession(
        account_id=caller.account_id,
        email=caller.profile.email or "",
        verified=caller.profile.verified,
        roles=frozenset(role.value for role in caller.profile.roles),
        csrf_token=csrf_token_of(secret),
        may_support=may_support(caller),
        local=caller.local,
    )
