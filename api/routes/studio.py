"""Studio: regenerate a scene's image or video, choose takes, restore versions."""

from typing import Annotated, Any, Literal

from fastapi import Path, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from starlette.responses import Response

from api import admission
from api.deps import Backend, BackendOf, Caller, Reader, Spender, Writer, counted, limit, refuse_unverified
from api.docs import COSTLY, PERSONAL, errors
from api.idempotency import IdempotencyKey, once
from api.problems import unavailable
from api.routes.accounts import Said
from api.routes.media import SceneIndex, VersionNumber
from api.routes.videos import VideoId
from api.shapes import WHOLE, Page, QuotedPrice, shared
from models.base import Model
from models.brief import MOST_CHARACTERS, PROMPT_MAX_CHARS
from models.failures import ProviderUnavailable
from models.many_scenes import CHANGE_MAX_CHARS, MOST_SCENES, ManyScenes
from models.progress import FailureNote
from models.storyboard import CameraMove
from models.studio import AcceptedOperation, SceneEdit, StudioKind, StudioOperation, StudioOrder, StudioState
from services.many_scenes import order_scenes, plan_scenes
from services.studio import find_operation, open_operations, order_operation, withdraw_operation

router = admission.router("studio")

OperationId = Annotated[str, Path(max_length=80, examples=["0123456789abcdef0123"])]


SeenVersion = Annotated[
    Annotated[int, Field(strict=True, ge=1, le=100_000), WHOLE] | None,
    Field(description="the version that the scene's index counts in; null: the newest"),
]


class Regeneration(Model):
    """A request to make a scene's image or video again, with changes; omitted fields stay."""

    kind: Literal["image", "video"]
    prompt: str | None = Field(
        default=None, min_length=1, max_length=PROMPT_MAX_CHARS, description="the prompt of the still, or of the motion"
    )
    seed: Annotated[int | None, WHOLE] = Field(default=None, strict=True, ge=0, lt=2**32, description="null: a new one")
    camera_move: CameraMove | None = None
    character_ids: tuple[str, ...] | None = Field(default=None, max_length=MOST_CHARACTERS)
    location_id: str | None = Field(default=None, max_length=80)
    quoted: QuotedPrice = None
    version: SeenVersion = None


class TakeChoice(Model):
    """The take that a scene shall show."""

    take: str = Field(min_length=1, max_length=80, examples=["draft"])
    version: SeenVersion = None


class ManyRegenerations(Model):
    """Several scenes to make again with one change: exactly one of `find`, `add` and `like`."""

    kind: Literal["image", "video"]
    scenes: tuple[Annotated[int, WHOLE, Field(strict=True, ge=0, le=10_000)], ...] = Field(
        min_length=1, max_length=MOST_SCENES, description="their indices", examples=[[3, 4, 8]]
    )
    find: str = Field(
        default="",
        max_length=CHANGE_MAX_CHARS,
        description="a word or phrase of all their prompts, in any case",
        examples=["red coat"],
    )
    replace: str = Field(
        default="", max_length=CHANGE_MAX_CHARS, description="what stands in its place", examples=["blue coat"]
    )
    add: str = Field(
        default="", max_length=CHANGE_MAX_CHARS, description="a sentence at the end of all prompts", examples=[""]
    )
    like: Annotated[int | None, WHOLE] = Field(
        default=None,
        strict=True,
        ge=0,
        le=10_000,
        description="the index of a scene whose place, hour, weather and light the others take; for images",
        examples=[None],
    )
    version: SeenVersion = None
    quoted: Annotated[int | None, WHOLE] = Field(
        default=None, strict=True, ge=0, le=100_000, description="the sum that was shown", examples=[30]
    )

    def wish(self) -> ManyScenes:
        """The change for `services.many_scenes`."""
        return ManyScenes(**shared(ManyScenes, self) | {"kind": StudioKind(self.kind)})


class PlannedScene(Model):
    """One scene as the change would make it."""

    scene_index: int
    prompt: str | None = Field(description="its new words; null: the director writes them")
    price: int


class ManyPlanned(Model):
    """What a change means and costs."""

    scenes: tuple[PlannedScene, ...]
    price: int = Field(description="the sum")
    balance_before: int
    balance_after: int
    affordable: bool


class ManyAccepted(Model):
    """The operations that began, one a scene."""

    operations: tuple[AcceptedOperation, ...]


class OperationShape(Model):
    """The state of an operation."""

    operation_id: str
    kind: StudioKind
    scene_index: int | None = Field(description="the scene's index in the version that it was ordered for")
    scene_id: int | None = Field(description="the scene's id; null: the whole video")
    state: StudioState
    price: int
    version: int | None = Field(description="the version that it made")
    failure: FailureNote | None


def operation_shape(operation: StudioOperation) -> OperationShape:
    """An operation as JSON shows it."""
    named = {"scene_id": operation.order.scene}
    return OperationShape(**shared(OperationShape, operation.order) | shared(OperationShape, operation) | named)


@router.post(
    "/videos/{video_id}/scenes/{index}/regenerations",
    status_code=202,
    summary="Regenerate a scene",
    responses=COSTLY,
    response_model=AcceptedOperation,
)
async def regenerate(
    request: Request,
    video_id: VideoId,
    index: SceneIndex,
    body: Regeneration,
    key: IdempotencyKey,
    caller: Spender,
    backend: BackendOf,
) -> Response:
    """Answers once its credits are held. Makes a new version, in which only this scene changes."""
    await run_in_threadpool(limit, backend, backend.settings.rates.start, "start", caller.account_id)
    refuse_unverified(backend, caller)
    edit = SceneEdit(**body.model_dump(exclude={"kind", "quoted", "version"}))
    wish = {"kind": StudioKind(body.kind), "scene_index": index, "edit": edit, "quoted": body.quoted}
    return await _operate(request, backend, caller, video_id, key, body, wish, body.version)


@router.post(
    "/videos/{video_id}/scenes/{index}/choices",
    status_code=202,
    summary="Show another take",
    responses=COSTLY,
    dependencies=[counted("choose")],
    response_model=AcceptedOperation,
)
async def choose(
    request: Request,
    video_id: VideoId,
    index: SceneIndex,
    body: TakeChoice,
    key: IdempotencyKey,
    caller: Writer,
    backend: BackendOf,
) -> Response:
    """Free; makes a new version."""
    wish = {"kind": StudioKind.CHOOSE, "scene_index": index, "take_id": body.take}
    return await _operate(request, backend, caller, video_id, key, body, wish, body.version)


@router.post(
    "/videos/{video_id}/versions/{version}/restoration",
    status_code=202,
    summary="Go back to a version",
    responses=COSTLY,
    dependencies=[counted("restore")],
    response_model=AcceptedOperation,
)
async def restore(
    request: Request,
    video_id: VideoId,
    version: VersionNumber,
    key: IdempotencyKey,
    caller: Writer,
    backend: BackendOf,
) -> Response:
    """Free: makes a new version with the content of the old one."""
    wish = {"kind": StudioKind.RESTORE, "version": version}
    return await _operate(request, backend, caller, video_id, key, Model(), wish)


@router.post(
    "/videos/{video_id}/regenerations/preview",
    summary="What one change of several scenes means and costs",
    responses=errors(401, 403, 404, 409, 429),
    dependencies=[counted("quote")],
)
def preview_many(video_id: VideoId, body: ManyRegenerations, caller: Reader, backend: BackendOf) -> ManyPlanned:
    """Their new words, each price and the sum; nothing is held."""
    batch = plan_scenes(backend, caller.account_id, video_id, body.wish())
    planned = [
        PlannedScene(scene_index=one.scene_index or 0, prompt=one.edit.prompt, price=one.quoted or 0)
        for one in batch.orders
    ]
    total = batch.total
    return ManyPlanned(scenes=tuple(planned), affordable=total.balance_after >= 0, **shared(ManyPlanned, total))


@router.post(
    "/videos/{video_id}/regenerations",
    status_code=202,
    summary="Regenerate several scenes",
    responses=COSTLY,
    response_model=ManyAccepted,
)
async def regenerate_many(
    request: Request,
    video_id: VideoId,
    body: ManyRegenerations,
    key: IdempotencyKey,
    caller: Spender,
    backend: BackendOf,
) -> Response:
    """Answers once the credits of all are held; where one is refused, none is made. Each makes a version of its own."""
    await run_in_threadpool(limit, backend, backend.settings.rates.start, "start", caller.account_id)
    refuse_unverified(backend, caller)

    async def work(operation_id: str) -> tuple[int, Model]:
        made = await order_scenes(backend, caller.account_id, video_id, body.wish(), operation_id)
        return 202, ManyAccepted(operations=tuple(made))

    return await once(request, backend, caller, key, body, work)


@router.get("/videos/{video_id}/regenerations", summary="Operations under way", responses=PERSONAL)
def under_way(video_id: VideoId, caller: Reader, backend: BackendOf) -> Page[OperationShape]:
    """Operations that have not ended."""
    operations = open_operations(backend, caller.account_id, video_id)
    return Page(items=tuple(map(operation_shape, operations)))


@router.get("/videos/{video_id}/regenerations/{operation_id}", summary="One operation", responses=PERSONAL)
def show(video_id: VideoId, operation_id: OperationId, caller: Reader, backend: BackendOf) -> OperationShape:
    """Regenerations, choices and restorations alike."""
    return operation_shape(find_operation(backend, caller.account_id, video_id, operation_id))


@router.delete(
    "/videos/{video_id}/regenerations/{operation_id}",
    status_code=202,
    summary="Withdraw an operation",
    responses=errors(401, 403, 404, 409, 429),
    dependencies=[counted("change")],
)
async def withdraw(video_id: VideoId, operation_id: OperationId, caller: Writer, backend: BackendOf) -> Said:
    """Returns its credits; an operation whose take is finished, or that makes none, goes on."""
    try:
        await withdraw_operation(backend, caller.account_id, video_id, operation_id)
    except ProviderUnavailable as error:
        raise unavailable(error.message) from error
    return Said(sentence="It is being withdrawn.")


async def _operate(
    request: Request,
    backend: Backend,
    caller: Caller,
    video_id: str,
    key: str,
    body: Model,
    wish: dict[str, Any],
    version: int | None = None,
) -> Response:
    async def work(operation_id: str) -> tuple[int, Model]:
        order = StudioOrder(account_id=caller.account_id, video_id=video_id, operation_id=operation_id, **wish)
        return 202, await order_operation(backend, order, version)

    return await once(request, backend, caller, key, body, work)
