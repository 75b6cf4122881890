"""A worker's start against a namespace that has no schedules, or is not there."""

from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.service import RPCError, RPCStatusCode

from models.failures import NoServer
from temporal.schedules import ensure_schedules


async def test_a_namespace_that_is_not_there_is_named() -> None:
    async def refuse(*_: object) -> None:
        raise RPCError("Namespace shop is not found.", RPCStatusCode.NOT_FOUND, b"")

    client: Any = SimpleNamespace(namespace="shop", create_schedule=refuse)
    with pytest.raises(NoServer, match=r"namespace shop: Namespace shop is not found\. \(docs/runbooks"):
        await ensure_schedules(client)
