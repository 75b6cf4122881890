"""Studio on the command line: regenerating, choosing, listing versions, closing."""

import asyncio
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import typer
from temporalio.client import WorkflowQueryFailedError
from temporalio.service import RPCError

from cli.exits import RunFailed
from cli.fetching import check_out, fetch, known_timeline, known_video
from cli.output import Output
from cli.quotes import show_quote
from cli.session import Session, open_session
from models.credits import HoldState, Quote
from models.failures import InvalidInput
from models.progress import Progress, RunStatus
from models.routing import video_id_of
from models.studio import SceneEdit, StudioKind, StudioOperation, StudioOrder, StudioState, Ticket
from models.views import version_views, whole_id
from workflows.regenerate_scene import RegenerateScene
from workflows.studio_clients import close_video, operate, regeneration

POLL_S = 0.2


async def regenerate_scene(
    video_id: str, number: int, kind: StudioKind, edit: SceneEdit, out: Path | None, yes: bool, output: Output
) -> None:
    """Quote, ask, make, and fetch the new version."""
    check_out(out)
    async with open_session(output) as session:
        known_video(session, video_id)
        order = _order(session, video_id, kind, scene_index=number - 1, edit=edit)
        quote = session.stores.operations.quote(order)
        assert quote is not None, "what is made anew has a price, be it 0"
        _agree(quote, yes, output)
        answer = await _operate(session, order.model_copy(update={"quoted": quote.price}), out)
    output.answer(answer, _lines(answer))


async def choose_version(
    video_id: str, number: int | None, take: str, version: int | None, out: Path | None, output: Output
) -> None:
    """Show another take, or an older version."""
    check_out(out)
    if (version is None) == (number is None or not take):
        raise InvalidInput("Give --scene and --take, or --version.", code="choose")
    async with open_session(output) as session:
        known_video(session, video_id)
        if version is not None:
            order = _order(session, video_id, StudioKind.RESTORE, version=version)
        else:
            index = (number or 0) - 1
            takes = session.stores.operations.takes(session.account_id, video_id)
            take = whole_id(take, [one.take_id for one in takes if one.scene_index == index])
            order = _order(session, video_id, StudioKind.CHOOSE, scene_index=index, take_id=take)
        session.stores.operations.quote(order)  # refuses before a run is opened for it
        answer = await _operate(session, order, out)
    output.answer(answer, _lines(answer))


async def show_versions(video_id: str, version: int | None, out: Path | None, output: Output) -> None:
    """List a video's versions; fetch one of them."""
    check_out(out)
    async with open_session(output) as session:
        timeline = known_timeline(session, video_id, version)
        stores, account_id = session.stores, session.account_id
        operations = stores.operations.of_video(account_id, video_id)
        views = version_views(stores.vault.versions(account_id, video_id), operations)
        path = await fetch(session, timeline, out) if version is not None or out is not None else None
    answer: dict[str, Any] = {"video_id": video_id, "versions": [view.model_dump(mode="json") for view in views]}
    lines = [
        f"{view.version:4}  {view.stored_at[:19]}  {view.change}{'' if view.is_kept else '  (joined on demand)'}"
        for view in views
    ]
    if path is not None:
        answer |= {"version": timeline.version, "path": str(path)}
        lines.append(str(path))
    output.answer(answer, lines)


async def close_run(video_id: str, output: Output) -> None:
    """Close a video's run."""
    async with open_session(output) as session:
        known_video(session, video_id)
        await close_video(session.client, video_id)
    answer = {"video_id": video_id, "status": RunStatus.CLOSED.value}
    output.answer(answer, ["Closed; the video stays in the Vault, and the next regeneration opens it again."])


def _order(session: Session, video_id: str, kind: StudioKind, **more: Any) -> StudioOrder:
    return StudioOrder(account_id=session.account_id, video_id=video_id, operation_id=uuid4().hex, kind=kind, **more)


def _agree(quote: Quote, yes: bool, output: Output) -> None:
    show_quote(quote, output)
    # The command names scene and kind: only somebody who sits there is asked once more.
    asked = sys.stdin.isatty() and not yes and not output.as_json
    if asked and not typer.confirm("Make it anew?", default=True):
        raise InvalidInput("Nothing was started and nothing is charged.", code="declined")


async def _operate(session: Session, order: StudioOrder, out: Path | None) -> dict[str, Any]:
    video = known_video(session, order.video_id)
    ticket = await operate(session.client, video, order, session.settings.run_limits())
    done = await _ended(session, order, ticket)
    if done.state is StudioState.FAILED:
        raise RunFailed(done.failure.sentence if done.failure else "It came to nothing; the credits are back.")
    timeline = known_timeline(session, order.video_id, done.version)
    path = await fetch(session, timeline, out)
    return {
        "video_id": order.video_id,
        "operation_id": order.operation_id,
        "workflow_id": ticket.workflow_id,
        "kind": order.kind.value,
        "scene": None if order.scene_index is None else order.scene_index + 1,
        "version": done.version,
        "path": str(path),
        "credits_charged": done.price,
        "free_units": done.free_units,
        "balance": session.stores.ledger.balance(session.account_id).available,
    }


async def _ended(session: Session, order: StudioOrder, ticket: Ticket) -> StudioOperation:
    """Follow an operation until it has its version or its refund, and its credits are settled."""
    said = ""
    while True:
        operation = session.stores.operations.operation(order.account_id, order.video_id, order.operation_id)
        hold = session.stores.ledger.find_hold(order.account_id, ticket.operation_key)
        if not operation.is_open and (hold is None or hold.state is not HoldState.HELD):
            return operation
        progress = await _look(session, ticket)
        if progress is not None and progress.sentence != said:
            said = progress.sentence
            session.output.say(said)
        if progress is not None and progress.status is RunStatus.NEEDS_ATTENTION and not session.output.live:
            raise RunFailed(f"The operation waits, its credits stay held: {progress.sentence}")
        await asyncio.sleep(POLL_S)


async def _look(session: Session, ticket: Ticket) -> Progress | None:
    """The child's progress; None where there is no child, or nobody answers just now."""
    if not ticket.workflow_id:
        return None
    handle = regeneration(session.client, video_id_of(ticket.operation_key), ticket.operation_id)
    try:
        return await handle.query(RegenerateScene.progress)
    except (RPCError, WorkflowQueryFailedError):
        return None


def _lines(answer: dict[str, Any]) -> list[str]:
    return [
        f"Version {answer['version']}: {answer['credits_charged']} credits charged, {answer['balance']} left.",
        answer["path"],
    ]
