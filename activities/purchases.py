"""Pieces that are bought: order, collect, withdraw, reconcile.

Side effects: jobs at a provider, their rows, what they cost, and the delivered pieces in the object store. Idempotency:
the job key, made of workflow id, piece, scene and revision. Provider queue: everything here waits, nothing computes.
"""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio import activity

from activities.pieces import Pieces, ShareUrl
from activities.ports import (
    DeliveredInspector,
    JobBook,
    MediaShop,
    ObjectStore,
    Permits,
    RunRegistry,
)
from activities.steps import load, scratch, step
from activities.waiting import Landings, PermitDesk, Threads, finished, watched
from models import failures
from models.failures import (
    ContentRefused,
    EchonosError,
    JobFailed,
    MediaCorrupt,
    Misconfigured,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    SpendingExceeded,
)
from models.generation import ReconcileRequest
from models.paid_media import (
    CastList,
    CastStep,
    CollectStep,
    Job,
    JobsReconciled,
    JobState,
    JobStatus,
    JobTicket,
    Media,
    MediaQuestion,
    Piece,
    PieceKind,
    PieceOrder,
    Portrait,
    Withdrawn,
    WithdrawStep,
)
from models.profiles import PROFILES
from models.routing import portrait_key
from models.spending import MICRO_USD
from models.treatment import Treatment

MOST_BYTES = 300_000_000
POLL_FACTOR = 1.5
MOST_POLL_TROUBLES = 10
FATE_IS_SETTLED_AFTER = timedelta(hours=3)
"""A provider repeats a webhook for two hours: what has not been heard of by then never will be."""


@dataclass(frozen=True)
class BuyingTerms:
    """How this house buys.

    Attributes:
        permit_key: Names the provider key; says nothing of its secret.
        capacity: Jobs in flight at once.
        webhook_url: Makes the URL that a provider calls for a job key; None: nobody can call us.
        share_url: Makes links that a provider can follow; None: our store is not reachable from outside.
        unknown_patience_s: How long a job of unknown fate waits for its webhook before it is submitted once more.
        poll_s: The first pause between questions about a job.
        most_poll_s: The longest.
    """

    permit_key: str = "fal"
    capacity: int = 2
    webhook_url: Callable[[str], str] | None = None
    share_url: ShareUrl | None = None
    unknown_patience_s: float = 600.0
    poll_s: float = 0.5
    most_poll_s: float = 2.0


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
        self._objects = objects
        self._sells = shop
        self._jobs = jobs
        self._permits = permits
        self._inspector = inspector
        self._runs = runs
        self._terms = terms
        self._pieces = Pieces(objects, terms.share_url)
        self._threads = Threads()
        self._desk = PermitDesk(permits, terms.permit_key, terms.capacity, self._threads)
        self._landings = Landings(jobs, self._threads, expected=terms.webhook_url is not None)

    @step
    def choose_media(self, question: MediaQuestion) -> Media:
        """Who makes the pictures of a run: written into its history, so that it stays so."""
        return self._sells.media if self._sells is not None else Media()

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
        return await watched(self._order(order))

    @step
    async def collect_piece(self, collect: CollectStep) -> Piece:
        """Wait for a bought piece, look at it, and store it; doing it again attaches to the same job."""
        return await watched(self._collect(collect.order, collect.ticket))

    @step
    async def withdraw_jobs(self, withdraw: WithdrawStep) -> Withdrawn:
        """Cancel what a run has queued and not got; what runs already is settled by `reconcile_jobs`."""
        jobs = await self._threads.run(self._jobs.of_run, withdraw.workflow_id)
        cancelled = [await self._cancel(job) for job in jobs]
        for job in jobs:
            await self._desk.free(job.job_key)
        return Withdrawn(cancelled=sum(cancelled), running=len(cancelled) - sum(cancelled))

    @step
    async def reconcile_jobs(self, request: ReconcileRequest) -> JobsReconciled:
        """Settle the jobs of runs that are gone: what they cost is counted, what they made is not used."""
        jobs = await self._threads.run(self._jobs.open_jobs)
        settled = []
        for job in jobs:
            activity.heartbeat()
            if await self._runs.is_open(job.workflow_id):
                continue
            try:
                if await self._settle(job):
                    settled.append(job.job_key)
            except (ProviderUnavailable, RateLimited, Misconfigured):
                continue  # the next look comes soon, and one job does not hold up the others
        await self._threads.run(self._permits.sweep)
        return JobsReconciled(open=len(jobs), settled=tuple(settled))

    async def _order(self, order: PieceOrder) -> JobTicket:
        known = await self._threads.run(self._jobs.find, order.job_key)
        if known is not None and known.ticket is not None:
            return known.ticket
        shop = self._shop()
        wanted = await self._threads.run(self._pieces.wanted, order, shop)
        price = shop.price_micro_usd(order.kind, wanted.request.duration_s)
        await self._desk.obtain(order.job_key, order.account_id, order.urgent)
        try:
            await self._check_allowance(order, price)

            async def submit() -> JobTicket:
                url = self._terms.webhook_url
                hook = url(order.job_key) if url is not None else None
                return await shop.submit(order.job_key, wanted.request, wanted.images, hook)

            return await self._submit_once(order, price, submit)
        except EchonosError:
            await self._desk.free(order.job_key)
            raise

    async def _check_allowance(self, order: PieceOrder, price: int) -> None:
        if order.allowance_micro_usd is None:
            return
        committed = await self._threads.run(self._jobs.committed_micro_usd, order.video_id)
        if committed + price > order.allowance_micro_usd:
            raise SpendingExceeded(
                f"This video has cost ${committed / MICRO_USD:.2f} at the provider, more than was planned for it; "
                "look at why, then let it try again or give it up."
            )

    async def _submit_once(
        self, order: PieceOrder, price: int, submit: Callable[[], Awaitable[JobTicket]]
    ) -> JobTicket:
        """The one way to a provider: a committed intent first, and what is unknown is never simply sent again."""
        job, may = await self._threads.run(self._jobs.intend, self._job(order, price))
        while True:
            if may:
                job = await finished(self._submit(order.job_key, submit))
            if job.ticket is not None:
                return job.ticket
            if job.state is not JobState.UNKNOWN:
                raise JobFailed(job.reason or "The job was given up.")
            if await self._hear_of(order.job_key):
                found = await self._threads.run(self._jobs.find, order.job_key)
                if found is not None and found.ticket is not None:
                    return found.ticket
            may = await self._threads.run(self._jobs.intend_again, order.job_key)
            if may:
                activity.logger.warning("a job of unknown fate is submitted once more", extra={"job": order.job_key})
                continue
            found = await self._threads.run(self._jobs.find, order.job_key)
            job = found or job
            if job.ticket is None:
                await self._give_up_or_park(order)

    async def _submit(self, job_key: str, submit: Callable[[], Awaitable[JobTicket]]) -> Job:
        try:
            ticket = await submit()
        except OutcomeUnknown:
            return await self._threads.run(self._jobs.unknown, job_key)
        except EchonosError:
            await self._threads.run(self._jobs.withdrawn, job_key)
            raise
        return await self._threads.run(self._jobs.submitted, ticket)

    async def _hear_of(self, job_key: str) -> bool:
        if self._terms.webhook_url is None:
            return False
        waiting = self._landings.wait(job_key, self._terms.unknown_patience_s)
        return await self._desk.hold(job_key, waiting)

    async def _give_up_or_park(self, order: PieceOrder) -> None:
        if order.forced:
            await self._threads.run(self._jobs.give_up, order.job_key)
            raise JobFailed("Its fate was never learnt; a person has decided to go on.")
        raise OutcomeUnknown(
            "Twice an answer of the provider was lost, so this piece may have been bought twice already. "
            "Look for it in the provider's dashboard; a retry buys it once more."
        )

    async def _collect(self, order: PieceOrder, ticket: JobTicket) -> Piece:
        job = await self._threads.run(self._jobs.find, order.job_key)
        if job is None:
            raise KeyError(order.job_key)
        if job.ended_at is not None:
            return await self._known_end(order, job)
        try:
            piece = await self._desk.hold(order.job_key, self._take_delivery(order, job.ticket or ticket))
        except (ContentRefused, JobFailed, MediaCorrupt) as error:
            outcome = "refused" if isinstance(error, ContentRefused) else "failed"
            end = {"reason": error.message, "failure": error.type}
            await self._threads.run(self._jobs.end, order.job_key, JobState.FAILED, outcome, **end)
            self._desk.look()
            raise
        result = piece.model_dump_json()
        await self._threads.run(self._jobs.end, order.job_key, JobState.DONE, "used", result=result)
        self._desk.look()
        return piece

    async def _known_end(self, order: PieceOrder, job: Job) -> Piece:
        if job.result is None:
            kind = getattr(failures, job.failure, JobFailed)
            raise kind(job.reason or "The job has ended without a result.")
        piece = Piece.model_validate_json(job.result)
        if await self._threads.run(self._objects.size, self._pieces.key_of(order, piece.digest)) is None:
            raise JobFailed("What was bought is not in the store any more.")
        return piece

    async def _take_delivery(self, order: PieceOrder, ticket: JobTicket) -> Piece:
        url = await self._landed_url(order, ticket)
        shop = self._shop()
        with scratch() as folder:
            delivered, out = folder / "delivered", folder / "piece.png"
            await shop.fetch(url, delivered, MOST_BYTES)
            if order.kind is PieceKind.CLIP:
                wanted_s = await self._threads.run(self._pieces.duration_s, order)
                await self._threads.run(self._inspector.clip, delivered, wanted_s, _no_pulse)
                out, content_type = delivered, "video/mp4"
            else:
                profile, content_type = PROFILES[order.profile], "image/png"
                look = self._inspector.still
                await self._threads.run(look, delivered, profile.width, profile.height, out, _no_pulse)
            return await self._threads.run(self._store, order, out, content_type)

    def _store(self, order: PieceOrder, path: Path, content_type: str) -> Piece:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:20]
        self._objects.put_file(self._pieces.key_of(order, digest), path, content_type)
        return Piece(digest=digest, size_bytes=path.stat().st_size)

    async def _landed_url(self, order: PieceOrder, ticket: JobTicket) -> str:
        """Ask until the job has ended; a webhook only makes it faster."""
        shop, pause_s, troubles = self._shop(), self._terms.poll_s, 0
        while True:
            try:
                answer = await self._answer_of(order.job_key)
                if answer is not None:
                    return shop.answered(answer, order.kind)
                if ticket.status_url and (await shop.status(ticket)).status is JobStatus.ENDED:
                    return await shop.result(ticket, order.kind)
                troubles = 0
            except (ProviderUnavailable, RateLimited) as error:
                troubles += 1
                if troubles > MOST_POLL_TROUBLES:
                    raise
                wish_s = error.delay_s if isinstance(error, RateLimited) else None
                pause_s = max(pause_s, wish_s or 0.0)
            await self._landings.wait(order.job_key, pause_s)
            pause_s = min(self._terms.most_poll_s, pause_s * POLL_FACTOR)

    async def _answer_of(self, job_key: str) -> str | None:
        if self._terms.webhook_url is None:
            return None
        job = await self._threads.run(self._jobs.find, job_key)
        return job.answer if job is not None else None

    async def _cancel(self, job: Job) -> bool:
        if job.ticket is None:
            return False
        try:
            cancelled = await self._shop().cancel(job.ticket)
        except JobFailed:
            cancelled = True  # the provider does not know it
        if cancelled:
            end = {"reason": "withdrawn", "failure": "JobFailed"}
            await self._threads.run(self._jobs.end, job.job_key, JobState.CANCELLED, "withdrawn", **end)
        return cancelled

    async def _settle(self, job: Job) -> bool:
        """One look at a job that nobody waits for; False while it is still under way."""
        ticket, state, failure = job.ticket, JobState.DONE, "JobFailed"
        if ticket is None:
            if datetime.now(UTC) - job.intended_at < FATE_IS_SETTLED_AFTER:
                return False
            state, failure = JobState.LOST, "OutcomeUnknown"
        elif job.answer is None and await self._cancel(job):
            return True
        try:
            if ticket is not None:
                shop, answer = self._shop(), job.answer
                if answer is None and (await shop.status(ticket)).status is not JobStatus.ENDED:
                    return False
                shop.answered(answer, job.kind) if answer else await shop.result(ticket, job.kind)
        except (ContentRefused, JobFailed) as error:
            state, failure = JobState.FAILED, error.type
        end = {"reason": "its run had ended", "failure": failure}
        await self._threads.run(self._jobs.end, job.job_key, state, "unused", **end)
        return True

    def _job(self, order: PieceOrder, price: int) -> Job:
        return Job(
            job_key=order.job_key,
            workflow_id=activity.info().workflow_id or "",
            account_id=order.account_id,
            video_id=order.video_id,
            provider=self._shop().media.provider,
            model=self._shop().model_of(order.kind),
            kind=order.kind,
            scene_index=order.scene_index,
            state=JobState.INTENDED,
            price_micro_usd=price,
            intended_at=datetime.now(UTC),
        )

    def _shop(self) -> MediaShop:
        if self._sells is None:
            raise Misconfigured("This run buys its pictures, but no key of their provider is set: set FAL_KEY.")
        return self._sells


def _no_pulse() -> None:
    """The step's own watch heartbeats; a look takes seconds."""
