"""The storyboard: a run shows its stills and waits for its artist before it orders clips.

Promise: no clip is ordered before its scene is approved, and an approved scene stays as it was approved.

The board's revisions are in the Vault, so a run that was reset, or continued as new, goes on with what its artist saw
last; the state has ids and takes only. Edits, approvals and repaints are updates: each runs one short activity, which
makes the next revision of the newest one or refuses. Approved scenes are filmed at once, while others are still edited.
A board that is not answered warns its artist, and later ends like a stop. A waiting run holds no permit and no place.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.board import BoardActivities
    from activities.board_own import BoardOwnActivities
    from activities.credits import CreditActivities
    from models.boards import BoardAnswer, BoardClip, BoardOrder, BoardStepState, CutOwnStep, LayStep, RepaintTicket
    from models.credits import SettleRequest
    from models.generation import AssembleStep, ClipStep, GenerateRequest, OtherWords, SceneTakes
    from models.ids import generate_operation_key
    from models.paid_media import SpendingPlan
    from models.progress import SceneStatus, StageName, StageStatus
    from models.studio import OPERATION_ID
    from models.takes import Take
    from workflows.failure_policy import Verdict, innermost, note_on, verdict_on
    from workflows.making import Making
    from workflows.policies import MAX_HISTORY_EVENTS, Policies, Policy
    from workflows.repaints import Repaints
    from workflows.state import BoardState, FilmedScene
    from workflows.steps import Steps

Film = Callable[[ClipStep, BoardClip, str], Awaitable[tuple[Take, tuple[str, ...]]]]
"""Films a scene, or moves the camera over its still if no clip can be made; with the marks that say so."""

UNANSWERED = "Unanswered"
"""The type of the failure that ends a run whose storyboard is not answered."""


class Board:
    """The storyboard of one run.

    Args:
        request: The run's input.
        steps: The run's steps and state.
        making: Makes the run's pieces.
    """

    def __init__(self, request: GenerateRequest, steps: Steps, making: Making) -> None:
        self._request = request
        self._steps = steps
        self._state = steps.state
        self._making = making
        self._policies = Policies(request.limits, request.account_id, urgent=True)
        self._repaints = Repaints(request, steps, self._policies)
        self._film: Film | None = None
        self._work: dict[str, asyncio.Task[None]] = {}
        self._failure: BaseException | None = None
        self._closed = False

    @property
    def turning(self) -> bool:
        """Whether the history is long enough to continue as new."""
        info = workflow.info()
        length = info.get_current_history_length()
        return length >= self._request.limits.history_events or info.is_continue_as_new_suggested()

    async def serve(self, parts: AssembleStep | None, film: Film, spending: SpendingPlan | None = None) -> bool:
        """Lay the board out and wait until all of it is approved and filmed; False requests continue-as-new.

        Args:
            parts: The draft's parts; None where an earlier run has laid the board out.
            film: Films an approved scene.
            spending: The run's cost limit, with its parts.

        Raises:
            ActivityError: A scene cannot be made, or the run is cancelled.
            ApplicationError: `Unanswered`.
        """
        self._film = film
        try:
            await self._lay(parts, spending)
            return await self._until_filmed()
        except (Exception, asyncio.CancelledError):
            self._closed = True
            await self._end_work()
            raise

    async def _end_work(self) -> None:
        tasks = list(self._work.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._repaints.withdraw()

    def parts(self) -> AssembleStep:
        """What assembly needs: the board, and the takes of its scenes in order."""
        request, board = self._request, self._of_state
        filmed = [(one, board.filmed[one]) for one in board.scene_ids]
        media = self._making.media
        return AssembleStep(
            account_id=request.account_id,
            video_id=request.video_id,
            song_id=request.song_id,
            profile=request.profile,
            version=1,
            plan_key="",
            soundtrack_key="",
            prompts=(),
            takes=tuple(
                SceneTakes(still_scene=one, still="", segment=scene.segment, marks=scene.marks) for one, scene in filmed
            ),
            other_words=tuple(
                OtherWords(scene_index=one, motion_words=scene.words_key) for one, scene in filmed if scene.words_key
            ),
            profile_revision=request.profile_revision,
            still_model=media.still_model,
            clip_model=media.clip_model,
            board_key=board.board_key,
        )

    async def close(self) -> None:
        """Give the credits of repaints under way back: the run has ended."""
        await self._repaints.end_all()

    def check(self, order: BoardOrder) -> None:
        """Refuse what shape and state show to be wrong; the activity checks the rest.

        Raises:
            ApplicationError: The order is refused.
        """
        if order.account_id != self._request.account_id or order.video_id != self._request.video_id:
            raise _refusal("This is another video's run.", "no_video")
        if OPERATION_ID.fullmatch(order.operation_id) is None:
            raise _refusal("An operation id has 1 to 80 letters, digits, - or _.", "operation_id")
        state = self._state
        if not self._request.storyboard or self._closed or state.version or state.failure is not None:
            raise _refusal("No storyboard waits here: its video is made, or its run has ended.", "no_board_open")
        if state.board is None:
            raise _refusal("The storyboard is not laid out yet: wait until it is.", "board_not_laid")
        if workflow.info().get_current_history_length() >= MAX_HISTORY_EVENTS:
            raise ApplicationError("Many changes are under way; wait a moment.", type="Busy", non_retryable=True)

    async def edit(self, order: BoardOrder) -> BoardAnswer:
        """Make the next revision from edits."""
        order = order.model_copy(update={"max_scenes": self._request.limits.max_scenes})
        return await self._answer(BoardActivities.edit_board, order, self._policies.direct, "edit the storyboard")

    async def restore(self, order: BoardOrder) -> BoardAnswer:
        """Undo the last step, or redo the last one undone."""
        return await self._answer(BoardActivities.restore_board, order, self._policies.direct, "undo or redo")

    async def approve(self, order: BoardOrder) -> BoardAnswer:
        """Approve scenes, and begin to film them."""
        return await self._answer(BoardActivities.approve_board, order, self._policies.ask, "approve scenes")

    async def place_own(self, order: BoardOrder) -> BoardAnswer:
        """Show an own picture or clip in a scene."""
        return await self._answer(BoardOwnActivities.place_own, order, self._policies.animate, "show an own picture")

    async def repaint(self, order: BoardOrder) -> RepaintTicket:
        """Hold the price of a scene's new still, and begin to make it."""
        ticket: RepaintTicket = await self._asked(
            BoardActivities.accept_repaint, order, self._policies.ask, "accept a repaint"
        )
        if ticket.state is BoardStepState.ACCEPTED and order.operation_id not in self._work:
            self._spawn(order.operation_id, self._show_anew(ticket))
        return ticket

    async def _show_anew(self, ticket: RepaintTicket) -> None:
        answer = await self._repaints.make(ticket)
        if answer is not None:
            self._take(answer)

    @property
    def _of_state(self) -> BoardState:
        board = self._state.board
        assert board is not None
        return board

    async def _lay(self, parts: AssembleStep | None, spending: SpendingPlan | None) -> None:
        steps, request = self._steps, self._request
        steps.begin(StageName.STORYBOARD, "Laying out the storyboard.")
        most = request.limits.max_scenes
        lay = LayStep(account_id=request.account_id, video_id=request.video_id, parts=parts, max_scenes=most)
        method, policy = BoardActivities.lay_board, self._policies.ask
        laid = await steps.do(StageName.STORYBOARD, method, lay, policy, "lay out the storyboard")
        board = self._state.board or BoardState(answered_at=workflow.now(), spending=spending)
        self._state.board = board
        for scene_id, filmed in board.filmed.items():
            self._making.remember(scene_id, filmed.footage)
        board.open = True
        self._set_deadline()
        self._take(laid)

    async def _until_filmed(self) -> bool:
        """Wait for the artist and for the clips; warn the artist, and end the run if no answer comes."""
        board = self._of_state
        while True:
            known = board.waits, board.warned
            try:
                await workflow.wait_condition(
                    lambda before=known: self._is_over or before != (board.waits, board.warned),  # type: ignore[misc]
                    timeout=self._patience,
                    timeout_summary="waits for the artist",
                )
            except TimeoutError:
                await self._not_answered()
            if self._failure is not None:
                raise self._failure
            if self._is_filmed:
                self._closed = True
                board.open = False
                return True
            if self._may_turn:
                board.open = False
                return False

    @property
    def _patience(self) -> timedelta | None:
        """How long an answer is waited for; None where there is nothing to answer."""
        board, limits = self._of_state, self._request.limits
        if not board.waits:
            return None
        due_s = limits.board_timeout_s - (0 if board.warned else limits.board_warning_s)
        return max(board.answered_at + timedelta(seconds=max(due_s, 0)) - workflow.now(), timedelta(0))

    @property
    def _is_filmed(self) -> bool:
        board = self._of_state
        return not board.waits and all(one in board.filmed for one in board.scene_ids)

    @property
    def _may_turn(self) -> bool:
        return self.turning and not self._work and workflow.all_handlers_finished()

    @property
    def _is_over(self) -> bool:
        return self._failure is not None or self._is_filmed or self._may_turn

    async def _not_answered(self) -> None:
        """Warn the artist; the second time, stop the run as an artist would."""
        # An order that is being carried out is an answer.
        await workflow.wait_condition(workflow.all_handlers_finished)
        board, limits = self._of_state, self._request.limits
        if self._patience is None or self._patience > timedelta(0):
            return
        if not board.warned:
            board.warned = True
            self._show()
            return
        self._closed = True
        key = generate_operation_key(self._request.video_id)
        stop = SettleRequest(account_id=self._request.account_id, operation_key=key)
        await self._policies.settle.run(CreditActivities.stop_unanswered, stop, "stop: no answer")
        days = limits.board_timeout_s / 86_400
        sentence = f"The storyboard was not answered for {days:.3g} days, so the video was stopped."
        raise ApplicationError(sentence, type=UNANSWERED, non_retryable=True)

    async def _answer(self, method: Any, order: BoardOrder, policy: Policy, summary: str) -> BoardAnswer:
        answer: BoardAnswer = await self._asked(method, order, policy, summary)
        self._take(answer)
        return answer.model_copy(update={"clips": ()})

    async def _asked(self, method: Any, order: BoardOrder, policy: Policy, summary: str) -> Any:
        # A run that continues another one, or was reset, lays its board out first.
        await workflow.wait_condition(lambda: self._of_state.open or self._closed)
        self.check(order)
        try:
            answer = await policy.run(method, order, summary)
            self._heard()
            return answer
        except ActivityError as error:
            note, cause = note_on(error), innermost(error)
            if method is BoardActivities.accept_repaint and verdict_on(error) is not Verdict.DEFINITE:
                # It may have been recorded all the same; no caller holds a ticket for it.
                self._spawn(f"undo-{order.operation_id}", self._repaints.end(order.operation_id, note))
            details = cause.details if isinstance(cause, ApplicationError) else ()
            raise ApplicationError(note.sentence, *details, type=note.type, non_retryable=True) from error

    def _heard(self) -> None:
        """The artist has answered: patience begins anew."""
        board = self._of_state
        board.answered_at, board.warned = workflow.now(), False
        self._set_deadline()

    def _set_deadline(self) -> None:
        board = self._of_state
        board.answer_by = board.answered_at + timedelta(seconds=self._request.limits.board_timeout_s)

    def _take(self, answer: BoardAnswer) -> None:
        """Go on with a revision, unless a newer one is known, and film what it says."""
        board, state = self._of_state, self._state
        if answer.revision >= board.revision:
            board.revision, board.board_key, board.analysis_key = answer.revision, answer.board_key, answer.analysis_key
            board.scene_ids, board.approved = answer.scene_ids, answer.approved
            board.clips_planned = answer.clips_planned
            board.repainted_micro_usd = max(board.repainted_micro_usd, answer.repainted_micro_usd)
        self._making.plan_spending(board.with_repaints(), clips=board.clips_planned)
        for clip in answer.clips:
            if clip.scene_id not in board.filmed and _name(clip) not in self._work:
                self._spawn(_name(clip), self._filmed(clip))
        state.stage(StageName.CLIPS).total = len(board.scene_ids)
        state.stage(StageName.CLIPS).done = len(board.filmed)
        self._show()

    def _show(self) -> None:
        state, board = self._state, self._of_state
        state.scenes = [SceneStatus.CLIP if one in board.filmed else SceneStatus.STILL for one in board.scene_ids]
        state.await_artist()
        state.updated_at = workflow.now()
        if not board.waits and state.stage(StageName.STORYBOARD).status is not StageStatus.DONE:
            self._steps.advance(StageName.STORYBOARD, "All scenes are approved.", 0)
        self._steps.publish()

    async def _filmed(self, clip: BoardClip) -> None:
        self._steps.begin(StageName.CLIPS, "Filming the scenes.")
        board = self._of_state
        place = board.scene_ids.index(clip.scene_id) if clip.scene_id in board.scene_ids else clip.scene_id
        take, marks = await self._made(clip, f"scene {place + 1}/{len(board.scene_ids)}")
        board.filmed[clip.scene_id] = FilmedScene(
            segment=take.digest,
            words_key=take.words_key,
            marks=marks,
            footage=self._making.footage(clip.scene_id),
        )
        self._steps.advance(StageName.CLIPS, f"Scene {place + 1} is filmed.")
        self._show()

    async def _made(self, clip: BoardClip, name: str) -> tuple[Take, tuple[str, ...]]:
        request, film = self._request, self._film
        assert film is not None
        if clip.board_key:
            cut = CutOwnStep(
                account_id=request.account_id,
                video_id=request.video_id,
                scene_id=clip.scene_id,
                board_key=clip.board_key,
            )
            method, policy = BoardOwnActivities.cut_own, self._policies.animate
            return await self._steps.do(StageName.CLIPS, method, cut, policy, f"{name} · own"), ()
        step = ClipStep(
            account_id=request.account_id,
            video_id=request.video_id,
            profile=request.profile,
            scene_index=clip.scene_id,
            plan_key=clip.plan_key,
            prompts_key=clip.prompts_key,
            analysis_key=self._of_state.analysis_key,
            still_scene=clip.still_scene,
            still=clip.still,
            footage_of=clip.footage_of,
            profile_revision=request.profile_revision,
        )
        return await film(step, clip, name)

    def _spawn(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._work[name] = task
        task.add_done_callback(lambda done: self._ended(name, done))

    def _ended(self, name: str, task: "asyncio.Task[None]") -> None:
        self._work.pop(name, None)
        if not task.cancelled() and task.exception() is not None:
            self._failure = self._failure or task.exception()


def _name(clip: BoardClip) -> str:
    return f"film-{clip.scene_id}"


def _refusal(sentence: str, code: str) -> ApplicationError:
    return ApplicationError(sentence, code, type="InvalidInput", non_retryable=True)
