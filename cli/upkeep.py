"""Replaying histories and verifying the books."""

from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.service import RPCError
from temporalio.worker import Replayer

from cli.exits import RunFailed
from cli.output import Output
from cli.session import open_session
from models.failures import InvalidInput
from models.routing import generate_workflow_id
from models.support import Action
from models.wire import DATA_CONVERTER
from workflows.catalog import WORKFLOWS


async def replay_history(source: str, output: Output) -> None:
    """Fetch or read a history and replay it."""
    history = _from_file(Path(source)) if Path(source).is_file() else await _from_server(source, output)
    replayed = await Replayer(workflows=WORKFLOWS, data_converter=DATA_CONVERTER).replay_workflow(
        history, raise_on_replay_failure=False
    )
    if replayed.replay_failure is not None:
        raise RunFailed(f"This code has diverged from {source}: {replayed.replay_failure}")
    events = len(history.events)
    output.answer({"source": source, "events": events, "diverged": False}, [f"{events} events replayed: it fits."])


async def verify_ledger(output: Output) -> None:
    """Recompute the books."""
    async with open_session(output) as session:
        report = session.stores.ledger.verify()
    if report.differences:
        raise RunFailed("The books differ: " + "; ".join(report.differences))
    counted = f"{report.accounts} accounts, {report.transactions} transactions, {report.entries} entries"
    output.answer(report, [f"The books are right: {counted}."])


async def rebuild_ledger(reason: str, actor: str, output: Output) -> None:
    """Put right what is kept beside the entries."""
    async with open_session(output) as session:
        with session.stores.support.attempt(actor, Action.REBUILD, "ledger", reason):
            before = session.stores.ledger.rebuild()
    found = [f"Was: {difference}" for difference in before.differences]
    output.answer({"put_right": list(before.differences)}, [*found, "What is kept agrees with the entries now."])


def _from_file(path: Path) -> WorkflowHistory:
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


async def _from_server(source: str, output: Output) -> WorkflowHistory:
    workflow_id = generate_workflow_id(source) if source.startswith("video-") else source
    async with open_session(output) as session:
        try:
            return await session.client.get_workflow_handle(workflow_id).fetch_history()
        except RPCError as error:
            raise InvalidInput(f"There is no run {workflow_id} and no file of that name.", code="no_run") from error
