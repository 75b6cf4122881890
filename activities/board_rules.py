"""What edits of a storyboard may do: one place for those that are carried out and those that are previewed.

Side effects: none, but those of `reword`.
"""

from collections.abc import Sequence
from math import ceil

from activities.ports.engines import Estimator, RunPlanners
from activities.ports.stores import BoardBook, ObjectStore
from activities.recutting import grid_of
from activities.steps import load
from activities.take_rules import TakeRules
from models.board_edits import Appear, BoardEdit, Reword
from models.boarding import Rewording, apply_board_edits, clips_of, decided, plan_of
from models.boards import Board, still_busy
from models.credits import Operation
from models.failures import InvalidInput
from models.media_models import PromptLimits
from models.prices import PRICES
from models.profiles import PROFILES, Profile
from models.storyboard import Scene, SequencePlan
from models.studio import SceneEdit, StudioKind
from models.timeline import Timeline, TimelineScene

MOST_COST = 1.25
"""Factor on the estimate of the plan: an edit that makes clips cost more is refused."""


class BoardRules:
    """Applies edits to revisions, or refuses them.

    Args:
        objects: The store of documents.
        boards: Knows the stills that are in the making.
        limits: Limits on prompts for bought pictures and clips; None: nothing is bought.
        planners: For runs that chose their own models; None: nothing is bought.
        estimator: Estimates a plan's cost; None: nothing is bought.
    """

    def __init__(
        self,
        objects: ObjectStore,
        boards: BoardBook,
        limits: PromptLimits | None = None,
        planners: RunPlanners | None = None,
        estimator: Estimator | None = None,
    ) -> None:
        self._objects = objects
        self._boards = boards
        self._takes = TakeRules(objects, limits, planners)
        self._planners = planners
        self._estimator = estimator

    def edited(
        self, account_id: str, board: Board, edits: Sequence[BoardEdit], reword: Rewording, max_scenes: int
    ) -> Board:
        """The next revision of a board, after edits in their order.

        Args:
            account_id: The owning account.
            board: The newest revision.
            edits: In their order.
            reword: Gives a scene other words.
            max_scenes: The most scenes that may be left; 0: as many as there are.

        Raises:
            InvalidInput: An edit cannot be done; the sentence says why.
        """

        def checked(scene: TimelineScene, edit: Reword | Appear) -> TimelineScene:
            self._check_words(board.timeline, edit)
            return reword(scene, edit)

        grid = grid_of(self._objects, board.timeline)
        edited = apply_board_edits(board, edits, grid, checked, max_scenes)
        self.check(account_id, board, edited)
        return edited

    def check(self, account_id: str, before: Board, after: Board) -> None:
        """Check the cost of a next revision, the lengths of its clips, and that it passes over no still in the making.

        Raises:
            InvalidInput: `too_many_clips`, `shot_too_long` or `scene_busy`.
        """
        self._check_cost(before, after)
        painting = {one.scene_id for one in self._boards.painting(account_id, before.timeline.video_id)}
        if painting & decided(before, after):
            raise still_busy()

    def _check_words(self, timeline: Timeline, edit: Reword | Appear) -> None:
        if isinstance(edit, Appear):
            if edit.character_ids is None and edit.location_id is None:
                raise InvalidInput("Say who appears, or where.", code="edit")
            wish = SceneEdit(character_ids=edit.character_ids, location_id=edit.location_id)
            self._takes.check_cast(timeline, wish)
            return
        if edit.image is None and edit.motion is None:
            raise InvalidInput("Say which words change: the image's, the motion's, or both.", code="edit")
        self._takes.check_length(timeline, StudioKind.IMAGE, edit.image)
        self._takes.check_length(timeline, StudioKind.VIDEO, edit.motion)

    def _check_cost(self, before: Board, after: Board) -> None:
        """Refuse what makes the clips cost clearly more than planned: the price in credits is the same for all."""
        timeline = after.timeline
        own = self._planners if timeline.still_model or timeline.clip_model else None
        estimator = own(timeline.still_model, timeline.clip_model) if own is not None else self._estimator
        if estimator is None:
            return
        profile = PROFILES[timeline.profile]
        planned = load(self._objects, timeline.plan_key, SequencePlan)
        wanted = plan_of(timeline)
        for scene in wanted.scenes:
            _check_length(estimator, scene, profile)
        first, old, new = (
            estimator.estimate(plan, profile).estimate_micro_usd for plan in (planned, plan_of(before.timeline), wanted)
        )
        if new > max(old, MOST_COST * first):
            more = f", {ceil(100 * new / first) - 100} % more than was planned" if first else ""
            price, most = PRICES[Operation.GENERATE], round(100 * MOST_COST) - 100
            raise InvalidInput(
                f"With this, clips for {len(clips_of(timeline))} scenes would be filmed{more}. The {price} credits of "
                f"a video pay for {most} % more at most, and its price does not change: let scenes repeat others, or "
                "join some.",
                code="too_many_clips",
            )


def _check_length(estimator: Estimator, scene: Scene, profile: Profile) -> None:
    """Refuse a scene whose clip would be longer than the model makes: filming it would end the run."""
    try:
        estimator.estimate(SequencePlan(scenes=(scene,), frame_count=scene.frame_count), profile)
    except InvalidInput as error:
        number = scene.index + 1
        sentence = (
            f"Scene {number} would need a longer clip than is made: {error.message} Keep it shorter, or split it."
        )
        raise InvalidInput(sentence, error.code) from error
