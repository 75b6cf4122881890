"""Jobs that nobody waits for any more: withdrawn while they are queued, settled when their runs are gone."""

from datetime import UTC, datetime, timedelta

from activities.terms import Counter
from models.failures import ContentRefused, JobFailed
from models.paid_media import Job, JobState, JobStatus

FATE_IS_SETTLED_AFTER = timedelta(hours=3)
"""A provider repeats a webhook for two hours: what has not been heard of by then never will be."""

REQUEST_IS_OVER_AFTER = timedelta(minutes=5)
"""Of a run that is gone: no request is under way any more, and one whose answer nobody wrote down may have bought."""


class Settling:
    """Ends jobs whose pieces are not wanted.

    Args:
        counter: Where all steps that buy meet.
    """

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._jobs = counter.jobs
        self._run = counter.books.run

    async def cancel(self, job: Job) -> bool:
        """Cancel a job at the provider; False where it runs already."""
        if job.ticket is None:
            return False
        try:
            cancelled = await self._counter.shop.cancel(job.ticket)
        except JobFailed:
            cancelled = True  # the provider does not know it
        if cancelled:
            end = {"reason": "withdrawn", "failure": "JobFailed"}
            await self._run(self._jobs.end, job.job_key, JobState.CANCELLED, "withdrawn", **end)
        return cancelled

    async def settle(self, job: Job) -> bool:
        """One look at a job whose run is gone; False while it is still under way."""
        ticket, state, failure = job.ticket, JobState.DONE, "JobFailed"
        if ticket is None:
            since = datetime.now(UTC) - job.intended_at
            if since >= REQUEST_IS_OVER_AFTER:
                await self._run(self._jobs.unknown, job.job_key)
            if since < FATE_IS_SETTLED_AFTER:
                return False
            state, failure = JobState.LOST, "OutcomeUnknown"
        elif job.answer is None and await self.cancel(job):
            return True
        try:
            if ticket is not None:
                shop, answer = self._counter.shop, job.answer
                if answer is None and (await shop.status(ticket)).status is not JobStatus.ENDED:
                    return False
                shop.answered(answer, job.kind) if answer else await shop.result(ticket, job.kind)
        except (ContentRefused, JobFailed) as error:
            state, failure = JobState.FAILED, error.type
        end = {"reason": "its run had ended", "failure": failure}
        await self._run(self._jobs.end, job.job_key, state, "unused", **end)
        return True
