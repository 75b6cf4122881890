"""The one way to a provider: a permit, a committed intent, and what is unknown is never simply sent again."""

import asyncio
from datetime import UTC, datetime

from temporalio import activity

from activities.pieces import Wanted
from activities.terms import Counter
from activities.waiting import finished
from models.failures import EchonosError, JobFailed, OutcomeUnknown
from models.paid_media import Job, JobState, JobTicket, PieceOrder


class Ordering:
    """Buys one piece after the other.

    Args:
        counter: Where all steps that buy meet.
    """

    def __init__(self, counter: Counter) -> None:
        self._counter = counter
        self._jobs = counter.jobs
        self._run = counter.books.run
        self._leaving: dict[str, asyncio.Task[Job]] = {}
        """Submissions under way: an attempt that overtakes a stalled one of this process waits for its answer."""

    async def order(self, order: PieceOrder) -> JobTicket:
        """Buy a piece, unless it is bought already.

        Raises:
            SpendingExceeded: The run's actuals are too far above its estimate.
            OutcomeUnknown: Twice an answer was lost.
            JobFailed: It was given up.
        """
        known = await self._counter.files.run(self._prepare, order)
        if isinstance(known, JobTicket):
            return known
        wanted, price = known
        await asyncio.sleep(self._counter.terms.pause_s(order.troubles))
        await self._counter.desk.obtain(order.job_key, order.account_id, order.urgent)
        try:
            return await self._submit_once(order, wanted, price)
        except EchonosError:
            await self._counter.desk.free(order.job_key)
            raise

    def _prepare(self, order: PieceOrder) -> JobTicket | tuple[Wanted, int]:
        """The ticket of a piece that is bought already, or what to ask for and its price in millionths of a dollar."""
        job = self._jobs.find(order.job_key)
        if job is not None and job.ticket is not None:
            return job.ticket
        shop = self._counter.shop
        wanted = self._counter.pieces.wanted(order, shop)
        return wanted, shop.price_micro_usd(order.kind, wanted.request.duration_s, order.model)

    async def _submit_once(self, order: PieceOrder, wanted: Wanted, price: int) -> JobTicket:
        leaving = self._leaving.get(order.job_key)
        if leaving is not None:
            job, may = await asyncio.shield(leaving), False
        else:
            job, may = await self._run(self._jobs.intend, self._job(order, price), order.allowance_micro_usd)
        while True:
            if may:
                job = await finished(self._leave(order.job_key, wanted))
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

    def _leave(self, job_key: str, wanted: Wanted) -> "asyncio.Task[Job]":
        leaving = self._leaving[job_key] = asyncio.create_task(self._submit(job_key, wanted))
        leaving.add_done_callback(lambda _: self._leaving.pop(job_key, None))
        return leaving

    async def _submit(self, job_key: str, wanted: Wanted) -> Job:
        url = self._counter.terms.webhook_url
        hook = url(job_key) if url is not None else None
        try:
            ticket = await self._counter.shop.submit(job_key, wanted.request, wanted.images, hook)
        except OutcomeUnknown:
            return await self._run(self._jobs.unknown, job_key)
        except EchonosError:
            await self._run(self._jobs.withdrawn, job_key)
            raise
        return await self._run(self._jobs.submitted, ticket)

    async def _hear_of(self, job_key: str) -> bool:
        if self._counter.terms.webhook_url is None:
            return False
        waiting = self._counter.landings.wait(job_key, self._counter.terms.unknown_patience_s)
        return await self._counter.desk.hold(job_key, waiting)

    async def _give_up_or_park(self, order: PieceOrder) -> None:
        if order.forced:
            await self._run(self._jobs.give_up, order.job_key)
            raise JobFailed("Its fate was never learnt; a person has decided to go on.")
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
            provider=self._counter.shop.media.provider,
            model=self._counter.shop.model_of(order.kind, order.model),
            kind=order.kind,
            scene_index=order.scene_index,
            state=JobState.INTENDED,
            price_micro_usd=price,
            planned_clips=order.planned_clips,
            intended_at=datetime.now(UTC),
        )
