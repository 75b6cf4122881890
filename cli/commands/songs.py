"""`analyze`: hear a song."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cli.output import Output


def analyze(
    song: Annotated[
        str, typer.Argument(help="An MP3, M4A, WAV, AAC, OGG or FLAC file; with --again, also a song's id.")
    ],
    plot: Annotated[Path | None, typer.Option(help="Also draw the analysis into this .png or .svg file.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Listen anew to a song of the Vault.")] = False,
    force: Annotated[bool, typer.Option("--force", help="With --again: also where it would find the same.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Hear a song: duration, tempo, beats, sections and energy."""
    from cli.songs import analyze_song, hear_song_again

    if force and not again:
        raise typer.BadParameter("--force goes with --again.")
    output = Output(as_json)
    if again:
        asyncio.run(hear_song_again(song, force, plot, output))
    else:
        asyncio.run(analyze_song(Path(song), plot, output))
