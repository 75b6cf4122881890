"""Stills that are made anew for a storyboard: a wish of its artist, which never parks or ends the run.

The price is held before a still is made, and captured in the transaction that shows it. Whatever goes wrong releases
it and changes nothing.
"""

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.board import BoardActivities
    from models.boards import BoardAnswer, EndRepaintStep, RepaintTicket, ShowStillStep
    from models.generation import GenerateRequest, StillStep
    from models.progress import FailureNote
    from workflows.failure_policy import note_on
    from workflows.making import Making
    from workflows.policies import Policies
    from workflows.steps import Steps, Unparked

_ENDED = FailureNote(type="Ended", sentence="The run has ended. The credits for this still are back.")


class Repaints:
    """The repaints of one run.

    Args:
        request: The run's input.
        steps: The run's steps.
        policies: Those of what a person waits for.
    """

    def __init__(self, request: GenerateRequest, steps: Steps, policies: Policies) -> None:
        self._request = request
        self._policies = policies
        self._making = Making(Unparked(steps.state, request.limits, request.account_id, urgent=True))
        self._making.wish(request.still_model, request.clip_model)

    async def make(self, ticket: RepaintTicket) -> BoardAnswer | None:
        """Make a still and show it on the board; None: that failed, and the credits are back.

        Raises:
            ActivityError: The run is cancelled; it closes the board.
        """
        request, scene_id, operation_id = self._request, ticket.scene_id, ticket.operation_id
        still = StillStep(
            account_id=request.account_id,
            video_id=request.video_id,
            profile=request.profile,
            scene_index=scene_id,
            prompts_key=ticket.prompts_key,
            with_cast=ticket.with_cast,
        )
        try:
            take = await self._making.still(still, f"scene {scene_id + 1} · still anew", edition=operation_id)
            made = ShowStillStep(
                account_id=request.account_id,
                video_id=request.video_id,
                operation_id=operation_id,
                prompts_key=ticket.prompts_key,
                still=take.digest,
                words_key=take.words_key,
            )
            return await self._policies.ask.run(BoardActivities.show_still, made, "show the new still")
        except FailureError as error:
            if is_cancelled_exception(error):
                raise
            await self.end(operation_id, note_on(error))
            return None

    async def end(self, operation_id: str, note: FailureNote) -> None:
        """Give up a repaint, and give its credits back."""
        try:
            await self._end(operation_id, note)
        except ActivityError:
            workflow.logger.info("the repaint had not been recorded")

    async def withdraw(self) -> None:
        """Cancel queued jobs at the provider."""
        await self._making.withdraw()

    async def end_all(self) -> None:
        """Give up all repaints under way: the run has ended."""
        await self._end("", _ENDED)

    async def _end(self, operation_id: str, note: FailureNote) -> None:
        end = EndRepaintStep(
            account_id=self._request.account_id,
            video_id=self._request.video_id,
            operation_id=operation_id,
            note=note,
        )
        await self._policies.settle.run(BoardActivities.end_repaint, end, "give the credits back")
