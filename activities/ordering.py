"""The only way to buy: a permit, then a committed intent, then the request.

An unknown outcome is never just sent again.
"""

import asyncio
from datetime import UTC, datetime

from temporalio import activity

from activities.terms import PurchaseContext
from activities.waiting import finished
from models.failures import EchonosError, JobFailed, OutcomeUnknown
from models.paid_media import Job, JobRef, JobState, PieceOrder, PieceRequest


class Ordering:
    """Buys one piece after the other.

    Args:
        context: The purchase context that all buying steps of this process share.
    """

    def __init__(self, context: PurchaseContext) -> None:
        self._context = context
        self._jobs = context.jobs
        self._run = context.sql.run
        self._leaving: dict[str, asyncio.Task[Job]] = {}
        """Submissions in flight: an attempt that overtakes a stalled one in this process waits for its answer."""

    async def order(self, order: PieceOrder) -> JobRef:
        """Buy a piece, unless it is bought already.

        Raises:
            SpendingExceeded: The run has cost too much more than its estimate.
            OutcomeUnknown: The provider's answer was lost twice.
            JobFailed: The job was given up.
        """
        known = await self._context.files.run(self._prepare, order)
        if isinstance(known, JobRef):
            return known
        request, price = known
        await asyncio.sleep(self._context.terms.pause_s(order.troubles))
        await self._context.permit_queue.obtain(order.job_key, order.account_id, order.urgent)
        try:
            return await self._submit_once(order, request, price)
        except EchonosError:
            await self._context.permit_queue.free(order.job_key)
            raise

    def _prepare(self, order: PieceOrder) -> JobRef | tuple[PieceRequest, int]:
        """The ticket of a piece that is bought already, or else the request and its price in millionths of a dollar."""
        job = self._jobs.find(order.job_key)
        if job is not None and job.ticket is not None:
            return job.ticket
        provider = self._context.provider
        request = self._context.pieces.request(order, provider)
        return request, provider.price_micro_usd(order.kind, request.duration_s, order.model)

    async def _submit_once(self, order: PieceOrder, request: PieceRequest, price: int) -> JobRef:
        leaving = self._leaving.get(order.job_key)
        if leaving is not None:
            job, may = await asyncio.shield(leaving), False
        else:
            job, may = await self._run(self._jobs.intend, self._job(order, price), order.allowance_micro_usd)
        while True:
            if may:
                job = await finished(self._leave(order.job_key, request))
            if job.ticket is not None:
                return job.ticket
            if job.state is not JobState.UNKNOWN:
                raise JobFailed(job.reason or "The job was given up.")
            if await self._hear_of(order.job_key):
                found = await self._run(self._jobs.find, order.job_key)
                if found is not None and found.ticket is not None:
                    return found.ticket
            may = await self._run(self._jobs.intend_again, order.job_key)
            if may:
                activity.logger.warning("a job of unknown fate is submitted once more", extra={"job": order.job_key})
                continue
            found = await self._run(self._jobs.find, order.job_key)
            job = found or job
            if job.ticket is None:
                await self._give_up_or_park(order)

    def _leave(self, job_key: str, request: PieceRequest) -> "asyncio.Task[Job]":
        leaving = self._leaving[job_key] = asyncio.create_task(self._submit(job_key, request))
        leaving.add_done_callback(lambda _: self._leaving.pop(job_key, None))
        return leaving

    async def _submit(self, job_key: str, request: PieceRequest) -> Job:
        url = self._context.terms.webhook_url
        hook = url(job_key) if url is not None else None
        try:
            ticket = await self._context.provider.submit(job_key, request, hook)
        except OutcomeUnknown:
            return await self._run(self._jobs.unknown, job_key)
        except EchonosError:
            await self._run(self._jobs.withdrawn, job_key)
            raise
        return await self._run(self._jobs.submitted, ticket)

    async def _hear_of(self, job_key: str) -> bool:
        if self._context.terms.webhook_url is None:
            return False
        waiting = self._context.webhooks.wait(job_key, self._context.terms.unknown_patience_s)
        return await self._context.permit_queue.hold(job_key, waiting)

    async def _give_up_or_park(self, order: PieceOrder) -> None:
        if order.forced:
            await self._run(self._jobs.give_up, order.job_key)
            raise JobFailed("The outcome of this job stayed unknown, and support decided to go on.")
        raise OutcomeUnknown(
            "Twice an answer of the provider was lost, so this piece may have been bought twice already. "
            "Look for it in the provider's dashboard; a retry buys it once more."
        )

    def _job(self, order: PieceOrder, price: int) -> Job:
        return Job(
            job_key=order.job_key,
            workflow_id=activity.info().workflow_id or "",
            account_id=order.account_id,
            video_id=order.video_id,
            provider=self._context.provider.media.provider,
            model=self._context.provider.model_of(order.kind, order.model),
            kind=order.kind,
            scene_index=order.scene_index,
            state=JobState.INTENDED,
            price_micro_usd=price,
            planned_clips=order.planned_clips,
            intended_at=datetime.now(UTC),
        )
