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
from api.deps import BackendOf, Cookie, Reader, Spender, Writer, counted, limit, refuse_unverified
from api.docs import COSTLY, PERSONAL, errors
from api.idempotency import IdempotencyKey, once
from api.problems import Problem
from api.routes.accounts import Said
from api.routes.songs import Cursor, NewTitle, Search
from api.shapes import (
    WHOLE,
    ModelName,
    Page,
    ProgressShape,
    ProviderCost,
    QuotedPrice,
    StyleSlug,
    VideoShape,
    provider_cost,
    shared,
    video_shape,
)
from api.watch_rights import Watcher, may_still_watch
from api.watching import Sight
from models.base import Model, is_unset
from models.brief import MOST_CHARACTERS, PROMPT_MAX_CHARS, AspectRatio, Brief
from models.cancellations import RULE
from models.credits import Operation
from models.failures import Conflict
from models.prices import PRICES
from models.profiles import ProfileName
from models.styles import STYLES
from models.vault import PageQuery
from services.cancelling import Stopped, close_video, stop_terms, stop_video
from services.orders import Accepted, VideoWish, order_video
from services.progress import RunView
from services.quotes import cancelling_rule, next_step
from services.quotes import quote as quote_operation
from services.videos import find_video, list_videos, rename_video

router = admission.router("videos")

VideoId = Annotated[str, Path(max_length=80, examples=["video-0123456789abcdef0123"])]
HEARTBEAT_S = 10.0
STREAM_S = 600.0
"""After so long a stream ends, and its reader reconnects, to any process."""


class Wish(Model):
    """The order of a video."""

    song_id: str = Field(min_length=1, max_length=80, examples=["song-0123456789abcdef0123"])
    style: StyleSlug = STYLES[0].slug
    prompt: str = Field(default="", max_length=PROMPT_MAX_CHARS, examples=["A cyberpunk style android cyborg..."])
    enhance: bool = Field(default=False, strict=True, description="expand a short prompt into a richer direction")
    character_ids: tuple[str, ...] = Field(default=(), max_length=MOST_CHARACTERS)
    aspect: AspectRatio = "9:16"
    profile: ProfileName | None = Field(default=None, description="null: what this installation makes")
    seed: Annotated[int, WHOLE] = Field(
        default=0, strict=True, ge=0, lt=2**32, description="another seed, another video of the same brief"
    )
    still_model: ModelName = ""
    clip_model: ModelName = ""
    storyboard: bool = Field(
        default=False,
        strict=True,
        exclude_if=is_unset,
        description="show all stills as a storyboard, and wait for approval before clips are ordered",
    )
    quoted: QuotedPrice = None

    def order(self) -> VideoWish:
        """The order for `services.videos`."""
        brief = Brief(**shared(Brief, self) | {"prompt": self.prompt.strip()})
        return VideoWish(**shared(VideoWish, self), brief=brief)


class QuoteWish(Model):
    """The operation to price."""

    operation: Operation
    video_id: str | None = Field(default=None, max_length=80)
    scene: Annotated[int | None, WHOLE] = Field(default=None, strict=True, ge=0, le=10_000)
    song_id: str | None = Field(
        default=None, max_length=80, description="For a generation: the song, to estimate what its pictures cost."
    )
    still_model: ModelName = ""
    clip_model: ModelName = ""


class QuoteShape(Model):
    """The price and its consequences."""

    operation: Operation
    credits: int
    free_units: int
    balance_before: int
    balance_after: int
    affordable: bool
    reason: str
    provider: ProviderCost | None = Field(
        default=None, description="Set where pictures are bought and the request names a song."
    )
    cancelling: str = Field(
        description="The cost of a cancellation as a sentence; empty where it is always free.", examples=[RULE]
    )
    next_step: str = Field(
        default="",
        description="Says that too few credits are left for the usual next step; empty where enough are left.",
        examples=["This leaves 40 credits; the scene's new clip costs 50."],
    )


@router.post(
    "/quotes",
    summary="The price of an operation",
    responses=errors(401, 403, 404, 429),
    dependencies=[counted("quote")],
)
def quote(body: QuoteWish, caller: Reader, backend: BackendOf) -> QuoteShape:
    """The price before an order; nothing is held."""
    made = quote_operation(backend, caller.account_id, **dict(body))
    return QuoteShape(
        **shared(QuoteShape, made),
        credits=made.price,
        affordable=made.balance_after >= 0,
        cancelling=cancelling_rule(backend.settings, body.operation),
        next_step=next_step(made),
        provider=None if made.spending is None else provider_cost(made.spending),
    )


@router.post("/videos", status_code=202, summary="Order a video", responses=COSTLY, response_model=Accepted)
async def order(request: Request, body: Wish, key: IdempotencyKey, caller: Spender, backend: BackendOf) -> Response:
    """Answers once its credits are held. 402 where the balance is too low; nothing was started then."""
    await run_in_threadpool(limit, backend, backend.settings.rates.start, "start", caller.account_id)
    refuse_unverified(backend, caller)

    async def work(operation_id: str) -> tuple[int, Model]:
        return 202, await order_video(backend, caller.account_id, body.order(), operation_id)

    return await once(request, backend, caller, key, body, work)


@router.get("/videos", summary="Search videos", responses=PERSONAL)
async def search(caller: Reader, backend: BackendOf, search: Search = "", cursor: Cursor = None) -> Page[VideoShape]:
    """Videos in the making first, then stored ones, newest first."""
    found = await list_videos(backend, caller.account_id, PageQuery(search=search, cursor=cursor))
    return Page(items=tuple(map(video_shape, found.videos)), next_cursor=found.next_cursor)


@router.get("/videos/{video_id}", summary="One video", responses=PERSONAL)
async def show(video_id: VideoId, caller: Reader, backend: BackendOf) -> VideoShape:
    """Contains the whole order, to generate it again."""
    return video_shape(await find_video(backend, caller.account_id, video_id))


@router.patch(
    "/videos/{video_id}",
    summary="Rename a video",
    responses=errors(401, 403, 404, 429),
    dependencies=[counted("change")],
)
def rename(video_id: VideoId, body: NewTitle, caller: Writer, backend: BackendOf) -> VideoShape:
    """Its song keeps its title."""
    return video_shape(rename_video(backend, caller.account_id, video_id, body.title))


class CancelWish(Model):
    """The accepted sum."""

    accept_kept: Annotated[int, Field(strict=True, ge=0)] | Annotated[bool, Field(strict=True)] | None = Field(
        default=None,
        description="The credits that may be kept, from `GET …/cancellation`; `true`: any sum.",
        examples=[40],
    )

    @property
    def most_kept(self) -> int | None:
        """The most credits that may be kept; None: no sum was accepted."""
        if isinstance(self.accept_kept, bool):
            return PRICES[Operation.GENERATE] if self.accept_kept else None
        return self.accept_kept


class CancelTerms(Model):
    """The credits that a cancellation would keep and give back now."""

    kept: int = Field(examples=[60])
    returned: int = Field(examples=[140])
    stills_bought: int = Field(examples=[7])
    clips_bought: int = Field(examples=[1])
    clips_planned: int = Field(description="0: not known yet", examples=[7])
    sentence: str = Field(examples=["7 stills and 1 clip were bought: 60 credits are kept, 140 come back."])


@router.get("/videos/{video_id}/cancellation", summary="What a cancellation would keep", responses=PERSONAL)
async def cancel_terms(video_id: VideoId, caller: Reader, backend: BackendOf) -> CancelTerms:
    """Zero before a still was bought, and where the local painter makes the pictures."""
    terms = await stop_terms(backend, caller.account_id, video_id)
    return CancelTerms(**shared(CancelTerms, terms))


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
    """Before version 1 the credits come back, less those kept for bought pictures; afterwards it closes the run.

    Where something is kept, `accept_kept` must cover it; otherwise 409 with the sum as `kept`, and the run goes on.
    """
    account_id, accepted = caller.account_id, body.most_kept if body else None
    try:
        return await stop_video(backend, account_id, video_id, accepted)
    except Conflict as error:
        kept = (await stop_terms(backend, account_id, video_id)).kept if error.code == "accept_kept" else None
        raise Problem(409, error.code, error.message, kept=kept) from error


@router.post(
    "/videos/{video_id}/closing",
    summary="Close a run",
    responses=errors(401, 403, 404, 409, 429),
    dependencies=[counted("change")],
)
async def close(video_id: VideoId, caller: Writer, backend: BackendOf) -> Said:
    """After version 1: Studio ends, the video stays."""
    await close_video(backend, caller.account_id, video_id)
    return Said(sentence="Closed; the video stays in the Vault.")


@router.get(
    "/videos/{video_id}/progress",
    summary="How far a run is",
    responses={304: {"description": "nothing has changed since the sent `ETag`"}, **PERSONAL},
    response_model=ProgressShape,
)
async def progress(
    video_id: VideoId,
    caller: Watcher,
    backend: BackendOf,
    known: Annotated[str | None, Header(alias="If-None-Match", max_length=500)] = None,
) -> Response:
    """At most a moment old. Without a worker it says so, with the state that the server knows."""
    sight = await backend.tower.look(RunView(backend, caller.account_id, video_id))
    headers = {"ETag": f'"{sight.mark}"'}
    if known is not None and headers["ETag"] in known:
        return Response(status_code=304, headers=headers)
    return Response(sight.json, media_type="application/json", headers=headers)


async def _one_of_few_streams(caller: Watcher, backend: BackendOf) -> AsyncIterator[None]:
    with backend.concurrency.watching(caller.account_id, backend.settings.quotas.streams):
        yield


@router.get(
    "/videos/{video_id}/events",
    summary="A run as it changes",
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "server-sent events"},
        204: {"description": "the run has ended"},
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

    A reader that reconnects sends the last id, and gets the changes since. The stream of an ended session or a
    revoked token ends.

    """
    run = RunView(backend, caller.account_id, video_id)
    sight = await backend.tower.look(run)
    if sight.is_last and sight.mark == known:
        return Response(status_code=204)
    sights = backend.tower.follow(run, known, HEARTBEAT_S, STREAM_S)
    stream = _stream(sights, partial(may_still_watch, request, backend, cookie))
    # A proxy must not hold events back until its buffer is full.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


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
