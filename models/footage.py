"""An artist's own pictures and clips: what the Vault keeps of them, and how a scene shows them."""

from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from pydantic import Field

from models.base import Model, is_unset
from models.failures import InvalidInput
from models.profiles import Profile

MOST_FOOTAGE_BYTES = 200_000_000
MOST_CLIP_S = 600.0


class FootageKind(StrEnum):
    """What a file shows."""

    PICTURE = "picture"
    CLIP = "clip"


class FootageFacts(Model):
    """The intake's measurements. Sizes are in pixels, upright as a person sees them."""

    kind: FootageKind
    format: str = Field(description="the file's format", examples=["jpeg", "mov"])
    codec: str = Field(default="", description="of a clip's pictures", examples=["hevc"])
    sha256: str
    size_bytes: int
    width: int
    height: int
    duration_s: float = Field(default=0, description="of a clip; sound does not count")
    is_hdr: bool = Field(default=False, description="whether its colours are reduced to standard range")
    has_alpha: bool = Field(default=False, description="whether transparent parts are shown on black")
    strip_frames: int = Field(default=1, description="cells of the film strip, left to right, top to bottom")
    strip_columns: int = 1
    cell_width: int
    cell_height: int


class FootageRef(FootageFacts):
    """A picture or clip in the Vault."""

    footage_id: str
    account_id: str
    title: str
    file_key: str = Field(description="the picture as our JPEG, or the clip as it was uploaded")
    strip_key: str = Field(description="the film strip, a JPEG")
    added_at: datetime


class FootagePage(Model):
    """Pictures and clips, newest first."""

    footage: tuple[FootageRef, ...]
    next_cursor: str | None = None


class Focus(Model):
    """The point of a picture that the crop keeps in its middle as far as it can: 0…1 from left and from top."""

    x: float = Field(default=0.5, ge=0, le=1)
    y: float = Field(default=0.5, ge=0, le=1)


MIDDLE = Focus()


def is_middle(focus: object) -> bool:
    """For `exclude_if`: leave out the middle, so that older documents keep their digests."""
    return focus == MIDDLE


class OwnShot(Model):
    """How a scene shows a picture or clip of the artist's own."""

    footage_id: str
    in_s: float = Field(default=0, ge=0, lt=86_400, description="where in a clip the scene begins")
    focus: Focus = MIDDLE
    stands_still: bool = Field(default=False, exclude_if=is_unset, description="of a picture: without a camera move")


def clip_frames(footage: FootageFacts, profile: Profile) -> int:
    """How many frames a clip has at a profile's rate; of a picture 1."""
    if footage.kind is FootageKind.PICTURE:
        return 1
    return max(1, int(Fraction(footage.duration_s) * profile.fps + Fraction(1, 100)))


def refuse_unfit(footage: FootageFacts, shot: OwnShot, profile: Profile, frame_count: int, number: int) -> None:
    """Refuse a beginning that leaves too little of a clip for a scene.

    Args:
        footage: The picture or clip.
        shot: How it is to be shown.
        profile: The video's.
        frame_count: The scene's length.
        number: The scene's, for sentences.

    Raises:
        InvalidInput: `in_point`.
    """
    if footage.kind is FootageKind.PICTURE:
        if shot.in_s:
            raise InvalidInput("A picture has no beginning: leave it out.", "in_point", "in_s")
        return
    if shot.stands_still:
        raise InvalidInput("A clip moves: only a picture stands still.", "stands_still", "stands_still")
    left = clip_frames(footage, profile) - frame_count
    if profile.frame_at(shot.in_s) <= max(0, left):
        return
    lasts = f"The clip lasts {footage.duration_s:.2f} s and scene {number} {profile.time_of(frame_count):.2f} s"
    most = profile.time_of(max(0, left))
    what = f"begin at {most:.2f} s at the latest" if left > 0 else "begin at 0 s, or choose a longer one"
    raise InvalidInput(f"{lasts}: {what}.", "in_point", "in_s")


class OwnCut(Model):
    """A part of a local own clip that becomes a segment. Frames count at the profile's rate."""

    clip: str = Field(description="a path")
    clip_s: float = Field(default=0, description="how long a clip lasts, as the intake measured it")
    profile: Profile
    focus: Focus
    first_frame: int = Field(ge=0)
    frame_count: int = Field(ge=1)
    frozen: bool = False
    out: str = Field(description="the MP4 to write")
