"""`EnhanceBrief`: shows an artist what a short brief would become, before anything is paid for.

Promise: answers with the expanded brief or fails within half a minute; stores nothing, and there is nothing to undo.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.direction import DirectionActivities
    from models.brief import Brief, EnhanceRequest
    from models.routing import QUEUE
    from workflows.policies import ENHANCE_TIMEOUT


@workflow.defn(name="EnhanceBrief")
class EnhanceBrief:
    """One expansion."""

    @workflow.run
    async def run(self, request: EnhanceRequest) -> Brief:
        """Ask the director."""
        return await workflow.execute_activity_method(
            DirectionActivities.enhance_brief,
            request,
            task_queue=QUEUE,
            summary="expand the brief",
            schedule_to_close_timeout=ENHANCE_TIMEOUT,
            # Somebody looks at a spinner: better to say no than to try for long.
            retry_policy=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=3),
        )
