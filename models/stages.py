"""The stages of a run, one row each: all that watchers, gates, resets, the page and support know of a stage.

`docs/stages.md` shows the rows; tests compare it, the activities and these rows.
"""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import Field

from models.base import Model
from models.paid_media import PieceKind
from models.progress import StageName


class Stage(Model):
    """One stage of `GenerateVideo`."""

    name: StageName
    words: str = Field(description="what it does, in an artist's words")
    weight: float = Field(description="0…1: its share of a typical run's time, for the estimate of the time left")
    first_step: str = Field(description="the activity that a reset to this stage begins with")
    activities: frozenset[str] = Field(description="all its activities, those of its child workflows too")
    buys: tuple[PieceKind, ...] = Field(
        default=(), description="what is bought where pictures are paid for; a reset begins with the first that was"
    )
    optional: bool = Field(default=False, description="only runs that were ordered with it have this stage")

    @property
    def slug(self) -> str:
        """The name for commands and search attributes, with hyphens."""
        return slug_of(self.name)


def slug_of(name: StageName) -> str:
    """A stage's name for commands and search attributes, with hyphens."""
    return name.value.replace(" ", "-")


_ROWS = (
    Stage(
        name=StageName.ANALYSIS,
        words="Listening to the song",
        weight=0.10,
        first_step="look_up_song",
        activities=frozenset(
            {
                "hold_credits",
                "look_up_song",
                "copy_song",
                "analyze_song",
                "encode_soundtrack",
                "record_analysis",
                "await_analysis",
            }
        ),
    ),
    Stage(
        name=StageName.VISION,
        words="Finding the idea",
        weight=0.02,
        first_step="envision_video",
        activities=frozenset({"envision_video"}),
    ),
    Stage(
        name=StageName.CASTING,
        words="Choosing who appears",
        weight=0.01,
        first_step="cast_video",
        activities=frozenset({"cast_video", "list_cast"}),
    ),
    Stage(
        name=StageName.PLANNING,
        words="Cutting the song into scenes",
        weight=0.01,
        first_step="plan_sequence",
        activities=frozenset({"plan_sequence"}),
    ),
    Stage(
        name=StageName.SHOTS,
        words="Setting up the shots",
        weight=0.02,
        first_step="specify_shots",
        activities=frozenset({"specify_shots"}),
    ),
    Stage(
        name=StageName.PROMPTS,
        words="Writing the scenes",
        weight=0.02,
        first_step="write_prompts",
        activities=frozenset({"write_prompts", "rewrite_prompt", "prepare_take"}),
    ),
    Stage(
        name=StageName.STILLS,
        words="Painting the stills",
        weight=0.25,
        first_step="paint_still",
        activities=frozenset({"choose_media", "paint_still", "order_piece", "collect_piece"}),
        buys=(PieceKind.STILL, PieceKind.PORTRAIT),
    ),
    Stage(
        name=StageName.STORYBOARD,
        words="Waiting for you",
        weight=0,
        first_step="lay_board",
        activities=frozenset(
            {
                "lay_board",
                "edit_board",
                "restore_board",
                "approve_board",
                "accept_repaint",
                "show_still",
                "end_repaint",
                "place_own",
            }
        ),
        optional=True,
    ),
    Stage(
        name=StageName.CLIPS,
        words="Filming the clips",
        weight=0.53,
        first_step="animate_still",
        activities=frozenset(
            {
                "animate_still",
                "move_over_still",
                "order_piece",
                "collect_piece",
                "conform_clip",
                "record_take",
                "await_operation",
                "cut_own",
            }
        ),
        buys=(PieceKind.CLIP,),
    ),
    Stage(
        name=StageName.ASSEMBLY,
        words="Cutting it to the beat",
        weight=0.04,
        first_step="assemble_video",
        activities=frozenset({"assemble_video", "deliver_version", "settle_late", "open_studio", "join_version"}),
    ),
)

STAGES: Mapping[StageName, Stage] = MappingProxyType({row.name: row for row in _ROWS})
"""All stages, in order."""

OUTSIDE_STAGES: Mapping[str, str] = MappingProxyType(
    {
        "await_turn": "a draft waits before any stage of it begins",
        "stop_unanswered": "a storyboard that is not answered ends like an artist's stop",
        "settle_credits": "money is settled after the last stage, and after a failure",
        "discard_draft": "cleans up after a run that failed or was cancelled",
        "withdraw_jobs": "cleans up after a run that failed or was cancelled",
        "accept_operation": "Studio takes an operation up before any stage of it begins",
        "end_operation": "Studio records the end of an operation that failed or was cancelled",
        "rebuild_version": "joins an older version again, in a workflow of its own",
        "enhance_brief": "a look before the order: there is no run yet",
        "paint_styles": "the pictures of the styles belong to no video",
        "export_piece": "an export is made of a finished version",
        "discard_piece": "an export is made of a finished version",
        "reconcile_credits": "a schedule's step",
        "reconcile_jobs": "a schedule's step",
        "verify_ledger": "a schedule's step",
        "tidy_up": "a schedule's step",
        "delete_executions": "a deletion's step",
        "remove_objects": "a deletion's step",
        "forget": "a deletion's step",
        "pack_account": "an account's step",
        "close_account": "an account's step",
        "settle_account": "an account's step",
        "erase_account": "an account's step",
    }
)
"""Activities outside all stages, with the reason."""


def stages_of(activity: str) -> tuple[Stage, ...]:
    """The stages that use an activity; stages that buy share theirs."""
    return tuple(row for row in STAGES.values() if activity in row.activities)


def stage_that_buys(kind: PieceKind) -> StageName:
    """The stage that pays for a piece, and parks if it cannot be bought."""
    return next(row.name for row in STAGES.values() if kind in row.buys)


def stage_of_slug(slug: str) -> StageName:
    """The stage with a slug.

    Raises:
        KeyError: No stage has this slug.
    """
    return {row.slug: row.name for row in STAGES.values()}[slug]
