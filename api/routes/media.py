"""Versions, timelines, and the way to their media: short-lived links into the object store, which speaks Range."""

from typing import Annotated

from fastapi import Path, Query
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api import admission
from api.deps import Backend, BackendOf, Reader
from api.docs import PERSONAL
from api.finding import check_owned, no_video, stored_video
from api.problems import Problem, not_found
from api.routes.videos import VideoId
from api.shapes import PREFIX, Page, TimelineShape, VersionShape, timeline_shape
from api.thumbnails import MEDIA_TYPE, WIDTHS, thumbnail
from models.failures import NotStored
from models.routing import video_prefix
from models.timeline import Timeline
from models.views import version_sentence
from workflows.studio_clients import rebuild

router = admission.router("media")

LINK_S = 3_600
LINK_KEPT_S = 300
"""How long a browser may use a link again before it asks for a new one."""

SceneIndex = Annotated[int, Path(ge=0, le=10_000)]
VersionNumber = Annotated[int, Path(ge=1, le=100_000)]
WantedVersion = Annotated[
    int | None, Query(ge=1, le=100_000, description="null: the latest, or the draft in the making")
]
WantedTake = Annotated[str | None, Query(max_length=80, description="another candidate for the scene")]
_LOCATION = {"Location": {"schema": {"type": "string"}}}
_LINK = {
    307: {"description": "a link into the object store, which answers Range", "headers": _LOCATION},
    **PERSONAL,
}
_PICTURE = {200: {"content": {MEDIA_TYPE: {}}, "description": "a thumbnail"}, **_LINK}


@router.get("/videos/{video_id}/versions", summary="A video's versions", responses=PERSONAL)
def versions(video_id: VideoId, caller: Reader, backend: BackendOf) -> Page[VersionShape]:
    """First to last."""
    check_owned(backend.stores, caller.account_id, video_id)
    try:
        stored = backend.stores.vault.versions(caller.account_id, video_id)
        operations = backend.stores.operations.of_video(caller.account_id, video_id)
    except NotStored:
        return Page(items=())
    url = f"{PREFIX}/videos/{video_id}/versions"
    kept = frozenset(backend.stores.objects.list_keys(f"{video_prefix(caller.account_id, video_id)}versions/"))
    return Page(
        items=tuple(
            VersionShape(
                version=ref.version,
                stored_at=ref.stored_at,
                sentence=version_sentence(ref.version, operations),
                latest=ref is stored[-1],
                kept=ref.video_key in kept,
                video_url=f"{url}/{ref.version}/video",
                download_url=f"{url}/{ref.version}/video?download=1",
            )
            for ref in stored
        )
    )


@router.get("/videos/{video_id}/timeline", summary="A version's scenes", responses=PERSONAL)
def timeline(video_id: VideoId, caller: Reader, backend: BackendOf, version: WantedVersion = None) -> TimelineShape:
    """Scenes on their exact frames, with links to their media and everything that was made for them."""
    account_id, operations = caller.account_id, backend.stores.operations
    made = _timeline(backend, account_id, video_id, version)
    return timeline_shape(made, operations.takes(account_id, video_id), operations.of_video(account_id, video_id))


@router.get(
    "/videos/{video_id}/versions/{version}/video",
    status_code=307,
    summary="Watch or download a version",
    responses=_LINK,
    response_class=RedirectResponse,
)
async def video(
    video_id: VideoId,
    version: VersionNumber,
    caller: Reader,
    backend: BackendOf,
    download: Annotated[bool, Query(description="save it under its title instead of playing it")] = False,
) -> Response:
    """A link for an hour. MP4 with H.264 and AAC. A version whose file was not kept is joined again first."""
    account_id, stores = caller.account_id, backend.stores
    made = await run_in_threadpool(_timeline, backend, account_id, video_id, version)
    title = (await run_in_threadpool(stored_video, stores, account_id, video_id)).title
    if await run_in_threadpool(stores.objects.size, made.video_key) is None:
        await rebuild(backend.client, account_id, made)
    # The next version may tidy this file away: a link that is kept would lead to nothing.
    return _link(backend, made.video_key, f"{title} (version {version}).mp4" if download else None, "no-store")


@router.get(
    "/videos/{video_id}/scenes/{index}/still", summary="A scene's picture", responses=_PICTURE, response_class=Response
)
def still(
    video_id: VideoId,
    index: SceneIndex,
    caller: Reader,
    backend: BackendOf,
    version: WantedVersion = None,
    take: WantedTake = None,
    width: Annotated[int | None, Query(json_schema_extra={"enum": [*WIDTHS, None]}, description="a thumbnail")] = None,
) -> Response:
    """The PNG behind a link, or a WebP thumbnail of one of three widths. Also of a draft in the making."""
    key = _scene_key(backend, caller.account_id, video_id, index, version, take, "still")
    if width is None:
        return _link(backend, key)
    if width not in WIDTHS:
        raise Problem(422, "invalid", f"width: one of {', '.join(map(str, WIDTHS))}.", "width")
    try:
        data = thumbnail(backend.stores.objects, key, width)
    except NotStored:
        raise not_found("There is no picture of this scene yet.") from None
    age = "private, max-age=31536000, immutable" if version or take else "private, max-age=5"
    return Response(data, headers={"Cache-Control": age}, media_type=MEDIA_TYPE)


@router.get(
    "/videos/{video_id}/scenes/{index}/clip",
    status_code=307,
    summary="A scene's clip",
    responses=_LINK,
    response_class=RedirectResponse,
)
def clip(
    video_id: VideoId,
    index: SceneIndex,
    caller: Reader,
    backend: BackendOf,
    version: WantedVersion = None,
    take: WantedTake = None,
) -> Response:
    """The segment as it stands in the video, without sound. Also of a draft in the making."""
    return _link(backend, _scene_key(backend, caller.account_id, video_id, index, version, take, "segment"))


def _timeline(backend: Backend, account_id: str, video_id: str, version: int | None) -> Timeline:
    try:
        return backend.stores.vault.timeline(account_id, video_id, version)
    except NotStored:
        raise no_video() if version is None else not_found("There is no such version of this video.") from None


def _scene_key(
    backend: Backend, account_id: str, video_id: str, index: int, version: int | None, take: str | None, what: str
) -> str:
    stores = backend.stores
    check_owned(stores, account_id, video_id)
    if take is not None:
        takes = stores.operations.takes(account_id, video_id)
        found = next((one for one in takes if one.scene_index == index and one.take_id == take), None)
        if found is None:
            raise not_found("This scene has no such take.")
        return found.still_key if what == "still" else found.segment_key
    try:
        scenes = stores.vault.timeline(account_id, video_id, version).scenes
    except NotStored:
        if version is not None:
            raise not_found("There is no such version of this video.") from None
        # In the making: a piece lies under a digest that only the run knows, so we look what there is.
        made = sorted(stores.objects.list_keys(f"{video_prefix(account_id, video_id)}{what}s/{index:03d}-"))
        made = [key for key in made if "@" not in key]
        if not made:
            raise not_found("There is nothing of this scene yet.") from None
        return made[-1]
    if index >= len(scenes):
        raise not_found("This video has no such scene.")
    return scenes[index].still_key if what == "still" else scenes[index].segment_key


def _link(
    backend: Backend, key: str, download_name: str | None = None, cache: str = f"private, max-age={LINK_KEPT_S}"
) -> Response:
    if not key:
        raise not_found("There is no such piece.")
    url = backend.public_objects.presigned_get(key, LINK_S, download_name)
    return RedirectResponse(url, 307, {"Cache-Control": cache})
