"""`regenerate`, `choose`, `versions`, `close`: repair single scenes."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer

from cli.options import Out, VideoId, YesHold
from cli.output import Output
from cli.session import Session
from models.failures import InvalidInput, RunFailed
from models.progress import RunStatus
from models.storyboard import CameraMove
from models.studio import AcceptedOperation, SceneEdit, StudioKind, StudioOrder, StudioState, takes_of


class Kind(StrEnum):
    """The part of a scene to make again."""

    IMAGE = "image"
    VIDEO = "video"


class Move(StrEnum):
    """Camera moves as they are typed: with hyphens."""

    PUSH_IN = "push-in"
    PULL_OUT = "pull-out"
    PAN_LEFT = "pan-left"
    PAN_RIGHT = "pan-right"
    TILT_UP = "tilt-up"
    TILT_DOWN = "tilt-down"
    CRANE_UP = "crane-up"
    ROLL = "roll"
    HANDHELD = "handheld"
    DRIFT = "drift"


async def regenerate(
    video_id: VideoId,
    scene: Annotated[int, typer.Option("--scene", help="The scene's number in `timeline`, counted from 1.")],
    kind: Annotated[Kind, typer.Option(help="image: a new still (10 credits); video: a new clip of it (50).")],
    prompt: Annotated[
        str | None, typer.Option(help="The prompt of the still, or of the motion; default: the old one.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**32 - 1, help="Default: a new one.")] = None,
    camera: Annotated[Move | None, typer.Option(help="Another camera move.")] = None,
    character: Annotated[list[str] | None, typer.Option(help="Who appears, by id; may be given again.")] = None,
    location: Annotated[str | None, typer.Option(help="Where it plays, by id.")] = None,
    out: Out = None,
    yes: YesHold = False,
    *,
    output: Output,
) -> None:
    """Make one scene's image or video again, in a new version; everything else stays as it is."""
    from cli.quotes import show_quote
    from services.studio import quote_operation

    edit = SceneEdit(
        prompt=prompt,
        seed=seed,
        camera_move=CameraMove(camera.value.replace("-", " ")) if camera else None,
        character_ids=tuple(character) if character else None,
        location_id=location,
    )
    async with Session.open(output) as session:
        order = _order(session, video_id, StudioKind(kind.value), scene_index=scene - 1, edit=edit)
        quote = quote_operation(session.app, order)
        assert quote is not None, "a regeneration has a price, even if it is 0"
        show_quote(quote, output)
        # The command names scene and kind: ask again only on a terminal.
        unasked = yes or output.as_json or not sys.stdin.isatty()
        output.ask("Make it again?", unasked, "Nothing was started and nothing is charged.", default=True)
        answer = await _operate(session, order.model_copy(update={"quoted": quote.price}), out)
    show(answer, output)


async def choose(
    video_id: VideoId,
    scene: Annotated[int | None, typer.Option(help="The scene's number; with --take.")] = None,
    take: Annotated[
        str, typer.Option(help="A take of that scene as `timeline` shows it; `draft` is the first one.")
    ] = "",
    version: Annotated[int | None, typer.Option(help="Or: an older version to go back to.")] = None,
    out: Out = None,
    *,
    output: Output,
) -> None:
    """Show another take of a scene, or go back to an older version: free, and a new version."""
    from models.views import whole_id
    from services.media import find_video_timeline

    if (version is None) == (scene is None or not take):
        raise InvalidInput("Give --scene and --take, or --version.", code="choose")
    async with Session.open(output) as session:
        if version is not None:
            order = _order(session, video_id, StudioKind.RESTORE, version=version)
        else:
            index = (scene or 0) - 1
            found = find_video_timeline(session.app, session.account_id, video_id)
            shown = next((one for one in found.timeline.scenes if one.index == index), None)
            take = whole_id(take, [one.take_id for one in takes_of(shown, found.takes)] if shown else [])
            order = _order(session, video_id, StudioKind.CHOOSE, scene_index=index, take_id=take)
        answer = await _operate(session, order, out)
    show(answer, output)


async def versions(
    video_id: VideoId,
    version: Annotated[int | None, typer.Option(help="Fetch this one; it is joined again where necessary.")] = None,
    out: Out = None,
    *,
    output: Output,
) -> None:
    """A video's versions, or one of them as an MP4."""
    from services.media import fetch_version, find_video_timeline

    path = None
    async with Session.open(output) as session:
        found = find_video_timeline(session.app, session.account_id, video_id, version)
        if version is not None or out is not None:
            _, path = await fetch_version(session.app, session.account_id, video_id, version, out, output.say)
    views = found.view.versions
    answer: dict[str, Any] = {"video_id": video_id, "versions": [view.model_dump(mode="json") for view in views]}
    lines = [
        f"{view.version:4}  {view.stored_at[:19]}  {view.change}{'' if view.is_kept else '  (joined on demand)'}"
        for view in views
    ]
    if path is not None:
        answer |= {"version": found.timeline.version, "path": str(path)}
        lines.append(str(path))
    output.answer(answer, lines)


async def close(video_id: VideoId, *, output: Output) -> None:
    """Close a video's run once its operations are done; the next regeneration opens it again."""
    from services.cancelling import close_video

    async with Session.open(output) as session:
        await close_video(session.app, session.account_id, video_id)
    answer = {"video_id": video_id, "status": RunStatus.CLOSED.value}
    output.answer(answer, ["Closed; the video stays in the Vault, and the next regeneration opens it again."])


def _order(session: Session, video_id: str, kind: StudioKind, **more: Any) -> StudioOrder:
    return StudioOrder(account_id=session.account_id, video_id=video_id, operation_id=uuid4().hex, kind=kind, **more)


async def _operate(session: Session, order: StudioOrder, out: Path | None) -> dict[str, Any]:
    from services.studio import order_operation

    return await follow(session, order.video_id, await order_operation(session.app, order), out)


async def follow(session: Session, video_id: str, ticket: AcceptedOperation, out: Path | None) -> dict[str, Any]:
    """Wait for an operation's version and fetch it; returns the command's answer.

    Raises:
        RunFailed: It failed, or waits for a person.
    """
    from services.credits import balance
    from services.media import fetch_version
    from services.studio import follow_operation

    app, account_id, output = session.app, session.account_id, session.output
    done = await follow_operation(app, account_id, video_id, ticket, output.say, until_parked=not output.live)
    if done.state is StudioState.FAILED:
        raise RunFailed(done.failure.sentence if done.failure else "It failed; the credits are back.")
    _, path = await fetch_version(app, account_id, video_id, done.version, out, output.say)
    index = done.order.scene_index
    return {
        "video_id": video_id,
        "operation_id": ticket.operation_id,
        "workflow_id": ticket.workflow_id,
        "kind": done.order.kind.value,
        "scene": None if index is None else index + 1,
        "version": done.version,
        "path": str(path),
        "credits_charged": done.price,
        "free_units": done.free_units,
        "balance": balance(app, account_id).available,
    }


def show(answer: dict[str, Any], output: Output) -> None:
    """Say which version was made, and what it cost."""
    paid = f"{answer['credits_charged']} credits charged, {answer['balance']} left."
    output.answer(answer, [f"Version {answer['version']}: {paid}", answer["path"]])
