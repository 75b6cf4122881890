"""`analyze`: hear a song."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cli.output import Output


def analyze(
    song: Annotated[Path, typer.Argument(help="An MP3, M4A, WAV, AAC, OGG or FLAC file.")],
    plot: Annotated[Path | None, typer.Option(help="Also draw the analysis into this .png or .svg file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Hear a song: duration, tempo, beats, sections and energy."""
    from cli.songs import analyze_song

    asyncio.run(analyze_song(song, plot, Output(as_json)))
