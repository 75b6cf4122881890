"""Callers are authenticated before a body is read: FastAPI reads bodies first, however large."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

Check = Callable[[Request], Awaitable[AbstractAsyncContextManager[None] | None]]
"""Raises a refusal; may return a resource that is held until the request is answered."""

_CHECK = "check_before_the_body"


def before_the_body(check: Check) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a dependency: `check` is called before the body of a request to its routes is read.

    Args:
        check: The check, which does not need the body; raises what the dependency would raise.
    """

    def mark(dependency: Callable[..., Any]) -> Callable[..., Any]:
        setattr(dependency, _CHECK, check)
        return dependency

    return mark


class AdmittingRoute(APIRoute):
    """A route whose marked dependencies are checked before its body is read."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
        """FastAPI's handler, after the checks."""
        handle = super().get_route_handler()
        checks = list(_checks_of(self.dependant))
        if self.body_field is None or not checks:
            return handle

        async def admit(request: Request) -> Response:
            async with AsyncExitStack() as held:
                for check in checks:
                    hold = await check(request)
                    if hold is not None:
                        await held.enter_async_context(hold)
                return await handle(request)

        return admit


def router(*tags: str, prefix: str = "") -> APIRouter:
    """A router whose routes authenticate callers before they read bodies."""
    return APIRouter(prefix=prefix, tags=list(tags), route_class=AdmittingRoute)


def _checks_of(dependant: Dependant) -> Iterator[Check]:
    for inner in dependant.dependencies:
        check = getattr(inner.call, _CHECK, None)
        if check is not None:
            yield check
        yield from _checks_of(inner)
