"""Where cuts may lie on a song, how long scenes may be, and which part of a clip a scene shows."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple

from models.bought_clips import origins, part_behind, scene_in
from models.edits import Snap
from models.object_keys import is_footage, is_segment, is_still
from models.profiles import Profile, profile_of
from models.song import SongAnalysis
from models.timeline import LONGEST_SCENE_S, SHORTEST_SCENE_S, Timeline, TimelineScene


class ClipPart(NamedTuple):
    """What a segment was cut from: the clip's key, its length in frames, and its first frame that is shown."""

    key: str
    frames: int
    first_frame: int = 0


ClipOf = Callable[[TimelineScene], ClipPart]
"""What a scene's segment was cut from, where the timeline does not say it."""


def own_segment(scene: TimelineScene) -> ClipPart:
    """A `ClipOf` for clips that are exactly as long as the scenes that they were made for."""
    return ClipPart(scene.segment_key, scene.frame_count)


SHOWN = (
    "prompt", "motion_prompt", "still_key", "segment_key", "take_id", "seed", "camera_move", "character_ids",
    "location_id", "still_scene", "still", "prompts_key", "shots_key", "clip_key", "clip_frames", "in_frame", "frozen",
    "footage_id", "focus",
)  # fmt: skip
"""Fields that a take and a scene share."""

SECTION = ("section_index", "section", "letter")

PLACE = ("index", *SECTION, "start_frame", "end_frame", "start_s", "end_s", "energy")
"""Fields that belong to the stretch of song; all others move with the picture."""

UNKNOWN_FRAMES = 2**31
"""The length of a clip that was not measured yet: long enough for anything."""


def clips_among(keys: Iterable[str], timeline: Timeline) -> ClipOf:
    """A `ClipOf` that knows which scenes have bought clips, but not how long those are.

    Args:
        keys: The keys of the video's bought clips.
        timeline: The version that is edited.
    """
    clips = [key for key in keys if is_footage(key) and key.endswith(".mp4")]
    bought = {scene_in(key) for key in clips}

    def clip_of(scene: TimelineScene) -> ClipPart:
        if not bought & origins(timeline, scene):
            return own_segment(scene)
        part = part_behind(timeline, scene, clips)
        return ClipPart(scene.segment_key, UNKNOWN_FRAMES, 0 if part is None else part[1])

    return clip_of


@dataclass(frozen=True)
class Grid:
    """Frames on which cuts may lie, and the lengths that scenes may have."""

    profile: Profile
    beats: tuple[int, ...] = ()
    sections: tuple[tuple[int, str, str], ...] = ()
    """By section: its first frame, label and letter."""

    downbeats: tuple[int, ...] = ()
    analysis_key: str = ""

    @classmethod
    def of(cls, timeline: Timeline, analysis: SongAnalysis | None) -> "Grid":
        """The grid of a video; without an analysis it has no beats and no sections."""
        profile = profile_of(timeline.profile, timeline.profile_revision)
        if analysis is None:
            return cls(profile)
        beats = sorted({profile.frame_at(beat.time_s) for beat in analysis.beats})
        sections = tuple((profile.frame_at(one.start_s), one.label, one.letter) for one in analysis.sections)
        downbeats = sorted({profile.frame_at(beat.time_s) for beat in analysis.beats if beat.position == 1})
        return cls(profile, tuple(beats), sections, tuple(downbeats), timeline.analysis_key)

    @property
    def shortest(self) -> int:
        """The fewest frames of a scene."""
        return shortest_frames(self.profile)

    @property
    def longest(self) -> int:
        """The most frames of a scene."""
        return longest_frames(self.profile)

    def near(self, frame: int, snap: Snap, first: int, last: int) -> int:
        """The allowed frame nearest to a wished one; the wished one itself where no beat lies within the bounds.

        Args:
            frame: The wished one, in `first`…`last`.
            snap: Where cuts may lie.
            first: The first frame of the video that is allowed.
            last: The last one.
        """
        if snap is Snap.FRAME:
            return frame
        beats = self.beats
        if snap is Snap.HALF:
            between = ((one + other) // 2 for one, other in pairwise(beats))
            beats = tuple(sorted({*beats, *between}))
        inside = beats[bisect_left(beats, first) : bisect_left(beats, last + 1)]
        return min(inside, key=lambda beat: abs(beat - frame), default=frame)


def shortest_frames(profile: Profile) -> int:
    """The fewest frames of a scene that an edit may leave."""
    return ceil(SHORTEST_SCENE_S * profile.fps)


def longest_frames(profile: Profile) -> int:
    """The most frames of a scene that an edit may make."""
    return floor(LONGEST_SCENE_S * profile.fps)


def is_longer(scene: TimelineScene) -> bool:
    """Whether a scene lasts longer than its clip."""
    return bool(scene.clip_frames) and scene.frame_count > scene.clip_frames


def has_short_clip(scene: TimelineScene) -> bool:
    """Whether a scene lasts longer than the own clip that it shows."""
    return bool(scene.footage_id) and is_longer(scene) and not scene.frozen and not is_still(scene.clip_key)


def settled(scene: TimelineScene) -> TimelineScene:
    """A scene that shows all of a segment, or is to show it, as it is in version 1: with this segment, and no clip."""
    whole = (scene.in_frame, scene.clip_frames, scene.frozen) == (0, scene.frame_count, False)
    if whole and is_segment(scene.clip_key) and scene.segment_key in ("", scene.clip_key):
        return scene.model_copy(update={"segment_key": scene.clip_key, "clip_key": "", "clip_frames": 0})
    return scene


def recipe(scene: TimelineScene) -> tuple[object, ...]:
    """Everything that a segment's bytes follow from; not its place, so that a moved scene is not encoded again."""
    if is_longer(scene) and not scene.frozen:
        return ("move", scene.frame_count, scene.still_key, scene.prompts_key, scene.words_id, scene.clip_key)
    return ("cut", scene.frame_count, scene.clip_key, scene.in_frame, scene.frozen, scene.focus)
