"""An account's videos, in the making and stored: find, list, search, rename."""

import asyncio
from datetime import datetime
from typing import Literal

from models.base import Model
from models.brief import Brief
from models.failures import InvalidInput, NotFound, NotStored
from models.orders import Order
from models.progress import RunStatus
from models.vault import PageQuery, VideoRef
from services.app import App
from services.failures import missing_is
from stores.searching import folded
from temporal.run_progress import states_of


class Video(Model):
    """A video, from its order on. `status` is `unknown` where Temporal does not answer or has deleted the run."""

    video_id: str
    account_id: str
    song_id: str
    song_title: str
    title: str
    style: str
    brief: Brief
    created_at: datetime
    status: RunStatus | Literal["unknown"]
    latest_version: int
    storyboard: bool = False


class VideoList(Model):
    """A page of an account's videos."""

    videos: tuple[Video, ...]
    next_cursor: str | None = None


def no_video() -> NotFound:
    """The account has no such video."""
    return NotFound("There is no such video in your Vault.")


def check_owned(app: App, account_id: str, video_id: str) -> None:
    """Check that the account has ordered or has such a video.

    Raises:
        NotFound: The account has no such video; another account's gets the same answer.
    """
    try:
        app.stores.orders.find(account_id, video_id)
    except NotStored:
        stored_video(app, account_id, video_id)


def stored_video(app: App, account_id: str, video_id: str) -> VideoRef:
    """A video with a stored version. Raises `NotFound`: the account has no such video."""
    with missing_is(no_video()):
        return app.stores.vault.video(account_id, video_id)


async def list_videos(app: App, account_id: str, page: PageQuery) -> VideoList:
    """A page of the account's videos: first those without a stored version, then the stored ones, newest first.

    Raises:
        InvalidInput: The cursor is not one of ours.
    """

    def read() -> VideoList:
        orders, words = app.stores.orders, folded(page.search).split()
        making = [] if page.cursor else orders.undelivered(account_id)
        found = [_of_order(o) for o in making if all(word in folded(o.song_title, o.brief.style) for word in words)]
        stored = app.stores.catalogue.videos(account_id, page)
        known = orders.of(account_id, [video.video_id for video in stored.videos])
        found += [_of_vault(app, video, known.get(video.video_id)) for video in stored.videos]
        return VideoList(videos=tuple(found), next_cursor=stored.next_cursor)

    read_page = await asyncio.to_thread(read)
    return VideoList(videos=await _with_states(app, read_page.videos), next_cursor=read_page.next_cursor)


async def find_video(app: App, account_id: str, video_id: str) -> Video:
    """One video, in the making or stored. Raises `NotFound`: the account has no such video."""

    def read() -> Video:
        order = app.stores.orders.of(account_id, [video_id]).get(video_id)
        try:
            return _of_vault(app, app.stores.vault.video(account_id, video_id), order)
        except NotStored:
            if order is None:
                raise no_video() from None
            return _of_order(order)

    (found,) = await _with_states(app, (await asyncio.to_thread(read),))
    return found


def rename_video(app: App, account_id: str, video_id: str, title: str) -> Video:
    """Give a stored video another title; its song keeps its own.

    Raises:
        InvalidInput: The title is empty or too long.
        NotFound: The account has no such video, or no version of it is stored yet.
    """
    with missing_is(no_video()):
        video = app.stores.catalogue.rename_video(account_id, video_id, title)
    return _of_vault(app, video, app.stores.orders.of(account_id, [video_id]).get(video_id))


def _brief(app: App, video: VideoRef) -> Brief:
    """A stored video's brief; only its style where the video is older than stored briefs."""
    try:
        return app.stores.vault.brief(video.account_id, video.video_id)
    except (NotStored, InvalidInput):
        return Brief(style=video.style)


async def _with_states(app: App, videos: tuple[Video, ...]) -> tuple[Video, ...]:
    states = await states_of(app.client, [video.video_id for video in videos])
    return tuple(one.model_copy(update={"status": states.get(one.video_id, one.status)}) for one in videos)


def _of_order(order: Order) -> Video:
    return Video(
        video_id=order.video_id,
        account_id=order.account_id,
        song_id=order.song_id,
        song_title=order.song_title,
        title=order.song_title,
        style=order.brief.style,
        brief=order.brief,
        created_at=order.ordered_at,
        status="unknown",
        latest_version=0,
        storyboard=order.storyboard,
    )


def _of_vault(app: App, video: VideoRef, order: Order | None) -> Video:
    return Video(
        **video.model_dump(),
        song_title=order.song_title if order is not None else video.title,
        brief=_brief(app, video),
        status=RunStatus.DRAFT_READY,
        storyboard=order is not None and order.storyboard,
    )
