"""What people see of a video in Studio: its scenes with their takes and marks, and its versions."""

from collections.abc import Sequence

from models.base import Model
from models.failures import InvalidInput
from models.studio import SceneTake, StudioKind, StudioOperation
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
    change: str
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
    def of(
        cls,
        timeline: Timeline,
        takes: Sequence[SceneTake],
        versions: Sequence[VersionRef],
        operations: Sequence[StudioOperation],
    ) -> "TimelineView":
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
            versions=version_views(versions, operations),
        )


def version_views(versions: Sequence[VersionRef], operations: Sequence[StudioOperation]) -> tuple[VersionView, ...]:
    """The versions, first to last, each with what an operation changed in it."""
    kept = {DRAFT_VERSION, max((one.version for one in versions), default=DRAFT_VERSION)}
    return tuple(
        VersionView(
            version=one.version,
            change=version_sentence(one.version, operations),
            stored_at=one.stored_at.isoformat(),
            is_kept=one.version in kept,
        )
        for one in versions
    )


def version_sentence(version: int, operations: Sequence[StudioOperation]) -> str:
    """What a version shows that the one before it didn't, in an artist's words.

    Args:
        version: Its number.
        operations: What was done on the video.
    """
    order = next((one.order for one in operations if one.version == version), None)
    if version == 1:
        return "The first draft"
    if order is None:
        return f"Version {version}"
    if order.kind is StudioKind.RESTORE:
        return f"As version {order.version} was"
    news = {StudioKind.IMAGE: "a new image", StudioKind.VIDEO: "a new clip", StudioKind.CHOOSE: "another take"}
    return f"Scene {(order.scene_index or 0) + 1} with {news[order.kind]}"


def short_ids(ids: Sequence[str]) -> dict[str, str]:
    """For each id its beginning, as long as it must be to mean no other one."""
    short = {}
    for one in ids:
        length = next(
            size
            for size in range(min(SHORTEST_ID, len(one)), len(one) + 1)
            if size == len(one) or sum(other.startswith(one[:size]) for other in ids) == 1
        )
        short[one] = one[:length]
    return short


def whole_id(beginning: str, ids: Sequence[str]) -> str:
    """The id that begins so; what begins none is returned as it is.

    Raises:
        InvalidInput: Several do.
    """
    if beginning in ids:
        return beginning
    found = [one for one in ids if beginning and one.startswith(beginning)]
    if len(found) > 1:
        raise InvalidInput(f"{beginning!r} begins {len(found)} takes of this scene; type more of it.", code="take")
    return found[0] if found else beginning


DRAFT_VERSION = 1
SHORTEST_ID = 6
"""Letters of an id that people are asked to type."""
