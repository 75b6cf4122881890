"""Videos: order, watch, list, rename, cancel, close; quotes before."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Annotated

from fastapi import Body, Depends, Header, Path, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from starlette.responses import Response, StreamingResponse

from api import admission
from api.deps import Backend, BackendOf, Cookie, Reader, Spender, Writer, counted, limit, refuse_unverified
from api.docs import COSTLY, PERSONAL, errors
from api.finding import find_video, list_videos, no_video, run_of, shape_of_video
from api.making import Accepted, Wish, order_video
from api.pricing import ProviderCost, next_step, provider_cost
from api.problems import Problem, not_found
from api.repeating import IdempotencyKey, once
from api.rights import Watcher, may_still_watch
from api.routes.accounts import Said
from api.routes.songs import Cursor, NewTitle, Search, page_asked_for
from api.shapes import WHOLE, ModelName, Page, ProgressShape, VideoShape
from api.watching import NoRun, Sight
from models.base import Model
from models.credits import PRICES, Operation, Quote
from models.failures import InvalidInput, NotStored
from models.stops import RULE
from models.studio import StudioKind, StudioOrder
from models.vault import PageQuery
from services.stopping import Stopped, stop_terms, stop_video
from workflows.clients import StartRefused, generation
from workflows.studio_clients import close_video

router = admission.router("videos")

VideoId = Annotated[str, Path(max_length=80, examples=["video-0123456789abcdef0123"])]
HEARTBEAT_S = 10.0
STREAM_S = 600.0
"""Then a stream ends and its reader comes again, to whichever process is there."""

_STUDIO_KINDS = {kind.charged_as: kind for kind in StudioKind if kind.charged_as is not None}
_NOT_STARTED = "This video was ordered, but its run did not start: nothing is charged. Order it again."


class QuoteWish(Model):
    """What is to be done."""

    operation: Operation
    video_id: str | None = Field(default=None, max_length=80)
    scene: Annotated[int | None, WHOLE] = Field(default=None, strict=True, ge=0, le=10_000)
    song_id: str | None = Field(
        default=None, max_length=80, description="Of a generation: with it, what its pictures cost is estimated."
    )
    still_model: ModelName = ""
    clip_model: ModelName = ""


class QuoteShape(Model):
    """What it would cost."""

    operation: Operation
    credits: int
    free_units: int
    balance_before: int
    balance_after: int
    affordable: bool
    reason: str
    provider: ProviderCost | None = Field(default=None, description="Where pictures are bought and a song is named.")
    cancelling: str = Field(
        description="What cancelling would cost, in a sentence; empty where it is always free.", examples=[RULE]
    )
    next_step: str = Field(
        default="",
        description="Says that too little is left for what naturally follows; empty where enough is left.",
        examples=["This leaves 40 credits; the scene's new clip costs 50."],
    )


@router.post(
    "/quotes",
    summary="What something would cost",
    responses=errors(401, 403, 404, 429),
    dependencies=[counted("quote")],
)
def quote(body: QuoteWish, caller: Reader, backend: BackendOf) -> QuoteShape:
    """Shown before anything is confirmed; nothing is held."""
    made = _quoted(backend, caller.account_id, body)
    generates = body.operation is Operation.GENERATE
    return QuoteShape(
        operation=made.operation,
        credits=made.price,
        free_units=made.free_units,
        balance_before=made.balance_before,
        balance_after=made.balance_after,
        affordable=made.balance_after >= 0,
        reason=made.reason,
        cancelling=RULE if generates and backend.settings.fal_key is not None else "",
        next_step=next_step(made),
        provider=provider_cost(backend, caller.account_id, body.song_id, body.still_model, body.clip_model)
        if body.song_id and generates
        else None,
    )


def _quoted(backend: Backend, account_id: str, body: QuoteWish) -> Quote:
    """The price; of a scene's regeneration with what makes it free, if anything does."""
    kind = _STUDIO_KINDS.get(body.operation)
    if kind is None or body.video_id is None or body.scene is None:
        return backend.stores.ledger.quote(account_id, body.operation)
    asked = StudioOrder(
        account_id=account_id, video_id=body.video_id, operation_id="quote", kind=kind, scene_index=body.scene
    )
    try:
        made = backend.stores.operations.quote(asked)
    except InvalidInput as error:
        raise not_found(error.message) from error
    return made or backend.stores.ledger.quote(account_id, body.operation)


@router.post("/videos", status_code=202, summary="Order a video", responses=COSTLY, response_model=Accepted)
async def order(request: Request, body: Wish, key: IdempotencyKey, caller: Spender, backend: BackendOf) -> Response:
    """Answers once its credits are held. 402 at once where there are too few: nothing has started then."""
    await run_in_threadpool(limit, backend, backend.settings.rates.start, "start", caller.account_id)
    refuse_unverified(backend, caller)

    async def work(operation_id: str) -> tuple[int, Model]:
        return 202, await order_video(backend, caller, body, operation_id)

    return await once(request, backend, caller, key, body, work)


@router.get("/videos", summary="Search videos", responses=PERSONAL)
async def search(caller: Reader, backend: BackendOf, search: Search = "", cursor: Cursor = None) -> Page[VideoShape]:
    """Those in the making first, then the stored ones, newest first."""
    with page_asked_for():
        return await list_videos(backend, caller.account_id, PageQuery(search=search, cursor=cursor))


@router.get("/videos/{video_id}", summary="One video", responses=PERSONAL)
async def show(video_id: VideoId, caller: Reader, backend: BackendOf) -> VideoShape:
    """With everything that was asked for, to generate it again."""
    return await find_video(backend, caller.account_id, video_id)


@router.patch(
    "/videos/{video_id}",
    summary="Rename a video",
    responses=errors(401, 403, 404, 429),
    dependencies=[counted("change")],
)
def rename(video_id: VideoId, body: NewTitle, caller: Writer, backend: BackendOf) -> VideoShape:
    """Its song keeps its title."""
    stores = backend.stores
    try:
        video = stores.catalogue.rename_video(caller.account_id, video_id, body.title)
    except NotStored:
        raise no_video() from None
    return shape_of_video(stores, video, stores.orders.of(caller.account_id, [video_id]).get(video_id), None)


class CancelWish(Model):
    """What the person has agreed to."""

    accept_kept: Annotated[int, Field(strict=True, ge=0)] | Annotated[bool, Field(strict=True)] | None = Field(
        default=None,
        description="The credits that may be kept, as `GET …/cancellation` said; `true`: whatever is kept by then.",
        examples=[40],
    )

    @property
    def most_kept(self) -> int | None:
        """The most credits that may be kept; None: the person was shown nothing."""
        if isinstance(self.accept_kept, bool):
            return PRICES[Operation.GENERATE] if self.accept_kept else None
        return self.accept_kept


class CancelTerms(Model):
    """What a cancellation would keep and give back now, in credits."""

    kept: int = Field(examples=[60])
    returned: int = Field(examples=[140])
    stills_bought: int = Field(examples=[7])
    clips_bought: int = Field(examples=[1])
    clips_planned: int = Field(description="0: not known yet", examples=[7])
    sentence: str = Field(examples=["7 stills and 1 clip were bought: 60 credits are kept, 140 come back."])


@router.get("/videos/{video_id}/cancellation", summary="What a cancellation would keep", responses=PERSONAL)
async def cancel_terms(video_id: VideoId, caller: Reader, backend: BackendOf) -> CancelTerms:
    """Nothing before a still was bought, and nothing where pictures are drawn here."""
    await run_of(backend, caller.account_id, video_id)
    terms = await stop_terms(backend.stores.ledger, caller.account_id, video_id)
    counts = terms.model_dump(include={"stills_bought", "clips_bought", "clips_planned"})
    return CancelTerms(kept=terms.kept, returned=terms.returned, sentence=terms.sentence, **counts)


@router.post(
    "/videos/{video_id}/cancellation",
    status_code=202,
    summary="Cancel a run",
    responses=errors(401, 403, 404, 409, 429),
    dependencies=[counted("change")],
)
async def cancel(
    video_id: VideoId, caller: Writer, backend: BackendOf, body: Annotated[CancelWish | None, Body()] = None
) -> Stopped:
    """Before version 1 the credits come back, less what is kept for bought pieces; afterwards it closes the run.

    Where something is kept, `accept_kept` must cover it; otherwise 409 with the sum as `kept`, and the run goes on.
    """
    await run_of(backend, caller.account_id, video_id)
    ledger, accepted = backend.stores.ledger, body.most_kept if body else None
    try:
        return await stop_video(backend.client, ledger, caller.account_id, video_id, accepted)
    except InvalidInput as error:
        kept = (await stop_terms(ledger, caller.account_id, video_id)).kept if error.code == "accept_kept" else None
        raise Problem(409, error.code, error.message, kept=kept) from error


@router.post(
    "/videos/{video_id}/closing",
    summary="Close a run",
    responses=errors(401, 403, 404, 409, 429),
    dependencies=[counted("change")],
)
async def close(video_id: VideoId, caller: Writer, backend: BackendOf) -> Said:
    """After version 1: Studio ends, the video stays."""
    await run_of(backend, caller.account_id, video_id)
    try:
        await close_video(backend.client, video_id)
    except InvalidInput as error:
        raise Problem(409, error.code, error.message) from error
    except StartRefused as error:
        raise Problem(409, "no_draft", "There is no draft yet: cancel instead.") from error
    return Said(sentence="Closed; the video stays in the Vault.")


@router.get(
    "/videos/{video_id}/progress",
    summary="How far a run is",
    responses={304: {"description": "nothing has changed since the `ETag` that was sent"}, **PERSONAL},
    response_model=ProgressShape,
)
async def progress(
    video_id: VideoId,
    caller: Watcher,
    backend: BackendOf,
    known: Annotated[str | None, Header(alias="If-None-Match", max_length=500)] = None,
) -> Response:
    """At most a moment old. Without a worker it says so and tells what the server knows."""
    sight = await _look(backend, video_id)
    headers = {"ETag": f'"{sight.mark}"'}
    if known is not None and headers["ETag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(sight.json, media_type="application/json", headers=headers)


async def _one_of_few_streams(caller: Watcher, backend: BackendOf) -> AsyncIterator[None]:
    """Held until the stream has ended."""
    with backend.turns.watching(caller.account_id, backend.settings.quotas.streams):
        yield


@router.get(
    "/videos/{video_id}/events",
    summary="A run as it changes",
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "server-sent events"},
        204: {"description": "nothing more will happen"},
        **errors(401, 403, 404, 429),
    },
    response_class=StreamingResponse,
    dependencies=[Depends(_one_of_few_streams)],
)
async def events(
    request: Request,
    video_id: VideoId,
    caller: Watcher,
    backend: BackendOf,
    cookie: Cookie,
    known: Annotated[str | None, Header(alias="Last-Event-ID", max_length=80)] = None,
) -> Response:
    """`progress` events with the same object as `/progress`; after the last one the stream ends.

    A reader that comes again sends the last id, and gets what has changed since. The stream of an ended session or a
    revoked token ends.
    """
    sight = await _look(backend, video_id)
    if sight.is_last and sight.mark == known:
        return Response(status_code=204)
    sights = backend.tower.follow(generation(backend.client, video_id), video_id, known, HEARTBEAT_S, STREAM_S)
    stream = _stream(sights, partial(may_still_watch, request, backend, cookie))
    # A proxy must not hold events back until its buffer is full.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


async def _look(backend: Backend, video_id: str) -> Sight:
    try:
        return await backend.tower.look(generation(backend.client, video_id), video_id)
    except NoRun:
        raise Problem(404, "not_started", _NOT_STARTED) from None


async def _stream(
    sights: AsyncIterator[Sight | None], may_go_on: Callable[[], Awaitable[bool]]
) -> AsyncIterator[bytes]:
    yield b"retry: 2000\n\n"
    asked = time.monotonic()
    async for sight in sights:
        if sight is None or time.monotonic() - asked > HEARTBEAT_S:
            if not await may_go_on():
                return
            asked = time.monotonic()
        yield b": still here\n\n" if sight is None else sight.event
