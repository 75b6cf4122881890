"""`GenerateVideo`: a song and a brief become version 1 of a video, which then stays open for Studio.

Promise: a run is charged its 200 credits exactly once, when version 1 is stored, or not at all.

Phases: hold the credits · make the draft (`workflows/draft.py`) · deliver and capture · stay open. Meanwhile people may
watch (`progress`) and cancel, and support may `retry_stage` or `abandon` a parked run; once it is open, artists may
`regenerate_scene` and `choose_version` (`workflows/studio.py`). On failure or cancellation before version 1 the hold is
settled by what SQL says: a stored version takes it, an artist's accepted stop keeps a part (`models/stops.py`),
anything else gives it back. A cancelled draft's objects are removed (a step in flight may leave one behind). After
version 1 a cancellation, `close`, or idle time closes the run and leaves the video. A run in Studio mode begins open,
for a video that is in the Vault.
"""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    CancelledError,
    FailureError,
    is_cancelled_exception,
)

with workflow.unsafe.imports_passed_through():
    from activities.assembly import AssemblyActivities
    from activities.credits import CreditActivities
    from models.credits import HoldRequest, Operation, Settlement, SettleRequest
    from models.generation import (
        Admission,
        AdmitRequest,
        CloseRequest,
        DeliverStep,
        DiscardStep,
        DocumentRef,
        GenerateRequest,
        GenerateResult,
        RunMode,
    )
    from models.progress import FailureNote, Progress, RunStatus, StageName
    from models.routing import generate_operation_key
    from models.studio import StudioOrder, Ticket
    from workflows.draft import Draft
    from workflows.flow import first_of
    from workflows.saga import Saga, shielded
    from workflows.state import RunState
    from workflows.steps import Steps
    from workflows.studio import Studio
    from workflows.verdicts import note_on

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
            else RunState.new(request.video_id, workflow.now())
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
        self._abandoned: str | None = None

    @workflow.run
    async def run(self, request: GenerateRequest) -> GenerateResult:
        """Hold, make, deliver, stay open. In Studio mode there is nothing to hold: the video is in the Vault."""
        if request.mode is RunMode.GENERATE:
            try:
                await self._make_draft()
            except (FailureError, asyncio.CancelledError) as error:
                # Anything else is a defect of this code: the task fails, and the run goes on with a mended version.
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

    async def _make_draft(self) -> None:
        """Pay for, make and deliver the draft, bounded by time and by patience with a parked run."""
        limits = self._request.limits
        draft = asyncio.create_task(self._make_and_deliver())
        overdue = asyncio.create_task(self._steps.gates.overdue(timedelta(seconds=limits.park_timeout_s)))
        abandoned = asyncio.create_task(workflow.wait_condition(lambda: self._abandoned is not None))
        winner = await first_of([draft, overdue, abandoned], timedelta(seconds=limits.draft_timeout_s))
        if winner is draft:
            return draft.result()
        if winner is abandoned:
            raise ApplicationError(self._abandoned or "Given up by support.", type="Abandoned", non_retryable=True)
        if winner is overdue:
            reason = f"Given up after waiting too long: {self._state.sentence}"
            raise ApplicationError(reason, type="Abandoned", non_retryable=True)
        raise ApplicationError("The draft took too long and was given up.", type="DraftTimedOut", non_retryable=True)

    async def _make_and_deliver(self) -> None:
        await self._hold_credits()
        await self._deliver(await Draft(self._request, self._steps).make())

    async def _deliver(self, timeline: DocumentRef) -> None:
        """Commit version 1, then capture. From the commit on the run cannot fail any more."""
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
        """Capture if version 1 is stored, release otherwise: SQL knows, whatever we believe."""
        request = SettleRequest(account_id=self._request.account_id, operation_key=self._operation_key)
        policy = self._steps.policies.settle
        settled = await workflow.execute_activity_method(
            CreditActivities.settle_credits, request, summary="settle the hold", **policy.options()
        )
        self._take(settled)

    async def _settle_late(self) -> None:
        """The hold was released before (this run was reset): pay anew, or wait until somebody tops up."""
        method, policy = CreditActivities.settle_late, self._steps.policies.light
        # The video is made: what it costs today is owed, whatever was shown then.
        request = self._hold_request.model_copy(update={"quoted": None})
        self._take(await self._steps.do(StageName.ASSEMBLY, method, request, policy, "settle late"))
        self._saga.complete()

    def _take(self, settled: Settlement) -> None:
        self._state.balance = settled.balance
        if settled.outcome == "captured":
            self._state.version, self._state.credits_charged = 1, settled.credits
            self._steps.advance(StageName.ASSEMBLY, "Version 1 is stored.")
            self._state.status, self._state.sentence = RunStatus.DRAFT_READY, "The draft is ready."
            self._steps.publish()
        elif settled.outcome == "kept":
            self._state.credits_charged = settled.credits

    async def _settle_without_draft(self, error: BaseException) -> None:
        """Undo; then end as cancelled or failed, unless the draft had been delivered after all."""
        cancelled = is_cancelled_exception(error)
        note = _CANCELLED if cancelled else note_on(error)
        try:
            await self._saga.undo()
            if cancelled and not self._state.version:
                await shielded(self._discard())
        except ActivityError:
            # The reconciler settles the hold once this run is closed; nobody may wait for an answer in vain until then.
            workflow.logger.exception("a compensation failed")
        if self._state.version:
            self._state.closing = self._state.closing or cancelled
            return
        if kept := self._state.credits_charged:
            back = (self._state.admitted_amount or kept) - kept
            said = "Cancelled." if cancelled else note.sentence
            sentence = f"{said} {kept} credits are kept for what had been bought, {back} are back."
            note = note.model_copy(update={"sentence": sentence})
        self._state.end(RunStatus.CANCELLED if cancelled else RunStatus.FAILED, workflow.now(), note, note.sentence)
        self._steps.publish()
        await shielded(workflow.wait_condition(workflow.all_handlers_finished))
        if cancelled:
            raise CancelledError(note.sentence)
        raise ApplicationError(note.sentence, type=note.type, non_retryable=True) from error

    async def _discard(self) -> None:
        draft = DiscardStep(account_id=self._request.account_id, video_id=self._request.video_id)
        policy = self._steps.policies.settle
        await workflow.execute_activity_method(
            AssemblyActivities.discard_draft, draft, summary="remove the draft's pieces", **policy.options()
        )

    async def _stay_open(self) -> None:
        """Serve Studio until somebody closes the run or nobody comes; continue as new before the history gets long."""
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
        """Return once the credits are held; raise what refused them."""
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
    async def retry_stage(self, request: CloseRequest) -> Progress:
        """Let a parked run, and its parked Studio operations, try again."""
        self._steps.retry()
        await self._studio.resume(request)
        return self._state.progress()

    @retry_stage.validator
    def _parked(self, request: CloseRequest) -> None:
        if not self._steps.gates.closed and not self._studio.is_making:
            raise ApplicationError("Nothing waits in this run.", type="NotParked", non_retryable=True)

    @workflow.update
    async def abandon(self, request: CloseRequest) -> Progress:
        """Give up the draft, or Studio's versions that wait, with a refund; answers when the credits are back."""
        reason = request.reason or "Given up by support."
        if self._studio.waits_to_join:
            await self._studio.give_up(reason)
        else:
            self._abandoned = reason
            await workflow.wait_condition(lambda: self._state.failure is not None or self._state.version > 0)
        return self._state.progress()

    @abandon.validator
    def _still_to_be_made(self, request: CloseRequest) -> None:
        is_made = self._state.version or self._request.mode is RunMode.STUDIO
        if is_made and not self._studio.waits_to_join:
            sentence = "The video is there: there is nothing to give up. `close` closes its run."
            raise ApplicationError(sentence, type="NotParked", non_retryable=True)

    @workflow.update
    async def close(self, request: CloseRequest) -> Progress:
        """Close the run after version 1; the video stays."""
        self._state.closing = True
        return self._state.progress()

    @close.validator
    def _delivered(self, request: CloseRequest) -> None:
        if not self._state.version and self._request.mode is RunMode.GENERATE:
            raise ApplicationError("There is no draft yet; cancel instead.", type="NoDraft", non_retryable=True)

    @workflow.update
    async def regenerate_scene(self, order: StudioOrder) -> Ticket:
        """Make a scene's image or video anew; answers once its credits are held."""
        return await self._studio.accept(order)

    @regenerate_scene.validator
    def _can_regenerate(self, order: StudioOrder) -> None:
        self._studio.check(order)
        if order.kind.charged_as is None:
            raise ApplicationError("Only image and video are made anew.", type="InvalidInput", non_retryable=True)

    @workflow.update
    async def choose_version(self, order: StudioOrder) -> Ticket:
        """Show another take of a scene, or an older version; free, and a version of its own."""
        return await self._studio.accept(order)

    @choose_version.validator
    def _can_choose(self, order: StudioOrder) -> None:
        self._studio.check(order)
        if order.kind.charged_as is not None:
            raise ApplicationError("This has a price; regenerate the scene.", type="InvalidInput", non_retryable=True)

    @workflow.signal
    def move(self, request: CloseRequest) -> None:
        """Nothing changes, but the task that hears this is done by the current version of the workers."""

    @workflow.query
    def progress(self) -> Progress:
        """Stages, scenes and the run as a whole."""
        return self._state.progress()
