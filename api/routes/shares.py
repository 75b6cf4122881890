"""Share links of an account's videos, and what they show to the people who have one."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from starlette.responses import Response

from api import admission
from api.deps import BackendOf, Caller, Reader, Writer, address_of, backend_of, counted, limit
from api.docs import PERSONAL, errors
from api.problems import Problem
from api.ranges import stream_object
from api.routes.videos import VideoId
from api.shapes import PREFIX, WHOLE, Page
from models.base import Model
from models.secrets import digest_secret
from models.shares import MOST_SHARE_DAYS, SHARE_DAYS, Share
from services.accounts import check_verified
from services.shares import (
    Shown,
    list_shares,
    look_at_shared,
    make_share,
    ready_shared,
    revoke_share,
    shared_poster,
)
from services.thumbnails import POSTER_TYPE
from services.videos import stored_video

router = admission.router("shares")

ShareId = Annotated[str, Path(max_length=80, examples=["share-0123456789abcdef0123"])]
ShareSecret = Annotated[str, Path(description="the last part of a share link")]
VIDEO_TYPE = "video/mp4"
UNLISTED = {"X-Robots-Tag": "noindex, nofollow, noarchive"}
"""Search engines are asked not to list what a link shows; pages say so in their head, too."""


class ShareWish(Model):
    """The order of a share link."""

    version: Annotated[int | None, WHOLE] = Field(
        default=None, strict=True, ge=1, le=100_000, description="the version that it shows; null: the newest one now"
    )
    days: Annotated[int, WHOLE] = Field(
        default=SHARE_DAYS, strict=True, ge=1, le=MOST_SHARE_DAYS, description="how long it works", examples=[30]
    )
    download: bool = Field(default=False, strict=True, description="whether its page offers the file")


class IssuedShare(Share):
    """A new share link with its address, which is never shown again."""

    url: str = Field(examples=["https://echonos.example/shared/Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE"])


class SharedVideo(Model):
    """What a share link shows."""

    title: str
    duration_s: float
    width: int
    height: int
    expires_at: datetime
    video_url: str
    poster_url: str
    download_url: str | None = Field(description="null: the link is for watching only")


@router.post(
    "/videos/{video_id}/shares",
    status_code=201,
    summary="Make a share link",
    responses=errors(401, 403, 404, 409, 429),
    dependencies=[counted("share")],
)
def make(video_id: VideoId, body: ShareWish, caller: Writer, backend: BackendOf) -> IssuedShare:
    """Anybody who has the link may watch that version. Needs a confirmed address.

    Only this answer contains the link: Echonos stores a digest of it.
    """
    stored_video(backend, caller.account_id, video_id)
    refuse_unconfirmed(caller)
    share, url = make_share(backend, caller.account_id, video_id, body.version, body.days, download=body.download)
    return IssuedShare(**share.model_dump(), url=url)


@router.get("/videos/{video_id}/shares", summary="A video's share links", responses=PERSONAL)
def shares(video_id: VideoId, caller: Reader, backend: BackendOf) -> Page[Share]:
    """Those that work, newest first, without their secrets."""
    return Page(items=tuple(list_shares(backend, caller.account_id, video_id)))


@router.delete(
    "/videos/{video_id}/shares/{share_id}",
    status_code=204,
    summary="Revoke a share link",
    responses=errors(401, 403, 404, 429),
    dependencies=[counted("change")],
)
def revoke(video_id: VideoId, share_id: ShareId, caller: Writer, backend: BackendOf) -> None:
    """It shows nothing from now on."""
    revoke_share(backend, caller.account_id, video_id, share_id)


@router.get("/shared/{token}", summary="What a share link shows", responses=errors(404, 429))
def shared(token: ShareSecret, request: Request, response: Response, backend: BackendOf) -> SharedVideo:
    """No account needed. 404 alike for links that were revoked, have expired or never existed."""
    response.headers.update(UNLISTED)
    return shared_video(token, visit(request, token))


async def _one_of_few(request: Request, backend: BackendOf) -> AsyncIterator[None]:
    with backend.concurrency.showing(address_of(request)):
        yield


@router.get(
    "/shared/{token}/video",
    summary="Watch a shared video",
    responses={
        200: {"content": {VIDEO_TYPE: {}}, "description": "the MP4"},
        206: {"content": {VIDEO_TYPE: {}}, "description": "the part that the `Range` header names"},
        **errors(403, 404, 416, 429),
    },
    response_class=Response,
    dependencies=[Depends(_one_of_few)],
)
async def video(
    token: ShareSecret,
    request: Request,
    backend: BackendOf,
    download: Annotated[bool, Query(description="save the file, where the link allows it")] = False,
) -> Response:
    """H.264 and AAC, whole or by ranges. It ends with the link: nothing that works longer is handed out."""
    shown = await run_in_threadpool(visit, request, token)
    if download and not shown.share.download:
        raise Problem(403, "watch_only", "This link is for watching only.", "download", dict(UNLISTED))
    key = await ready_shared(backend, shown)
    name = f"{shown.title}.mp4" if download else None
    answer = await stream_object(request, backend, key, VIDEO_TYPE, name)
    answer.headers.update(UNLISTED)
    return answer


@router.get(
    "/shared/{token}/poster",
    summary="A shared video's picture",
    responses={200: {"content": {POSTER_TYPE: {}}, "description": "a JPEG"}, **errors(404, 429)},
    response_class=Response,
)
def poster(token: ShareSecret, request: Request, backend: BackendOf) -> Response:
    """For the player, and for the previews of messengers and other sites, which may show it in their pages."""
    data = shared_poster(backend, visit(request, token))
    # Other sites show it: the site's own policy would have browsers refuse that.
    headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "private, max-age=300"}
    return Response(data, headers=headers | UNLISTED, media_type=POSTER_TYPE)


def visit(request: Request, token: str) -> Shown:
    """What a link shows; counts the visit. Blocks on the database.

    Raises:
        NotFound: The link shows nothing, or not any more.
        Problem: 429, too many requests of one client, or through one link.
    """
    backend = backend_of(request)
    rates = backend.settings.rates
    limit(backend, rates.shared, "shared", address_of(request))
    shown = look_at_shared(backend, token)
    limit(backend, rates.shared_link, "shared-link", digest_secret(token))
    return shown


def shared_video(token: str, shown: Shown) -> SharedVideo:
    """What a link shows, as JSON and pages show it."""
    url, timeline = f"{PREFIX}/shared/{token}", shown.timeline
    return SharedVideo(
        title=shown.title,
        duration_s=shown.duration_s,
        width=timeline.width,
        height=timeline.height,
        expires_at=shown.share.expires_at,
        video_url=f"{url}/video",
        poster_url=f"{url}/poster",
        download_url=f"{url}/video?download=true" if shown.share.download else None,
    )


def refuse_unconfirmed(caller: Caller) -> None:
    """Refuse accounts without a confirmed address: a link is public. Raises `NotAllowed`: `unverified`."""
    if not caller.local:
        check_verified(caller.profile)
