"""Recorded histories of every scenario replay against today's code; a workflow that diverges does not."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from models.generation import GenerateRequest, GenerateResult
from models.wire import DATA_CONVERTER
from temporal.sandbox import ContextFreeRunner
from workflows.catalog import WORKFLOWS

HISTORIES = sorted((Path(__file__).parent / "histories").glob("*.json"))


def load(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(path.stem, path.read_text())


def test_there_are_histories_of_every_scenario() -> None:
    names = {path.stem for path in HISTORIES}
    assert {
        "success",
        "success-in-order",
        "bought",
        "analysis",
        "heard-again",
        "joined-an-analysis",
        "deleted",
        "not-deleted",
        "exported",
        "export-failed",
        "export-cancelled",
        "failed",
        "refused",
        "parked-and-retried",
        "parked-and-abandoned",
        "scene-fallback",
        "reset-after-refund",
        "studio",
        "studio-refunded",
        "studio-turned",
        "studio-continued",
        "studio-reopened",
        "studio-cancelled",
        "regenerated-image",
        "regenerated-in-order",
        "regenerated-video",
        "regeneration-failed",
        "regeneration-cancelled",
        "rebuilt",
        "storyboard",
        "storyboard-turned",
        "storyboard-continued",
        "storyboard-unanswered",
        "storyboard-undone",
    } <= names
    assert sum(name.startswith("cancelled-") for name in names) == 9


def replayer(workflows: Sequence[type]) -> Replayer:
    return Replayer(workflows=workflows, data_converter=DATA_CONVERTER, workflow_runner=ContextFreeRunner())


@pytest.mark.parametrize("path", HISTORIES, ids=lambda path: path.stem)
async def test_history_replays(path: Path) -> None:
    await replayer(WORKFLOWS).replay_workflow(load(path))


@workflow.defn(name="GenerateVideo")
class DivergedGenerateVideo:
    """Begins with a timer, as no recorded run did."""

    @workflow.run
    async def run(self, request: GenerateRequest) -> GenerateResult:
        await workflow.sleep(1)
        return GenerateResult(video_id=request.video_id, version=0, timeline_key="")


async def test_a_diverged_workflow_fails() -> None:
    path = next(path for path in HISTORIES if path.stem == "success")
    with pytest.raises(workflow.NondeterminismError):
        await replayer([DivergedGenerateVideo]).replay_workflow(load(path))
