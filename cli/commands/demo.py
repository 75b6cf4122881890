"""`demo`: a video of the demo song, or of the user's own, with nothing to set up."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cli.output import Output
from models.profiles import ProfileName


def demo(
    song: Annotated[str, typer.Option(help="Your own song; default: a song that Echonos composes.")] = "",
    style: Annotated[str, typer.Option(help="A preset; see `styles`.")] = "",
    prompt: Annotated[str, typer.Option(help="What the video shows.")] = "",
    out: Annotated[str, typer.Option(help="Where to put the MP4.")] = "",
    profile: Annotated[ProfileName, typer.Option(help="full takes about four times as long.")] = ProfileName.PREVIEW,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make a video of a demo song, or of SONG; tops up the local account when it is short, and says so."""
    from cli.demonstration import demonstrate

    asyncio.run(
        demonstrate(Path(song) if song else None, style, prompt, Path(out) if out else None, profile, Output(as_json))
    )
