"""Videos of an account, whether they are in the making or stored."""

from collections.abc import Sequence

from fastapi.concurrency import run_in_threadpool
from temporalio.service import RPCError

from api.deps import Backend
from api.problems import Problem, not_found
from api.shapes import PREFIX, Page, VideoShape, style_name
from models.brief import Brief
from models.failures import InvalidInput, NotStored
from models.orders import Order
from models.progress import RunStatus
from models.routing import SearchAttribute, generate_workflow_id
from models.vault import PageQuery, VideoRef
from stores.opening import Stores
from stores.searching import folded
from workflows.clients import GenerateHandle, generation

POSTER_WIDTH = 480


def no_video() -> Problem:
    """The account has no such video."""
    return not_found("There is no such video in your Vault.")


def check_owned(stores: Stores, account_id: str, video_id: str) -> None:
    """Whether the account has ordered or has such a video.

    Raises:
        Problem: 404; whether it is somebody else's nobody learns.
    """
    try:
        stores.orders.find(account_id, video_id)
    except NotStored:
        stored_video(stores, account_id, video_id)


def stored_video(stores: Stores, account_id: str, video_id: str) -> VideoRef:
    """A video of which a version is stored.

    Raises:
        Problem: 404.
    """
    try:
        return stores.vault.video(account_id, video_id)
    except NotStored:
        raise no_video() from None


async def run_of(backend: Backend, account_id: str, video_id: str) -> GenerateHandle:
    """The run behind an account's video.

    Raises:
        Problem: 404.
    """
    await run_in_threadpool(lambda: check_owned(backend.stores, account_id, video_id))
    return generation(backend.client, video_id)


async def list_videos(backend: Backend, account_id: str, page: PageQuery) -> Page[VideoShape]:
    """A page of the account's videos: those in the making first, then those stored, newest first."""
    stores = backend.stores

    def read() -> tuple[list[Order], Sequence[VideoRef], dict[str, Order], str | None]:
        making = [] if page.cursor else stores.orders.undelivered(account_id)
        words = folded(page.search).split()
        making = [o for o in making if all(word in folded(o.song_title, o.brief.style) for word in words)]
        stored = stores.catalogue.videos(account_id, page)
        return (
            making,
            stored.videos,
            stores.orders.of(account_id, [v.video_id for v in stored.videos]),
            stored.next_cursor,
        )

    making, stored, orders, cursor = await run_in_threadpool(read)
    states = await states_of(backend, [o.video_id for o in making] + [v.video_id for v in stored])
    items = [shape_of_order(order, states.get(order.video_id)) for order in making]
    items += [
        await run_in_threadpool(shape_of_video, stores, video, orders.get(video.video_id), states.get(video.video_id))
        for video in stored
    ]
    return Page(items=tuple(items), next_cursor=cursor)


async def find_video(backend: Backend, account_id: str, video_id: str) -> VideoShape:
    """One video, in the making or stored.

    Raises:
        Problem: 404.
    """
    stores = backend.stores

    def read() -> tuple[Order | None, VideoRef | None]:
        order = stores.orders.of(account_id, [video_id]).get(video_id)
        try:
            return order, stores.vault.video(account_id, video_id)
        except NotStored:
            return order, None

    order, video = await run_in_threadpool(read)
    if order is None and video is None:
        raise no_video()
    state = (await states_of(backend, [video_id])).get(video_id)
    if video is not None:
        return await run_in_threadpool(shape_of_video, stores, video, order, state)
    assert order is not None
    return shape_of_order(order, state)


async def states_of(backend: Backend, video_ids: Sequence[str]) -> dict[str, RunStatus]:
    """Where the runs of some videos stand, in one question; nothing where the server is away."""
    if not video_ids:
        return {}
    ids = ", ".join(
        f"'{generate_workflow_id(video_id)}'" for video_id in video_ids if video_id.isascii() and "'" not in video_id
    )
    found: dict[str, RunStatus] = {}
    try:
        async for run in backend.client.list_workflows(f"WorkflowId IN ({ids})"):
            told = {pair.key.name: str(pair.value) for pair in run.typed_search_attributes}
            state = told.get(SearchAttribute.STATE, "")
            if state in {item.value for item in RunStatus}:
                found.setdefault(run.id.removeprefix("generate-"), RunStatus(state))
    except (RPCError, RuntimeError):
        return {}
    return found


def shape_of_order(order: Order, state: RunStatus | None) -> VideoShape:
    """A video in the making, or one that never came to a version."""
    return VideoShape(
        video_id=order.video_id,
        title=order.song_title,
        song_id=order.song_id,
        song_title=order.song_title,
        style=order.brief.style,
        style_name=style_name(order.brief.style),
        prompt=order.brief.prompt,
        enhance=order.brief.enhance,
        character_ids=order.brief.character_ids,
        aspect=order.brief.aspect,
        seed=order.brief.seed,
        created_at=order.ordered_at,
        status=state or "unknown",
        latest_version=0,
        poster_url=None,
    )


def shape_of_video(stores: Stores, video: VideoRef, order: Order | None, state: RunStatus | None) -> VideoShape:
    """A stored video."""
    try:
        brief = stores.vault.brief(video.account_id, video.video_id)
    except (NotStored, InvalidInput):  # made before briefs were kept
        brief = Brief(style=video.style)
    song_title = order.song_title if order is not None else video.title
    still = f"{PREFIX}/videos/{video.video_id}/scenes/0/still?version={video.latest_version}&width={POSTER_WIDTH}"
    return VideoShape(
        video_id=video.video_id,
        title=video.title,
        song_id=video.song_id,
        song_title=song_title,
        style=video.style,
        style_name=style_name(video.style),
        prompt=brief.prompt,
        enhance=brief.enhance,
        character_ids=brief.character_ids,
        aspect=brief.aspect,
        seed=brief.seed,
        created_at=video.created_at,
        status=state or RunStatus.DRAFT_READY,
        latest_version=video.latest_version,
        poster_url=still,
    )
