"""Versions, timelines and media. Media are short-lived links into the object store, which supports Range requests."""

from typing import Annotated

from fastapi import Path, Query
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api import admission
from api.deps import Backend, BackendOf, Reader
from api.docs import PERSONAL
from api.place_shapes import PlacesShape, places_shape
from api.problems import Problem
from api.routes.songs import SongId
from api.routes.videos import VideoId
from api.shapes import Page, VersionShape, version_shapes
from api.timeline_shapes import TimelineShape, timeline_shape
from services.media import find_scene_file, find_versions, find_video_timeline, link_to, ready_version
from services.places import find_places
from services.songs import audio_key, find_song
from services.thumbnails import MEDIA_TYPE, WIDTHS, scene_thumbnail
from services.videos import stored_video

router = admission.router("media")

LINK_KEPT_S = 300
"""How long browsers may cache a link."""

SceneIndex = Annotated[int, Path(ge=0, le=10_000)]
VersionNumber = Annotated[int, Path(ge=1, le=100_000)]
WantedVersion = Annotated[
    int | None, Query(ge=1, le=100_000, description="null: the latest, or the draft in the making")
]
WantedTake = Annotated[str | None, Query(max_length=80, description="another candidate for the scene")]
_LOCATION = {"Location": {"schema": {"type": "string"}}}
_LINK = {
    307: {"description": "a link into the object store, which supports Range requests", "headers": _LOCATION},
    **PERSONAL,
}
_PICTURE = {200: {"content": {MEDIA_TYPE: {}}, "description": "a thumbnail"}, **_LINK}


@router.get("/videos/{video_id}/versions", summary="A video's versions", responses=PERSONAL)
def versions(video_id: VideoId, caller: Reader, backend: BackendOf) -> Page[VersionShape]:
    """First to last."""
    return Page(items=version_shapes(find_versions(backend, caller.account_id, video_id)))


@router.get("/videos/{video_id}/timeline", summary="A version's scenes", responses=PERSONAL)
def timeline(video_id: VideoId, caller: Reader, backend: BackendOf, version: WantedVersion = None) -> TimelineShape:
    """Scenes on their exact frames, with links to their media and takes."""
    found = find_video_timeline(backend, caller.account_id, video_id, version)
    return timeline_shape(found.timeline, found.takes, found.operations, found.pictures, found.asked)


@router.get("/videos/{video_id}/places", summary="Where a video's scenes lie on its song", responses=PERSONAL)
def places(video_id: VideoId, caller: Reader, backend: BackendOf) -> PlacesShape:
    """Of the newest version, or of a draft in the making: a player that keeps time with the song shows in each place
    its clip, else its still with the camera move, both from the progress. 404 with the code `not_planned_yet` before.
    """
    return places_shape(find_places(backend, caller.account_id, video_id))


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
    download: Annotated[bool, Query(description="save the file, named after the title, instead of playing it")] = False,
) -> Response:
    """A link for an hour. MP4 with H.264 and AAC. A version whose file was not kept is joined again first."""
    made = await ready_version(backend, caller.account_id, video_id, version)
    title = (await run_in_threadpool(stored_video, backend, caller.account_id, video_id)).title
    # The next version may delete this file: a cached link would break.
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
    """A link to the PNG, or a WebP thumbnail of one of three widths. Also of a draft in the making."""
    key = find_scene_file(backend, caller.account_id, video_id, index, "still", version, take)
    if width is None:
        return _link(backend, key)
    if width not in WIDTHS:
        raise Problem(422, "invalid", f"width: one of {', '.join(map(str, WIDTHS))}.", "width")
    data = scene_thumbnail(backend, key, width)
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
    whole: Annotated[bool, Query(description="the clip that the segment is cut from, at its own length")] = False,
) -> Response:
    """The segment as in the video, without sound. Also of a draft in the making."""
    key = find_scene_file(backend, caller.account_id, video_id, index, "segment", version, take, whole=whole)
    return _link(backend, key)


@router.get(
    "/songs/{song_id}/audio",
    status_code=307,
    summary="Hear a song",
    responses=_LINK,
    response_class=RedirectResponse,
)
def audio(song_id: SongId, caller: Reader, backend: BackendOf) -> Response:
    """A link for an hour: AAC in MP4 once the song was analysed; until then its working copy, or the file itself."""
    # Another analysis moves a song to other keys: a cached link would play the old file.
    return _link(backend, audio_key(find_song(backend, caller.account_id, song_id)), cache="no-store")


def _link(
    backend: Backend, key: str, download_name: str | None = None, cache: str = f"private, max-age={LINK_KEPT_S}"
) -> Response:
    return RedirectResponse(link_to(backend.public_objects, key, download_name), 307, {"Cache-Control": cache})
