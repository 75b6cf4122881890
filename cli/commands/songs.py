"""`analyze`: analyse a song."""

from pathlib import Path
from typing import Annotated

import typer

from cli.output import Output
from cli.session import Session
from models.song import SongAnalysis


async def analyze(
    song: Annotated[
        str, typer.Argument(help="An MP3, M4A, WAV, AAC, OGG or FLAC file; with --again, also a song's id.")
    ],
    plot: Annotated[Path | None, typer.Option(help="Also draw the analysis into this .png or .svg file.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Analyse a song of the Vault again.")] = False,
    force: Annotated[bool, typer.Option("--force", help="With --again: even if the result would be the same.")] = False,
    *,
    output: Output,
) -> None:
    """Analyse a song: duration, tempo, beats, sections and energy."""
    from services.hearing import draw_plot, hear_again, hear_song
    from services.songs import add_song, check_song, find_song, read_analysis
    from settings import Settings

    if force and not again:
        raise typer.BadParameter("--force goes with --again.")
    checked = check_song(Path(song), Settings()) if not again or Path(song).exists() else None
    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        song_id = song if checked is None else add_song(app, account_id, checked).song_id
        known = find_song(app, account_id, song_id)
        if again:
            handle = await hear_again(app, account_id, song_id, force=force)
            output.say(f"Listening to “{known.title}” again; its videos stay as they are …")
        else:
            output.say("Listening to the song …")
            handle = await hear_song(app, account_id, song_id)
        await handle.result()
        known = find_song(app, account_id, song_id)
        analysis = read_analysis(app, known)
        if known.renewable and not again:
            output.say(f"It was heard some time ago. `analyze {song_id} --again` finds singing and tempo changes.")
    if plot is not None:
        draw_plot(analysis, plot, known.title)
        output.say(f"Drawn into {plot}")
    output.answer(analysis.model_dump(mode="json"), analysis_lines(analysis))


def _voices(analysis: SongAnalysis) -> str:
    if analysis.vocals is None:
        return "It is not known where voices are: this analysis did not listen for them."
    if not analysis.vocals:
        return "No voice is heard."
    spans = ", ".join(f"{one.start_s:.0f}–{one.end_s:.0f} ({one.confidence:.0%})" for one in analysis.vocals)
    return f"Voices, in seconds with how surely: {spans}"


def _clock(time_s: float) -> str:
    return f"{int(time_s) // 60}:{int(time_s) % 60:02d}"


def analysis_lines(analysis: SongAnalysis) -> list[str]:
    """An analysis for people."""
    minutes, seconds = divmod(analysis.duration_s, 60)
    lines = [
        f"{minutes:.0f}:{seconds:04.1f} · {analysis.tempo_bpm:.1f} bpm · {analysis.beats_per_bar} beats a bar · "
        f"{len(analysis.beats)} beats" + ("" if analysis.grid == "heard" else " (no beat found: a regular grid)")
    ]
    if analysis.tempo_changes:
        changes = ", ".join(f"{one.bpm:.0f} bpm from {_clock(one.time_s)}" for one in analysis.tempo_changes)
        lines.append(f"Tempo: {changes}")
    lines.append(_voices(analysis))
    for number, section in enumerate(analysis.sections, 1):
        bar = "▇" * round(section.energy * 20)
        span = f"{section.start_s:7.2f} – {section.end_s:7.2f}"
        lines.append(f"{number:3}  {span}  {section.letter}  {section.label:<12} {bar}")
    return lines
