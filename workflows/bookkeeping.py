"""`ReconcileCredits`, `ReconcileJobs`, `VerifyLedger`: scheduled, so that money is right even if a run is gone.

Promise: a hold whose run was terminated, timed out or is gone is settled within five minutes, by what SQL says was
delivered; a paid job whose run is gone is cancelled or its cost counted. All are idempotent and undo nothing.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.credits import CreditActivities
    from activities.purchases import PurchaseActivities
    from models.credits import LedgerReport
    from models.generation import ReconcileRequest, Reconciliation
    from models.paid_media import JobsReconciled
    from models.queues import PROVIDER_QUEUE, QUEUE
    from workflows.policies import reconciling, verifying


@workflow.defn(name="ReconcileCredits")
class ReconcileCredits:
    """One pass over all standing holds."""

    @workflow.run
    async def run(self, request: ReconcileRequest) -> Reconciliation:
        """Settle the holds that no run will settle."""
        return await workflow.execute_activity_method(
            CreditActivities.reconcile_credits,
            request,
            **reconciling(QUEUE),
        )


@workflow.defn(name="ReconcileJobs")
class ReconcileJobs:
    """One pass over all open jobs at providers."""

    @workflow.run
    async def run(self, request: ReconcileRequest) -> JobsReconciled:
        """Settle the jobs that no run waits for."""
        return await workflow.execute_activity_method(
            PurchaseActivities.reconcile_jobs,
            request,
            **reconciling(PROVIDER_QUEUE),
        )


@workflow.defn(name="VerifyLedger")
class VerifyLedger:
    """Recomputes all balances; fails if they differ."""

    @workflow.run
    async def run(self, request: ReconcileRequest) -> LedgerReport:
        """Verify the cached balances against the journal."""
        return await workflow.execute_activity_method(
            CreditActivities.verify_ledger,
            request,
            **verifying(QUEUE),
        )
