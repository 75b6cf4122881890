"""Jobs that nobody waits for any more: asked to stop, and settled once they have ended."""

import re
from datetime import UTC, datetime, timedelta

from activities.collecting import end_without_piece
from activities.terms import Counter
from models.failures import ContentRefused, JobFailed, Misconfigured, ProviderUnavailable, RateLimited
from models.paid_media import Billing, Job, JobState, JobStatus, JobTicket, PieceKind

FATE_IS_SETTLED_AFTER = timedelta(hours=3)
"""A provider repeats a webhook for two hours: what has not been heard of by then never will be."""

REQUEST_IS_OVER_AFTER = timedelta(minutes=5)
"""Of a run that is gone: no request is under way any more, and one whose answer nobody wrote down may have bought."""

JOB_IS_OVER_AFTER = timedelta(hours=24)
"""A job whose end cannot be learnt for so long is counted as possibly billed, and asked for no longer."""

LONGEST_S = {PieceKind.PORTRAIT: 300.0, PieceKind.STILL: 300.0, PieceKind.CLIP: 1200.0}
"""A job of that kind takes no longer: so long it keeps its permit where nobody waits for it."""

_REMOVED = re.compile(r"\b(499|404|client_cancelled)\b")
"""How a job reads, by the provider's type and status, that was removed from the queue."""


class Settling:
    """Ends jobs whose pieces are not wanted.

    Args:
        counter: Where all steps that buy meet.
    """

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._jobs = counter.jobs
        self._run = counter.books.run

    async def withdraw(self, job: Job) -> bool:
        """Ask a job to stop whose run has ended; one that goes on keeps its permit meanwhile.

        Returns:
            Whether the job has ended.

        Raises:
            RateLimited, ProviderUnavailable, Misconfigured: The provider did not answer the question.
        """
        ticket = job.ticket
        if ticket is None:
            await self._counter.desk.free(job.job_key)
            return False
        has_ended = await self._look(job, ticket)
        if not has_ended:
            await self._run(self._counter.desk.permits.keep, job.job_key, LONGEST_S[job.kind])
        return has_ended

    async def settle(self, job: Job) -> bool:
        """One look at a job whose run is gone; False while it is still under way."""
        ticket, since = job.ticket, datetime.now(UTC) - job.intended_at
        if ticket is None:
            if since >= REQUEST_IS_OVER_AFTER:
                await self._run(self._jobs.unknown, job.job_key)
            if since < FATE_IS_SETTLED_AFTER:
                return False
            end = {"reason": "its fate was never learnt", "failure": "OutcomeUnknown"}
            await self._run(self._jobs.end, job.job_key, JobState.LOST, "unused", **end)
            return True
        try:
            if await self._look(job, ticket):
                return True
        except (ProviderUnavailable, RateLimited, Misconfigured):
            pass  # the next look comes soon, and one job does not hold up the others
        if since < JOB_IS_OVER_AFTER:
            return False
        error = JobFailed("its end was never learnt", "no end", Billing.POSSIBLE)
        await end_without_piece(self._counter, job.job_key, error, "unused", JobState.LOST)
        return True

    async def _stop(self, job: Job, ticket: JobTicket, where: JobStatus) -> str:
        """Ask a job to stop that is `where`; returns that, or nothing where the provider does not accept it."""
        # Written down first: a step that still waits for the job leaves its end to us then.
        await self._run(self._jobs.asked_to_stop, job.job_key, where)
        accepted = False
        try:
            accepted = await self._counter.shop.cancel(ticket)
        finally:
            if not accepted:
                await self._run(self._jobs.asked_to_stop, job.job_key, None)
        return where.value if accepted else ""

    async def _look(self, job: Job, ticket: JobTicket) -> bool:
        """Ask a job to stop, once, and whether it has ended; then count what it cost."""
        shop, cancelled_from, has_run = self._counter.shop, job.cancelled_from, False
        try:
            if job.answer is not None:
                shop.answered(job.answer, job.kind)
            else:
                ticket = shop.addressed(ticket, job.model)
                report = await shop.status(ticket)
                if report.status is not JobStatus.ENDED and not cancelled_from:
                    cancelled_from = await self._stop(job, ticket, report.status)
                    report = await shop.status(ticket)
                if report.status is not JobStatus.ENDED:
                    return False
                has_run = report.has_run
                await shop.result(ticket, job.kind)
        except (ContentRefused, JobFailed) as error:
            was_removed = cancelled_from == JobStatus.QUEUED and not has_run and _REMOVED.search(error.said) is not None
            if not cancelled_from or (error.billing == Billing.CERTAIN and not was_removed):
                await end_without_piece(self._counter, job.job_key, error, "unused")
                return True
            # What is removed from the queue costs nothing; a running job may be billed for what it did.
            is_free = error.billing == Billing.FREE or was_removed
            billing = Billing.FREE if is_free else Billing.POSSIBLE
            stopped = JobFailed("withdrawn", error.said, billing)
            await end_without_piece(self._counter, job.job_key, stopped, "withdrawn", JobState.CANCELLED)
            return True
        end = {"reason": "its run had ended", "failure": "JobFailed", "billing": Billing.CERTAIN.value}
        await self._run(self._jobs.end, job.job_key, JobState.DONE, "unused", **end)
        self._counter.desk.look()
        return True
