"""Support's list of runs."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.common import TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode

from models.progress import RunStatus
from temporal import support_runs


async def test_a_run_that_is_removed_while_the_list_is_read_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    async def listed(*_: Any) -> AsyncIterator[Any]:
        for name in ("generate-gone", "generate-there"):
            yield SimpleNamespace(
                id=name,
                run_id="run",
                start_time=datetime(2026, 11, 29, tzinfo=UTC),
                typed_search_attributes=TypedSearchAttributes.empty,
            )

    async def described(_client: Any, workflow_id: str, **_: Any) -> Any:
        if workflow_id == "generate-gone":
            raise RPCError("workflow not found", RPCStatusCode.NOT_FOUND, b"")

        async def summary() -> str:
            return workflow_id

        return SimpleNamespace(raw_description=DescribeWorkflowExecutionResponse(), static_summary=summary)

    monkeypatch.setattr(support_runs, "listed", listed)
    monkeypatch.setattr(support_runs, "describe", described)
    client: Any = SimpleNamespace(get_workflow_handle=lambda *_, **__: None)
    lines = await support_runs.runs_in(client, RunStatus.CLOSED)
    assert [line.summary for line in lines] == ["generate-there"]
