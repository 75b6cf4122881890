"""A storyboard's steps: lay it out, edit it, undo and redo, approve scenes, make a still anew.

Side effects: revisions and words in the object store; rows and holds in SQL; the director's cost on the run's bill.
Idempotency: an order's id; keys derived from content. Provide queue for what asks the director, orchestrate for the
rest.
"""

from functools import partial

from activities.board_revisions import BoardRevisions, still_of
from activities.board_rules import BoardRules
from activities.board_words import BoardWords
from activities.drafting import Drafted
from activities.imagery import prompt_of
from activities.ports.engines import Director, Estimator, RunPlanners
from activities.ports.stores import BoardBook, ObjectStore, SpendingBook
from activities.retakes import Retakes
from activities.steps import load, step
from activities.wording import as_made, keep_words, with_own_words
from models.boarding import approve, approved_refusal, restored, show_still
from models.boards import (
    Board,
    BoardAnswer,
    BoardKind,
    BoardOrder,
    BoardStepState,
    Ended,
    EndRepaintStep,
    LayStep,
    RepaintTicket,
    ShowStillStep,
    StoredStep,
)
from models.failures import InvalidInput, NotStored, VersionMoved
from models.ids import digest_of
from models.media_models import PromptLimits
from models.object_keys import still_key
from models.progress import FailureNote
from models.storyboard import framing_named
from models.studio import RestoredBy, SceneTake, StudioKind
from models.timeline import DIRECTED_LOCALLY
from models.undoing import board_undo_state

APPLY_TRIES = 5

_RESTARTED = FailureNote(type="Restarted", sentence="The run began anew. The credits are back: make the still again.")


class BoardActivities:
    """Steps on storyboards.

    Attributes:
        revisions: The revisions of storyboards, for further steps on them.

    Args:
        objects: The store of documents and pictures.
        boards: Revisions and orders.
        director: Words who is seen, where and how.
        spending: Records the director's cost.
        limits: Limits on prompts for bought pictures and clips; None: nothing is bought.
        planners: For runs that chose their own models; None: nothing is bought.
        estimator: Estimates a plan's cost; None: nothing is bought.
    """

    def __init__(
        self,
        objects: ObjectStore,
        boards: BoardBook,
        director: Director,
        spending: SpendingBook,
        limits: PromptLimits | None = None,
        planners: RunPlanners | None = None,
        estimator: Estimator | None = None,
    ) -> None:
        self._objects = objects
        self._boards = boards
        self._retakes = Retakes(objects, director, spending, limits, planners)
        self.revisions = BoardRevisions(objects, boards, self._retakes)
        self._words = BoardWords(objects, self._retakes)
        self._drafted = Drafted(objects)
        self._rules = BoardRules(objects, boards, limits, planners, estimator)

    @step
    def lay_board(self, lay: LayStep) -> BoardAnswer:
        """The first revision from a draft's parts; a board that is stored goes on, and its open repaints end."""
        account_id, video_id = lay.account_id, lay.video_id
        for one in self._boards.painting(account_id, video_id):
            self._boards.end_repaint(account_id, video_id, one.operation_id, _RESTARTED)
        try:
            head = self._boards.head(account_id, video_id)
            board = load(self._objects, head.board_key, Board)
        except NotStored:
            if lay.parts is None:
                raise
            head, board = self._laid(lay, self._next_revision(account_id, video_id))
        return self.revisions.answer(account_id, head, board, board.approved)

    @step
    def edit_board(self, order: BoardOrder) -> BoardAnswer:
        """Apply edits to the newest revision."""
        if known := self.revisions.known(order):
            return self.revisions.known_answer(order, known)
        board = self.revisions.newest(order)
        reword = partial(self._words.reworded, order, board.timeline)
        edited = self._rules.edited(order.account_id, board, order.edits, reword, order.max_scenes)
        row = self.revisions.store(order, BoardKind.EDIT, board, edited)
        return self.revisions.answer(order.account_id, row, edited, ())

    @step
    def restore_board(self, order: BoardOrder) -> BoardAnswer:
        """Undo the last step, or redo the one that was undone last: stills stay, and so does what is approved."""
        if known := self.revisions.known(order):
            return self.revisions.known_answer(order, known)
        board, way = self.revisions.newest(order), order.restored_by
        if way is not RestoredBy.UNDO and way is not RestoredBy.REDO:
            raise InvalidInput("Say whether to undo or to redo.", code="edit")
        steps = self._boards.steps(order.account_id, order.video_id)
        state = board_undo_state(steps)
        wanted = state.undo if way is RestoredBy.UNDO else state.redo
        key = next((one.board_key for one in steps if one.revision == wanted), None)
        if wanted is None or key is None:
            raise InvalidInput(f"There is nothing to {way.value}.", code=f"nothing_to_{way.value}")
        shown = restored(board, self.revisions.at(key))
        self._rules.check(order.account_id, board, shown)
        row = self.revisions.store(order, BoardKind(way.value), board, shown)
        return self.revisions.answer(order.account_id, row, shown, ())

    @step
    def approve_board(self, order: BoardOrder) -> BoardAnswer:
        """Approve scenes of the newest revision: from now on they stay as they are."""
        if known := self.revisions.known(order):
            return self.revisions.known_answer(order, known)
        board = self.revisions.newest(order)
        approved, along = approve(board, everything=order.everything, sections=order.sections, scenes=order.scenes)
        row = self.revisions.store(order, BoardKind.APPROVE, board, approved)
        new = [one for one in approved.approved if one not in board.approved]
        return self.revisions.answer(order.account_id, row, approved, new).model_copy(update={"approved_along": along})

    @step
    def accept_repaint(self, order: BoardOrder) -> RepaintTicket:
        """Check a repaint against the newest revision, hold its price, and prepare its words."""
        account_id, video_id = order.account_id, order.video_id
        known = self.revisions.known(order)
        board = load(self._objects, self._boards.head(account_id, video_id).board_key, Board)
        if known is None:
            board = self.revisions.newest(order)
        scene = board.timeline.find(-1 if order.scene_id is None else order.scene_id)
        if scene is None:
            raise InvalidInput("This scene is not on the storyboard any more: load it again.", code="no_scene")
        if known is None and scene.identity in board.approved:
            raise approved_refusal(scene)
        self._retakes.check_length(board.timeline, StudioKind.IMAGE, order.prompt)
        scene = with_own_words(self._objects, account_id, video_id, scene)
        prompt = prompt_of(self._objects, scene.prompts_key, scene.identity)
        changes: dict[str, object] = {"seed": int(digest_of(order.operation_id)[:8], 16)}
        if order.prompt is not None:
            framing = framing_named(order.prompt) or prompt.framing
            changes |= {"image_prompt": order.prompt, "framing": framing}
        prompt = prompt.model_copy(update=changes | {"scene_index": scene.identity})
        key = keep_words(self._objects, account_id, video_id, prompt)
        row, balance = self._boards.accept_repaint(
            account_id, video_id, order.operation_id, order.asked, scene.identity, order.revision, order.quoted
        )
        return RepaintTicket(
            operation_id=order.operation_id,
            scene_id=scene.identity,
            state=row.state,
            price=row.price,
            free_units=row.free_units,
            balance=balance,
            prompts_key=key,
            with_cast=bool(prompt.character_ids),
            failure=row.failure,
        )

    @step
    def show_still(self, made: ShowStillStep) -> BoardAnswer:
        """Show a new still on top of the newest revision, and capture its price in the same transaction."""
        account_id, video_id = made.account_id, made.video_id
        for _ in range(APPLY_TRIES):
            row = self._boards.find(account_id, video_id, made.operation_id)
            if row is None:
                raise NotStored(made.operation_id)
            head = self._boards.head(account_id, video_id)
            board = load(self._objects, head.board_key, Board)
            if row.state is not BoardStepState.ACCEPTED:
                return self.revisions.answer(account_id, head, board, ())
            shown = show_still(board, *self._takes(made, board, row))
            key = self.revisions.saved(account_id, shown)
            try:
                row = self._boards.apply_repaint(account_id, video_id, made.operation_id, shown.revision, key)
            except VersionMoved:
                continue
            if row.state is BoardStepState.APPLIED:
                return self.revisions.answer(account_id, row, shown, ())
            return self.revisions.answer(account_id, head, board, ())
        raise VersionMoved("The storyboard changes faster than a still can be shown on it.")

    @step
    def end_repaint(self, end: EndRepaintStep) -> Ended:
        """Give up a repaint, or all that are open, and release their credits."""
        account_id, video_id = end.account_id, end.video_id
        ids = [end.operation_id] if end.operation_id else self._open_repaints(account_id, video_id)
        for one in ids:
            self._boards.end_repaint(account_id, video_id, one, end.note)
        return Ended(count=len(ids))

    def _open_repaints(self, account_id: str, video_id: str) -> list[str]:
        return [one.operation_id for one in self._boards.painting(account_id, video_id)]

    def _next_revision(self, account_id: str, video_id: str) -> int:
        """0, or above the newest revision whose documents were removed with a stopped draft's."""
        try:
            return (self._boards.head(account_id, video_id).revision or 0) + 1
        except NotStored:
            return 0

    def _laid(self, lay: LayStep, revision: int) -> tuple[StoredStep, Board]:
        assert lay.parts is not None
        timeline = self._drafted.timeline(lay.parts)
        takes = tuple(map(still_of, timeline.scenes))
        board = Board(revision=revision, timeline=timeline, takes=takes, max_scenes=lay.max_scenes)
        key = self.revisions.saved(lay.account_id, board)
        name = f"laid-{revision}"
        row = self._boards.add(lay.account_id, lay.video_id, name, BoardKind.LAID, name, revision, key)
        return row, load(self._objects, row.board_key, Board)

    def _takes(self, made: ShowStillStep, board: Board, row: StoredStep) -> tuple[SceneTake, SceneTake]:
        """The new still, and what its scene shows until now."""
        scene = board.timeline.find(-1 if row.scene_id is None else row.scene_id)
        if scene is None:
            raise InvalidInput("The scene is not on the storyboard any more.", code="no_scene")
        account_id, video_id, index = made.account_id, made.video_id, scene.identity
        own, prompts_key = with_own_words(self._objects, account_id, video_id, scene), made.prompts_key
        asked = prompt_of(self._objects, prompts_key, index)
        prompt = as_made(self._objects, asked, made.words_key, "")
        if prompt != asked:
            prompts_key = keep_words(self._objects, account_id, video_id, prompt)
        take = SceneTake(
            scene_index=index,
            take_id=made.operation_id,
            prompt=prompt.image_prompt,
            motion_prompt=prompt.motion_prompt,
            seed=prompt.seed,
            camera_move=prompt.camera_move,
            character_ids=scene.character_ids,
            location_id=scene.location_id,
            still_scene=index,
            still=made.still,
            still_key=still_key(account_id, video_id, index, made.still),
            segment_key="",
            prompts_key=prompts_key,
            shots_key=own.shots_key,
            marks=(DIRECTED_LOCALLY,) if prompt.filled_locally else (),
        )
        return take, still_of(own)
