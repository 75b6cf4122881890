"""Pieces that are bought: order, collect, withdraw, reconcile.

Side effects: jobs at a provider, their rows and costs, and the delivered pieces in the object store. Idempotency: the
job key, made of workflow id, piece, scene and revision. Provider queue: all steps here wait, none computes.
"""

import asyncio

from temporalio import activity

from activities.collecting import Collecting
from activities.ordering import Ordering
from activities.pieces import Pieces
from activities.ports.engines import DeliveredInspector
from activities.ports.purchases import JobBook, MediaProvider, Permits
from activities.ports.runs import RunRegistry
from activities.ports.stores import ObjectStore
from activities.settling import Settling
from activities.steps import load, step
from activities.terms import BuyingTerms, PurchaseContext
from activities.waiting import PermitQueue, Threads, WebhookWaiter, watched
from models.generation import ReconcileRequest
from models.object_keys import portrait_key
from models.paid_media import (
    CastList,
    CastStep,
    CollectStep,
    JobRef,
    JobsReconciled,
    JobState,
    Media,
    MediaQuestion,
    PieceOrder,
    Portrait,
    Withdrawn,
    WithdrawStep,
)
from models.takes import Take
from models.treatment import Treatment

BOOK_THREADS = 4
FILE_THREADS = 8


class PurchaseActivities:
    """Steps that buy.

    Args:
        objects: The store for finished pieces.
        provider: Sells pieces; None: the local painter and animator draw them.
        jobs: The rows of jobs.
        permits: The rows of permits.
        inspector: Checks delivered files.
        runs: The registry of open runs.
        terms: How this deployment buys.
    """

    def __init__(
        self,
        objects: ObjectStore,
        provider: MediaProvider | None,
        jobs: JobBook,
        permits: Permits,
        inspector: DeliveredInspector,
        runs: RunRegistry,
        terms: BuyingTerms,
    ) -> None:
        sql, files = Threads("sql", BOOK_THREADS), Threads("files", FILE_THREADS)
        permit_queue = PermitQueue(permits, terms.permit_key, terms.capacity, sql)
        webhooks = WebhookWaiter(jobs, sql, expected=terms.webhook_url is not None)
        context = PurchaseContext(
            provider, jobs, permit_queue, webhooks, Pieces(objects, terms.share_url), sql, files, terms
        )
        self._objects = objects
        self._permits = permits
        self._runs = runs
        self._context = context
        self._ordering = Ordering(context)
        self._collecting = Collecting(context, objects, inspector)
        self._settling = Settling(context)

    @step
    def choose_media(self, question: MediaQuestion) -> Media:
        """The models that make a run's pictures.

        The answer stays in the run's history, so a run never switches models.
        """
        if self._context.sells is None:
            return Media()
        return self._context.sells.media_for(question.still_model, question.clip_model)

    @step
    def list_cast(self, cast: CastStep) -> CastList:
        """The characters without references whose portraits are not drawn yet."""
        treatment = load(self._objects, cast.treatment_key, Treatment)
        missing = [
            Portrait(character_id=one.character_id)
            for one in treatment.characters
            if not one.reference_keys
            and self._objects.size(portrait_key(cast.account_id, cast.video_id, one.character_id)) is None
        ]
        return CastList(portraits=tuple(missing))

    @step
    async def order_piece(self, order: PieceOrder) -> JobRef:
        """Buy a piece, unless it is bought already; returns the provider's ticket."""
        return await watched(self._ordering.order(order))

    @step
    async def collect_piece(self, collect: CollectStep) -> Take:
        """Wait for a bought piece, check it, and store it; a repeat attaches to the same job."""
        return await watched(self._collecting.collect(collect))

    @step
    async def withdraw_jobs(self, withdraw: WithdrawStep) -> Withdrawn:
        """Cancel what a run has ordered and not received; jobs that run on are settled by `reconcile_jobs`."""
        jobs = await self._context.sql.run(self._context.jobs.of_run, withdraw.workflow_id)
        asked = await asyncio.gather(*map(self._settling.withdraw, jobs), return_exceptions=True)
        for failure in asked:
            if isinstance(failure, BaseException):
                raise failure  # raised after all jobs were tried, so that one does not delay the others
        ended = sum(map(bool, asked))
        return Withdrawn(cancelled=ended, running=len(jobs) - ended)

    @step
    async def reconcile_jobs(self, request: ReconcileRequest) -> JobsReconciled:
        """Settle the jobs of runs that are gone: their cost is counted, their results are not used."""
        jobs = await self._context.sql.run(self._context.jobs.open_jobs)
        settled = []
        for job in jobs:
            activity.heartbeat()
            # No step waits for a job that was given up or cancelled, even if its run stays open for weeks.
            if job.state is not JobState.LOST and not job.cancelled_from and await self._runs.is_open(job.workflow_id):
                continue
            if await self._settling.settle(job):
                settled.append(job.job_key)
        await self._context.sql.run(self._permits.sweep)
        return JobsReconciled(open=len(jobs), settled=tuple(settled))
