"""`export`: a piece of a finished video."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cli.output import Output
from models.vault import ExportKind


def export(
    video_id: Annotated[str, typer.Argument(help="The video's id, as printed by `generate`.")],
    kind: Annotated[ExportKind, typer.Option("--as", help="What to make of it.")],
    version: Annotated[int | None, typer.Option(min=1, help="Of which version; default: the newest.")] = None,
    lyrics: Annotated[
        Path | None, typer.Option(help="For --as lyrics: an LRC file (with times for words, if you like) or SRT.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Where to put the file; default: the data folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make a loop, a teaser, another format, a lyric video or a poster of a video; free."""
    from cli.export import export_piece

    asyncio.run(export_piece(video_id, kind, version, lyrics, out, Output(as_json)))
