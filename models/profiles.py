"""Output profiles: size, rate and encoder settings. All segments of a video share one, so they join by stream copy."""

from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from models.base import Model, is_unset
from models.failures import ProviderUnavailable

FIRST_REVISION = 1
"""The settings of every video whose documents name no revision."""


def _is_first(revision: int) -> bool:
    return revision == FIRST_REVISION


Revision = Annotated[
    int,
    # Keys are derived from documents: those of the first revision, which had no number, must stay the same.
    Field(exclude_if=_is_first, description="which settings of the profile: a video keeps those it was begun with"),
]
"""A profile's revision, as a field with `FIRST_REVISION` as its default."""


class ProfileName(StrEnum):
    """The profiles that a caller may choose; `tiny` exists for tests."""

    FULL = "full"
    PREVIEW = "preview"
    TINY = "tiny"


class Profile(Model):
    """Picture size in pixels, frame rate, and libx264 settings."""

    name: ProfileName
    width: int
    height: int
    fps: Fraction
    x264_preset: str
    crf: int
    gop_frames: int
    revision: Revision = FIRST_REVISION
    x264_params: str = Field(default="", exclude_if=is_unset, description="beside those that all segments have")
    most_kbit_s: int = Field(default=0, exclude_if=is_unset, description="the rate's bound; 0: none")
    buffer_kbit: int = Field(default=0, exclude_if=is_unset, description="how far a stretch may go beyond that rate")

    def frame_at(self, time_s: float) -> int:
        """The frame nearest to a moment: cumulative, so rounding never adds up."""
        return round(Fraction(time_s) * self.fps)

    def time_of(self, frame: int) -> float:
        """The moment in seconds at which a frame begins."""
        return float(frame / self.fps)


_FIRST: dict[ProfileName, Profile] = {
    ProfileName.FULL: Profile(
        name=ProfileName.FULL,
        width=1080,
        height=1920,
        fps=Fraction(30),
        x264_preset="superfast",
        crf=20,
        gop_frames=60,
    ),
    ProfileName.PREVIEW: Profile(
        name=ProfileName.PREVIEW,
        width=540,
        height=960,
        fps=Fraction(24),
        x264_preset="superfast",
        crf=23,
        gop_frames=48,
    ),
    ProfileName.TINY: Profile(
        name=ProfileName.TINY, width=90, height=160, fps=Fraction(8), x264_preset="ultrafast", crf=30, gop_frames=16
    ),
}

_SECOND: dict[ProfileName, Profile] = {
    # Any second of a joined video stays below 16 Mbit/s, sound included: a segment begins with half a buffer filled, so
    # a second with the end of one shot, all of a shot of 0.7 s and the beginning of a third holds at most
    # 12.6 + 1.6 + 2 × 0.8 Mbit. Level 4.0 allows 25 Mbit/s in High profile (ITU-T H.264, table A-1).
    # Finer motion (`subme=2`) would make Film Noir more alike by 0.003 of SSIM, for a fifth more time in all styles.
    ProfileName.FULL: _FIRST[ProfileName.FULL].model_copy(
        update={"revision": 2, "x264_params": "level=40", "most_kbit_s": 12_600, "buffer_kbit": 1_600}
    ),
    ProfileName.PREVIEW: _FIRST[ProfileName.PREVIEW].model_copy(
        update={"revision": 2, "x264_params": "level=31", "most_kbit_s": 5_000, "buffer_kbit": 1_000}
    ),
    ProfileName.TINY: _FIRST[ProfileName.TINY].model_copy(
        update={"revision": 2, "most_kbit_s": 240, "buffer_kbit": 240}
    ),
}

_REVISIONS: dict[int, dict[ProfileName, Profile]] = {FIRST_REVISION: _FIRST, 2: _SECOND}
NEWEST_REVISION = max(_REVISIONS)
"""The settings of new videos."""

PROFILES = _REVISIONS[NEWEST_REVISION]
"""The profiles of new videos. Size and rate are the same in all revisions."""


def profile_of(name: ProfileName, revision: int) -> Profile:
    """The settings that a video was started with: segments of other settings do not join with its own.

    Args:
        name: The profile.
        revision: The revision in the video's documents.

    Returns:
        The profile.

    Raises:
        ProviderUnavailable: A newer version of this program started the video.
    """
    try:
        return _REVISIONS[revision][name]
    except KeyError:
        raise ProviderUnavailable(
            f"This video is made with revision {revision} of the profile {name}, which this worker does not know: "
            "start a worker of the version that began it."
        ) from None
