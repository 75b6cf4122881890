"""Credits: hold before work, settle after it, and settle what nobody is left to settle.

Side effects: ledger entries. Idempotency: the operation key, from workflow id and operation, never from run or attempt.
Main queue.
"""

import asyncio
from datetime import UTC, datetime

from temporalio import activity

from activities.ports import Ledger, RunRegistry, Vault
from activities.steps import step
from models.credits import HoldInfo, HoldReceipt, HoldRequest, LedgerReport, Settlement, SettleRequest
from models.failures import EchonosError, InsufficientCredits, LedgerMismatch, TopUpNeeded
from models.generation import ReconcileRequest, Reconciliation
from models.routing import workflow_id_of

_ASKED_AT_ONCE = 16
"""Runs that the server is asked about side by side: 5 ms each, and there may be tens of thousands."""

_NAMED = 100


class CreditActivities:
    """Steps on the ledger."""

    def __init__(self, ledger: Ledger, vault: Vault, runs: RunRegistry) -> None:
        self._ledger = ledger
        self._vault = vault
        self._runs = runs

    @step
    def hold_credits(self, request: HoldRequest) -> HoldReceipt:
        """Reserve the price of an operation."""
        return self._ledger.hold(request)

    @step
    def settle_credits(self, request: SettleRequest) -> Settlement:
        """Capture what was delivered, keep what an artist's stop keeps, give back the rest."""
        return self._ledger.settle(request)

    @step
    def settle_late(self, request: HoldRequest) -> Settlement:
        """Deliver a version whose credits had gone back: hold anew, capture and list, in one transaction."""
        try:
            return self._vault.settle_late(request)
        except InsufficientCredits as error:
            raise TopUpNeeded(f"The video is done, but its credits had gone back. {error.message}") from error

    @step
    async def reconcile_credits(self, request: ReconcileRequest) -> Reconciliation:
        """Settle holds whose run is closed, terminated or gone: by what SQL says was delivered, never by age alone.

        All of them, page by page. One that cannot be settled does not keep the others waiting; it fails the step in the
        end, and the next look tries again.
        """
        began, after, standing = datetime.now(UTC), None, 0
        settled: list[str] = []
        failures: list[EchonosError] = []
        # Off the event loop: SQL may wait for a lock, and everybody's workflow tasks run there.
        while page := await asyncio.to_thread(self._ledger.standing_holds, began, request.limit, after):
            after, standing = page[-1], standing + len(page)
            for start in range(0, len(page), _ASKED_AT_ONCE):
                activity.heartbeat()
                some = page[start : start + _ASKED_AT_ONCE]
                outcomes = await asyncio.gather(*map(self._settle_if_closed, some), return_exceptions=True)
                for hold, outcome in zip(some, outcomes, strict=True):
                    if isinstance(outcome, EchonosError):
                        failures.append(outcome)
                    elif isinstance(outcome, BaseException):
                        raise outcome
                    elif outcome:
                        settled.append(hold.operation_key)
        if failures:
            raise failures[0]
        return Reconciliation(standing=standing, settled=tuple(settled[:_NAMED]), settled_count=len(settled))

    async def _settle_if_closed(self, hold: HoldInfo) -> bool:
        workflow_id = workflow_id_of(hold.operation_key)
        if await self._runs.is_open(workflow_id):
            if await asyncio.to_thread(self._ledger.is_stopped, hold.operation_key):
                # Accepted by a process that died before it could tell the run.
                await self._runs.cancel(workflow_id)
            return False
        settle = SettleRequest(
            account_id=hold.account_id, operation_key=hold.operation_key, reason="its run can no longer deliver"
        )
        await asyncio.to_thread(self._ledger.settle, settle)
        return True

    @step
    def verify_ledger(self, request: ReconcileRequest) -> LedgerReport:
        """Recompute all balances from the entries."""
        report = self._ledger.verify()
        if report.differences:
            raise LedgerMismatch(f"The books differ: {'; '.join(report.differences)}")
        return report
