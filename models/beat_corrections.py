"""An artist's corrections of a song's beats and sections."""

from collections.abc import Sequence
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field

from models.base import OfKind
from models.edits import whole
from models.song import SectionLabel

MOST_CORRECTIONS = 50
"""The most corrections that make one revision."""

FEWEST_TAPS, MOST_TAPS = 4, 5_000
MOST_SHIFT_BEATS = 16
MOST_SONG_S = 86_400

SECTION_LABELS: tuple[SectionLabel, ...] = get_args(SectionLabel)

_Shift = Annotated[int, Field(strict=True, ge=-MOST_SHIFT_BEATS, le=MOST_SHIFT_BEATS), BeforeValidator(whole)]
_Index = Annotated[int, Field(strict=True, ge=0, lt=10_000), BeforeValidator(whole)]
_Moment = Annotated[float, Field(strict=True, ge=0, le=MOST_SONG_S)]


class ShiftOne(OfKind):
    """The bars begin some beats later, or earlier; the beats stay."""

    kind: Literal["shift"] = "shift"
    beats: _Shift = Field(description="later; negative: earlier")


class DoubleTempo(OfKind):
    """Twice as many beats."""

    kind: Literal["double"] = "double"


class HalveTempo(OfKind):
    """Half as many beats."""

    kind: Literal["half"] = "half"


class TapBeats(OfKind):
    """Tempo and beats as the artist tapped them along with some part of the song."""

    kind: Literal["tap"] = "tap"
    times_s: tuple[_Moment, ...] = Field(
        min_length=FEWEST_TAPS, max_length=MOST_TAPS, description="moments of the song, in any order"
    )


class RenameSection(OfKind):
    """Give a section another name; its music stays."""

    kind: Literal["rename"] = "rename"
    section_index: _Index
    label: SectionLabel


class AsHeard(OfKind):
    """Beats and sections as the analysis heard them; corrections after it begin there."""

    kind: Literal["as_heard"] = "as_heard"


BeatCorrection = Annotated[
    ShiftOne | DoubleTempo | HalveTempo | TapBeats | RenameSection | AsHeard, Field(discriminator="kind")
]


def heard_first(corrections: Sequence[BeatCorrection]) -> tuple[bool, tuple[BeatCorrection, ...]]:
    """Whether corrections begin with the analysis as it was heard, and those that are made after it."""
    starts = [place for place, one in enumerate(corrections) if isinstance(one, AsHeard)]
    return bool(starts), tuple(corrections[starts[-1] + 1 :] if starts else corrections)
