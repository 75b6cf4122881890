"""Edits of the timeline, their preview, undo and redo. All free; each makes a new version."""

from typing import Annotated

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from starlette.responses import Response

from api import admission
from api.deps import Backend, BackendOf, Caller, Reader, Writer, counted
from api.docs import COSTLY, errors
from api.idempotency import IdempotencyKey, once
from api.routes.videos import VideoId
from api.shapes import WHOLE, scene_url, shared
from api.timeline_shapes import cut_facts
from models.base import Model
from models.cut_grid import is_longer
from models.edits import MOST_EDITS, TimelineEdit
from models.studio import AcceptedOperation, RestoredBy
from models.timeline import Timeline, TimelineScene
from services.editing import EditPreview, edit_timeline, preview_edits, undo_or_redo

router = admission.router("studio")

BaseVersion = Annotated[int, Field(strict=True, ge=1, le=100_000), WHOLE]


class TimelineEdits(Model):
    """Edits of the newest version, in their order; together they make one version."""

    base_version: BaseVersion = Field(description="the newest version that the artist saw; a newer one refuses them")
    edits: tuple[TimelineEdit, ...] = Field(min_length=1, max_length=MOST_EDITS)


class Step(Model):
    """One step back or forth."""

    base_version: BaseVersion | None = Field(
        default=None, description="the newest version that the artist saw; null: any"
    )


class EditedSceneShape(Model):
    """One scene as edits would leave it."""

    index: int
    scene_id: int
    section: str
    letter: str
    start_frame: int
    end_frame: int
    start_s: float
    end_s: float
    marks: tuple[str, ...]
    take_id: str
    shows_scene: int | None
    in_frame: int
    clip_frames: int | None
    frozen: bool
    still_url: str
    is_changed: bool = Field(description="whether it is encoded, unless this segment is stored")
    is_longer_than_clip: bool = Field(description="whether it shows a camera move; bought clips may turn out longer")
    new_clip_price: int | None = Field(description="then: the credits for a new clip")


class EditPreviewShape(Model):
    """The timeline as edits would leave it. Nothing is changed, and nothing of it is stored."""

    base_version: int
    frame_count: int
    scenes: tuple[EditedSceneShape, ...]
    changed: tuple[int, ...] = Field(description="the ids of the scenes that are encoded, at most")
    sentences: tuple[str, ...] = Field(
        description="what each edit does, in words", examples=[["Scene 4 is merged with scene 5."]]
    )


@router.post(
    "/videos/{video_id}/edits",
    status_code=202,
    summary="Edit the timeline",
    responses=COSTLY,
    dependencies=[counted("choose")],
    response_model=AcceptedOperation,
)
async def edit(
    request: Request, video_id: VideoId, body: TimelineEdits, key: IdempotencyKey, caller: Writer, backend: BackendOf
) -> Response:
    """Free: makes a new version, in which only what changed is encoded."""

    async def work(operation_id: str) -> tuple[int, Model]:
        return 202, await edit_timeline(
            backend, caller.account_id, video_id, operation_id, body.edits, body.base_version
        )

    return await once(request, backend, caller, key, body, work)


@router.post(
    "/videos/{video_id}/edits/preview",
    summary="See what edits would do",
    responses=errors(401, 403, 404, 409, 429),
    dependencies=[counted("quote")],
)
async def preview(video_id: VideoId, body: TimelineEdits, caller: Reader, backend: BackendOf) -> EditPreviewShape:
    """Changes nothing. The scenes tile the video as in the version that the same edits would make."""
    made = await run_in_threadpool(preview_edits, backend, caller.account_id, video_id, body.edits, body.base_version)
    return _preview_shape(made)


@router.post(
    "/videos/{video_id}/undo",
    status_code=202,
    summary="Undo the last step",
    responses=COSTLY,
    dependencies=[counted("choose")],
    response_model=AcceptedOperation,
)
async def undo(
    request: Request, video_id: VideoId, body: Step, key: IdempotencyKey, caller: Writer, backend: BackendOf
) -> Response:
    """Free: makes a new version with the same bytes as the one before the last step. Takes and credits stay."""
    return await _undo_or_redo(request, backend, caller, video_id, key, body, RestoredBy.UNDO)


@router.post(
    "/videos/{video_id}/redo",
    status_code=202,
    summary="Redo the last undone step",
    responses=COSTLY,
    dependencies=[counted("choose")],
    response_model=AcceptedOperation,
)
async def redo(
    request: Request, video_id: VideoId, body: Step, key: IdempotencyKey, caller: Writer, backend: BackendOf
) -> Response:
    """Free: makes a new version with the same bytes as the one that was undone last."""
    return await _undo_or_redo(request, backend, caller, video_id, key, body, RestoredBy.REDO)


async def _undo_or_redo(
    request: Request, backend: Backend, caller: Caller, video_id: str, key: str, body: Step, way: RestoredBy
) -> Response:
    async def work(operation_id: str) -> tuple[int, Model]:
        return 202, await undo_or_redo(backend, caller.account_id, video_id, operation_id, way, body.base_version)

    return await once(request, backend, caller, key, body, work)


def _preview_shape(made: EditPreview) -> EditPreviewShape:
    timeline = made.timeline

    def shape(scene: TimelineScene) -> EditedSceneShape:
        facts = {
            "still_url": _still_url(made.base, scene),
            "is_changed": scene.identity in made.changed,
            "is_longer_than_clip": is_longer(scene) and not scene.frozen,
        }
        return EditedSceneShape(**shared(EditedSceneShape, scene) | cut_facts(scene) | facts)

    return EditPreviewShape(
        base_version=timeline.version,
        frame_count=timeline.frame_count,
        scenes=tuple(map(shape, timeline.scenes)),
        changed=made.changed,
        sentences=made.sentences,
    )


def _still_url(base: Timeline, scene: TimelineScene) -> str:
    """The address of a still in the version that is edited."""
    for shown in base.scenes:
        if shown.still_key == scene.still_key:
            return scene_url(base.video_id, shown.index, "still", base.version)
    own = base.find(scene.identity if scene.shows_scene is None else scene.shows_scene)
    address = scene_url(base.video_id, own.index if own is not None else 0, "still", base.version)
    return f"{address}&take={scene.take_id}"
