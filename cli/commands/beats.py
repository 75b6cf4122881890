"""`songs beats`: correct a song's beats and sections; `studio use-beats`: let a video follow them."""

from typing import Annotated
from uuid import uuid4

import typer

from cli.commands.editing import studio
from cli.commands.songs import analysis_lines
from cli.commands.studio import follow, show
from cli.commands.vault import songs
from cli.options import Out, VideoId, command
from cli.output import Output
from cli.session import Session
from models.beat_corrections import (
    MOST_SHIFT_BEATS,
    SECTION_LABELS,
    AsHeard,
    BeatCorrection,
    DoubleTempo,
    HalveTempo,
    RenameSection,
    ShiftOne,
    TapBeats,
)
from models.edits import UseBeats

__all__ = ["songs", "studio"]


@command(songs)
async def beats(
    song_id: str,
    shift: Annotated[
        int,
        typer.Option(
            min=-MOST_SHIFT_BEATS, max=MOST_SHIFT_BEATS, help="Bars begin so many beats later; below 0: earlier."
        ),
    ] = 0,
    double: Annotated[bool, typer.Option("--double", help="Twice as many beats.")] = False,
    half: Annotated[bool, typer.Option("--half", help="Half as many beats.")] = False,
    tap: Annotated[str, typer.Option(help="Moments in seconds, tapped on the beat: 0.52,1.01,1.49,2.00")] = "",
    rename: Annotated[
        list[str] | None,
        typer.Option(help=f"A section's number and new name, like 3=bridge: {', '.join(SECTION_LABELS)}."),
    ] = None,
    as_heard: Annotated[bool, typer.Option("--as-heard", help="Drop all corrections made before.")] = False,
    look: Annotated[bool, typer.Option("--look", help="Only show what it would change.")] = False,
    *,
    output: Output,
) -> None:
    """Show a song's beats and sections, or correct them: free, for new videos. Options apply in this order.

    --as-heard, --tap, --double, --half, --shift, --rename.
    """
    from services.beats import correct_song, preview_corrections
    from services.songs import find_song, read_analysis

    corrections = [
        *([AsHeard()] if as_heard else []),
        *([TapBeats(times_s=_moments(tap))] if tap else []),
        *([DoubleTempo()] if double else []),
        *([HalveTempo()] if half else []),
        *([ShiftOne(beats=shift)] if shift else []),
        *(_renamed(one) for one in rename or ()),
    ]
    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        sentences: tuple[str, ...] = ()
        if not corrections:
            analysis = read_analysis(app, find_song(app, account_id, song_id))
        elif look:
            made = preview_corrections(app, account_id, song_id, corrections)
            analysis, sentences = made.analysis, made.sentences
        else:
            song = await correct_song(app, account_id, song_id, corrections)
            analysis = read_analysis(app, song)
            output.say(f"Kept as revision {song.analysis_revision}. `studio use-beats VIDEO` brings a video onto it.")
        known = find_song(app, account_id, song_id)
    lines = [*sentences, *analysis_lines(analysis), *(f"Corrected: {one}" for one in analysis.corrections)]
    answer = {
        "song_id": song_id,
        "analysis_revision": known.analysis_revision,
        "corrected": known.corrected,
        "sentences": list(sentences),
        "analysis": analysis.model_dump(mode="json"),
    }
    output.answer(answer, lines)


@command(studio, "use-beats")
async def use_beats(
    video_id: VideoId,
    move_cuts: Annotated[bool, typer.Option("--move-cuts", help="Also move the cuts that lie off them.")] = False,
    look: Annotated[bool, typer.Option("--look", help="Only show what it would change.")] = False,
    out: Out = None,
    *,
    output: Output,
) -> None:
    """Let a video follow its song's newest beats: a new version, in which no cut moves unless you ask for it."""
    from services.beats import offer_beats
    from services.editing import edit_timeline
    from services.media import find_timeline

    async with Session.open(output) as session:
        app, account_id = session.app, session.account_id
        base = find_timeline(app, account_id, video_id).version
        offer = offer_beats(app, account_id, video_id)
        edits = offer.edits if move_cuts else tuple(one for one in offer.edits if isinstance(one, UseBeats))
        if look or not edits:
            output.answer(offer, [offer.sentence])
            return
        output.say(offer.sentence)
        ticket = await edit_timeline(app, account_id, video_id, uuid4().hex, edits, base)
        answer = await follow(session, video_id, ticket, out)
    show(answer, output)


def _moments(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(one) for one in text.split(","))
    except ValueError:
        raise typer.BadParameter("give moments in seconds, like 0.52,1.01,1.49,2.00.") from None


def _renamed(text: str) -> BeatCorrection:
    number, equals, label = (part.strip() for part in text.partition("="))
    known = next((one for one in SECTION_LABELS if one == label.lower()), None)
    if not number.isdecimal() or int(number) < 1 or not equals or known is None:
        raise typer.BadParameter(
            f"give a section's number and name, like 3=bridge; names: {', '.join(SECTION_LABELS)}."
        )
    return RenameSection(section_index=int(number) - 1, label=known)
