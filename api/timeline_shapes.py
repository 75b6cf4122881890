"""JSON bodies of a version's timeline: its scenes, how they are cut, and their takes."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import Field

from api.shapes import PREFIX, scene_url, shared
from models.asked import AskedWords
from models.base import Model
from models.credits import Operation
from models.cut_grid import UNKNOWN_FRAMES, longest_frames, shortest_frames
from models.footage import Focus
from models.ids import digest_of
from models.in_picture import InPicture, picture_sentence
from models.prices import PRICES
from models.profiles import profile_of
from models.studio import SceneTake, StudioKind, StudioOperation, takes_of
from models.timeline import CLIP_SHORT, Timeline, TimelineScene
from models.undoing import undo_state
from models.views import places_in


class TakeShape(Model):
    """One candidate for a scene."""

    take: str = Field(description="an operation's id, or `draft`")
    kind: Literal["draft", "image", "video", "own"]
    prompt: str
    motion_prompt: str
    still_url: str
    clip_url: str
    version: int | None = Field(description="the version that first showed it")
    chosen: bool = Field(description="whether this version shows it")
    scene_id: int = Field(description="the scene that it was made for, by id")


class SceneShape(Model):
    """One scene of a version, or of a storyboard."""

    index: int
    scene_id: int = Field(description="stays through all edits; the index in version 1")
    section: str
    letter: str
    start_frame: int
    end_frame: int
    start_s: float
    end_s: float
    energy: float
    prompt: str
    motion_prompt: str
    camera_move: str
    character_ids: tuple[str, ...]
    location_id: str
    seed: int
    marks: tuple[str, ...] = Field(description="as in `still stale`: its words have changed since its still was made")
    reprise_of: int | None = Field(description="the index of the scene that it repeats by plan")
    still_url: str
    take_id: str


class TimelineSceneShape(SceneShape):
    """One scene of a version."""

    shows_scene: int | None = Field(description="the id of the scene whose take an edit let it show")
    in_frame: int = Field(description="the first frame of its clip that is shown")
    clip_frames: int | None = Field(description="its clip's length; null: not measured, at least the scene's")
    frozen: bool = Field(description="whether it shows one frame of its clip only")
    footage_id: str = Field(description="the picture or clip of the artist's own that it shows; empty: none")
    focus: Focus = Field(description="of own footage: the point that the crop keeps")
    new_clip_price: int | None = Field(
        description="where it lasts longer than its clip, and shows a camera move: the credits for a new one"
    )
    clip_url: str
    in_picture: str = Field(
        default="",
        description="what is visible in its image; empty for bought ones",
        examples=["old fisherman (grey hair, beanie), red boat · harbour, storm, day"],
    )
    not_drawn: tuple[str, ...] = Field(
        default=(), description="words of its prompt that the image does not show", examples=[["granddaughter"]]
    )
    takes: tuple[TakeShape, ...] = Field(description="everything that was made for the scene, oldest first")


class TimelineShape(Model):
    """Scenes in order, tiling the video."""

    video_id: str
    version: int
    song_id: str
    fps: float
    width: int
    height: int
    frame_count: int
    duration_s: float
    shortest_frames: int = Field(description="the fewest frames of a scene that an edit may leave")
    longest_frames: int = Field(description="the most frames of a scene that an edit may make")
    undo: int | None = Field(description="the version that undo shows again; null: there is nothing to undo")
    redo: int | None = Field(description="the version that redo shows again; null: there is nothing to redo")
    beats_id: str = Field(description="equal where versions follow the same beats and sections; empty: none are known")
    scenes: tuple[TimelineSceneShape, ...]
    asked: tuple[AskedWords, ...] = Field(
        default=(), description="what has become of the brief's words; empty if its director does not say"
    )


def timeline_shape(
    timeline: Timeline,
    takes: Sequence[SceneTake],
    operations: Sequence[StudioOperation],
    pictures: Mapping[str, InPicture],
    asked: tuple[AskedWords, ...] = (),
) -> TimelineShape:
    """A version's scenes as JSON shows them.

    Args:
        takes: The takes of all scenes, oldest first.
        operations: The video's operations, which made the takes.
        pictures: What is visible in the stills, by key.
        asked: What has become of the brief's words.
    """
    origins = {operation.order.operation_id: operation for operation in operations}
    places = places_in(timeline)
    scenes = tuple(
        TimelineSceneShape(
            **shared(TimelineSceneShape, scene)
            | cut_facts(scene)
            | {
                "reprise_of": places.get(scene.reprise_of),
                "in_picture": picture_sentence(pictures.get(scene.still_key, InPicture())),
                "not_drawn": pictures.get(scene.still_key, InPicture()).not_drawn,
                "still_url": scene_url(timeline.video_id, scene.index, "still", timeline.version),
                "clip_url": scene_url(timeline.video_id, scene.index, "clip", timeline.version),
                "takes": tuple(
                    _take(timeline, take, scene, origins.get(take.take_id)) for take in takes_of(scene, takes)
                ),
            }
        )
        for scene in timeline.scenes
    )
    profile, state = profile_of(timeline.profile, timeline.profile_revision), undo_state(operations)
    facts = {
        "fps": float(timeline.fps),
        "duration_s": float(timeline.frame_count / timeline.fps),
        "beats_id": digest_of(timeline.analysis_key) if timeline.analysis_key else "",
        "shortest_frames": shortest_frames(profile),
        "longest_frames": longest_frames(profile),
        "undo": state.undo,
        "redo": state.redo,
        "scenes": scenes,
        "asked": asked,
    }
    return TimelineShape(**shared(TimelineShape, timeline) | facts)


def cut_facts(scene: TimelineScene) -> dict[str, Any]:
    """How a scene is cut from its clip, as JSON shows it."""
    known = scene.clip_frames if 0 < scene.clip_frames < UNKNOWN_FRAMES else None
    price = PRICES[Operation.REGENERATE_VIDEO] if CLIP_SHORT in scene.marks else None
    return {"scene_id": scene.identity, "clip_frames": known, "new_clip_price": price}


def _take(timeline: Timeline, take: SceneTake, scene: TimelineScene, origin: StudioOperation | None) -> TakeShape:
    url = f"{PREFIX}/videos/{timeline.video_id}/scenes/{scene.index}"
    # The index is one of this version.
    suffix = f"?take={take.take_id}" + (f"&version={timeline.version}" if scene.identity != scene.index else "")
    kind: Literal["draft", "image", "video", "own"] = "draft"
    if origin is not None:
        kinds: dict[StudioKind, Literal["image", "own"]] = {StudioKind.IMAGE: "image", StudioKind.OWN: "own"}
        kind = kinds.get(origin.order.kind, "video")
    shown = scene.identity if scene.shows_scene is None else scene.shows_scene
    return TakeShape(
        take=take.take_id,
        kind=kind,
        prompt=take.prompt,
        motion_prompt=take.motion_prompt,
        still_url=f"{url}/still{suffix}",
        clip_url=f"{url}/clip{suffix}",
        version=origin.version if origin is not None else 1,
        chosen=(take.take_id, take.scene_index) == (scene.take_id, shown),
        scene_id=take.scene_index,
    )
