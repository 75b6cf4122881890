"""`RegenerateScene`: one Studio operation, from its hold to a finished take.

Promise: the credits held for the operation are captured when its version is stored, or released. The parent takes the
hold before it starts this child; this child's saga releases it if the take cannot be made, is cancelled, or is given
up. The parent alone numbers, joins and captures, because versions come one at a time.

Phases: prepare the prompt · paint and move over the still (`image`) or film it (`video`) · record the take. Meanwhile
people may watch (`progress`), cancel, and support may `retry_stage` or `abandon` a parked operation.
"""

import asyncio
from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError, CancelledError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.studio import StudioActivities
    from models.generation import ClipStep, Reason, StillStep
    from models.progress import FailureNote, Progress, RunStatus, StageName
    from models.studio import EndStep, MadeStep, OperationRef, Outcome, Retake, StudioKind, StudioState
    from models.takes import Take
    from workflows.failure_policy import note_on
    from workflows.flow import first_of, keep_events_in_order
    from workflows.making import Making
    from workflows.saga import Saga, shielded
    from workflows.state import RunState
    from workflows.steps import Steps

_STAGES = (StageName.PROMPTS, StageName.STILLS, StageName.CLIPS)
_CANCELLED = FailureNote(type="Cancelled", sentence="Cancelled. The credits are back.")


@workflow.defn(name="RegenerateScene")
class RegenerateScene:
    """The one run behind an operation's take."""

    @workflow.init
    def __init__(self, ref: OperationRef) -> None:
        self._ref = ref
        self._state = RunState.new(ref.video_id, workflow.now(), _STAGES)
        self._steps = Steps(self._state, ref.limits, ref.account_id, urgent=True)
        self._making = Making(self._steps)
        self._saga = Saga()
        self._note = _CANCELLED
        self._outcome: Outcome | None = None
        self._abandoned: str | None = None

    @workflow.run
    async def run(self, ref: OperationRef) -> Outcome:
        """Make the take, or release the credits."""
        keep_events_in_order()
        self._saga.undo_with(self._give_up)
        try:
            return await self._make_in_time()
        except (FailureError, asyncio.CancelledError) as error:  # a defect fails the workflow task, see GenerateVideo
            cancelled = is_cancelled_exception(error)
            self._note = _CANCELLED if cancelled else note_on(error)
            await self._making.withdraw()
            await self._saga.undo()
            if self._outcome is not None and self._outcome.state in (StudioState.MADE, StudioState.DELIVERED):
                return self._outcome
            status = RunStatus.CANCELLED if cancelled else RunStatus.FAILED
            self._state.end(status, workflow.now(), self._note, self._note.sentence)
            self._steps.publish()
            await shielded(workflow.wait_condition(workflow.all_handlers_finished))
            if cancelled:
                raise CancelledError(self._note.sentence) from error
            raise ApplicationError(self._note.sentence, type=self._note.type, non_retryable=True) from error

    async def _make_in_time(self) -> Outcome:
        """Make the take, within the limits on time and on parking."""
        limits = self._ref.limits
        making = asyncio.create_task(self._make())
        overdue = asyncio.create_task(self._steps.gates.overdue(timedelta(seconds=limits.park_timeout_s)))
        abandoned = asyncio.create_task(workflow.wait_condition(lambda: self._abandoned is not None))
        limit = timedelta(seconds=limits.draft_timeout_s)
        winner = await first_of([making, overdue, abandoned], limit, "time limit of the take")
        if winner is making:
            outcome: Outcome = making.result()
            await shielded(workflow.wait_condition(workflow.all_handlers_finished))
            return outcome
        reason = self._abandoned or f"Given up after waiting too long: {self._state.sentence}"
        raise ApplicationError(reason, type="Abandoned", non_retryable=True)

    async def _make(self) -> Outcome:
        steps, policies = self._steps, self._steps.policies
        steps.begin(StageName.PROMPTS, "Preparing the scene.")
        prepare = StudioActivities.prepare_take
        retake = await steps.do(StageName.PROMPTS, prepare, self._ref, policies.direct, "the scene's prompt")
        steps.advance(StageName.PROMPTS, "The prompt is ready.")
        self._making.wish(retake.still_model, retake.clip_model)
        still = await self._still(retake)
        clip = await self._clip(retake, still)
        made = MadeStep(
            operation=self._ref,
            prompts_key=retake.prompts_key,
            shots_key=retake.shots_key,
            still_scene=still.scene_index,
            still=still.digest,
            segment=clip.digest,
            image_words=still.words_key,
            motion_words=clip.words_key,
        )
        record = StudioActivities.record_take
        self._outcome = await steps.do(StageName.CLIPS, record, made, policies.light, "record the take")
        if self._outcome.state is StudioState.FAILED:
            note = self._outcome.failure or _CANCELLED
            raise ApplicationError(note.sentence, type=note.type, non_retryable=True)
        self._state.status, self._state.sentence = RunStatus.CLOSED, "The take is ready."
        steps.advance(StageName.CLIPS, "The take is ready.")
        return self._outcome

    async def _still(self, retake: Retake) -> Take:
        """A new still, or the one that the scene shows."""
        if retake.kind is not StudioKind.IMAGE:
            self._steps.advance(StageName.STILLS, "The still stays.")
            return Take(scene_index=retake.still_scene, digest=retake.still, size_bytes=0)
        self._steps.begin(StageName.STILLS, "Painting the still.")
        step = StillStep(
            account_id=self._ref.account_id,
            video_id=self._ref.video_id,
            profile=retake.profile,
            scene_index=retake.scene_index,
            prompts_key=retake.prompts_key,
        )
        take = await self._making.still(step, self._name(retake, "still"))
        self._steps.advance(StageName.STILLS, "The still is painted.")
        return take

    async def _clip(self, retake: Retake, still: Take) -> Take:
        """A clip from the still, or a plain camera move over a new one."""
        self._steps.begin(StageName.CLIPS, "Filming the scene.")
        step = ClipStep(
            account_id=self._ref.account_id,
            video_id=self._ref.video_id,
            profile=retake.profile,
            scene_index=retake.scene_index,
            plan_key=retake.plan_key,
            prompts_key=still.words_key or retake.prompts_key,
            analysis_key=retake.analysis_key,
            still_scene=still.scene_index,
            still=still.digest,
            profile_revision=retake.profile_revision,
        )
        if retake.kind is StudioKind.IMAGE:
            return await self._making.move(step, self._name(retake, "camera move"))
        return await self._making.clip(step, self._name(retake, "clip"))

    async def _give_up(self) -> None:
        end = EndStep(operation=self._ref, note=self._note)
        policy = self._steps.policies.settle
        if self._outcome is not None and self._outcome.state is StudioState.MADE:
            return  # the take is in the Vault, and the parent goes on with it
        self._outcome = await policy.run(StudioActivities.end_operation, end, "give the credits back")

    def _name(self, retake: Retake, piece: str) -> str:
        return f"scene {retake.scene_index + 1}/{retake.scene_count} · {piece}"

    @workflow.update
    async def retry_stage(self, request: Reason) -> Progress:
        """Retry a parked operation."""
        self._steps.retry()
        return self._state.progress()

    @retry_stage.validator
    def _parked(self, request: Reason) -> None:
        if not self._steps.gates.closed:
            raise ApplicationError("Nothing waits in this run.", type="NotParked", non_retryable=True)

    @workflow.update
    async def abandon(self, request: Reason) -> Progress:
        """Give up with a refund; returns once the credits are back."""
        self._abandoned = request.reason or "Given up by support."
        await workflow.wait_condition(lambda: self._state.failure is not None or self._outcome is not None)
        return self._state.progress()

    @workflow.signal
    def resume(self, request: Reason) -> None:
        """As `retry_stage`, from the parent, which does not know whether this run is parked."""
        if self._steps.gates.closed:
            self._steps.retry()

    @workflow.signal
    def move(self, request: Reason) -> None:
        """As `GenerateVideo.move`."""

    @workflow.query
    def progress(self) -> Progress:
        """The operation's progress."""
        return self._state.progress()
