"""`ReconcileCredits`, `ReconcileJobs`, `VerifyLedger`: scheduled, so that money is right where no workflow is left.

Promise: a hold whose run was terminated, timed out or is gone is settled within five minutes, by what SQL says was
delivered; a paid job whose run is gone is cancelled or its cost counted. All are idempotent and undo nothing.
"""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.credits import CreditActivities
    from activities.purchases import PurchaseActivities
    from models.credits import LedgerReport
    from models.generation import ReconcileRequest, Reconciliation
    from models.paid_media import JobsReconciled
    from models.routing import PROVIDER_QUEUE, QUEUE
    from workflows.policies import BOOKKEEPING_HEARTBEAT, BOOKKEEPING_TIMEOUT, RECONCILE_TIMEOUT


@workflow.defn(name="ReconcileCredits")
class ReconcileCredits:
    """One look at all standing holds."""

    @workflow.run
    async def run(self, request: ReconcileRequest) -> Reconciliation:
        """Settle what nobody will settle otherwise."""
        return await workflow.execute_activity_method(
            CreditActivities.reconcile_credits,
            request,
            task_queue=QUEUE,
            start_to_close_timeout=RECONCILE_TIMEOUT,
            heartbeat_timeout=BOOKKEEPING_HEARTBEAT,
            # The schedule comes again in a minute: better than a long retry of an old look.
            retry_policy=RetryPolicy(maximum_attempts=3, maximum_interval=timedelta(seconds=10)),
        )


@workflow.defn(name="ReconcileJobs")
class ReconcileJobs:
    """One look at all open jobs at providers."""

    @workflow.run
    async def run(self, request: ReconcileRequest) -> JobsReconciled:
        """Settle what nobody waits for any more."""
        return await workflow.execute_activity_method(
            PurchaseActivities.reconcile_jobs,
            request,
            task_queue=PROVIDER_QUEUE,
            start_to_close_timeout=RECONCILE_TIMEOUT,
            heartbeat_timeout=BOOKKEEPING_HEARTBEAT,
            retry_policy=RetryPolicy(maximum_attempts=3, maximum_interval=timedelta(seconds=10)),
        )


@workflow.defn(name="VerifyLedger")
class VerifyLedger:
    """One recomputation of all balances; fails where they differ."""

    @workflow.run
    async def run(self, request: ReconcileRequest) -> LedgerReport:
        """Verify the books."""
        return await workflow.execute_activity_method(
            CreditActivities.verify_ledger,
            request,
            task_queue=QUEUE,
            start_to_close_timeout=BOOKKEEPING_TIMEOUT,
            retry_policy=RetryPolicy(maximum_attempts=3),
        )
