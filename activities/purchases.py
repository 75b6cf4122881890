"""Pieces that are bought: order, collect, withdraw, reconcile.

Side effects: jobs at a provider, their rows, what they cost, and the delivered pieces in the object store. Idempotency:
the job key, made of workflow id, piece, scene and revision. Provider queue: everything here waits, nothing computes.
"""

import asyncio

from temporalio import activity

from activities.collecting import Collecting
from activities.ordering import Ordering
from activities.pieces import Pieces
from activities.ports import DeliveredInspector, JobBook, MediaShop, ObjectStore, Permits, RunRegistry
from activities.settling import Settling
from activities.steps import load, step
from activities.terms import BuyingTerms, Counter
from activities.waiting import Landings, PermitDesk, Threads, watched
from models.generation import ReconcileRequest
from models.paid_media import (
    CastList,
    CastStep,
    CollectStep,
    JobsReconciled,
    JobState,
    JobTicket,
    Media,
    MediaQuestion,
    Piece,
    PieceOrder,
    Portrait,
    Withdrawn,
    WithdrawStep,
)
from models.routing import portrait_key
from models.treatment import Treatment

BOOK_THREADS = 4
FILE_THREADS = 8


class PurchaseActivities:
    """Steps that buy.

    Args:
        objects: Where pieces are stored.
        shop: Sells them; None: the local painter and animator draw them.
        jobs: The rows of jobs.
        permits: The rows of permits.
        inspector: Looks at what was delivered.
        runs: Which runs are open.
        terms: How this house buys.
    """

    def __init__(
        self,
        objects: ObjectStore,
        shop: MediaShop | None,
        jobs: JobBook,
        permits: Permits,
        inspector: DeliveredInspector,
        runs: RunRegistry,
        terms: BuyingTerms,
    ) -> None:
        books, files = Threads("books", BOOK_THREADS), Threads("files", FILE_THREADS)
        desk = PermitDesk(permits, terms.permit_key, terms.capacity, books)
        landings = Landings(jobs, books, expected=terms.webhook_url is not None)
        counter = Counter(shop, jobs, desk, landings, Pieces(objects, terms.share_url), books, files, terms)
        self._objects = objects
        self._permits = permits
        self._runs = runs
        self._counter = counter
        self._ordering = Ordering(counter)
        self._collecting = Collecting(counter, objects, inspector)
        self._settling = Settling(counter)

    @step
    def choose_media(self, question: MediaQuestion) -> Media:
        """Who makes the pictures of a run: written into its history, so that it stays so."""
        if self._counter.sells is None:
            return Media()
        return self._counter.sells.media_for(question.still_model, question.clip_model)

    @step
    def list_cast(self, cast: CastStep) -> CastList:
        """The characters that have no references yet and whose portraits are not drawn."""
        treatment = load(self._objects, cast.treatment_key, Treatment)
        missing = [
            Portrait(character_id=one.character_id)
            for one in treatment.characters
            if not one.reference_keys
            and self._objects.size(portrait_key(cast.account_id, cast.video_id, one.character_id)) is None
        ]
        return CastList(portraits=tuple(missing))

    @step
    async def order_piece(self, order: PieceOrder) -> JobTicket:
        """Buy a piece, unless it is bought already; returns what the provider calls the job."""
        return await watched(self._ordering.order(order))

    @step
    async def collect_piece(self, collect: CollectStep) -> Piece:
        """Wait for a bought piece, look at it, and store it; doing it again attaches to the same job."""
        return await watched(self._collecting.collect(collect))

    @step
    async def withdraw_jobs(self, withdraw: WithdrawStep) -> Withdrawn:
        """Ask that what a run has ordered and not got stops; what runs on is settled by `reconcile_jobs`."""
        jobs = await self._counter.books.run(self._counter.jobs.of_run, withdraw.workflow_id)
        asked = await asyncio.gather(*map(self._settling.withdraw, jobs), return_exceptions=True)
        for failure in asked:
            if isinstance(failure, BaseException):
                raise failure  # after all were asked: one job does not hold up the others
        ended = sum(map(bool, asked))
        return Withdrawn(cancelled=ended, running=len(jobs) - ended)

    @step
    async def reconcile_jobs(self, request: ReconcileRequest) -> JobsReconciled:
        """Settle the jobs of runs that are gone: what they cost is counted, what they made is not used."""
        jobs = await self._counter.books.run(self._counter.jobs.open_jobs)
        settled = []
        for job in jobs:
            activity.heartbeat()
            # No step waits for a job that was given up or asked to stop, also where its run is open for weeks.
            if job.state is not JobState.LOST and not job.cancelled_from and await self._runs.is_open(job.workflow_id):
                continue
            if await self._settling.settle(job):
                settled.append(job.job_key)
        await self._counter.books.run(self._permits.sweep)
        return JobsReconciled(open=len(jobs), settled=tuple(settled))
