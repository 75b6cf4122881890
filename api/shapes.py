"""The API's JSON bodies: our models with links instead of object keys."""

from collections.abc import Container
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from models.base import Model
from models.failures import InvalidInput
from models.media_models import MODEL_NAME_MAX_CHARS
from models.paid_media import SpendingPlan
from models.progress import CLOSED, BoardProgress, FailureNote, RunStatus, SceneStatus, StageProgress
from models.song import SongRef
from models.spending import MICRO_USD
from models.standstill import PAUSES
from models.style_pictures import style_picture_digest
from models.styles import STYLES, Style, find_style
from models.vault import VersionRef
from models.views import version_sentence
from services.media import VideoVersions
from services.progress import Look
from services.videos import Video

T = TypeVar("T")

PREFIX = "/api/v1"
POSTER_WIDTH = 480


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)
"""JSON knows one kind of number: `3.0` is the integer 3, as schemas say, also where "3" and true are refused."""

ModelName = Annotated[
    str,
    Field(
        max_length=MODEL_NAME_MAX_CHARS,
        description="the model that makes all stills or clips, where they are bought; empty: this installation's own",
        examples=["minimax/h3-max/image-to-video@768P"],
    ),
]
"""A model of docs/providers.md, as `endpoint` or `endpoint@resolution`."""

QuotedPrice = Annotated[
    Annotated[int, Field(strict=True, ge=0, le=10_000), WHOLE] | None,
    Field(description="the price that was shown; the order is refused if it has changed"),
]
"""The confirmed price is the held price."""


def shared(shape: type[Model], source: Model) -> dict[str, Any]:
    """The fields of a shape that its source has by the same name."""
    return {name: getattr(source, name) for name in shape.model_fields if hasattr(source, name)}


class Page(Model, Generic[T]):
    """One page of a list, newest first unless stated otherwise."""

    items: tuple[T, ...]
    next_cursor: str | None = Field(default=None, description="for the next page; null after the last")


class ProviderCost(Model):
    """The estimated cost of a generation's pictures and clips at their provider, and the share of reprises."""

    estimate_usd: float = Field(examples=[6.42])
    scenes_made: int = Field(description="0: not known before the song is analysed", examples=[38])
    scenes_reprised: int = Field(examples=[6])
    reprise_share: float = Field(
        ge=0, le=1, examples=[0.136], description="The share of scenes that show an earlier take again."
    )


def provider_cost(plan: SpendingPlan) -> ProviderCost:
    """An estimate as JSON shows it."""
    return ProviderCost(
        estimate_usd=plan.estimate_micro_usd / MICRO_USD,
        scenes_made=plan.made,
        scenes_reprised=plan.reprises,
        reprise_share=plan.reprise_share,
    )


class SongShape(Model):
    """A song in the Vault."""

    song_id: str = Field(examples=["song-0123456789abcdef0123"])
    title: str = Field(examples=["Night Drive"])
    artist: str | None = None
    duration_s: float = Field(examples=[184.2])
    size_bytes: int
    container: str = Field(description="mp3, m4a, wav, aac, ogg or flac, by content", examples=["flac"])
    analysed: bool = Field(description="whether beats, sections and waveform are known")
    analysis_revision: int = Field(description="how often it was analysed or corrected")
    renewable: bool = Field(description="whether another analysis would find more")
    corrected: bool = Field(description="whether the artist has corrected its beats or sections", examples=[False])


def song_shape(song: SongRef) -> SongShape:
    """A song as JSON shows it."""
    return SongShape(**shared(SongShape, song))


def _known_slug(slug: str) -> str:
    if slug not in {style.slug for style in STYLES}:
        raise ValueError("there is no such style")
    return slug


StyleSlug = Annotated[
    str,
    AfterValidator(_known_slug),
    Field(json_schema_extra={"enum": [style.slug for style in STYLES]}, examples=["film-noir"]),
]
"""The slug of an existing preset."""


class StyleShape(Model):
    """One of the presets."""

    slug: str = Field(examples=["film-noir"])
    name: str = Field(examples=["Film Noir"])
    description: str
    keywords: tuple[str, ...]
    picture_url: str | None = Field(description="null until it is drawn")


def style_picture_url(style: Style, painted: Container[str]) -> str | None:
    """The address of a preset's picture, if it is painted; its digest makes it cacheable for good."""
    url = f"{PREFIX}/styles/{style.slug}/picture?v={style_picture_digest(style)}"
    return url if style.slug in painted else None


def style_shape(style: Style, painted: Container[str]) -> StyleShape:
    """A preset as JSON shows it."""
    return StyleShape(
        **shared(StyleShape, style), description=style.style_words, picture_url=style_picture_url(style, painted)
    )


class SceneProgress(Model):
    """The progress of one scene, with its still and clip."""

    index: int
    status: SceneStatus
    still_url: str | None = None
    clip_url: str | None = None


class ProgressShape(Model):
    """The current progress of a run."""

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
    board: BoardProgress | None = Field(
        default=None, description="of a run that was ordered with a storyboard, once that is laid out"
    )
    waiting: Literal["no_worker", "paused"] | None = Field(
        default=None, description="`no_worker`: no worker answers now; `paused`: support has paused the run"
    )


def scene_url(video_id: str, index: int, what: Literal["still", "clip"], version: int = 0) -> str:
    """The address of a scene's picture or clip; a version's never change."""
    query = f"?version={version}" if version else ""
    return f"{PREFIX}/videos/{video_id}/scenes/{index}/{what}{query}"


def progress_shape(seen: Look) -> ProgressShape:
    """A run's progress as JSON shows it."""
    progress = seen.progress
    video_id, version = progress.video_id, progress.version
    scenes = tuple(
        SceneProgress(
            index=index,
            status=status,
            still_url=scene_url(video_id, index, "still", version) if status != SceneStatus.PENDING else None,
            clip_url=scene_url(video_id, index, "clip", version) if status == SceneStatus.CLIP else None,
        )
        for index, status in enumerate(progress.scenes)
    )
    waiting = None
    if progress.status not in CLOSED and progress.standstill is not None:
        waiting = "paused" if progress.standstill.cause in PAUSES else "no_worker"
    return ProgressShape(**shared(ProgressShape, progress) | {"scenes": scenes, "waiting": waiting})


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
    status: RunStatus | Literal["unknown"] = Field(
        description="`unknown`: Temporal does not answer or has deleted the run"
    )
    latest_version: int = Field(description="0: none yet")
    poster_url: str | None
    storyboard: bool = Field(default=False, description="whether it was ordered with a storyboard")


def video_shape(video: Video) -> VideoShape:
    """A video as JSON shows it."""
    still = None
    if video.latest_version:
        still = f"{scene_url(video.video_id, 0, 'still', video.latest_version)}&width={POSTER_WIDTH}"
    return VideoShape(
        **shared(VideoShape, video.brief) | shared(VideoShape, video),
        style_name=style_name(video.style),
        poster_url=still,
    )


class VersionShape(Model):
    """One version of a video. Version 1 is the first draft and is kept for good."""

    version: int
    stored_at: datetime
    sentence: str
    latest: bool
    kept: bool = Field(default=True, description="whether its file is stored; otherwise it is joined again on request")
    video_url: str
    download_url: str


def version_shapes(found: VideoVersions) -> tuple[VersionShape, ...]:
    """A video's versions as JSON shows them, first to last."""
    return tuple(_version(ref, found) for ref in found.versions)


def _version(ref: VersionRef, found: VideoVersions) -> VersionShape:
    url = f"{PREFIX}/videos/{ref.video_id}/versions/{ref.version}/video"
    return VersionShape(
        **shared(VersionShape, ref),
        sentence=version_sentence(ref.version, found.operations),
        latest=ref is found.versions[-1],
        kept=ref.version in found.kept,
        video_url=url,
        download_url=f"{url}?download=1",
    )


def style_name(slug: str) -> str:
    """A preset's name; its slug where the preset was removed."""
    try:
        return find_style(slug).name
    except InvalidInput:
        return slug
