"""Charges each paid call of an engine to the run whose step makes it.

Engines know nothing of runs. A step names its run with `paid_by`, and its engine reports each call with `charge`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic, sleep

from activities.ports.stores import SpendingBook
from activities.steps import pulse
from models.failures import ProviderUnavailable, SpendingExceeded
from models.progress import StageName
from models.spending import MICRO_USD, PaidCall, Spending

WRITE_PATIENCE_S = 60.0
"""A step that fails pays for its calls again, so it is cheaper to wait for a database that soon comes back."""

_PAUSE_S = 0.5


@dataclass(frozen=True)
class _Payer:
    book: SpendingBook
    account_id: str
    video_id: str
    stage: StageName
    allowance_micro_usd: int | None = None


_payer: ContextVar[_Payer | None] = ContextVar("payer", default=None)


@contextmanager
def paid_by(
    book: SpendingBook, account_id: str, video_id: str, stage: StageName, allowance_micro_usd: int | None = None
) -> Iterator[None]:
    """Record all charges made in this block, in this thread, against one run.

    Args:
        book: The record of spending.
        account_id: The account that owns the run.
        video_id: The run's video.
        stage: The stage that the step belongs to.
        allowance_micro_usd: The most that the whole video may have cost before another call; None: no limit.
    """
    token = _payer.set(_Payer(book, account_id, video_id, stage, allowance_micro_usd))
    try:
        yield
    finally:
        _payer.reset(token)


def check_allowance() -> None:
    """Refuse another call for a run that has cost too much; called before each question.

    Raises:
            SpendingExceeded: Support must look at the run first.
            ProviderUnavailable: The database is away.
    """
    payer = _payer.get()
    if payer is None or payer.allowance_micro_usd is None:
        return
    spent = payer.book.total_micro_usd(payer.video_id)
    if spent >= payer.allowance_micro_usd:
        raise SpendingExceeded(
            f"This video has cost ${spent / MICRO_USD:.2f} at providers, more than was planned for it; "
            "find out why, then retry it or give it up."
        )


def charge(call: PaidCall) -> None:
    """Record a paid call against the run whose step is active.

    Args:
            call: The call that was paid for.

    Raises:
            LookupError: No step is active in this thread, so no run would be charged.
            ProviderUnavailable: The database has been away for longer than `WRITE_PATIENCE_S`.
            Cancelled, WorkerStopping: The step was cancelled, or this worker shuts down.
    """
    payer = _payer.get()
    if payer is None:
        raise LookupError("a paid call outside of any step")
    line = Spending(**call.model_dump(), account_id=payer.account_id, video_id=payer.video_id, stage=payer.stage)
    until_s = monotonic() + WRITE_PATIENCE_S
    while True:
        try:
            payer.book.record(line)
        except ProviderUnavailable:
            if monotonic() > until_s:
                raise
            pulse()
            sleep(_PAUSE_S)
        else:
            return
