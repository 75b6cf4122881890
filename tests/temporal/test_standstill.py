"""Which pollers count as alive, and which failures are our code's."""

import os
import socket
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import (
    History,
    HistoryEvent,
    WorkflowTaskFailedEventAttributes,
    WorkflowTaskStartedEventAttributes,
)
from temporalio.api.taskqueue.v1 import PollerInfo
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryReverseResponse
from temporalio.common import TypedSearchAttributes

from models.wire import DATA_CONVERTER
from temporal.standstill import _last_task_failure, _poller


def raising(error: Exception) -> Callable[[int], psutil.Process]:
    def look(pid: int) -> psutil.Process:
        raise error

    return look


@pytest.mark.parametrize(
    ("error", "gone"),
    [(psutil.AccessDenied(7), False), (psutil.NoSuchProcess(7), True), (psutil.ZombieProcess(7), True)],
)
def test_a_worker_of_another_account_is_not_gone(error: Exception, gone: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    now = Timestamp()
    now.GetCurrentTime()
    here = PollerInfo(identity=f"{os.getpid()}@{socket.gethostname()}", last_access_time=now)
    monkeypatch.setattr(psutil, "Process", raising(error))
    assert _poller(here)[1] is gone


@pytest.mark.parametrize(
    ("cause", "found"),
    [
        ("RESET_WORKFLOW", None),
        ("UNHANDLED_COMMAND", None),
        ("WORKFLOW_PAUSE_REQUESTED_BEFORE_TASK_STARTED", None),
        ("NON_DETERMINISTIC_ERROR", "code has diverged"),
        ("WORKFLOW_WORKER_UNHANDLED_FAILURE", "go back to the version before"),
        ("BAD_SEARCH_ATTRIBUTES", "`starter.py doctor` has the command"),
    ],
)
async def test_a_task_that_failed_says_whose_fault_it_is(cause: str, found: str | None) -> None:
    failed = WorkflowTaskFailedEventAttributes(
        cause=WorkflowTaskFailedCause.Value(f"WORKFLOW_TASK_FAILED_CAUSE_{cause}"), failure=Failure(message="said")
    )
    last = [
        HistoryEvent(workflow_task_started_event_attributes=WorkflowTaskStartedEventAttributes()),
        HistoryEvent(workflow_task_failed_event_attributes=failed),
    ]

    async def history(*_: object, **__: object) -> GetWorkflowExecutionHistoryReverseResponse:
        return GetWorkflowExecutionHistoryReverseResponse(history=History(events=last))

    service = SimpleNamespace(get_workflow_execution_history_reverse=history)
    client: Any = SimpleNamespace(namespace="default", workflow_service=service, data_converter=DATA_CONVERTER)
    run: Any = SimpleNamespace(id="generate-video-1", run_id="run", typed_search_attributes=TypedSearchAttributes([]))
    told = await _last_task_failure(client, run)
    assert told is None if found is None else told is not None and found in told.sentence
