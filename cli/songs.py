"""Hearing songs."""

from pathlib import Path

from cli.output import Output
from cli.session import Session, open_session
from cli.upload import upload_song
from models.failures import InvalidInput, NotStored
from models.song import SongAnalysis
from services.songs import hear_again, hear_song
from settings import Settings


async def analyze_song(path: Path, plot: Path | None, output: Output) -> None:
    """Hear a song, and draw it into `plot` if one is given."""
    upload = upload_song(path, Settings())
    async with open_session(output) as session:
        song = upload.keep(session.stores, session.account_id)
        output.say("Listening to the song …")
        analysis = await hear(session, song.song_id)
        if session.stores.vault.song(session.account_id, song.song_id).renewable:
            output.say(f"It was heard some time ago. `analyze {song.song_id} --again` finds singing and tempo changes.")
    _answer(analysis, upload.title, plot, output)


async def hear_song_again(named: str, force: bool, plot: Path | None, output: Output) -> None:
    """Listen anew to a song of the Vault, named by its id or its file, and draw it into `plot` if one is given.

    Raises:
        InvalidInput: There is no such song, or listening again would find the same.
    """
    upload = upload_song(Path(named), Settings()) if Path(named).exists() else None
    async with open_session(output) as session:
        stores, account_id = session.stores, session.account_id
        song_id = upload.keep(stores, account_id).song_id if upload is not None else named
        try:
            song = stores.vault.song(account_id, song_id)
            handle = await hear_again(session.client, stores.vault, account_id, song_id, force=force)
        except NotStored:
            raise InvalidInput(f"There is no song {song_id} in the Vault; `songs list` shows them.") from None
        output.say(f"Listening to “{song.title}” again; its videos stay as they are …")
        ready = await handle.result()
        analysis = SongAnalysis.from_bytes(stores.objects.get_bytes(ready.analysis_key))
    _answer(analysis, song.title, plot, output)


async def hear(session: Session, song_id: str) -> SongAnalysis:
    """Run or join a song's analysis and fetch it."""
    handle = await hear_song(session.client, session.stores.vault, session.account_id, song_id)
    ready = await handle.result()
    return SongAnalysis.from_bytes(session.stores.objects.get_bytes(ready.analysis_key))


def _answer(analysis: SongAnalysis, title: str, plot: Path | None, output: Output) -> None:
    if plot is not None:
        from engines.music.plot import draw_analysis

        draw_analysis(analysis, plot, title)
        output.say(f"Drawn into {plot}")
    output.answer(analysis.model_dump(mode="json"), _lines(analysis))


def _voices(analysis: SongAnalysis) -> str:
    if analysis.vocals is None:
        return "It is not known where voices are: this analysis did not listen for them."
    if not analysis.vocals:
        return "No voice is heard."
    spans = ", ".join(f"{one.start_s:.0f}–{one.end_s:.0f} ({one.confidence:.0%})" for one in analysis.vocals)
    return f"Voices, in seconds with how surely: {spans}"


def _clock(time_s: float) -> str:
    return f"{int(time_s) // 60}:{int(time_s) % 60:02d}"


def _lines(analysis: SongAnalysis) -> list[str]:
    minutes, seconds = divmod(analysis.duration_s, 60)
    lines = [
        f"{minutes:.0f}:{seconds:04.1f} · {analysis.tempo_bpm:.1f} bpm · {analysis.beats_per_bar} beats a bar · "
        f"{len(analysis.beats)} beats" + ("" if analysis.grid == "heard" else " (no beat found: a regular grid)")
    ]
    if analysis.tempo_changes:
        lines.append(
            "Tempo: " + ", ".join(f"{one.bpm:.0f} bpm from {_clock(one.time_s)}" for one in analysis.tempo_changes)
        )
    lines.append(_voices(analysis))
    for section in analysis.sections:
        bar = "▇" * round(section.energy * 20)
        lines.append(f"{section.start_s:7.2f} – {section.end_s:7.2f}  {section.letter}  {section.label:<12} {bar}")
    return lines
