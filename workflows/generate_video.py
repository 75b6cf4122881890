"""`GenerateVideo`: a song and a brief become version 1 of a video, which then stays open for Studio.

Promise: a run is charged its 200 credits exactly once, when version 1 is stored, or not at all.

Phases: hold the credits · make the draft (`workflows/draft.py`) · deliver and capture · stay open. Meanwhile people may
watch (`progress`) and cancel, and support may `retry_stage` or `abandon` a parked run; once it is open, artists may
`regenerate_scene` and `choose_version` (`workflows/studio.py`). On failure or cancellation before version 1 the hold is
settled by what SQL says: a stored version captures it, an accepted stop keeps a part (`models/cancellations.py`),
anything else releases it. A cancelled draft's objects are removed (a step in flight may leave one behind). After
version 1 a cancellation, `close`, or idle time closes the run and leaves the video. A run in Studio mode starts open,
for a video that is in the Vault.
"""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, CancelledError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.assembly import AssemblyActivities
    from activities.credits import CreditActivities
    from activities.turns import TurnActivities
    from models.boards import BoardAnswer, BoardOrder, RepaintTicket
    from models.credits import HoldRequest, Operation, Settlement, SettleRequest
    from models.generation import (
        Admission,
        AdmitRequest,
        DeliverStep,
        DiscardStep,
        DocumentRef,
        GenerateRequest,
        GenerateResult,
        Reason,
        RunMode,
        TurnRequest,
    )
    from models.ids import generate_operation_key
    from models.progress import FailureNote, Progress, RunStatus, StageName
    from models.studio import AcceptedOperation, StudioOrder
    from workflows.board import UNANSWERED
    from workflows.draft import Draft
    from workflows.failure_policy import note_on
    from workflows.flow import first_of, keep_events_in_order
    from workflows.metrics import count_generation
    from workflows.saga import Saga, shielded
    from workflows.state import USUAL_STAGES, RunState
    from workflows.steps import Steps
    from workflows.studio import Studio

_CANCELLED = FailureNote(type="Cancelled", sentence="Cancelled. The credits are back.")


@workflow.defn(name="GenerateVideo")
class GenerateVideo:
    """The one run behind a video."""

    @workflow.init
    def __init__(self, request: GenerateRequest) -> None:
        self._request = request
        self._state = (
            RunState.model_validate(request.carried)
            if request.carried
            else RunState.new(request.video_id, workflow.now(), StageName if request.storyboard else USUAL_STAGES)
        )
        self._steps = Steps(self._state, request.limits, request.account_id)
        self._saga = Saga()
        self._operation_key = generate_operation_key(request.video_id)
        self._hold_request = HoldRequest(
            account_id=request.account_id,
            operation=Operation.GENERATE,
            operation_key=self._operation_key,
            quoted=request.quoted,
        )
        self._studio = Studio(request, self._steps)
        self._draft = Draft(request, self._steps)
        self._abandoned: str | None = None

    @workflow.run
    async def run(self, request: GenerateRequest) -> GenerateResult:
        """Hold, make, deliver, stay open. Studio mode holds nothing: the video is in the Vault."""
        keep_events_in_order()
        if request.mode is RunMode.GENERATE:
            try:
                if not await self._make_draft():
                    carried = {"carried": self._state.carried()}
                    workflow.continue_as_new(request.model_copy(update=carried))
            except (FailureError, asyncio.CancelledError) as error:
                # Anything else is a defect in this code: the workflow task fails until the code is fixed.
                await self._settle_without_draft(error)
        await self._stay_open()
        return GenerateResult(
            video_id=request.video_id, version=self._state.version, timeline_key=self._state.timeline_key or ""
        )

    async def _hold_credits(self) -> None:
        self._saga.undo_with(self._settle)
        method, policy = CreditActivities.hold_credits, self._steps.policies.light
        receipt = await self._steps.do(StageName.ANALYSIS, method, self._hold_request, policy, "hold 200 credits")
        self._state.admitted_amount, self._state.balance = receipt.amount, receipt.balance
        if not receipt.in_turn and workflow.patched("turns"):
            await self._wait_for_turn()

    async def _wait_for_turn(self) -> None:
        """Wait, before any stage begins, until fewer drafts are in the making."""
        self._steps.say("Waiting for its turn.")
        turn = TurnRequest(account_id=self._request.account_id, operation_key=self._operation_key)
        method, policy = TurnActivities.await_turn, self._steps.policies.turn
        await self._steps.do(StageName.ANALYSIS, method, turn, policy, "wait for its turn")

    async def _make_draft(self) -> bool:
        """Hold the credits, make and deliver the draft, within the limits on time and on parking.

        Returns:
            False: its storyboard waits, and the history is long enough to continue as new.
        """
        limits = self._request.limits
        draft = asyncio.create_task(self._make_and_deliver())
        overdue = asyncio.create_task(self._steps.gates.overdue(timedelta(seconds=limits.park_timeout_s)))
        abandoned = asyncio.create_task(workflow.wait_condition(lambda: self._abandoned is not None))
        limit = timedelta(seconds=limits.draft_timeout_s)
        if self._request.storyboard:
            # The limit does not run while the artist decides.
            overtime = asyncio.create_task(self._overtime(limit))
            winner = await first_of([draft, overdue, abandoned, overtime], None, "")
        else:
            winner = await first_of([draft, overdue, abandoned], limit, "time limit of the draft")
        if winner is draft:
            return draft.result()
        if winner is abandoned:
            raise ApplicationError(self._abandoned or "Given up by support.", type="Abandoned", non_retryable=True)
        if winner is overdue:
            reason = f"Given up after waiting too long: {self._state.sentence}"
            raise ApplicationError(reason, type="Abandoned", non_retryable=True)
        raise ApplicationError("The draft took too long and was given up.", type="DraftTimedOut", non_retryable=True)

    async def _overtime(self, limit: timedelta) -> None:
        """Return once the run has worked for too long at a stretch, without waiting for its artist."""
        while True:
            await workflow.wait_condition(lambda: not self._waits)
            try:
                await workflow.wait_condition(
                    lambda: self._waits, timeout=limit, timeout_summary="time limit of the draft"
                )
            except TimeoutError:
                return

    @property
    def _waits(self) -> bool:
        return self._state.board is not None and self._state.board.waits

    async def _make_and_deliver(self) -> bool:
        if self._state.board is None:
            await self._hold_credits()
        else:
            self._saga.undo_with(self._settle)
        if self._request.storyboard:
            self._saga.undo_with(self._draft.board.close)
        made = await self._draft.make()
        if made is not None:
            await self._deliver(made)
        return made is not None

    async def _deliver(self, timeline: DocumentRef) -> None:
        """Commit version 1, then capture. After the commit the run cannot fail any more."""
        request = self._request
        self._state.timeline_key = timeline.key
        delivery = DeliverStep(
            account_id=request.account_id,
            operation_key=self._operation_key,
            timeline_key=timeline.key,
            title=request.song_title,
            style=request.brief.style,
            brief=request.brief,
        )
        method, policy = AssemblyActivities.deliver_version, self._steps.policies.light
        done = await self._steps.do(StageName.ASSEMBLY, method, delivery, policy, "store version 1")
        if done.delivered:
            await self._saga.undo()
        else:
            await self._settle_late()

    async def _settle(self) -> None:
        """Capture if version 1 is stored, release otherwise: SQL decides, not this run's state."""
        request = SettleRequest(account_id=self._request.account_id, operation_key=self._operation_key)
        policy = self._steps.policies.settle
        settled = await policy.run(CreditActivities.settle_credits, request, "settle the hold")
        self._take(settled)

    async def _settle_late(self) -> None:
        """The hold was released before (this run was reset): hold again, or wait for a top-up."""
        method, policy = CreditActivities.settle_late, self._steps.policies.light
        # The video is finished: today's price is owed, not the one shown before.
        request = self._hold_request.model_copy(update={"quoted": None})
        self._take(await self._steps.do(StageName.ASSEMBLY, method, request, policy, "settle late"))
        self._saga.complete()

    def _take(self, settled: Settlement) -> None:
        self._state.balance = settled.balance
        if settled.outcome == "captured":
            self._state.version, self._state.credits_charged = 1, settled.credits
            self._steps.advance(StageName.ASSEMBLY, "Version 1 is stored.")
            count_generation(RunStatus.DRAFT_READY)
            self._state.status, self._state.sentence = RunStatus.DRAFT_READY, "The draft is ready."
            self._steps.publish()
        elif settled.outcome == "kept":
            self._state.credits_charged = settled.credits

    async def _settle_without_draft(self, error: BaseException) -> None:
        """Undo; then end as cancelled or failed, unless the draft was delivered after all."""
        cancelled = is_cancelled_exception(error)
        note = _CANCELLED if cancelled else note_on(error)
        is_stopped = cancelled or note.type == UNANSWERED
        try:
            await self._saga.undo()
            if is_stopped and not self._state.version:
                await shielded(self._discard())
        except ActivityError:
            # The reconciler settles the hold once this run is closed; until then no caller may wait in vain.
            workflow.logger.exception("a compensation failed")
        if self._state.version:
            self._state.closing = self._state.closing or cancelled
            return
        if kept := self._state.credits_charged:
            back = (self._state.admitted_amount or kept) - kept
            said = "Cancelled." if cancelled else note.sentence
            sentence = f"{said} {kept} credits are kept for what had been bought, {back} are back."
            note = note.model_copy(update={"sentence": sentence})
        status = RunStatus.CANCELLED if is_stopped else RunStatus.FAILED
        self._state.end(status, workflow.now(), note, note.sentence)
        count_generation(self._state.status)
        self._steps.publish()
        await shielded(workflow.wait_condition(workflow.all_handlers_finished))
        if cancelled:
            raise CancelledError(note.sentence)
        raise ApplicationError(note.sentence, type=note.type, non_retryable=True) from error

    async def _discard(self) -> None:
        draft = DiscardStep(account_id=self._request.account_id, video_id=self._request.video_id)
        policy = self._steps.policies.settle
        await policy.run(AssemblyActivities.discard_draft, draft, "remove the draft's pieces")

    async def _stay_open(self) -> None:
        """Serve Studio until the run is closed or idle; continue as new before the history gets too long."""
        if await self._studio.serve():
            carried = {"mode": RunMode.STUDIO, "carried": self._state.carried()}
            workflow.continue_as_new(self._request.model_copy(update=carried))
        refused = self._studio.refused
        if refused is not None and self._request.mode is RunMode.STUDIO:
            self._state.end(RunStatus.FAILED, workflow.now(), refused, refused.sentence)
            raise ApplicationError(refused.sentence, type=refused.type, non_retryable=True)
        self._state.status, self._state.sentence = RunStatus.CLOSED, "Closed; the video stays in the Vault."
        self._steps.publish()
        await shielded(workflow.wait_condition(workflow.all_handlers_finished))

    @workflow.update
    async def admit(self, request: AdmitRequest) -> Admission:
        """Return once the credits are held; raise the failure that refused them."""
        state = self._state
        await workflow.wait_condition(lambda: state.admitted_amount is not None or state.failure is not None)
        if state.admitted_amount is None or state.balance is None:
            failure = state.failure or FailureNote(type="Failed", sentence="The run could not start.")
            raise ApplicationError(failure.sentence, type=failure.type, non_retryable=True)
        return Admission(video_id=state.video_id, amount=state.admitted_amount, balance=state.balance)

    @admit.validator
    def _to_be_made(self, request: AdmitRequest) -> None:
        if self._request.mode is RunMode.STUDIO and self._state.admitted_amount is None:
            raise ApplicationError("This video has been made before.", type="AlreadyMade", non_retryable=True)

    @workflow.update
    async def retry_stage(self, request: Reason) -> Progress:
        """Let a parked run, and its parked Studio operations, try again."""
        self._steps.retry()
        await self._studio.resume(request)
        return self._state.progress()

    @retry_stage.validator
    def _parked(self, request: Reason) -> None:
        if not self._steps.gates.closed and not self._studio.is_making:
            raise ApplicationError("Nothing waits in this run.", type="NotParked", non_retryable=True)

    @workflow.update
    async def abandon(self, request: Reason) -> Progress:
        """Give up the draft, or Studio's waiting versions, with a refund; returns once the credits are back."""
        reason = request.reason or "Given up by support."
        if self._studio.waits_to_join:
            await self._studio.give_up(reason)
        else:
            self._abandoned = reason
            await workflow.wait_condition(lambda: self._state.failure is not None or self._state.version > 0)
        return self._state.progress()

    @abandon.validator
    def _still_to_be_made(self, request: Reason) -> None:
        is_made = self._state.version or self._request.mode is RunMode.STUDIO
        if is_made and not self._studio.waits_to_join:
            sentence = "The video is there: there is nothing to give up. `close` closes its run."
            raise ApplicationError(sentence, type="NotParked", non_retryable=True)

    @workflow.update
    async def close(self, request: Reason) -> Progress:
        """Close the run after version 1; the video stays."""
        self._state.closing = True
        return self._state.progress()

    @close.validator
    def _delivered(self, request: Reason) -> None:
        if self._studio.has_no_draft:
            raise ApplicationError("There is no draft yet; cancel instead.", type="NoDraft", non_retryable=True)

    @workflow.update
    async def regenerate_scene(self, order: StudioOrder) -> AcceptedOperation:
        """Regenerate a scene's image or video; returns once its credits are held."""
        return await self._studio.accept(order)

    @regenerate_scene.validator
    def _can_regenerate(self, order: StudioOrder) -> None:
        self._studio.check(order)
        if order.kind.charged_as is None:
            raise ApplicationError(
                "Only an image or a video can be regenerated.", type="InvalidInput", non_retryable=True
            )

    @workflow.update
    async def choose_version(self, order: StudioOrder) -> AcceptedOperation:
        """Show another take of a scene, or an older version; free, and a new version."""
        return await self._studio.accept(order)

    @choose_version.validator
    def _can_choose(self, order: StudioOrder) -> None:
        self._studio.check(order)
        if order.kind.charged_as is not None:
            raise ApplicationError("This has a price; regenerate the scene.", type="InvalidInput", non_retryable=True)

    @workflow.update
    async def edit_board(self, order: BoardOrder) -> BoardAnswer:
        """Edit the storyboard; free, and a new revision."""
        return await self._draft.board.edit(order)

    @edit_board.validator
    def _can_edit_board(self, order: BoardOrder) -> None:
        self._draft.board.check(order)

    @workflow.update
    async def restore_board(self, order: BoardOrder) -> BoardAnswer:
        """Undo or redo a step of the storyboard; free, and a new revision."""
        return await self._draft.board.restore(order)

    @restore_board.validator
    def _can_restore_board(self, order: BoardOrder) -> None:
        self._draft.board.check(order)

    @workflow.update
    async def approve_board(self, order: BoardOrder) -> BoardAnswer:
        """Approve scenes of the storyboard: they are filmed as they are."""
        return await self._draft.board.approve(order)

    @approve_board.validator
    def _can_approve(self, order: BoardOrder) -> None:
        self._draft.board.check(order)

    @workflow.update
    async def repaint_still(self, order: BoardOrder) -> RepaintTicket:
        """Make a still of the storyboard anew; returns once its credits are held."""
        return await self._draft.board.repaint(order)

    @repaint_still.validator
    def _can_repaint(self, order: BoardOrder) -> None:
        self._draft.board.check(order)

    @workflow.update
    async def place_own(self, order: BoardOrder) -> BoardAnswer:
        """Show an own picture or clip in a scene of the storyboard; free, and a new revision."""
        return await self._draft.board.place_own(order)

    @place_own.validator
    def _can_place(self, order: BoardOrder) -> None:
        self._draft.board.check(order)

    @workflow.signal
    def move(self, request: Reason) -> None:
        """No-op signal: forces a workflow task, so that the run moves to the current version of the workers."""

    @workflow.query
    def progress(self) -> Progress:
        """The progress of stages, scenes and the whole run."""
        return self._state.progress()
