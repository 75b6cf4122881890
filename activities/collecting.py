"""From a ticket to a stored piece: wait, fetch, look at it, store it; doing it again attaches to the same job."""

import hashlib
from pathlib import Path

from activities.ports import DeliveredInspector, ObjectStore
from activities.steps import scratch
from activities.terms import Counter
from models import failures
from models.failures import ContentRefused, JobFailed, MediaCorrupt, NotStored, ProviderUnavailable, RateLimited
from models.paid_media import Job, JobState, JobStatus, JobTicket, Piece, PieceKind, PieceOrder
from models.profiles import PROFILES

MOST_BYTES = 300_000_000
POLL_FACTOR = 1.5
MOST_POLL_TROUBLES = 10


class Collecting:
    """Collects one piece after the other.

    Args:
        counter: Where all steps that buy meet.
        objects: Where pieces are stored.
        inspector: Looks at what was delivered.
    """

    def __init__(self, counter: Counter, objects: ObjectStore, inspector: DeliveredInspector) -> None:
        self._counter = counter
        self._jobs = counter.jobs
        self._run = counter.books.run
        self._objects = objects
        self._inspector = inspector

    async def collect(self, order: PieceOrder, ticket: JobTicket) -> Piece:
        """Wait for a bought piece and store it.

        Raises:
            ContentRefused, JobFailed, MediaCorrupt: There is none, and this job will never bring one.
        """
        job = await self._run(self._jobs.find, order.job_key)
        if job is None:
            raise NotStored(order.job_key)
        if job.ended_at is not None:
            return await self._counter.files.run(self._known_end, order, job)
        try:
            delivery = self._take_delivery(order, job.ticket or ticket)
            piece = await self._counter.desk.hold(order.job_key, delivery)
        except (ContentRefused, JobFailed, MediaCorrupt) as error:
            outcome = "refused" if isinstance(error, ContentRefused) else "failed"
            end = {"reason": error.message, "failure": error.type}
            await self._run(self._jobs.end, order.job_key, JobState.FAILED, outcome, **end)
            self._counter.desk.look()
            raise
        result = piece.model_dump_json()
        await self._run(self._jobs.end, order.job_key, JobState.DONE, "used", result=result)
        self._counter.desk.look()
        return piece

    def _known_end(self, order: PieceOrder, job: Job) -> Piece:
        if job.result is None:
            kind = getattr(failures, job.failure, JobFailed)
            raise kind(job.reason or "The job has ended without a result.")
        piece = Piece.model_validate_json(job.result)
        if self._objects.size(self._counter.pieces.key_of(order, piece.digest)) is None:
            raise JobFailed("What was bought is not in the store any more.")
        return piece

    async def _take_delivery(self, order: PieceOrder, ticket: JobTicket) -> Piece:
        url = await self._landed_url(order, ticket)
        with scratch() as folder:
            await self._counter.shop.fetch(url, folder / "delivered", MOST_BYTES)
            return await self._counter.files.run(self._keep, order, folder)

    def _keep(self, order: PieceOrder, folder: Path) -> Piece:
        """Look at what was delivered, and store it under its content's digest."""
        delivered, profile = folder / "delivered", PROFILES[order.profile]
        if order.kind is PieceKind.CLIP:
            self._inspector.clip(delivered, self._counter.pieces.duration_s(order), _no_pulse)
            path, content_type = delivered, "video/mp4"
        else:
            path, content_type = folder / "piece.png", "image/png"
            self._inspector.still(delivered, profile.width, profile.height, path, _no_pulse)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:20]
        self._objects.put_file(self._counter.pieces.key_of(order, digest), path, content_type)
        return Piece(digest=digest, size_bytes=path.stat().st_size)

    async def _landed_url(self, order: PieceOrder, ticket: JobTicket) -> str:
        """Ask until the job has ended; a webhook only makes it faster."""
        shop, terms, troubles = self._counter.shop, self._counter.terms, 0
        pause_s = terms.poll_s
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
            await self._counter.landings.wait(order.job_key, pause_s)
            pause_s = min(terms.most_poll_s, pause_s * POLL_FACTOR)

    async def _answer_of(self, job_key: str) -> str | None:
        if self._counter.terms.webhook_url is None:
            return None
        job = await self._run(self._jobs.find, job_key)
        return job.answer if job is not None else None


def _no_pulse() -> None:
    """The step's own watch heartbeats; a look takes seconds."""
