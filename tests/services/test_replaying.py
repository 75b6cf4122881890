"""Fetching a history: an unknown run is unknown, and a server that is away is away."""

from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.service import RPCError, RPCStatusCode

from models.failures import EchonosError, NoServer, NotFound
from services.failures import translated
from services.replaying import fetch_history


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (RPCStatusCode.NOT_FOUND, NotFound),
        (RPCStatusCode.UNAVAILABLE, NoServer),
        (RPCStatusCode.DEADLINE_EXCEEDED, NoServer),
        (RPCStatusCode.PERMISSION_DENIED, NoServer),
    ],
)
async def test_only_an_unknown_run_is_reported_as_unknown(status: RPCStatusCode, failure: type[EchonosError]) -> None:
    async def fetched() -> None:
        raise RPCError("no", status, b"")

    handle = SimpleNamespace(fetch_history=fetched)
    app: Any = SimpleNamespace(client=SimpleNamespace(get_workflow_handle=lambda _: handle))
    with pytest.raises((RPCError, NotFound)) as caught:
        await fetch_history(app, "video-1")
    assert type(translated(caught.value)) is failure
