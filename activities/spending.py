"""Who pays for a call that an engine makes: the run whose step is at work.

Engines know nothing of runs. A step says in whose name it works, and hands its engine `charge` to report calls to.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic, sleep

from activities.ports import SpendingBook
from activities.steps import pulse
from models.failures import ProviderUnavailable, SpendingExceeded
from models.progress import StageName
from models.spending import MICRO_USD, PaidCall, Spending

WRITE_PATIENCE_S = 60.0
"""A step that fails asks again, and pays again: a database that comes back soon is worth waiting for."""

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
    """Write what is charged in this block, in this thread, on a run.

    Args:
        book: Where it is written.
        account_id: Whose run it is.
        video_id: The run's video.
        stage: What the step belongs to.
        allowance_micro_usd: What the whole video may have cost before another call begins; None: not bounded.
    """
    token = _payer.set(_Payer(book, account_id, video_id, stage, allowance_micro_usd))
    try:
        yield
    finally:
        _payer.reset(token)


def check_allowance() -> None:
    """Refuse another call for a run that has cost too much; called before each question.

    Raises:
        SpendingExceeded: A person must look at the run first.
        ProviderUnavailable: The database is away.
    """
    payer = _payer.get()
    if payer is None or payer.allowance_micro_usd is None:
        return
    spent = payer.book.total_micro_usd(payer.video_id)
    if spent >= payer.allowance_micro_usd:
        raise SpendingExceeded(
            f"This video has cost ${spent / MICRO_USD:.2f} at providers, more than was planned for it; "
            "look at why, then let it try again or give it up."
        )


def charge(call: PaidCall) -> None:
    """Write a paid call on the run whose step is at work.

    Args:
        call: What was paid for.

    Raises:
        LookupError: No step is at work in this thread: money would be spent in nobody's name.
        ProviderUnavailable: The database has been away for longer than `WRITE_PATIENCE_S`.
        Cancelled, WorkerStopping: Nobody waits for it any more.
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
