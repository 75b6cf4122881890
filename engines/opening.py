"""The local engines, each with its imports: together they take seconds to load, and few processes need them all."""

from typing import TYPE_CHECKING

from models.beat_trackers import BeatTrackerName

if TYPE_CHECKING:
    from engines.cutting import BeatPlanner
    from engines.intake.inspection import SourceCopier
    from engines.music.analyst import MusicAnalyst
    from engines.picture.assemble import SegmentAssembler
    from engines.picture.conform import ClipConformer
    from engines.picture.delivered import Inspector
    from engines.picture.exports.making import LocalExportMaker
    from engines.picture.own.shots import OwnShots
    from engines.picture.soundtrack import AacSoundtrackMaker
    from engines.providers.local.animator import LocalAnimator
    from engines.providers.local.painter.painter import LocalPainter


def copier(max_song_s: float) -> "SourceCopier":
    """Makes working copies of songs that are at most so long, in seconds."""
    from engines.intake.inspection import SourceCopier

    return SourceCopier(max_song_s)


def analyst(tracker: BeatTrackerName) -> "MusicAnalyst":
    """Hears songs with this beat tracker."""
    from engines.music.analyst import MusicAnalyst

    return MusicAnalyst(tracker=tracker)


def soundtrack_maker() -> "AacSoundtrackMaker":
    """Encodes soundtracks."""
    from engines.picture.soundtrack import AacSoundtrackMaker

    return AacSoundtrackMaker()


def planner() -> "BeatPlanner":
    """Lays scenes on beats, without regard to a model's lengths or a budget."""
    from engines.cutting import BeatPlanner

    return BeatPlanner()


def painter() -> "LocalPainter":
    """Paints stills."""
    from engines.providers.local.painter.painter import LocalPainter

    return LocalPainter()


def animator() -> "LocalAnimator":
    """Moves what is in stills, and a camera over them."""
    from engines.providers.local.animator import LocalAnimator

    return LocalAnimator()


def conformer() -> "ClipConformer":
    """Cuts bought clips to length and format."""
    from engines.picture.conform import ClipConformer

    return ClipConformer()


def own_shots() -> "OwnShots":
    """Shows artists' own pictures and clips."""
    from engines.picture.own.shots import OwnShots

    return OwnShots()


def inspector() -> "Inspector":
    """Checks delivered files."""
    from engines.picture.delivered import Inspector

    return Inspector()


def assembler() -> "SegmentAssembler":
    """Joins segments."""
    from engines.picture.assemble import SegmentAssembler

    return SegmentAssembler()


def export_maker() -> "LocalExportMaker":
    """Makes exports."""
    from engines.picture.exports.making import LocalExportMaker

    return LocalExportMaker()
