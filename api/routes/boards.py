"""Storyboards: see one, edit it, undo and redo, make stills anew, approve scenes.

Clips are ordered for approved scenes only.
"""

from collections.abc import Awaitable
from typing import Annotated, TypeVar

from fastapi import Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from api import admission
from api.board_shapes import BoardScenesShape, BoardShape, board_shape, preview_shape
from api.deps import Backend, BackendOf, Caller, Reader, Spender, Writer, counted, limit, refuse_unverified
from api.docs import COSTLY, PERSONAL, errors
from api.idempotency import IdempotencyKey, once
from api.problems import Problem
from api.routes.footage import OwnWish
from api.routes.videos import VideoId
from api.shapes import WHOLE, QuotedPrice, shared
from models.base import Model
from models.board_edits import BoardEdit, Words
from models.boards import BoardAnswer, BoardKind, BoardStepState
from models.credits import Balance
from models.edits import MOST_EDITS, SceneId
from models.failures import Conflict
from models.progress import FailureNote
from models.studio import RestoredBy
from services.boards import (
    approve_board,
    edit_board,
    find_board,
    find_board_step,
    find_board_still,
    place_own,
    preview_board,
    repaint_still,
    restore_board,
)
from services.media import link_to
from services.thumbnails import MEDIA_TYPE, WIDTHS, scene_thumbnail

router = admission.router("storyboards")

R = TypeVar("R")

Revision = Annotated[
    Annotated[int, Field(strict=True, ge=0, le=1_000_000), WHOLE],
    Field(description="the newest revision that the artist saw; a newer one refuses the order with `board_moved`"),
]
SectionIndex = Annotated[int, Field(strict=True, ge=0, le=10_000), WHOLE]
StepId = Annotated[str, Path(max_length=80, examples=["0123456789abcdef0123"])]
StillName = Annotated[str, Path(pattern=r"^\d{3,6}-[0-9a-f]{8,64}\.png$", examples=["003-0123456789abcdef0123.png"])]
_FOREVER = "private, max-age=31536000, immutable"
_LINK = {
    307: {
        "description": "a link into the object store",
        "headers": {"Location": {"schema": {"type": "string"}}},
    },
    200: {"content": {MEDIA_TYPE: {}}, "description": "a thumbnail"},
    **PERSONAL,
}


class BoardEdits(Model):
    """Edits of the newest revision, in their order; together they make the next one."""

    revision: Revision
    edits: tuple[BoardEdit, ...] = Field(min_length=1, max_length=MOST_EDITS)


class BoardStep(Model):
    """A step of the newest revision."""

    revision: Revision


class Approval(Model):
    """What is approved: everything, sections or scenes."""

    revision: Revision
    everything: bool = Field(default=False, strict=True)
    sections: tuple[SectionIndex, ...] = Field(
        default=(), max_length=1_000, description="by `section_index`", examples=[[1]]
    )
    scenes: tuple[SceneId, ...] = Field(default=(), max_length=1_000, description="by `scene_id`", examples=[[5]])


class Repaint(Model):
    """A scene's still, made anew."""

    revision: Revision
    scene_id: SceneId
    prompt: Words | None = Field(default=None, description="null: the scene's own words")
    quoted: QuotedPrice = None


class OwnOnBoard(OwnWish):
    """How a scene of a storyboard shows a picture or clip."""

    revision: Revision
    scene_id: SceneId


class BoardDone(Model):
    """An order that was carried out."""

    operation_id: str
    revision: int = Field(description="the revision that it made")
    approved_along: tuple[int, ...] = Field(
        default=(),
        description="ids of scenes that were approved along, because approved ones show their clips",
        examples=[[0]],
    )


class RepaintShape(Model):
    """A still that is being made anew; its price is held."""

    operation_id: str
    scene_id: int
    state: BoardStepState
    price: int
    free_units: int
    balance: Balance


class BoardStepShape(Model):
    """What an order came to."""

    operation_id: str
    kind: BoardKind
    state: BoardStepState
    scene_id: int | None = Field(description="of a repaint")
    revision: int | None = Field(description="the revision that it made")
    price: int
    failure: FailureNote | None


@router.get("/videos/{video_id}/board", summary="A video's storyboard", responses=PERSONAL)
def show(video_id: VideoId, caller: Reader, backend: BackendOf) -> BoardShape:
    """Its newest revision; 404 `no_board` where the video was ordered without one, or has no stills yet."""
    return board_shape(find_board(backend, caller.account_id, video_id))


@router.get(
    "/videos/{video_id}/board/stills/{name}",
    summary="A still of a storyboard",
    responses=_LINK,
    response_class=Response,
)
def still(
    video_id: VideoId,
    name: StillName,
    caller: Reader,
    backend: BackendOf,
    width: Annotated[int | None, Query(json_schema_extra={"enum": [*WIDTHS, None]}, description="a thumbnail")] = None,
) -> Response:
    """A link to the PNG, or a WebP thumbnail; its address never shows another picture."""
    key = find_board_still(backend, caller.account_id, video_id, name)
    if width is None:
        return RedirectResponse(link_to(backend.public_objects, key), 307, {"Cache-Control": "private, max-age=300"})
    if width not in WIDTHS:
        raise Problem(422, "invalid", f"width: one of {', '.join(map(str, WIDTHS))}.", "width")
    return Response(scene_thumbnail(backend, key, width), headers={"Cache-Control": _FOREVER}, media_type=MEDIA_TYPE)


@router.post(
    "/videos/{video_id}/board/edits",
    summary="Edit a storyboard",
    responses=COSTLY,
    dependencies=[counted("choose")],
    response_model=BoardDone,
)
async def edit(
    request: Request, video_id: VideoId, body: BoardEdits, key: IdempotencyKey, caller: Writer, backend: BackendOf
) -> Response:
    """Free: makes the next revision. Approved scenes stay as they are."""

    async def work(operation_id: str) -> tuple[int, Model]:
        made = edit_board(backend, caller.account_id, video_id, operation_id, body.edits, body.revision)
        return 200, _done(await _newest_named(made, backend, caller.account_id, video_id))

    return await once(request, backend, caller, key, body, work)


@router.post(
    "/videos/{video_id}/board/edits/preview",
    summary="See what edits of a storyboard would do",
    responses=errors(401, 403, 404, 409, 429),
    dependencies=[counted("quote")],
)
async def preview(video_id: VideoId, body: BoardEdits, caller: Reader, backend: BackendOf) -> BoardScenesShape:
    """Changes nothing."""

    def made() -> BoardScenesShape:
        board = preview_board(backend, caller.account_id, video_id, body.edits, body.revision)
        return preview_shape(board, find_board(backend, caller.account_id, video_id))

    return await run_in_threadpool(made)


@router.post(
    "/videos/{video_id}/board/undo",
    summary="Undo the last step of a storyboard",
    responses=COSTLY,
    dependencies=[counted("choose")],
    response_model=BoardDone,
)
async def undo(
    request: Request, video_id: VideoId, body: BoardStep, key: IdempotencyKey, caller: Writer, backend: BackendOf
) -> Response:
    """Free: makes the next revision, with the scenes of the one before the last step. Stills, credits and what is
    approved stay; 409 where a scene that is approved would change.
    """
    return await _restored(request, backend, caller, video_id, key, body, RestoredBy.UNDO)


@router.post(
    "/videos/{video_id}/board/redo",
    summary="Redo the last undone step of a storyboard",
    responses=COSTLY,
    dependencies=[counted("choose")],
    response_model=BoardDone,
)
async def redo(
    request: Request, video_id: VideoId, body: BoardStep, key: IdempotencyKey, caller: Writer, backend: BackendOf
) -> Response:
    """Free: makes the next revision, with the scenes of the one that was undone last."""
    return await _restored(request, backend, caller, video_id, key, body, RestoredBy.REDO)


@router.post(
    "/videos/{video_id}/board/approvals",
    summary="Approve scenes",
    responses=COSTLY,
    dependencies=[counted("choose")],
    response_model=BoardDone,
)
async def approve(
    request: Request, video_id: VideoId, body: Approval, key: IdempotencyKey, caller: Spender, backend: BackendOf
) -> Response:
    """Their clips are ordered at once, while other scenes can still be edited. The draft's 200 credits pay for them."""

    async def work(operation_id: str) -> tuple[int, Model]:
        wish = body.model_dump(exclude={"revision"})
        made = approve_board(backend, caller.account_id, video_id, operation_id, body.revision, **wish)
        return 200, _done(await _newest_named(made, backend, caller.account_id, video_id))

    return await once(request, backend, caller, key, body, work)


@router.post(
    "/videos/{video_id}/board/repaints",
    status_code=202,
    summary="Make a still anew",
    responses=COSTLY,
    response_model=RepaintShape,
)
async def repaint(
    request: Request, video_id: VideoId, body: Repaint, key: IdempotencyKey, caller: Spender, backend: BackendOf
) -> Response:
    """Once free for each scene, then an image's price in Studio; one that comes to nothing costs nothing."""
    await run_in_threadpool(limit, backend, backend.settings.rates.start, "start", caller.account_id)
    refuse_unverified(backend, caller)

    async def work(operation_id: str) -> tuple[int, Model]:
        wish = body.model_dump(exclude={"revision", "scene_id"})
        begun = repaint_still(backend, caller.account_id, video_id, operation_id, body.revision, body.scene_id, **wish)
        ticket = await _newest_named(begun, backend, caller.account_id, video_id)
        return 202, RepaintShape(**shared(RepaintShape, ticket))

    return await once(request, backend, caller, key, body, work)


@router.post(
    "/videos/{video_id}/board/own",
    summary="Show an own picture or clip on a storyboard",
    responses=COSTLY,
    dependencies=[counted("choose")],
    response_model=BoardDone,
)
async def show_own(
    request: Request, video_id: VideoId, body: OwnOnBoard, key: IdempotencyKey, caller: Writer, backend: BackendOf
) -> Response:
    """Free: makes the next revision. No clip is ordered for the scene, which keeps its own copy."""

    async def work(operation_id: str) -> tuple[int, Model]:
        made = place_own(backend, caller.account_id, video_id, operation_id, body.revision, body.scene_id, body.shot())
        return 200, _done(await _newest_named(made, backend, caller.account_id, video_id))

    return await once(request, backend, caller, key, body, work)


@router.get("/videos/{video_id}/board/operations/{step_id}", summary="What an order came to", responses=PERSONAL)
def show_step(video_id: VideoId, step_id: StepId, caller: Reader, backend: BackendOf) -> BoardStepShape:
    """Edits, approvals and repaints alike."""
    return BoardStepShape(**shared(BoardStepShape, find_board_step(backend, caller.account_id, video_id, step_id)))


async def _newest_named(work: Awaitable[R], backend: Backend, account_id: str, video_id: str) -> R:
    """Do `work`; a refusal because of a newer revision names that revision."""
    try:
        return await work
    except Conflict as error:
        if error.code != "board_moved":
            raise
        view = await run_in_threadpool(find_board, backend, account_id, video_id)
        raise Problem(409, error.code, error.message, revision=view.board.revision) from error


async def _restored(
    request: Request, backend: Backend, caller: Caller, video_id: str, key: str, body: BoardStep, way: RestoredBy
) -> Response:
    async def work(operation_id: str) -> tuple[int, Model]:
        made = restore_board(backend, caller.account_id, video_id, operation_id, way, body.revision)
        return 200, _done(await _newest_named(made, backend, caller.account_id, video_id))

    return await once(request, backend, caller, key, body, work)


def _done(answer: BoardAnswer) -> BoardDone:
    return BoardDone(**shared(BoardDone, answer))
