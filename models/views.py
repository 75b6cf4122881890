"""A video as Studio shows it: scenes with takes and marks, and versions."""

from collections.abc import Mapping, Sequence

from pydantic import Field

from models.asked import AskedWords
from models.base import Model
from models.edits import edits_sentence
from models.failures import InvalidInput
from models.in_picture import InPicture, picture_sentence
from models.studio import RestoredBy, SceneTake, StudioKind, StudioOperation, takes_of
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
    """One scene: the take that it shows, and its other takes. `number` counts from 1."""

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
    in_picture: str = ""
    not_drawn: tuple[str, ...] = ()
    scene_id: int = Field(description="stays through all edits")
    in_frame: int = 0
    frozen: bool = False
    takes: tuple[TakeView, ...]

    @classmethod
    def of(
        cls,
        scene: TimelineScene,
        takes: Sequence[SceneTake],
        pictures: Mapping[str, InPicture],
        places: Mapping[int | None, int],
    ) -> "SceneView":
        """The view of a scene with its takes, and what is visible in its still, if the still says so.

        `places`: the places of all scenes, by id.
        """
        seen = pictures.get(scene.still_key, InPicture())
        return cls(
            **scene.model_dump(exclude={"still", "scene_id", "reprise_of"}),
            scene_id=scene.identity,
            reprise_of=places.get(scene.reprise_of),
            number=scene.index + 1,
            frame_count=scene.end_frame - scene.start_frame,
            still=scene.still_key,
            clip=scene.segment_key,
            in_picture=picture_sentence(seen),
            not_drawn=seen.not_drawn,
            takes=tuple(TakeView.of(take) for take in takes),
        )


class VersionView(Model):
    """One version. `is_kept`: its MP4 is always stored; others are joined again on request."""

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
    asked: tuple[AskedWords, ...] = ()

    @classmethod
    def of(
        cls,
        timeline: Timeline,
        takes: Sequence[SceneTake],
        versions: Sequence[VersionRef],
        operations: Sequence[StudioOperation],
        pictures: Mapping[str, InPicture],
        asked: Sequence[AskedWords] = (),
    ) -> "TimelineView":
        """The view of a timeline, with the takes of all its scenes, all the video's versions, and the brief's words."""
        places = places_in(timeline)
        return cls(
            **timeline.model_dump(exclude={"scenes", "fps", "profile"}),
            profile=timeline.profile.value,
            fps=float(timeline.fps),
            duration_s=float(timeline.frame_count / timeline.fps),
            scenes=tuple(SceneView.of(one, takes_of(one, takes), pictures, places) for one in timeline.scenes),
            versions=version_views(versions, operations),
            asked=tuple(asked),
        )


def places_in(timeline: Timeline) -> dict[int | None, int]:
    """The places of a version's scenes, by id."""
    return {scene.identity: scene.index for scene in timeline.scenes}


def version_views(versions: Sequence[VersionRef], operations: Sequence[StudioOperation]) -> tuple[VersionView, ...]:
    """The versions, first to last, each with the change that an operation made."""
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
    """What changed from the version before, in the artist's words.

    Args:
        version: Its number.
        operations: The video's operations.
    """
    order = next((one.order for one in operations if one.version == version), None)
    if version == 1:
        return "The first draft"
    if order is None:
        return f"Version {version}"
    if order.kind is StudioKind.RESTORE:
        way = {RestoredBy.UNDO: "Undone: as", RestoredBy.REDO: "Redone: as"}.get(order.restored_by, "As")
        return f"{way} version {order.version} was"
    if order.kind is StudioKind.EDIT:
        return edits_sentence(order.edits)
    news = {
        StudioKind.IMAGE: "a new image",
        StudioKind.VIDEO: "a new clip",
        StudioKind.CHOOSE: "another take",
        StudioKind.OWN: "own footage",
    }
    return f"Scene {(order.scene_index or 0) + 1} with {news[order.kind]}"


def short_ids(ids: Sequence[str]) -> dict[str, str]:
    """For each id its shortest unambiguous beginning."""
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
    """The id with this beginning; an unknown beginning is returned unchanged.

    Raises:
        InvalidInput: Several ids begin so.
    """
    if beginning in ids:
        return beginning
    found = [one for one in ids if beginning and one.startswith(beginning)]
    if len(found) > 1:
        raise InvalidInput(f"{beginning!r} begins {len(found)} takes of this scene; type more of it.", code="take")
    return found[0] if found else beginning


DRAFT_VERSION = 1
SHORTEST_ID = 6
"""The least number of an id's characters that people must type."""
