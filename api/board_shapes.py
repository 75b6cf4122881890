"""JSON bodies of storyboards."""

from pydantic import Field

from api.shapes import PREFIX, shared
from api.timeline_shapes import SceneShape
from models.base import Model
from models.boarding import followed
from models.boards import Board
from models.cut_grid import longest_frames, shortest_frames
from models.footage import Focus
from models.profiles import profile_of
from models.studio import SceneTake, takes_of
from models.timeline import Timeline, TimelineScene
from models.views import places_in
from services.boards import BoardView


class BoardStillShape(Model):
    """One still of a scene."""

    take: str = Field(description="an operation's id, or `draft`")
    scene_id: int = Field(description="the scene that it was made for")
    prompt: str
    still_url: str
    chosen: bool = Field(description="whether the scene shows it")


class BoardSceneShape(SceneShape):
    """One scene of a storyboard."""

    section_index: int
    follows: int | None = Field(description="the id of the scene whose clip it will show; null: it gets its own")
    stills: tuple[BoardStillShape, ...] = Field(description="everything that was made for the scene, oldest first")
    footage_id: str = Field(description="the picture or clip of the artist's own that it shows; empty: none")
    focus: Focus = Field(description="of own footage: the point that the crop keeps")
    in_frame: int = Field(description="of an own clip: its first frame that is shown", examples=[0])
    clip_frames: int | None = Field(description="how many an own clip has, and so how far it can be trimmed")
    frozen: bool = Field(description="an own picture stands still, or one of a clip does", examples=[False])
    approved: bool = Field(description="it is filmed as it is, and stays so")
    painting: bool = Field(description="its still is being made anew")
    repaint_price: int = Field(description="credits for its still anew; 0: the free one, or a free unit", examples=[10])


class BoardSectionShape(Model):
    """Scenes in a row that belong to one section of the song."""

    section_index: int
    section: str
    letter: str
    first_scene: int = Field(description="index")
    end_scene: int = Field(description="index after its last scene")
    approved: bool = Field(description="whether all of them are")


class NamedShape(Model):
    """A person or a place that scenes may show."""

    id: str = Field(examples=["c1"])
    name: str


class BoardTermsShape(Model):
    """What a stop would keep and give back now."""

    kept: int = Field(examples=[40])
    returned: int = Field(examples=[160])
    stills_bought: int = Field(examples=[7])
    clips_bought: int = Field(examples=[0])
    clips_planned: int = Field(description="0: not known yet", examples=[0])
    sentence: str


class BoardScenesShape(Model):
    """Scenes in order, tiling the video."""

    video_id: str
    revision: int
    frame_count: int
    scenes: tuple[BoardSceneShape, ...]


class BoardShape(BoardScenesShape):
    """A storyboard: what the run will film."""

    song_id: str
    open: bool = Field(description="whether there is something left to decide")
    fps: float
    width: int
    height: int
    duration_s: float
    shortest_frames: int = Field(description="the fewest frames of a scene that an edit may leave")
    longest_frames: int = Field(description="the most frames of a scene that an edit may make")
    beats: tuple[int, ...] = Field(description="frames on which cuts may lie")
    sections: tuple[BoardSectionShape, ...]
    characters: tuple[NamedShape, ...]
    locations: tuple[NamedShape, ...]
    cancelling: BoardTermsShape
    undo: int | None = Field(description="the revision that undo shows again; null: there is nothing to undo")
    redo: int | None = Field(description="the revision that redo shows again; null: there is nothing to redo")


def board_shape(view: BoardView) -> BoardShape:
    """A storyboard as JSON shows it."""
    board, timeline = view.board, view.board.timeline
    profile = profile_of(timeline.profile, timeline.profile_revision)
    facts = {
        "revision": board.revision,
        "open": view.is_open,
        "undo": view.undoing.undo,
        "redo": view.undoing.redo,
        "fps": float(timeline.fps),
        "duration_s": float(timeline.frame_count / timeline.fps),
        "shortest_frames": shortest_frames(profile),
        "longest_frames": longest_frames(profile),
        "beats": view.grid.beats,
        "sections": _sections(board),
        "characters": tuple(NamedShape(id=one.character_id, name=one.name) for one in view.treatment.characters),
        "locations": tuple(NamedShape(id=one.location_id, name=one.name) for one in view.treatment.locations),
        "cancelling": BoardTermsShape(**shared(BoardTermsShape, view.terms)),
        "scenes": tuple(_scene(board, scene, view) for scene in timeline.scenes),
    }
    return BoardShape(**shared(BoardShape, timeline) | facts)


def preview_shape(board: Board, view: BoardView) -> BoardScenesShape:
    """A storyboard's scenes as edits would leave them."""
    timeline = board.timeline
    return BoardScenesShape(
        video_id=timeline.video_id,
        revision=board.revision,
        frame_count=timeline.frame_count,
        scenes=tuple(_scene(board, scene, view) for scene in timeline.scenes),
    )


def still_url(timeline: Timeline, still_key: str) -> str:
    """The address of a still, which never shows another picture."""
    return f"{PREFIX}/videos/{timeline.video_id}/board/stills/{still_key.rpartition('/')[2]}"


def _scene(board: Board, scene: TimelineScene, view: BoardView) -> BoardSceneShape:
    timeline, shown = board.timeline, followed(board.timeline, scene)
    quote = view.quotes.get(scene.identity)
    facts = {
        "scene_id": scene.identity,
        "reprise_of": places_in(timeline).get(scene.reprise_of),
        "follows": None if shown is None else shown.identity,
        "still_url": still_url(timeline, scene.still_key),
        "clip_frames": scene.clip_frames or None,
        "stills": tuple(_still(timeline, scene, take) for take in takes_of(scene, board.takes)),
        "approved": scene.identity in board.approved,
        "painting": scene.identity in view.painting,
        "repaint_price": 0 if quote is None else quote.price,
    }
    return BoardSceneShape(**shared(BoardSceneShape, scene) | facts)


def _still(timeline: Timeline, scene: TimelineScene, take: SceneTake) -> BoardStillShape:
    return BoardStillShape(
        take=take.take_id,
        scene_id=take.scene_index,
        prompt=take.prompt,
        still_url=still_url(timeline, take.still_key),
        chosen=take.still_key == scene.still_key,
    )


def _sections(board: Board) -> tuple[BoardSectionShape, ...]:
    rows: list[BoardSectionShape] = []
    for scene in board.timeline.scenes:
        approved = scene.identity in board.approved
        if rows and rows[-1].section_index == scene.section_index:
            last = rows[-1]
            rows[-1] = last.model_copy(update={"end_scene": scene.index + 1, "approved": last.approved and approved})
            continue
        rows.append(
            BoardSectionShape(
                **shared(BoardSectionShape, scene)
                | {"first_scene": scene.index, "end_scene": scene.index + 1, "approved": approved}
            )
        )
    return tuple(rows)
