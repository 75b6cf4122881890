"""`TidyUp`: scheduled removal of expired data.

Promise: an incomplete upload is removed a day later. Idempotent; there is nothing to undo.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.tidying import TidyingActivities
    from models.queues import QUEUE
    from models.tidying import Tidied, TidyRequest
    from workflows.policies import BOOKKEEPING_RETRY, BOOKKEEPING_TIMEOUT


@workflow.defn(name="TidyUp")
class TidyUp:
    """One round."""

    @workflow.run
    async def run(self, request: TidyRequest) -> Tidied:
        """Remove what has expired."""
        return await workflow.execute_activity_method(
            TidyingActivities.tidy_up,
            request,
            task_queue=QUEUE,
            start_to_close_timeout=BOOKKEEPING_TIMEOUT,
            retry_policy=BOOKKEEPING_RETRY,
        )
