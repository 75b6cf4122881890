"""A video's places on its song, also while it is in the making: all that a player needs beside stills and clips."""

import re
from collections.abc import Iterator
from fractions import Fraction

from pydantic import Field

from models.base import Model
from models.boards import Board
from models.failures import NotFound, NotStored
from models.object_keys import video_prefix
from models.profiles import PROFILES
from models.storyboard import SequencePlan, ShotList
from models.timeline import Timeline
from services.app import App
from services.videos import check_owned, no_video

_SHOTS = re.compile(r"shots-\d+-\d+-[^/]+\.json$")


class Place(Model):
    """A scene's place on the song: `start_frame` included, `end_frame` not."""

    index: int
    section: str
    letter: str
    start_frame: int
    end_frame: int
    energy: float = Field(description="0…1")
    camera_move: str = Field(description="empty: not chosen yet")
    still_of: int = Field(description="the place whose still it shows: another one's in a reprise")


class Places(Model):
    """A video's places, in order, tiling `frame_count` frames at `fps`.

    Attributes:
        version: The newest stored version; 0: in the making.
    """

    video_id: str
    version: int
    song_id: str
    fps: Fraction
    width: int
    height: int
    frame_count: int
    places: tuple[Place, ...]


def find_places(app: App, account_id: str, video_id: str) -> Places:
    """The places of a video's newest version; while version 1 is in the making, of its storyboard or its plan.

    Raises:
        NotFound: The account has no such video; `not_planned_yet`: its scenes are not laid out.
    """
    check_owned(app, account_id, video_id)
    try:
        return _of_timeline(app.stores.vault.timeline(account_id, video_id))
    except NotStored:
        board = newest_board(app, account_id, video_id)
        return _of_plan(app, account_id, video_id) if board is None else _of_timeline(board.timeline)


def newest_board(app: App, account_id: str, video_id: str) -> Board | None:
    """The newest revision of a video's storyboard; None: it has none."""
    try:
        key = app.stores.boards.head(account_id, video_id).board_key
        return Board.from_bytes(app.stores.objects.get_bytes(key))
    except NotStored:
        return None


def planned_scenes(app: App, account_id: str, video_id: str) -> SequencePlan | None:
    """The newest plan of a video in the making; None: there is none yet."""
    objects = app.stores.objects
    # Another analysis of its song gives a run that was reset another plan.
    plans = list(objects.list_objects(f"{video_prefix(account_id, video_id)}plan-"))
    if not plans:
        return None
    return SequencePlan.model_validate_json(objects.get_bytes(max(plans, key=lambda one: (one.stored_at, one.key)).key))


def _of_timeline(timeline: Timeline) -> Places:
    places = tuple(
        Place(
            index=scene.index,
            section=scene.section,
            letter=scene.letter,
            start_frame=scene.start_frame,
            end_frame=scene.end_frame,
            energy=scene.energy,
            camera_move=scene.camera_move,
            still_of=scene.index,
        )
        for scene in timeline.scenes
    )
    facts = timeline.model_dump(include={"video_id", "version", "song_id", "fps", "width", "height", "frame_count"})
    return Places(**facts, places=places)


def _of_plan(app: App, account_id: str, video_id: str) -> Places:
    try:
        order = app.stores.orders.find(account_id, video_id)
    except NotStored:
        raise no_video() from None
    plan = planned_scenes(app, account_id, video_id)
    if plan is None:
        raise NotFound("The scenes of this video are not laid out yet.", "not_planned_yet")
    moves = dict(_moves(app, account_id, video_id))
    profile = PROFILES[order.profile]
    places = tuple(
        Place(
            index=scene.index,
            section=scene.section,
            letter=scene.letter,
            start_frame=scene.start_frame,
            end_frame=scene.end_frame,
            energy=scene.energy,
            camera_move=moves.get(scene.index, ""),
            still_of=scene.index if scene.reprise_of is None else scene.reprise_of,
        )
        for scene in plan.scenes
    )
    return Places(
        video_id=video_id,
        version=0,
        song_id=order.song_id,
        fps=profile.fps,
        width=profile.width,
        height=profile.height,
        frame_count=plan.frame_count,
        places=places,
    )


def _moves(app: App, account_id: str, video_id: str) -> Iterator[tuple[int, str]]:
    """The camera moves of the sections whose shots are specified."""
    objects = app.stores.objects
    for key in objects.list_keys(f"{video_prefix(account_id, video_id)}shots-"):
        if _SHOTS.search(key):
            for shot in ShotList.model_validate_json(objects.get_bytes(key)).shots:
                yield shot.scene_index, shot.camera_move.value
