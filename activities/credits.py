"""Credits: hold before work, settle after it, and settle the holds of runs that are gone.

Side effects: ledger entries. Idempotency: the operation key, made of workflow id and operation, never of run or
attempt. Orchestrate queue.
"""

import asyncio
from datetime import UTC, datetime

from temporalio import activity

from activities.ports.runs import RunRegistry
from activities.ports.stores import Ledger, Vault
from activities.steps import step
from activities.turns import Turns
from models.boards import Ended
from models.credits import HoldInfo, HoldReceipt, HoldRequest, LedgerReport, Operation, Settlement, SettleRequest
from models.failures import EchonosError, InsufficientCredits, LedgerMismatch, TopUpNeeded
from models.generation import ReconcileRequest, Reconciliation, TurnRequest
from models.ids import workflow_id_of
from models.measures import LEDGER_DIFFERENCES, report
from models.prices import PRICES

_ASKED_AT_ONCE = 16
"""Concurrent `describe` calls to the Temporal server: 5 ms each, and there may be tens of thousands."""

_NAMED = 100


class CreditActivities:
    """Steps on the ledger; a draft's hold also asks for its turn, and its settlement ends it."""

    def __init__(self, ledger: Ledger, vault: Vault, runs: RunRegistry, turns: Turns) -> None:
        self._turns = turns
        self._ledger = ledger
        self._vault = vault
        self._runs = runs

    @step
    def hold_credits(self, request: HoldRequest) -> HoldReceipt:
        """Reserve the price of an operation."""
        receipt = self._ledger.hold(request)
        if request.operation is not Operation.GENERATE:
            return receipt
        turn = TurnRequest(account_id=request.account_id, operation_key=request.operation_key)
        return receipt.model_copy(update={"in_turn": self._turns.take(turn)})

    @step
    def settle_credits(self, request: SettleRequest) -> Settlement:
        """Capture for a delivered version, keep the charge of an accepted stop, release the rest."""
        settlement = self._ledger.settle(request)
        self._turns.give_back(request.operation_key)
        return settlement

    @step
    def stop_unanswered(self, request: SettleRequest) -> Ended:
        """Stop a generation whose artist does not answer, by the terms of an artist's own stop."""
        stop = self._ledger.stop(request.account_id, request.operation_key, PRICES[Operation.GENERATE])
        return Ended(count=0 if stop is None else 1)

    @step
    def settle_late(self, request: HoldRequest) -> Settlement:
        """Deliver a version whose hold was released: hold again, capture and list it, in one transaction."""
        try:
            return self._vault.settle_late(request)
        except InsufficientCredits as error:
            raise TopUpNeeded(f"The video is done, but its credits had gone back. {error.message}") from error

    @step
    async def reconcile_credits(self, request: ReconcileRequest) -> Reconciliation:
        """Settle holds whose run is closed, terminated or gone, by what SQL says was delivered, never by age alone.

        Reads all standing holds, page by page. A hold that cannot be settled does not delay the others; it fails the
        step at the end, and the next scheduled run tries again.
        """
        began, after, standing = datetime.now(UTC), None, 0
        settled: list[str] = []
        failures: list[EchonosError] = []
        # Off the event loop: SQL may wait for a lock, and all workflow tasks of this worker run on that loop.
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
                # Accepted by a process that died before it could notify the run.
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
        verified = self._ledger.verify()
        report(LEDGER_DIFFERENCES, len(verified.differences))
        if verified.differences:
            raise LedgerMismatch(f"The books differ: {'; '.join(verified.differences)}")
        return verified
