"""`EnhanceBrief`: previews the expansion of a short brief, before anything is paid for.

Promise: returns the expanded brief or fails within half a minute; stores nothing, so there is nothing to undo.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.direction import DirectionActivities
    from models.brief import Brief, EnhanceRequest
    from models.queues import PROVIDER_QUEUE
    from workflows.policies import ENHANCE_RETRY, ENHANCE_TIMEOUT, in_turn


@workflow.defn(name="EnhanceBrief")
class EnhanceBrief:
    """One expansion."""

    @workflow.run
    async def run(self, request: EnhanceRequest) -> Brief:
        """Ask the director."""
        return await workflow.execute_activity_method(
            DirectionActivities.enhance_brief,
            request,
            task_queue=PROVIDER_QUEUE,
            summary="expand the brief",
            schedule_to_close_timeout=ENHANCE_TIMEOUT,
            retry_policy=ENHANCE_RETRY,
            priority=in_turn(request.account_id, urgent=True),
        )
