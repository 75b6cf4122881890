"""A video's versions, timelines and files: list, find, fetch."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from models.asked import AskedWords, asked_words
from models.bought_clips import part_behind, shows_part, with_beginnings
from models.failures import NotFound, NotStored
from models.in_picture import InPicture
from models.object_keys import video_prefix
from models.studio import SceneTake, StudioOperation, takes_of
from models.timeline import Timeline, TimelineScene
from models.treatment import Promise, Treatment
from models.vault import VersionRef
from models.views import TimelineView
from services.app import App
from services.failures import missing_is
from services.pictures import pictures
from services.places import newest_board, planned_scenes
from services.videos import check_owned, no_video
from stores.objects import S3Objects
from temporal.studio import rebuild

LINK_S = 3_600


@dataclass(frozen=True)
class VideoVersions:
    """A video's versions, first to last; none while the first is in the making.

    Attributes:
        versions: All versions.
        operations: The Studio operations on the video, which made versions.
        kept: The versions whose file is stored; others are joined again on request.
    """

    versions: Sequence[VersionRef] = ()
    operations: Sequence[StudioOperation] = ()
    kept: frozenset[int] = frozenset()


@dataclass(frozen=True)
class VideoTimeline:
    """A version's scenes with all their takes."""

    timeline: Timeline
    takes: Sequence[SceneTake]
    versions: Sequence[VersionRef]
    operations: Sequence[StudioOperation]
    pictures: Mapping[str, InPicture]
    promises: Sequence[Promise] = ()

    @property
    def asked(self) -> tuple[AskedWords, ...]:
        """What has become of the brief's words."""
        return asked_words(self.promises, self.timeline.scenes, self.pictures)

    @property
    def view(self) -> TimelineView:
        """The timeline for people."""
        return TimelineView.of(self.timeline, self.takes, self.versions, self.operations, self.pictures, self.asked)


def find_versions(app: App, account_id: str, video_id: str) -> VideoVersions:
    """A video's versions. Raises `NotFound`: the account has no such video."""
    check_owned(app, account_id, video_id)
    stores = app.stores
    try:
        versions = stores.vault.versions(account_id, video_id)
    except NotStored:
        return VideoVersions()
    keys = frozenset(stores.objects.list_keys(f"{video_prefix(account_id, video_id)}versions/"))
    kept = frozenset(one.version for one in versions if one.video_key in keys)
    return VideoVersions(versions, stores.operations.of_video(account_id, video_id), kept)


def find_timeline(app: App, account_id: str, video_id: str, version: int | None = None) -> Timeline:
    """The timeline of a version that is stored; None: of the newest.

    Raises:
        NotFound: The account has no such video, or it has no such version.
    """
    with missing_is(no_video() if version is None else NotFound("There is no such version of this video.")):
        return app.stores.vault.timeline(account_id, video_id, version)


def find_video_timeline(app: App, account_id: str, video_id: str, version: int | None = None) -> VideoTimeline:
    """As `find_timeline`, with takes, versions and operations, and what is visible in the stills."""
    timeline, operations = find_timeline(app, account_id, video_id, version), app.stores.operations
    timeline = _begun(app, account_id, timeline)
    return VideoTimeline(
        timeline,
        operations.takes(account_id, video_id),
        app.stores.vault.versions(account_id, video_id),
        operations.of_video(account_id, video_id),
        pictures(app, (scene.still_key for scene in timeline.scenes)),
        _promises(app, timeline),
    )


def _promises(app: App, timeline: Timeline) -> tuple[Promise, ...]:
    """What the treatment says of the brief's words; nothing for one that is gone, another director's, or not named.

    The oldest timelines name none.
    """
    if not timeline.treatment_key:
        return ()
    try:
        return Treatment.model_validate_json(app.stores.objects.get_bytes(timeline.treatment_key)).promises
    except NotStored:
        return ()


def find_scene_file(
    app: App,
    account_id: str,
    video_id: str,
    index: int,
    what: Literal["still", "segment"],
    version: int | None = None,
    take: str | None = None,
    *,
    whole: bool = False,
) -> str:
    """The object key of a scene's picture or clip, also of a draft in the making.

    Args:
        index: The scene, from 0.
        what: Picture or clip.
        version: The version; None: the newest, or the draft in the making.
        take: Another take of the scene than the shown one.
        whole: The clip that the segment was cut from, at its own length.

    Raises:
        NotFound: There is no such video, version, scene or take, or its picture or clip is not made yet.
    """
    check_owned(app, account_id, video_id)
    key = _scene_key(app, account_id, video_id, index, what, version, take, whole)
    if not key:
        raise NotFound("There is nothing of this scene yet.")
    return key


def _scene_key(
    app: App,
    account_id: str,
    video_id: str,
    index: int,
    what: str,
    version: int | None,
    take: str | None,
    whole: bool,
) -> str:
    try:
        timeline = find_timeline(app, account_id, video_id, version)
    except NotFound:
        if take is not None:
            raise NotFound("This scene has no such take.") from None
        if version is not None:
            raise
        board = newest_board(app, account_id, video_id)
        scene = board.timeline.scenes[index] if board is not None and index < len(board.timeline.scenes) else None
        if scene is not None and what == "still":
            return scene.still_key
        return _key_in_the_making(app, account_id, video_id, index if scene is None else scene.identity, what)
    scene = timeline.scenes[index] if index < len(timeline.scenes) else None
    if take is not None:
        takes = [] if scene is None else takes_of(scene, app.stores.operations.takes(account_id, video_id))
        found = next((one for one in takes if one.take_id == take), None)
        if scene is None or found is None:
            raise NotFound("This scene has no such take.")
    elif scene is None:
        raise NotFound("This video has no such scene.")
    else:
        found = SceneTake.of(scene)
    if what == "still":
        return found.still_key
    return _clip_behind(app, account_id, timeline, scene, found) if whole else found.segment_key


def _clip_behind(app: App, account_id: str, timeline: Timeline, scene: TimelineScene, take: SceneTake) -> str:
    """The key of the clip that a take's segment was cut from; of the segment itself where there is none behind it."""
    if take.clip_key:
        return take.clip_key
    made = take.segment_key, take.frames or scene.frame_count
    part = part_behind(timeline, scene, _footage(app, account_id, timeline), made=made)
    return take.segment_key if part is None else part[0]


def _footage(app: App, account_id: str, timeline: Timeline) -> list[str]:
    return list(app.stores.objects.list_keys(f"{video_prefix(account_id, timeline.video_id)}footage/"))


def _begun(app: App, account_id: str, timeline: Timeline) -> Timeline:
    """The timeline with where in its clip each scene begins; most videos need no look at their clips for it."""
    if not any(shows_part(timeline, scene) for scene in timeline.scenes):
        return timeline
    return with_beginnings(timeline, _footage(app, account_id, timeline))


def _key_in_the_making(app: App, account_id: str, video_id: str, index: int, what: str) -> str:
    """The key contains a digest that only the run knows. A reprise shows the still of another scene."""

    def of(scene: int) -> str:
        made = app.stores.objects.list_keys(f"{video_prefix(account_id, video_id)}{what}s/{scene:03d}-")
        return max((key for key in made if "@" not in key), default="")

    found = of(index)
    if found or what != "still":
        return found
    plan = planned_scenes(app, account_id, video_id)
    shown = plan.scenes[index].reprise_of if plan is not None and index < len(plan.scenes) else None
    return "" if shown is None else of(shown)


async def ready_version(
    app: App, account_id: str, video_id: str, version: int | None = None, say: Callable[[str], None] | None = None
) -> Timeline:
    """Make sure that a version's MP4 is stored: a removed one is joined again.

    Args:
        version: The version; None: the newest.
        say: Called with a sentence before a version is joined.

    Raises:
        NotFound: The account has no such video, or it has no such version.
        ProviderUnavailable: It cannot be joined now.
    """
    found = await asyncio.to_thread(find_timeline, app, account_id, video_id, version)
    if await asyncio.to_thread(app.stores.objects.size, found.video_key) is None:
        if say is not None:
            say(f"Joining version {found.version} again …")
        await rebuild(app.client, account_id, found, app.settings.run_limits())
    return found


async def fetch_version(
    app: App, account_id: str, video_id: str, version: int | None, path: Path | None, say: Callable[[str], None]
) -> tuple[Timeline, Path]:
    """Write a version's MP4 to `path`; None: into the data folder. Otherwise as `ready_version`."""
    found = await ready_version(app, account_id, video_id, version, say)
    path = path or app.settings.home / "videos" / f"{video_id}-v{found.version}.mp4"
    path.parent.mkdir(parents=True, exist_ok=True)
    await asyncio.to_thread(app.stores.objects.get_file, found.video_key, path)
    return found, path.absolute()


def link_to(objects: S3Objects, key: str, download_name: str | None = None) -> str:
    """A link to an object that browsers can follow for `LINK_S` seconds.

    Args:
        download_name: Save it under this name instead of showing it.
    """
    return objects.presigned_get(key, LINK_S, download_name)
