"""From a ticket to a stored piece: wait, fetch, look at it, store it; doing it again attaches to the same job."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio import activity

from activities.ports import DeliveredInspector, ObjectStore
from activities.steps import scratch
from activities.terms import Counter
from models.failures import (
    ContentRefused,
    EchonosError,
    JobFailed,
    MediaCorrupt,
    NotStored,
    ProviderUnavailable,
    RateLimited,
)
from models.paid_media import (
    Billing,
    CollectStep,
    Job,
    JobState,
    JobStatus,
    JobTicket,
    Piece,
    PieceKind,
    PieceOrder,
    Remedy,
)
from models.profiles import PROFILES

MOST_BYTES = 300_000_000
POLL_FACTOR = 1.5
MOST_POLL_TROUBLES = 10
GIVEN_UP_AFTER = timedelta(hours=6)
"""A job whose end cannot be learnt for so long is counted as possibly billed, and its piece is bought anew."""

_ENDS: dict[str, type[ContentRefused] | type[MediaCorrupt]] = {
    "ContentRefused": ContentRefused,
    "MediaCorrupt": MediaCorrupt,
}


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

    async def collect(self, collect: CollectStep) -> Piece:
        """Wait for a bought piece and store it.

        Raises:
            ContentRefused, JobFailed, MediaCorrupt: There is none, and this job will never bring one.
            Misconfigured: The provider refuses our account; the job is asked for again.
            RateLimited, ProviderUnavailable: Ask again.
        """
        order = collect.order
        job = await self._run(self._jobs.find, order.job_key)
        if job is None:
            raise NotStored(order.job_key)
        if job.ended_at is not None:
            return await self._counter.files.run(self._known_end, order, job)
        try:
            piece = await self._counter.desk.hold(order.job_key, self._take_delivery(collect, job))
        except (ContentRefused, JobFailed, MediaCorrupt) as error:
            known = await self._run(self._jobs.find, order.job_key)
            # A job that was asked to stop ends where it was asked: there it is known what that costs.
            if known is None or not known.cancelled_from:
                await end_without_piece(self._counter, order.job_key, error)
            raise
        end = {"result": piece.model_dump_json(), "billing": Billing.CERTAIN.value}
        await self._run(self._jobs.end, order.job_key, JobState.DONE, "used", **end)
        self._counter.desk.look()
        return piece

    def _known_end(self, order: PieceOrder, job: Job) -> Piece:
        if job.result is None:
            reason = job.reason or "The job has ended without a result."
            if job.failure in _ENDS:
                raise _ENDS[job.failure](reason)
            raise JobFailed(reason, job.said, job.billing, job.remedy)
        piece = Piece.model_validate_json(job.result)
        if self._objects.size(self._counter.pieces.key_of(order, piece.digest)) is None:
            raise JobFailed("What was bought is not in the store any more. A retry buys it anew.")
        return piece

    async def _take_delivery(self, collect: CollectStep, job: Job) -> Piece:
        order, is_last = collect.order, activity.info().attempt == collect.attempts
        ticket = self._counter.shop.addressed(job.ticket or collect.ticket, job.model)
        url = await self._landed_url(order, ticket, job, is_last)
        with scratch() as folder:
            try:
                await self._counter.shop.fetch(url, folder / "delivered", MOST_BYTES)
            except ProviderUnavailable as error:
                if is_last:
                    raise _unreachable(error, Billing.CERTAIN) from error
                raise
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

    async def _landed_url(self, order: PieceOrder, ticket: JobTicket, job: Job, is_last: bool) -> str:
        """Ask until the job has ended; a webhook only makes it faster."""
        shop, terms, troubles, has_ended = self._counter.shop, self._counter.terms, 0, False
        pause_s = terms.poll_s
        while True:
            try:
                answer = await self._answer_of(order.job_key)
                if answer is not None:
                    return shop.answered(answer, order.kind)
                has_ended = has_ended or (await shop.status(ticket)).status is JobStatus.ENDED
                if has_ended:
                    return await shop.result(ticket, order.kind)
                troubles = 0
            except (ProviderUnavailable, RateLimited) as error:
                troubles += 1
                if troubles > MOST_POLL_TROUBLES:
                    if has_ended and is_last:
                        # It has ended, and so often its result could not be had: asking goes on no longer.
                        raise _unreachable(error, Billing.POSSIBLE) from error
                    raise
                wish_s = error.delay_s if isinstance(error, RateLimited) else None
                pause_s = max(pause_s, wish_s or 0.0)
            if datetime.now(UTC) - job.intended_at > GIVEN_UP_AFTER:
                raise JobFailed(
                    "The provider did not say for hours what became of this job; it may be on the bill. "
                    "A retry buys it anew.",
                    "no end",
                    Billing.POSSIBLE,
                )
            await self._counter.landings.wait(order.job_key, pause_s)
            pause_s = min(terms.most_poll_s, pause_s * POLL_FACTOR)

    async def _answer_of(self, job_key: str) -> str | None:
        if self._counter.terms.webhook_url is None:
            return None
        job = await self._run(self._jobs.find, job_key)
        return job.answer if job is not None else None


async def end_without_piece(
    counter: Counter, job_key: str, error: EchonosError, outcome: str = "", state: JobState = JobState.FAILED
) -> None:
    """Write down that a job ended without a piece, and what it costs.

    Args:
        counter: Where all steps that buy meet.
        job_key: The job.
        error: Why there is none.
        outcome: For the run's bill; empty: by the error.
        state: Its last.
    """
    failed = error if isinstance(error, ContentRefused | JobFailed) else None
    end = {
        "reason": error.message,
        "failure": error.type,
        "said": failed.said if failed else "",
        # What was delivered and does not decode was made, and is paid for.
        "billing": str(failed.billing) if failed else Billing.CERTAIN.value,
        "remedy": str(error.remedy) if isinstance(error, JobFailed) else "",
    }
    became = outcome or ("refused" if isinstance(error, ContentRefused) else "failed")
    await counter.books.run(counter.jobs.end, job_key, state, became, **end)
    counter.desk.look()


def _unreachable(error: EchonosError, billing: Billing) -> JobFailed:
    sentence = f"A finished job's result could not be had: {error.message} A retry buys it anew."
    return JobFailed(sentence, "result unreachable", billing, Remedy.LATER)


def _no_pulse() -> None:
    """The step's own watch heartbeats; a look takes seconds."""
