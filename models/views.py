"""What people see of a video in Studio: its scenes with their takes and marks, and its versions."""

from collections.abc import Sequence

from models.base import Model
from models.studio import SceneTake
from models.timeline import Timeline, TimelineScene
from models.vault import VersionRef


class TakeView(Model):
    """One candidate for a scene. `still` and `clip` are keys in the object store."""

    take_id: str
    prompt: str
    motion_prompt: str
    seed: int
    camera_move: str
    still: str
    clip: str
    marks: tuple[str, ...]

    @classmethod
    def of(cls, take: SceneTake) -> "TakeView":
        """The view of a take."""
        return cls(**take.model_dump(exclude={"still"}), still=take.still_key, clip=take.segment_key)


class SceneView(Model):
    """One scene: what it shows, and what it could show. `number` counts from 1, as people do."""

    number: int
    index: int
    section: str
    start_frame: int
    end_frame: int
    frame_count: int
    start_s: float
    end_s: float
    prompt: str
    motion_prompt: str
    seed: int
    camera_move: str
    character_ids: tuple[str, ...]
    location_id: str
    reprise_of: int | None
    still: str
    clip: str
    take_id: str
    marks: tuple[str, ...]
    takes: tuple[TakeView, ...]

    @classmethod
    def of(cls, scene: TimelineScene, takes: Sequence[SceneTake]) -> "SceneView":
        """The view of a scene with its takes."""
        return cls(
            **scene.model_dump(exclude={"still"}),
            number=scene.index + 1,
            frame_count=scene.end_frame - scene.start_frame,
            still=scene.still_key,
            clip=scene.segment_key,
            takes=tuple(TakeView.of(take) for take in takes),
        )


class VersionView(Model):
    """One version. `is_kept`: its MP4 is always there; others are joined again when somebody asks."""

    version: int
    stored_at: str
    is_kept: bool


class TimelineView(Model):
    """A version of a video as Studio shows it."""

    video_id: str
    version: int
    song_id: str
    profile: str
    fps: float
    width: int
    height: int
    frame_count: int
    duration_s: float
    scenes: tuple[SceneView, ...]
    versions: tuple[VersionView, ...]

    @classmethod
    def of(cls, timeline: Timeline, takes: Sequence[SceneTake], versions: Sequence[VersionRef]) -> "TimelineView":
        """The view of a timeline, with the takes of all its scenes and all the video's versions."""
        by_scene: dict[int, list[SceneTake]] = {}
        for take in takes:
            by_scene.setdefault(take.scene_index, []).append(take)
        return cls(
            **timeline.model_dump(exclude={"scenes", "fps", "profile"}),
            profile=timeline.profile.value,
            fps=float(timeline.fps),
            duration_s=float(timeline.frame_count / timeline.fps),
            scenes=tuple(SceneView.of(scene, by_scene.get(scene.index, [])) for scene in timeline.scenes),
            versions=version_views(versions),
        )


def version_views(versions: Sequence[VersionRef]) -> tuple[VersionView, ...]:
    """The versions, first to last."""
    kept = {DRAFT_VERSION, max((one.version for one in versions), default=DRAFT_VERSION)}
    return tuple(
        VersionView(version=one.version, stored_at=one.stored_at.isoformat(), is_kept=one.version in kept)
        for one in versions
    )


DRAFT_VERSION = 1
