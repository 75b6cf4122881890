"""What a look at a run says of its end."""

from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionResponse
from temporalio.client import WorkflowExecutionStatus
from temporalio.common import TypedSearchAttributes

from models.progress import FailureNote, Progress, RunStatus
from models.standstill import StandstillCause
from services import progress
from services.progress import RunView

RUNNING = Progress(video_id="video-1", sentence="Painting the stills.")
CANCELLED = RUNNING.model_copy(
    update={
        "status": RunStatus.CANCELLED,
        "sentence": "Cancelled; the credits are back.",
        "failure": FailureNote(type="Cancelled", sentence="Cancelled; the credits are back."),
    }
)

OUTSIDE = "Ended from outside; the credits are settled by what was delivered."


@pytest.mark.parametrize(
    ("second", "status", "sentence"),
    [
        (CANCELLED, RunStatus.CANCELLED, CANCELLED.sentence),
        (RUNNING, RunStatus.FAILED, OUTSIDE),
    ],
    ids=["by itself", "terminated"],
)
async def test_a_run_that_ends_during_a_look_is_reported_in_its_own_words(
    monkeypatch: pytest.MonkeyPatch, second: Progress, status: RunStatus, sentence: str
) -> None:
    answers = [RUNNING, second]

    async def asked(*_: Any) -> Progress:
        return answers.pop(0)

    async def described(*_: Any, **__: Any) -> Any:
        raw = DescribeWorkflowExecutionResponse()
        return SimpleNamespace(status=WorkflowExecutionStatus.CANCELED, raw_description=raw)

    monkeypatch.setattr(progress, "ask", asked)
    monkeypatch.setattr(progress, "describe", described)
    monkeypatch.setattr(progress, "generation", lambda *_: SimpleNamespace(id="generate-video-1"))
    app: Any = SimpleNamespace(client=None)
    seen = await RunView(app, "account-1", "video-1").look()
    assert (seen.progress.status, seen.progress.sentence, seen.silent) == (status, sentence, False)


async def test_a_paused_step_is_reported_between_two_descriptions_too(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [RUNNING, RUNNING, CANCELLED]
    raw = DescribeWorkflowExecutionResponse()
    raw.pending_activities.add(paused=True)

    async def asked(*_: Any) -> Progress:
        return answers.pop(0)

    async def described(*_: Any, **__: Any) -> Any:
        return SimpleNamespace(
            id="generate-video-1",
            status=WorkflowExecutionStatus.RUNNING,
            raw_description=raw,
            typed_search_attributes=TypedSearchAttributes.empty,
        )

    monkeypatch.setattr(progress, "DESCRIBE_EVERY_S", 600.0)
    monkeypatch.setattr(progress, "ask", asked)
    monkeypatch.setattr(progress, "describe", described)
    monkeypatch.setattr(progress, "generation", lambda *_: SimpleNamespace(id="generate-video-1"))
    app: Any = SimpleNamespace(client=None)
    view = RunView(app, "account-1", "video-1")
    view._described = -1_000.0
    first, second, last = [(await view.look()).progress.standstill for _ in range(3)]
    assert first is not None
    assert first.cause is StandstillCause.STEP_PAUSED
    assert second == first
    assert last is None, "nothing keeps a run from going on that has ended"
