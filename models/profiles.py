"""Output profiles: size, rate and encoder settings. All segments of a video share one, so they join by stream copy."""

from enum import StrEnum
from fractions import Fraction

from models.base import Model


class ProfileName(StrEnum):
    """What a caller may ask for; `tiny` exists for tests."""

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

    def frame_at(self, time_s: float) -> int:
        """The frame nearest to a moment: cumulative, so rounding never adds up."""
        return round(Fraction(time_s) * self.fps)

    def time_of(self, frame: int) -> float:
        """The moment in seconds at which a frame begins."""
        return float(frame / self.fps)


PROFILES: dict[ProfileName, Profile] = {
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
