"""`studio`: edits of the timeline, undo and redo. All free; each makes a new version."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from cli.commands.studio import follow, show
from cli.options import Out, VideoId, command
from cli.output import Output
from cli.session import Session
from models.edits import (
    Freeze,
    Merge,
    MoveCut,
    Reorder,
    Repeat,
    Snap,
    Split,
    Swap,
    TimelineEdit,
    Trim,
)
from models.failures import NotFound
from models.studio import RestoredBy
from models.timeline import Timeline

studio = typer.Typer(help="Edit a video's timeline: free, each edit a new version.", no_args_is_help=True)

Scene = Annotated[int, typer.Option("--scene", min=1, help="The scene's number in `timeline`, counted from 1.")]
At = Annotated[float, typer.Option("--at", min=0, help="The moment in the video, in seconds.")]
SnapTo = Annotated[Snap, typer.Option("--snap", help="The nearest beat, half beat, or any frame.")]


@command(studio, "move-cut")
async def move_cut(
    video_id: VideoId, scene: Scene, at: At, snap: SnapTo = Snap.BEAT, out: Out = None, *, output: Output
) -> None:
    """Move the cut before a scene to another beat; the pictures stay where they are in time."""

    def edit(newest: Timeline) -> TimelineEdit:
        return MoveCut(scene_id=_id(newest, scene), frame=_frame(newest, at), snap=snap)

    await _edit(video_id, edit, out, output)


@command(studio)
async def split(
    video_id: VideoId, scene: Scene, at: At, snap: SnapTo = Snap.BEAT, out: Out = None, *, output: Output
) -> None:
    """Cut a scene in two at a beat."""

    def edit(newest: Timeline) -> TimelineEdit:
        return Split(scene_id=_id(newest, scene), frame=_frame(newest, at), snap=snap)

    await _edit(video_id, edit, out, output)


@command(studio)
async def merge(video_id: VideoId, scene: Scene, out: Out = None, *, output: Output) -> None:
    """Join a scene with the one after it; the first one's picture goes on."""
    await _edit(video_id, lambda newest: Merge(scene_id=_id(newest, scene)), out, output)


@command(studio)
async def swap(
    video_id: VideoId,
    scene: Scene,
    other: Annotated[int, typer.Option("--with", min=1, help="The number of the other scene.")],
    out: Out = None,
    *,
    output: Output,
) -> None:
    """Let two scenes change places; the cuts stay."""
    await _edit(video_id, lambda newest: Swap(scene_id=_id(newest, scene), other_id=_id(newest, other)), out, output)


@command(studio)
async def reorder(
    video_id: VideoId,
    scene: Scene,
    to: Annotated[int, typer.Option("--to", min=1, help="The number that it gets.")],
    out: Out = None,
    *,
    output: Output,
) -> None:
    """Move a scene to another place; the scenes between move up, and the cuts stay."""
    await _edit(video_id, lambda newest: Reorder(scene_id=_id(newest, scene), position=to - 1), out, output)


@command(studio)
async def repeat(
    video_id: VideoId,
    scene: Scene,
    other: Annotated[int, typer.Option("--of", min=1, help="The number of the scene that is shown again.")],
    out: Out = None,
    *,
    output: Output,
) -> None:
    """Show in a scene what another one shows."""
    await _edit(video_id, lambda newest: Repeat(scene_id=_id(newest, scene), other_id=_id(newest, other)), out, output)


@command(studio)
async def trim(
    video_id: VideoId,
    scene: Scene,
    begin: Annotated[int, typer.Option("--from", min=0, help="The first frame of its clip that is shown.")],
    out: Out = None,
    *,
    output: Output,
) -> None:
    """Begin a scene at another frame of its clip."""
    await _edit(video_id, lambda newest: Trim(scene_id=_id(newest, scene), in_frame=begin), out, output)


@command(studio)
async def freeze(
    video_id: VideoId,
    scene: Scene,
    at: Annotated[
        float | None, typer.Option("--at", min=0, help="The moment in the video; default: it moves again.")
    ] = None,
    out: Out = None,
    *,
    output: Output,
) -> None:
    """Hold one picture of a scene for its whole length, or let it move again."""

    def edit(newest: Timeline) -> TimelineEdit:
        return Freeze(scene_id=_id(newest, scene), frame=None if at is None else _frame(newest, at))

    await _edit(video_id, edit, out, output)


@command(studio)
async def undo(video_id: VideoId, out: Out = None, *, output: Output) -> None:
    """Undo the last step: a new version with the bytes of the one before."""
    await _undo_or_redo(video_id, RestoredBy.UNDO, out, output)


@command(studio)
async def redo(video_id: VideoId, out: Out = None, *, output: Output) -> None:
    """Redo the last step that was undone."""
    await _undo_or_redo(video_id, RestoredBy.REDO, out, output)


async def _edit(video_id: str, edit: Callable[[Timeline], TimelineEdit], out: Path | None, output: Output) -> None:
    from services.editing import edit_timeline
    from services.media import find_timeline

    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        newest = find_timeline(app, account_id, video_id)
        ticket = await edit_timeline(app, account_id, video_id, uuid4().hex, (edit(newest),), newest.version)
        answer = await follow(session, video_id, ticket, out)
    show(answer, output)


async def _undo_or_redo(video_id: str, way: RestoredBy, out: Path | None, output: Output) -> None:
    from services.editing import undo_or_redo

    async with Session.open(output) as session:
        ticket = await undo_or_redo(session.app, session.account_id, video_id, uuid4().hex, way)
        answer = await follow(session, video_id, ticket, out)
    show(answer, output)


def _id(newest: Timeline, number: int) -> int:
    """The id of the scene with a number in the newest version."""
    if number > len(newest.scenes):
        raise NotFound(f"There is no scene {number}; the video has {len(newest.scenes)} scenes.", "no_scene")
    return newest.scenes[number - 1].identity


def _frame(newest: Timeline, at_s: float) -> int:
    return round(at_s * newest.fps)
