"""`footage` and `studio own`: pictures and clips of the artist's own."""

import tempfile
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from cli.commands.editing import Scene, studio
from cli.commands.studio import follow, show
from cli.commands.vault import Cursor, Limit, Words, delete, footage_line, rename, show_page
from cli.options import Out, VideoId, Yes, command
from cli.output import Output
from cli.session import Session
from models.failures import InvalidInput
from models.footage import MIDDLE, Focus, FootageRef, OwnShot
from models.studio import StudioKind, StudioOrder
from models.vault import PageQuery, Shelf

footage = typer.Typer(help="Pictures and clips of your own.", no_args_is_help=True)

File = Annotated[
    Path, typer.Argument(help="A JPEG, PNG, WebP or HEIC picture, or an MP4, MOV or WebM of up to 200 MB.")
]

OwnFile = Annotated[str, typer.Argument(help="A picture or clip: a file, or the id of one in `footage list`.")]
Begin = Annotated[float, typer.Option("--in", min=0, help="Where in a clip the scene begins, in seconds.")]
Kept = Annotated[str, typer.Option("--focus", help="What the crop keeps, from left and top: 0,0 to 1,1.")]
Standing = Annotated[bool, typer.Option("--still", help="A picture without a camera move.")]


@command(footage, "list")
async def list_footage(limit: Limit = 50, cursor: Cursor = None, *, output: Output) -> None:
    """The pictures and clips, newest first."""
    await show_page(Shelf.FOOTAGE, PageQuery(limit=limit, cursor=cursor), output)


@command(footage, "search")
async def search_footage(words: Words, limit: Limit = 50, cursor: Cursor = None, *, output: Output) -> None:
    """Pictures and clips whose title has these words."""
    await show_page(Shelf.FOOTAGE, PageQuery(search=" ".join(words), limit=limit, cursor=cursor), output)


@command(footage, "add")
async def add_footage(
    file: File,
    title: Annotated[str | None, typer.Option(help="Its title; default: the file's name.")] = None,
    *,
    output: Output,
) -> None:
    """Put a picture or clip into the Vault."""
    async with Session.open(output) as session:
        added = _added(session, file, title)
    output.answer(added, [footage_line(added)])


@command(footage, "rename")
async def rename_footage(footage_id: str, title: str, *, output: Output) -> None:
    """Give a picture or clip another title; scenes that show it stay as they are."""
    await rename(Shelf.FOOTAGE, footage_id, title, output)


@command(footage, "delete")
async def delete_footage(footage_id: str, yes: Yes = False, *, output: Output) -> None:
    """Delete a picture or clip; videos that show it stay as they are."""
    await delete(Shelf.FOOTAGE, footage_id, yes, output)


@command(studio)
async def own(
    video_id: VideoId,
    file: OwnFile,
    scene: Scene,
    begin: Begin = 0,
    focus: Kept = "0.5,0.5",
    still: Standing = False,
    out: Out = None,
    *,
    output: Output,
) -> None:
    """Show a picture or clip of your own in a scene."""
    from services.studio import order_operation

    shown = focus_of(focus)
    async with Session.open(output) as session:
        kept = kept_footage(session, file)
        order = StudioOrder(
            account_id=session.account_id,
            video_id=video_id,
            operation_id=uuid4().hex,
            kind=StudioKind.OWN,
            scene_index=scene - 1,
            own=OwnShot(footage_id=kept.footage_id, in_s=begin, focus=shown, stands_still=still),
        )
        answer = await follow(session, video_id, await order_operation(session.app, order), out)
    show(answer | {"footage_id": kept.footage_id}, output)


def kept_footage(session: Session, file: str) -> FootageRef:
    """A picture or clip of the Vault, by id; a file is put there first."""
    from services.footage import find_footage

    path = Path(file)
    return _added(session, path, None) if path.exists() else find_footage(session.app, session.account_id, file)


def _added(session: Session, file: Path, title: str | None) -> FootageRef:
    from services.footage import add_footage, check_footage

    with tempfile.TemporaryDirectory(prefix="echonos-footage-") as folder:
        judged = check_footage(file, file.name, Path(folder), title)
        return add_footage(session.app, session.account_id, judged)


def focus_of(text: str) -> Focus:
    """What a crop keeps, as typed. Raises `InvalidInput`: those are not two numbers."""
    try:
        x, y = (float(part) for part in text.split(","))
        return MIDDLE if (x, y) == (MIDDLE.x, MIDDLE.y) else Focus(x=x, y=y)
    except ValueError:
        raise InvalidInput(f"--focus is two numbers from 0 to 1, as 0.5,0.3; it was {text!r}.", "focus") from None
