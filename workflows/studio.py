"""The open phase of a run: Studio operations come in, versions come out.

An update handler accepts an operation, a child workflow makes its take if there is one to make, and this run joins the
versions one at a time, so that two children that finish together lose nothing. The Vault holds the truth about
operations: a run that was reset, continued as new or reopened resumes the open ones from there. A run continues as new
once its history is long, no handler is unfinished and nothing is under way; operations that arrive meanwhile wait in
its state.
"""

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, WorkflowAlreadyStartedError
from temporalio.workflow import ChildWorkflowCancellationType, ParentClosePolicy

with workflow.unsafe.imports_passed_through():
    from activities.credits import CreditActivities
    from activities.studio import StudioActivities
    from activities.versions import VersionActivities
    from models.brief import PROMPT_MAX_CHARS
    from models.credits import SettleRequest
    from models.generation import GenerateRequest, Reason, RunMode
    from models.ids import LOCAL_PROVIDER, regenerate_workflow_id, studio_operation_key
    from models.progress import FailureNote, OperationStage, RunStatus, StageName
    from models.search_attributes import SearchAttribute, keywords
    from models.studio import (
        OPERATION_ID,
        AcceptedOperation,
        EndStep,
        OperationRef,
        Outcome,
        StudioOrder,
        StudioReady,
        StudioState,
        VideoStep,
    )
    from workflows.failure_policy import Verdict, innermost, note_on, verdict_on
    from workflows.flow import first_of
    from workflows.policies import MAX_HISTORY_EVENTS, MAX_OPEN_OPERATIONS, Policies, in_turn
    from workflows.regenerate_scene import RegenerateScene
    from workflows.saga import shielded
    from workflows.state import OperationState
    from workflows.steps import Steps

_CLOSED = FailureNote(type="Cancelled", sentence="The run was cancelled; the credits are back.")


class Studio:
    """One video, open for changes."""

    def __init__(self, request: GenerateRequest, steps: Steps) -> None:
        self._request = request
        self._steps = steps
        self._state = steps.state
        self._policies = Policies(request.limits, request.account_id, urgent=True)
        self._ready: StudioReady | None = None
        self._refused: FailureNote | None = None
        self._cancelled = False
        self._reopened = request.mode is RunMode.STUDIO and request.carried is None
        """No operation was accepted since the run was opened."""
        self._joining = asyncio.Lock()
        self._given_up: dict[str, str] = {}
        """By operation: support's reason for giving up its join."""
        self._work: dict[str, asyncio.Task[None]] = {}
        self._active_at: datetime = workflow.now()

    @property
    def refused(self) -> FailureNote | None:
        """Why this run cannot serve."""
        return self._refused

    async def serve(self) -> bool:
        """Serve until closed, idle or long enough; True requests continue-as-new."""
        try:
            await self._open()
            await self._until_done()
        except asyncio.CancelledError:
            await shielded(self._wind_up())
            return False
        except ActivityError as error:
            self._refused = note_on(error)
            await shielded(workflow.wait_condition(workflow.all_handlers_finished))
            return False
        return self._turning and (bool(self._state.operations) or not self._state.closing)

    def check(self, order: StudioOrder) -> None:
        """Refuse what shape and state show to be wrong; the handler and SQL check again.

        Raises:
                ApplicationError: The operation is refused; `type` names the reason.
        """
        state, index = self._state, order.scene_index
        if order.account_id != self._request.account_id or order.video_id != self._request.video_id:
            raise _refusal("InvalidInput", "This is another video's run.", "no_video")
        if self.has_no_draft:
            raise _refusal("NoDraft", "There is no draft yet; wait until it is ready.")
        if OPERATION_ID.fullmatch(order.operation_id) is None:
            raise _refusal("InvalidInput", "An operation id has 1 to 80 letters, digits, - or _.", "operation_id")
        if order.kind.is_on_scene and (index is None or index < 0):
            raise _refusal("InvalidInput", "Say which scene.", "no_scene")
        # With an id the place is one in the version that the artist saw: SQL looks for the scene in the newest.
        if order.scene_id is None and index is not None and state.scene_count and index >= state.scene_count:
            sentence = f"There is no scene {index + 1}; the video has {state.scene_count} scenes."
            raise _refusal("InvalidInput", sentence, "no_scene")
        if len(order.edit.prompt or "") > PROMPT_MAX_CHARS:
            raise _refusal("InvalidInput", f"A prompt may have {PROMPT_MAX_CHARS} characters.", "prompt")
        if order.edit.prompt is not None and not order.edit.prompt.strip():
            raise _refusal("InvalidInput", "An empty prompt says nothing; leave it out to keep the old one.", "prompt")
        others = [one for one in state.operations if one.operation_id != order.operation_id]
        # A joined version may be in the Vault while the answer of its join is still on its way here: SQL decides then.
        busy = [one for one in others if one.stage is not OperationStage.JOINING]
        if index is not None and any(one.scene_index == order.scene for one in busy):
            raise _refusal(
                "InvalidInput", f"Scene {index + 1} is being worked on; wait for its new version.", "scene_busy"
            )
        events = workflow.info().get_current_history_length()
        if len(others) >= MAX_OPEN_OPERATIONS or events >= MAX_HISTORY_EVENTS:
            raise _refusal("Busy", "Many operations on this video are under way; wait until some are done.")

    @property
    def has_no_draft(self) -> bool:
        """Whether there is no version 1, nor one that is being stored: the Vault shows that before the run knows."""
        state = self._state
        if self._request.mode is RunMode.STUDIO or state.version:
            return False
        return state.timeline_key is None or state.failure is not None or self._steps.gates.closed

    async def accept(self, order: StudioOrder) -> AcceptedOperation:
        """Hold the price of an operation and start it.

        Raises:
                ApplicationError: The operation is refused; `type` names the reason.
        """
        await workflow.wait_condition(lambda: self._ready is not None or self._refused is not None or self.has_no_draft)
        if self._refused is not None:
            raise _refusal(self._refused.type, self._refused.sentence, "no_video")
        self.check(order)
        method, policy = StudioActivities.accept_operation, self._policies.ask
        try:
            ticket = await policy.run(method, order, f"accept {order.kind.value}")
        except ActivityError as error:
            note, cause = note_on(error), innermost(error)
            if verdict_on(error) is not Verdict.DEFINITE:
                # It may have been recorded all the same; no caller holds a ticket for it.
                self._spawn(f"undo-{order.operation_id}", self._end(order.operation_id, note))
            details = cause.details if isinstance(cause, ApplicationError) else ()
            raise _refusal(note.type, note.sentence, *details) from error
        self._reopened, self._active_at = False, workflow.now()
        if ticket.state in (StudioState.ACCEPTED, StudioState.MADE):
            self._take_up(OperationState(operation_id=order.operation_id, kind=order.kind, scene_index=order.scene))
        return ticket

    @property
    def is_making(self) -> bool:
        """Whether a child is at work, or waits for a person."""
        return any(one.stage is OperationStage.MAKING for one in self._state.operations)

    @property
    def waits_to_join(self) -> bool:
        """Whether a version's join waits for a person, or behind one that does."""
        return self._steps.gates.closed and bool(self._waiting_to_join)

    @property
    def _waiting_to_join(self) -> list[OperationState]:
        return [one for one in self._state.operations if one.stage is OperationStage.JOINING]

    async def give_up(self, reason: str) -> None:
        """Give up the versions that wait to be joined; returns once their credits are back."""
        waiting = self._waiting_to_join
        self._given_up |= {one.operation_id: reason for one in waiting}
        await workflow.wait_condition(lambda: not any(one in self._state.operations for one in waiting))

    async def resume(self, request: Reason) -> None:
        """Retry the operations that wait for a person."""
        for one in list(self._state.operations):
            if one.stage is OperationStage.MAKING:
                child = regenerate_workflow_id(self._request.video_id, one.operation_id)
                try:
                    await workflow.get_external_workflow_handle_for(RegenerateScene.run, child).signal(
                        RegenerateScene.resume, request
                    )
                except FailureError:
                    continue  # ended a moment ago

    async def _open(self) -> None:
        video = VideoStep(account_id=self._request.account_id, video_id=self._request.video_id)
        method, policy = StudioActivities.open_studio, self._policies.light
        ready = await self._steps.do(StageName.ASSEMBLY, method, video, policy, "open for Studio")
        self._state.reopen(ready.version, ready.timeline_key, ready.credits_charged)
        self._state.scene_count = ready.scene_count
        open_ids = {one.operation_id for one in ready.operations}
        queued, self._state.operations = self._state.operations, []
        self._ready = ready
        for one in queued:
            if one.operation_id in open_ids:
                self._take_up(OperationState(**one.model_dump(exclude={"stage"})))
        for found in ready.operations:
            self._take_up(OperationState(**found.model_dump()))
        self._steps.publish()

    async def _until_done(self) -> None:
        """Wait until the run has a reason to stop serving: closed, idle, or due to continue as new."""
        limits = self._request.limits
        while True:
            reopened = self._reopened
            patience = timedelta(seconds=limits.reopen_timeout_s if reopened else limits.idle_timeout_s)
            left = self._active_at + patience - workflow.now()
            try:
                await workflow.wait_condition(
                    lambda before=reopened: self._may_end or self._reopened != before,  # type: ignore[misc]
                    timeout=max(left, timedelta(0)),
                    timeout_summary="closes, unless something is ordered",
                )
            except TimeoutError:
                if self._work or not workflow.all_handlers_finished():
                    self._active_at = workflow.now()
                elif workflow.now() >= self._active_at + patience:
                    self._state.closing = True
            if self._may_end:
                return

    @property
    def _turning(self) -> bool:
        """Whether the history is long enough to continue as new."""
        info = workflow.info()
        length = info.get_current_history_length()
        return length >= self._request.limits.history_events or info.is_continue_as_new_suggested()

    @property
    def _may_end(self) -> bool:
        wanted = self._state.closing or self._turning
        return wanted and not self._work and workflow.all_handlers_finished()

    async def _wind_up(self) -> None:
        """After a cancellation of the run: cancel takes in the making, finish the join under way."""
        self._cancelled = self._state.closing = True
        if self._ready is None:
            self._refused = _CLOSED
        for one in list(self._state.operations):
            if one.stage is OperationStage.MAKING:
                child = regenerate_workflow_id(self._request.video_id, one.operation_id)
                try:
                    await workflow.get_external_workflow_handle(child).cancel()
                except FailureError:
                    continue  # ended a moment ago
        for one in list(self._state.operations):
            if one.operation_id not in self._work:
                self._take_up_now(one)
        await workflow.wait_condition(lambda: not self._work and workflow.all_handlers_finished())

    def _take_up(self, one: OperationState) -> None:
        """Start an operation, or leave it in the state for the run that continues this one."""
        if any(known.operation_id == one.operation_id for known in self._state.operations):
            return
        self._reopened = False
        self._state.operations.append(one)
        if not self._turning:
            self._take_up_now(one)

    def _take_up_now(self, one: OperationState) -> None:
        self._spawn(one.operation_id, self._see_to(one))

    def _spawn(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._work[name] = task
        task.add_done_callback(lambda _: self._work.pop(name, None))

    async def _see_to(self, one: OperationState) -> None:
        """Make and join one operation; any failure ends it with a refund."""
        try:
            if self._cancelled:
                await self._end(one.operation_id, _CLOSED)
            elif one.kind.charged_as is None or await self._make(one):
                one.stage = OperationStage.JOINING
                async with self._joining:
                    await self._join(one)
        except FailureError as error:
            await self._end(one.operation_id, note_on(error))
        self._state.operations.remove(one)
        self._active_at = workflow.now()
        self._steps.publish()

    async def _make(self, one: OperationState) -> bool:
        """Have a child make the take; False if that failed and the credits are back."""
        one.stage = OperationStage.MAKING
        ref, scene = self._ref(one.operation_id), (one.scene_index or 0) + 1
        about = {
            SearchAttribute.ACCOUNT: ref.account_id,
            SearchAttribute.SONG: self._request.song_id,
            SearchAttribute.VIDEO: ref.video_id,
            SearchAttribute.STYLE: self._request.brief.style,
            SearchAttribute.STATE: RunStatus.RUNNING.value,
            SearchAttribute.PROVIDER: LOCAL_PROVIDER,
        }
        try:
            child = await workflow.start_child_workflow(
                RegenerateScene.run,
                ref,
                id=regenerate_workflow_id(ref.video_id, ref.operation_id),
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                # The child outlives a reset or termination of this run; the next run finds its outcome in the Vault.
                parent_close_policy=ParentClosePolicy.ABANDON,
                cancellation_type=ChildWorkflowCancellationType.ABANDON,
                static_summary=f"scene {scene} · {one.kind.value} · {self._request.song_title}",
                search_attributes=keywords(about),
                priority=in_turn(ref.account_id, urgent=True),
            )
        except WorkflowAlreadyStartedError:
            wait, policy = StudioActivities.await_operation, self._policies.await_analysis
            outcome: Outcome = await self._steps.do(StageName.CLIPS, wait, ref, policy, "await the running operation")
            return outcome.state is StudioState.MADE
        outcome = await child
        return outcome.state is StudioState.MADE

    async def _join(self, one: OperationState) -> None:
        """Number, join and store the version, then capture the credits; a join that stays parked is given up."""
        ref, limits = self._ref(one.operation_id), self._request.limits
        join, policy = VersionActivities.join_version, self._policies.assemble
        summary = f"{one.kind.value} · next version"
        joining = asyncio.create_task(self._steps.do(StageName.ASSEMBLY, join, ref, policy, summary))
        overdue = asyncio.create_task(self._steps.gates.overdue(timedelta(seconds=limits.park_timeout_s)))
        given_up = asyncio.create_task(workflow.wait_condition(lambda: one.operation_id in self._given_up))
        limit = timedelta(seconds=limits.draft_timeout_s)
        if await first_of([joining, overdue, given_up], limit, "time limit of the join") is not joining:
            self._steps.retry()  # the others need not wait behind this one's gate
            reason = self._given_up.get(one.operation_id, "Given up after waiting too long.")
            raise ApplicationError(reason, type="Abandoned", non_retryable=True)
        joined = joining.result()
        if not joined.version:
            return
        if one.kind.charged_as is not None:
            key = studio_operation_key(ref.video_id, ref.operation_id)
            settle = SettleRequest(account_id=ref.account_id, operation_key=key)
            settled = await self._policies.settle.run(CreditActivities.settle_credits, settle, "take the credits")
            self._state.balance = settled.balance
        self._state.version, self._state.timeline_key = joined.version, joined.timeline_key
        self._state.scene_count = joined.scene_count or self._state.scene_count
        self._state.rest()

    async def _end(self, operation_id: str, note: FailureNote) -> None:
        """Make sure that an operation has ended and its credits are back."""
        end = EndStep(operation=self._ref(operation_id), note=note)
        try:
            await self._policies.settle.run(StudioActivities.end_operation, end, "give the credits back")
        except ActivityError:
            workflow.logger.info("the operation had not been recorded")

    def _ref(self, operation_id: str) -> OperationRef:
        return OperationRef(
            account_id=self._request.account_id,
            video_id=self._request.video_id,
            operation_id=operation_id,
            limits=self._request.limits,
        )


def _refusal(kind: str, sentence: str, *details: str) -> ApplicationError:
    return ApplicationError(sentence, *details, type=kind, non_retryable=True)
