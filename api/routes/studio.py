"""Studio: one scene's image or video made anew, takes chosen, versions restored."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import Path, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from starlette.responses import Response

from api import admission
from api.deps import Backend, BackendOf, Caller, Reader, Spender, Writer, counted, limit, refuse_unverified
from api.docs import COSTLY, PERSONAL, errors
from api.finding import stored_video
from api.problems import Problem, not_found, unavailable
from api.repeating import IdempotencyKey, once
from api.routes.accounts import Said
from api.routes.media import SceneIndex, VersionNumber
from api.routes.videos import VideoId
from api.shapes import WHOLE, Page, QuotedPrice
from models.base import Model
from models.brief import MOST_CHARACTERS, PROMPT_MAX_CHARS
from models.failures import InsufficientCredits, InvalidInput, NotStored
from models.progress import FailureNote
from models.storyboard import CameraMove
from models.studio import SceneEdit, StudioKind, StudioOperation, StudioOrder, StudioState, Ticket
from stores.opening import Stores
from workflows.studio_clients import cancel_operation, operate

router = admission.router("studio")

BEGIN_PATIENCE_S, BEGIN_LOOK_S = 10.0, 0.2
"""How long a withdrawal waits for the work to begin, and how often it looks."""

_UNKNOWN = frozenset({"no_scene", "no_version", "no_take", "no_character", "no_location", "no_video"})
_NOT_NOW = frozenset({"scene_busy", "price_changed"})
OperationId = Annotated[str, Path(max_length=80, examples=["0123456789abcdef0123"])]


class Regeneration(Model):
    """What is to be made anew of a scene, and what is to be different; what is left out stays."""

    kind: Literal["image", "video"]
    prompt: str | None = Field(
        default=None, min_length=1, max_length=PROMPT_MAX_CHARS, description="of the still, or of the motion"
    )
    seed: Annotated[int | None, WHOLE] = Field(
        default=None, strict=True, ge=0, lt=2**32, description="null: another one than before"
    )
    camera_move: CameraMove | None = None
    character_ids: tuple[str, ...] | None = Field(default=None, max_length=MOST_CHARACTERS)
    location_id: str | None = Field(default=None, max_length=80)
    quoted: QuotedPrice = None


class TakeChoice(Model):
    """Which take a scene is to show."""

    take: str = Field(min_length=1, max_length=80, examples=["draft"])


class OperationShape(Model):
    """What became of an operation."""

    operation_id: str
    kind: StudioKind
    scene_index: int | None
    state: StudioState
    price: int
    version: int | None = Field(description="the version that it made")
    failure: FailureNote | None


def operation_shape(operation: StudioOperation) -> OperationShape:
    """An operation as JSON shows it."""
    return OperationShape(
        operation_id=operation.order.operation_id,
        kind=operation.order.kind,
        scene_index=operation.order.scene_index,
        state=operation.state,
        price=operation.price,
        version=operation.version,
        failure=operation.failure,
    )


@router.post(
    "/videos/{video_id}/scenes/{index}/regenerations",
    status_code=202,
    summary="Make a scene anew",
    responses=COSTLY,
    response_model=Ticket,
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
    """Answers once its credits are held; the rest of the video stays exactly as it was. Makes a new version."""
    await run_in_threadpool(limit, backend, backend.settings.rates.start, "start", caller.account_id)
    refuse_unverified(backend, caller)
    edit = SceneEdit(**body.model_dump(exclude={"kind", "quoted"}))
    wish = {"kind": StudioKind(body.kind), "scene_index": index, "edit": edit, "quoted": body.quoted}
    return await _operate(request, backend, caller, video_id, key, body, wish)


@router.post(
    "/videos/{video_id}/scenes/{index}/choices",
    status_code=202,
    summary="Show another take",
    responses=COSTLY,
    dependencies=[counted("choose")],
    response_model=Ticket,
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
    """Costs nothing, and makes a new version."""
    wish = {"kind": StudioKind.CHOOSE, "scene_index": index, "take_id": body.take}
    return await _operate(request, backend, caller, video_id, key, body, wish)


@router.post(
    "/videos/{video_id}/versions/{version}/restoration",
    status_code=202,
    summary="Go back to a version",
    responses=COSTLY,
    dependencies=[counted("restore")],
    response_model=Ticket,
)
async def restore(
    request: Request,
    video_id: VideoId,
    version: VersionNumber,
    key: IdempotencyKey,
    caller: Writer,
    backend: BackendOf,
) -> Response:
    """Costs nothing: a new version shows what the old one showed."""
    wish = {"kind": StudioKind.RESTORE, "version": version}
    return await _operate(request, backend, caller, video_id, key, Model(), wish)


@router.get("/videos/{video_id}/regenerations", summary="Operations under way", responses=PERSONAL)
def under_way(video_id: VideoId, caller: Reader, backend: BackendOf) -> Page[OperationShape]:
    """Those of which something is still to come."""
    stored_video(backend.stores, caller.account_id, video_id)
    operations = backend.stores.operations.of_video(caller.account_id, video_id)
    return Page(items=tuple(operation_shape(one) for one in operations if one.is_open))


@router.get("/videos/{video_id}/regenerations/{operation_id}", summary="One operation", responses=PERSONAL)
def show(video_id: VideoId, operation_id: OperationId, caller: Reader, backend: BackendOf) -> OperationShape:
    """Regenerations, choices and restorations alike."""
    return operation_shape(_operation(backend, caller, video_id, operation_id))


@router.delete(
    "/videos/{video_id}/regenerations/{operation_id}",
    status_code=202,
    summary="Withdraw an operation",
    responses=errors(401, 403, 404, 409, 429),
    dependencies=[counted("change")],
)
async def withdraw(video_id: VideoId, operation_id: OperationId, caller: Writer, backend: BackendOf) -> Said:
    """Its credits come back; one that has its take already, or makes none, goes on."""
    for _ in range(round(BEGIN_PATIENCE_S / BEGIN_LOOK_S)):
        operation = await run_in_threadpool(_operation, backend, caller, video_id, operation_id)
        if not operation.is_open:
            raise Problem(409, "ended", "This operation has ended already.")
        if operation.state is not StudioState.ACCEPTED or operation.order.kind.charged_as is None:
            raise Problem(409, "goes_on", "This is all but done: it goes on.")
        try:
            await cancel_operation(backend.client, video_id, operation_id)
        except InvalidInput:  # accepted, and its work has not begun yet
            await asyncio.sleep(BEGIN_LOOK_S)
        else:
            return Said(sentence="It is being withdrawn.")
    raise unavailable("Its work has not begun yet: try again in a moment.")


async def _operate(
    request: Request, backend: Backend, caller: Caller, video_id: str, key: str, body: Model, wish: dict[str, Any]
) -> Response:
    stores, account_id = backend.stores, caller.account_id

    async def work(operation_id: str) -> tuple[int, Model]:
        video = await run_in_threadpool(stored_video, stores, account_id, video_id)
        order = StudioOrder(account_id=account_id, video_id=video_id, operation_id=operation_id, **wish)
        try:
            await run_in_threadpool(_check_balance, stores, order)
            return 202, await operate(backend.client, video, order, backend.settings.run_limits())
        except InvalidInput as error:
            raise _refused(error) from error

    return await once(request, backend, caller, key, body, work)


def _check_balance(stores: Stores, order: StudioOrder) -> None:
    try:
        stores.operations.operation(order.account_id, order.video_id, order.operation_id)
    except NotStored:
        quote = stores.operations.quote(order)
        if quote is not None and quote.balance_after < 0:
            raise InsufficientCredits(
                f"{quote.price} credits are needed and {quote.balance_before} are there: top up, then try again."
            ) from None


def _refused(error: InvalidInput) -> Problem:
    status = 404 if error.code in _UNKNOWN else 409 if error.code in _NOT_NOW else 422
    return Problem(status, error.code, error.message)


def _operation(backend: Backend, caller: Caller, video_id: str, operation_id: str) -> StudioOperation:
    try:
        return backend.stores.operations.operation(caller.account_id, video_id, operation_id)
    except (NotStored, InvalidInput):
        raise not_found("There is no such operation on this video.") from None
