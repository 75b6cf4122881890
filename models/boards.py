"""Storyboards: what a run shows its artist before it orders clips, and what passes between page, run and store."""

from enum import StrEnum

from pydantic import Field

from models.base import Model, is_none, is_unset
from models.board_edits import BoardEdit
from models.credits import Balance
from models.failures import InvalidInput
from models.footage import OwnShot
from models.generation import AssembleStep
from models.progress import FailureNote
from models.studio import RestoredBy, SceneTake
from models.timeline import Timeline

STILL_STALE = "still stale"
"""The scene's words have changed since its still was made."""

FREE_REPAINT = "each scene's still is made anew once at no cost"
"""Why a hold of a repaint is free."""


class Board(Model):
    """One revision of a storyboard: a timeline without clips. Immutable once stored."""

    revision: int
    timeline: Timeline = Field(description="version 0: no scene has a segment")
    takes: tuple[SceneTake, ...] = Field(default=(), description="all stills of all scenes, oldest first")
    max_scenes: int = Field(default=0, exclude_if=is_unset, description="of its run; 0: not known")
    approved: tuple[int, ...] = Field(
        default=(), description="ids of scenes whose clips are ordered; they stay as they are"
    )


class BoardKind(StrEnum):
    """What made a revision: the run, edits, an approval, a still made anew, an own picture or clip, undo or redo."""

    LAID = "laid"
    EDIT = "edit"
    APPROVE = "approve"
    REPAINT = "repaint"
    OWN = "own"
    UNDO = "undo"
    REDO = "redo"


class BoardStepState(StrEnum):
    """`accepted`: a still is being made; `applied`: a revision shows it; `failed`: it came to nothing."""

    ACCEPTED = "accepted"
    APPLIED = "applied"
    FAILED = "failed"


class BoardOrder(Model):
    """Argument of a storyboard's updates. A repeated id is the same order."""

    account_id: str
    video_id: str
    operation_id: str
    revision: int = Field(description="the newest one that the artist saw; an older one is refused")
    max_scenes: int = Field(default=0, description="the most scenes that edits may leave; 0: as many as there are")
    edits: tuple[BoardEdit, ...] = Field(default=(), description="of `edit_board`")
    everything: bool = Field(default=False, description="of `approve_board`: all scenes")
    sections: tuple[int, ...] = Field(default=(), description="of `approve_board`, by index")
    scenes: tuple[int, ...] = Field(default=(), description="of `approve_board`, by id")
    scene_id: int | None = Field(default=None, description="of `repaint_still` and `place_own`")
    prompt: str | None = Field(default=None, description="of `repaint_still`: other words; none: the scene's")
    quoted: int | None = Field(default=None, description="of `repaint_still`: the price that was shown")
    own: OwnShot | None = Field(default=None, description="of `place_own`")
    restored_by: RestoredBy | None = Field(
        default=None, exclude_if=is_none, description="of `restore_board`: undo or redo"
    )

    @property
    def asked(self) -> str:
        """What was asked for, so that another order under the same id is noticed."""
        return self.model_dump_json(exclude={"max_scenes"})


class BoardClip(Model):
    """What the run needs to film an approved scene."""

    scene_id: int
    plan_key: str
    film_plan_key: str = Field(default="", description="where its clip must be longer, for scenes that show it, too")
    prompts_key: str
    still_scene: int
    still: str
    footage_of: int | None = Field(default=None, exclude_if=is_none, description="the scene whose clip it shows")
    first_frame: int = Field(default=0, description="of that clip, where the scene goes on with it")
    board_key: str = Field(default="", exclude_if=is_unset, description="of an own picture or clip, which is cut")


class BoardAnswer(Model):
    """What the run knows of a board's newest revision."""

    operation_id: str
    revision: int
    board_key: str = Field(default="", description="where the revision is stored")
    analysis_key: str = ""
    scene_ids: tuple[int, ...] = Field(description="in their order")
    approved: tuple[int, ...] = Field(description="by id")
    approved_along: tuple[int, ...] = Field(default=(), description="approved by this order, because others show them")
    clips: tuple[BoardClip, ...] = Field(default=(), description="to be filmed since this order")
    clips_planned: int = Field(default=0, description="clips that the whole board needs")
    repainted_micro_usd: int = Field(default=0, description="what stills that were made anew have cost at most")


class RepaintTicket(Model):
    """The answer to an accepted repaint: its price is held."""

    operation_id: str
    scene_id: int
    state: BoardStepState
    price: int = 0
    free_units: int = 0
    balance: Balance
    prompts_key: str = ""
    with_cast: bool = False
    failure: FailureNote | None = Field(default=None, exclude_if=is_none)


class LayStep(Model):
    """Argument of `lay_board`: the draft's parts, or none where the board is stored."""

    account_id: str
    video_id: str
    parts: AssembleStep | None = None
    max_scenes: int = Field(default=0, description="the most scenes that edits may leave; 0: not known")


class ShowStillStep(Model):
    """Argument of `show_still`: a still that was made anew."""

    account_id: str
    video_id: str
    operation_id: str
    prompts_key: str
    still: str = Field(description="its digest")
    words_key: str = Field(default="", description="the words that it was made from, where its own were refused")


class CutOwnStep(Model):
    """Argument of `cut_own`: an approved scene that shows an own picture or clip."""

    account_id: str
    video_id: str
    scene_id: int
    board_key: str = Field(description="a revision since its approval")


class EndRepaintStep(Model):
    """Argument of `end_repaint`; without an operation: all that are open."""

    account_id: str
    video_id: str
    operation_id: str = ""
    note: FailureNote


class Ended(Model):
    """How many repaints ended."""

    count: int


class StoredStep(Model):
    """A row of a board: one order of its artist, or the run's own beginning."""

    operation_key: str
    operation_id: str
    kind: BoardKind
    state: BoardStepState
    scene_id: int | None = None
    revision: int | None = Field(default=None, description="the revision that it made")
    board_key: str = Field(default="", description="where that revision is stored")
    price: int = 0
    free_units: int = 0
    free: bool = False
    failure: FailureNote | None = None


def moved(newest: int) -> InvalidInput:
    """Another client was first."""
    return InvalidInput(
        f"The storyboard has changed meanwhile (revision {newest} is the newest): look at it, then try again.",
        code="board_moved",
    )


def still_busy() -> InvalidInput:
    """An order would pass over a still that is being made."""
    return InvalidInput("The still of one of these scenes is being made anew: wait for it.", code="scene_busy")
