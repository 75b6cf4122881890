"""`export`: a loop, a teaser, another format, a lyric video or a poster of a finished video."""

from pathlib import Path
from typing import Annotated

import typer

from cli.options import VideoId, writable
from cli.output import Output
from cli.session import Session
from models.vault import ExportKind


async def export(
    video_id: VideoId,
    kind: Annotated[ExportKind, typer.Option("--as", help="What to make of it.")],
    version: Annotated[int | None, typer.Option(min=1, help="The version to export; default: the newest.")] = None,
    lyrics: Annotated[
        Path | None, typer.Option(help="For --as lyrics: an LRC file (with times for words, if you like) or SRT.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where to put the file; default: the data folder.", callback=writable)
    ] = None,
    *,
    output: Output,
) -> None:
    """Make a loop, a teaser, another format, a lyric video or a poster of a video; free."""
    from models.lyrics import MOST_BYTES
    from services.exports import check_lyrics, start_export, wait_for_export

    words = None
    if lyrics is not None:
        with lyrics.open("rb") as file:
            words = file.read(MOST_BYTES + 1)
    check_lyrics(kind, words)  # before a stack is started
    async with Session.open(output) as session:
        started = await start_export(session.app, session.account_id, video_id, kind, version, words)
        output.say(f"Making the {kind} of version {started.version} …")
        made = await wait_for_export(session.app, started.export_id)
        ending = Path(made.object_key).suffix
        path = out or session.app.settings.home / "exports" / f"{video_id}-v{made.version}-{kind}{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        session.app.stores.objects.get_file(made.object_key, path)
    answer = made.model_dump(mode="json") | {"path": str(path.absolute())}
    length = f" · {made.duration_s:.1f} s" if made.duration_s else ""
    output.answer(answer, [f"{made.kind} · {made.width}×{made.height}{length}", str(path.absolute())])
