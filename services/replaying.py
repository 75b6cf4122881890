"""Checks that this code replays a run's history."""

from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from models.failures import InvalidInput, NotFound, RunFailed
from models.ids import generate_workflow_id
from services.app import App
from settings import Settings
from temporal.calls import unless_unknown
from temporal.converting import converter_of
from temporal.sandbox import ContextFreeRunner
from workflows.catalog import WORKFLOWS


async def replay(history: WorkflowHistory, settings: Settings) -> int:
    """Replay a history, encrypted or not.

    Args:
        settings: Has the codec's keys.

    Returns:
        The number of its events.

    Raises:
        RunFailed: This code has diverged from it.
    """
    converter = converter_of(settings.read_codec_keys)
    replayed = await Replayer(
        workflows=WORKFLOWS, data_converter=converter, workflow_runner=ContextFreeRunner()
    ).replay_workflow(history, raise_on_replay_failure=False)
    if replayed.replay_failure is not None:
        raise RunFailed(f"This code has diverged from {history.workflow_id}: {replayed.replay_failure}")
    return len(history.events)


def read_history(path: Path) -> WorkflowHistory:
    """A workflow's history from a file in JSON. Raises `InvalidInput`: it is none."""
    unusable = InvalidInput(f"{path} is not a workflow history in JSON.", code="history")
    try:
        history = WorkflowHistory.from_json(path.stem, path.read_text())
    except (ValueError, KeyError) as error:
        raise unusable from error
    # A history without its run's id makes the replayer hang instead of raise.
    first = history.events[0] if history.events else None
    if first is None or not first.workflow_execution_started_event_attributes.original_execution_run_id:
        raise unusable
    return history


async def fetch_history(app: App, name: str) -> WorkflowHistory:
    """The history of a run.

    Args:
        name: A video's id, or a workflow's.

    Raises:
        NotFound: There is no such run.
    """
    workflow_id = generate_workflow_id(name) if name.startswith("video-") else name
    unknown = NotFound(f"There is no run {workflow_id} and no file of that name.", code="no_run")
    with unless_unknown(unknown):
        return await app.client.get_workflow_handle(workflow_id).fetch_history()
