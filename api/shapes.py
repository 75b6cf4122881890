"""What the API answers, as JSON: the models of the house without keys of the object store, with links instead."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from models.base import Model
from models.failures import InvalidInput
from models.media_models import MODEL_NAME_MAX_CHARS
from models.progress import FailureNote, Progress, RunStatus, SceneStatus, StageProgress
from models.song import SongRef
from models.studio import SceneTake, StudioKind, StudioOperation
from models.styles import STYLES, Style, find_style
from models.timeline import Timeline, TimelineScene

T = TypeVar("T")

PREFIX = "/api/v1"


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)
"""JSON knows one kind of number: `3.0` is the integer 3, as schemas say, also where "3" and true are refused."""

ModelName = Annotated[
    str,
    Field(
        max_length=MODEL_NAME_MAX_CHARS,
        description="of all pieces of this kind, where they are bought; empty: what this installation buys",
        examples=["minimax/h3-max/image-to-video@768P"],
    ),
]
"""A model of docs/providers.md, as `endpoint` or `endpoint@resolution`."""

QuotedPrice = Annotated[
    Annotated[int, Field(strict=True, ge=0, le=10_000), WHOLE] | None,
    Field(description="the price that was shown; another price now is refused"),
]
"""What is confirmed is what is held."""


class Page(Model, Generic[T]):
    """One page of a list, newest first where nothing else is said."""

    items: tuple[T, ...]
    next_cursor: str | None = Field(default=None, description="for the next page; null after the last")


class SongShape(Model):
    """A song in the Vault."""

    song_id: str = Field(examples=["song-0123456789abcdef0123"])
    title: str = Field(examples=["Night Drive"])
    artist: str | None = None
    duration_s: float = Field(examples=[184.2])
    size_bytes: int
    container: str = Field(description="mp3, m4a, wav, aac, ogg or flac, by content", examples=["flac"])
    analysed: bool = Field(description="whether beats, sections and waveform are known")
    analysis_revision: int = Field(description="how often it was heard")
    renewable: bool = Field(description="whether listening again would find more than its analysis says")


def song_shape(song: SongRef) -> SongShape:
    """A song as JSON shows it."""
    return SongShape(
        song_id=song.song_id,
        title=song.title,
        artist=song.artist,
        duration_s=song.duration_s,
        size_bytes=song.size_bytes,
        container=song.container,
        analysed=song.analysed,
        analysis_revision=song.analysis_revision,
        renewable=song.renewable,
    )


def _known_slug(slug: str) -> str:
    if slug not in {style.slug for style in STYLES}:
        raise ValueError("there is no such style")
    return slug


StyleSlug = Annotated[
    str,
    AfterValidator(_known_slug),
    Field(json_schema_extra={"enum": [style.slug for style in STYLES]}, examples=["film-noir"]),
]
"""A preset that there is."""


class StyleShape(Model):
    """One of the 20 presets."""

    slug: str = Field(examples=["film-noir"])
    name: str = Field(examples=["Film Noir"])
    description: str
    keywords: tuple[str, ...]
    picture_url: str | None = Field(description="null until it is drawn")


def style_shape(style: Style, picture_url: str | None) -> StyleShape:
    """A preset as JSON shows it."""
    return StyleShape(
        slug=style.slug,
        name=style.name,
        description=style.style_words,
        keywords=style.keywords,
        picture_url=picture_url,
    )


class SceneProgress(Model):
    """How far one scene is, with what there is to see of it."""

    index: int
    status: SceneStatus
    still_url: str | None = None
    clip_url: str | None = None


class ProgressShape(Model):
    """A run as it is now."""

    video_id: str
    status: RunStatus
    sentence: str
    fraction_done: float = Field(description="0…1")
    started_at: datetime | None = None
    updated_at: datetime | None = None
    expected_finish_at: datetime | None = None
    version: int = Field(description="the newest stored version; 0: none yet")
    credits_charged: int
    failure: FailureNote | None = None
    stages: tuple[StageProgress, ...]
    scenes: tuple[SceneProgress, ...]
    waiting: Literal["no_worker"] | None = Field(default=None, description="`no_worker`: nobody works on it now")


def scene_url(video_id: str, index: int, what: Literal["still", "clip"], version: int = 0) -> str:
    """Where a scene's picture or clip is served; a version's never change."""
    query = f"?version={version}" if version else ""
    return f"{PREFIX}/videos/{video_id}/scenes/{index}/{what}{query}"


def progress_shape(progress: Progress, waiting: Literal["no_worker"] | None = None) -> ProgressShape:
    """A run's progress as JSON shows it."""
    video_id, version = progress.video_id, progress.version
    return ProgressShape(
        video_id=video_id,
        status=progress.status,
        sentence=progress.sentence,
        fraction_done=progress.fraction_done,
        started_at=progress.started_at,
        updated_at=progress.updated_at,
        expected_finish_at=progress.expected_finish_at,
        version=version,
        credits_charged=progress.credits_charged,
        failure=progress.failure,
        stages=progress.stages,
        scenes=tuple(
            SceneProgress(
                index=index,
                status=status,
                still_url=scene_url(video_id, index, "still", version) if status != SceneStatus.PENDING else None,
                clip_url=scene_url(video_id, index, "clip", version) if status == SceneStatus.CLIP else None,
            )
            for index, status in enumerate(progress.scenes)
        ),
        waiting=waiting,
    )


class VideoShape(Model):
    """A video, from its order on."""

    video_id: str = Field(examples=["video-0123456789abcdef0123"])
    title: str
    song_id: str
    song_title: str
    style: str
    style_name: str
    prompt: str
    enhance: bool
    character_ids: tuple[str, ...]
    aspect: str
    seed: int = Field(description="the same brief with the same seed is the same video")
    created_at: datetime
    status: RunStatus | Literal["unknown"] = Field(description="`unknown`: the server that knows is away")
    latest_version: int = Field(description="0: none yet")
    poster_url: str | None


class VersionShape(Model):
    """One version of a video. Version 1 is the first draft and stays for good."""

    version: int
    stored_at: datetime
    sentence: str
    latest: bool
    kept: bool = Field(
        default=True, description="whether its file is there; otherwise it is joined again once it is asked for"
    )
    video_url: str
    download_url: str


class TakeShape(Model):
    """One candidate for a scene."""

    take: str = Field(description="an operation's id, or `draft`")
    kind: Literal["draft", "image", "video"]
    prompt: str
    motion_prompt: str
    still_url: str
    clip_url: str
    version: int | None = Field(description="the version that it came with")
    chosen: bool = Field(description="whether this version shows it")


class TimelineSceneShape(Model):
    """One scene of a version."""

    index: int
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
    marks: tuple[str, ...]
    reprise_of: int | None
    still_url: str
    clip_url: str
    take_id: str
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
    scenes: tuple[TimelineSceneShape, ...]


def timeline_shape(
    timeline: Timeline, takes: Sequence[SceneTake], operations: Sequence[StudioOperation]
) -> TimelineShape:
    """A version's scenes as JSON shows them.

    Args:
        timeline: The version.
        takes: Of all scenes, oldest first.
        operations: What was done on the video, for where takes come from.
    """
    origins = {operation.order.operation_id: operation for operation in operations}
    return TimelineShape(
        video_id=timeline.video_id,
        version=timeline.version,
        song_id=timeline.song_id,
        fps=float(timeline.fps),
        width=timeline.width,
        height=timeline.height,
        frame_count=timeline.frame_count,
        duration_s=float(timeline.frame_count / timeline.fps),
        scenes=tuple(
            TimelineSceneShape(
                **scene.model_dump(include=set(TimelineSceneShape.model_fields) - {"takes"}),
                still_url=scene_url(timeline.video_id, scene.index, "still", timeline.version),
                clip_url=scene_url(timeline.video_id, scene.index, "clip", timeline.version),
                takes=tuple(
                    _take(timeline.video_id, take, scene, origins.get(take.take_id))
                    for take in takes
                    if take.scene_index == scene.index
                ),
            )
            for scene in timeline.scenes
        ),
    )


def _take(video_id: str, take: SceneTake, scene: TimelineScene, origin: StudioOperation | None) -> TakeShape:
    url = f"{PREFIX}/videos/{video_id}/scenes/{scene.index}"
    kind: Literal["draft", "image", "video"] = "draft"
    if origin is not None:
        kind = "image" if origin.order.kind is StudioKind.IMAGE else "video"
    return TakeShape(
        take=take.take_id,
        kind=kind,
        prompt=take.prompt,
        motion_prompt=take.motion_prompt,
        still_url=f"{url}/still?take={take.take_id}",
        clip_url=f"{url}/clip?take={take.take_id}",
        version=origin.version if origin is not None else 1,
        chosen=take.take_id == scene.take_id,
    )


def style_name(slug: str) -> str:
    """A preset's name; its slug where the preset is no more."""
    try:
        return find_style(slug).name
    except InvalidInput:
        return slug
