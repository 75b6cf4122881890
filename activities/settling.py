"""Jobs without a waiting step: cancelled, and settled once they have ended."""

import re
from datetime import UTC, datetime, timedelta

from activities.collecting import end_without_piece
from activities.terms import PurchaseContext
from models.failures import ContentRefused, JobFailed, Misconfigured, ProviderUnavailable, RateLimited
from models.paid_media import Billing, Job, JobRef, JobState, JobStatus, PieceKind

FATE_IS_SETTLED_AFTER = timedelta(hours=3)
"""A provider repeats a webhook for two hours; after that it will not come."""

REQUEST_IS_OVER_AFTER = timedelta(minutes=5)
"""Grace after a run is gone: by then no request is in flight, and one without a recorded answer may have bought."""

JOB_IS_OVER_AFTER = timedelta(hours=24)
"""A job whose end stays unknown for this long is counted as possibly billed, and no longer polled."""

LONGEST_S = {PieceKind.PORTRAIT: 300.0, PieceKind.STILL: 300.0, PieceKind.CLIP: 1200.0}
"""The longest that a job of this kind takes, and so the longest that an abandoned one keeps its permit."""

_REMOVED = re.compile(r"\b(499|404|client_cancelled)\b")
"""The provider's type and status for a job that was removed from the queue."""


class Settling:
    """Ends jobs whose pieces are not wanted.

    Args:
        context: The purchase context that all buying steps of this process share.
    """

    def __init__(self, context: PurchaseContext) -> None:
        self._context = context
        self._jobs = context.jobs
        self._run = context.sql.run

    async def withdraw(self, job: Job) -> bool:
        """Cancel a job whose run has ended; a job that goes on keeps its permit meanwhile.

        Returns:
            Whether the job has ended.

        Raises:
                RateLimited, ProviderUnavailable, Misconfigured: The provider did not answer.
        """
        ticket = job.ticket
        if ticket is None:
            await self._context.permit_queue.free(job.job_key)
            return False
        has_ended = await self._look(job, ticket)
        if not has_ended:
            await self._run(self._context.permit_queue.permits.keep, job.job_key, LONGEST_S[job.kind])
        return has_ended

    async def settle(self, job: Job) -> bool:
        """Check a job whose run is gone once; False while it is still under way."""
        ticket, since = job.ticket, datetime.now(UTC) - job.intended_at
        if ticket is None:
            if since >= REQUEST_IS_OVER_AFTER:
                await self._run(self._jobs.unknown, job.job_key)
            if since < FATE_IS_SETTLED_AFTER:
                return False
            end = {"reason": "its outcome stayed unknown", "failure": "OutcomeUnknown"}
            await self._run(self._jobs.end, job.job_key, JobState.LOST, "unused", **end)
            return True
        try:
            if await self._look(job, ticket):
                return True
        except (ProviderUnavailable, RateLimited, Misconfigured):
            pass  # the next check comes soon, and one job must not delay the others
        if since < JOB_IS_OVER_AFTER:
            return False
        error = JobFailed("its end stayed unknown", "no end", Billing.POSSIBLE)
        await end_without_piece(self._context, job.job_key, error, "unused", JobState.LOST)
        return True

    async def _stop(self, job: Job, ticket: JobRef, where: JobStatus) -> str:
        """Cancel a job in state `where`; returns that state, or None if the provider does not accept the request."""
        # Recorded first, so that a step that still waits for the job leaves its end to this one.
        await self._run(self._jobs.asked_to_stop, job.job_key, where)
        accepted = False
        try:
            accepted = await self._context.provider.cancel(ticket)
        finally:
            if not accepted:
                await self._run(self._jobs.asked_to_stop, job.job_key, None)
        return where.value if accepted else ""

    async def _look(self, job: Job, ticket: JobRef) -> bool:
        """Cancel a job once, check whether it has ended, and then count its cost."""
        provider, cancelled_from, has_run = self._context.provider, job.cancelled_from, False
        try:
            if job.answer is not None:
                provider.answered(job.answer, job.kind)
            else:
                ticket = provider.addressed(ticket, job.model)
                report = await provider.status(ticket)
                if report.status is not JobStatus.ENDED and not cancelled_from:
                    cancelled_from = await self._stop(job, ticket, report.status)
                    report = await provider.status(ticket)
                if report.status is not JobStatus.ENDED:
                    return False
                has_run = report.has_run
                await provider.result(ticket, job.kind)
        except (ContentRefused, JobFailed) as error:
            was_removed = cancelled_from == JobStatus.QUEUED and not has_run and _REMOVED.search(error.said) is not None
            if not cancelled_from or (error.billing == Billing.CERTAIN and not was_removed):
                await end_without_piece(self._context, job.job_key, error, "unused")
                return True
            # A job removed from the queue costs nothing; a running one may be billed for its work so far.
            is_free = error.billing == Billing.FREE or was_removed
            billing = Billing.FREE if is_free else Billing.POSSIBLE
            stopped = JobFailed("withdrawn", error.said, billing)
            await end_without_piece(self._context, job.job_key, stopped, "withdrawn", JobState.CANCELLED)
            return True
        end = {"reason": "its run had ended", "failure": "JobFailed", "billing": Billing.CERTAIN.value}
        await self._run(self._jobs.end, job.job_key, JobState.DONE, "unused", **end)
        self._context.permit_queue.look()
        return True
