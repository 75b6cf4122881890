"""`share …`: links with which other people watch one version of a video."""

from typing import Annotated

import typer

from cli.options import VideoId, command
from cli.output import Output
from cli.session import Session
from models.shares import MOST_SHARE_DAYS, SHARE_DAYS, Share

share = typer.Typer(help="Links with which others watch a video, without an account.", no_args_is_help=True)

ShareId = Annotated[str, typer.Argument(help="The link's id, as `share list` prints it.")]


@command(share)
async def make(
    video_id: VideoId,
    version: Annotated[int | None, typer.Option(min=1, help="The version that it shows; default: the newest.")] = None,
    days: Annotated[int, typer.Option(min=1, max=MOST_SHARE_DAYS, help="How long it works.")] = SHARE_DAYS,
    download: Annotated[bool, typer.Option("--download", help="Its page offers the file, too.")] = False,
    *,
    output: Output,
) -> None:
    """Make a link. It is printed once: only a digest of it is kept."""
    from services.shares import make_share

    async with Session.open(output) as session:
        made, url = make_share(session.app, session.account_id, video_id, version, days, download=download)
    output.answer(made.model_dump(mode="json") | {"url": url}, [url, _line(made)])


@command(share, "list")
async def list_links(video_id: VideoId, *, output: Output) -> None:
    """A video's links that work, newest first."""
    from services.shares import list_shares

    async with Session.open(output) as session:
        found = list_shares(session.app, session.account_id, video_id)
    answer = {"shares": [one.model_dump(mode="json") for one in found]}
    output.answer(answer, [_line(one) for one in found] or ["No link of this video works."])


@command(share)
async def revoke(video_id: VideoId, share_id: ShareId, *, output: Output) -> None:
    """End a link at once."""
    from services.shares import revoke_share

    async with Session.open(output) as session:
        revoke_share(session.app, session.account_id, video_id, share_id)
    output.answer({"share_id": share_id}, ["The link shows nothing from now on."])


def _line(one: Share) -> str:
    also = ", with the file" if one.download else ""
    return f"{one.share_id}  version {one.version}{also}, until {one.expires_at:%Y-%m-%d %H:%M}"
