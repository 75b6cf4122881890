"""From a ticket to a stored piece: wait, download, check, store. A repeat attaches to the same job."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio import activity

from activities.ports.engines import DeliveredInspector
from activities.ports.stores import ObjectStore
from activities.steps import scratch
from activities.terms import PurchaseContext
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
    JobRef,
    JobState,
    JobStatus,
    PieceKind,
    PieceOrder,
    Remedy,
)
from models.profiles import PROFILES
from models.takes import Take

MOST_BYTES = 300_000_000
POLL_FACTOR = 1.5
MOST_POLL_TROUBLES = 10
GIVEN_UP_AFTER = timedelta(hours=6)
"""A job whose end stays unknown for this long is counted as possibly billed, and its piece is bought again."""

_ENDS: dict[str, type[ContentRefused] | type[MediaCorrupt]] = {
    "ContentRefused": ContentRefused,
    "MediaCorrupt": MediaCorrupt,
}


class Collecting:
    """Collects one piece after the other.

    Args:
        context: The purchase context that all buying steps of this process share.
        objects: The store for finished pieces.
        inspector: Checks delivered files.
    """

    def __init__(self, context: PurchaseContext, objects: ObjectStore, inspector: DeliveredInspector) -> None:
        self._context = context
        self._jobs = context.jobs
        self._run = context.sql.run
        self._objects = objects
        self._inspector = inspector

    async def collect(self, collect: CollectStep) -> Take:
        """Wait for a bought piece and store it.

        Raises:
                ContentRefused, JobFailed, MediaCorrupt: This job has no piece and never will.
                Misconfigured: The provider refuses our account; a retry asks for the same job.
                RateLimited, ProviderUnavailable: Temporary; a retry asks for the same job.
        """
        order = collect.order
        job = await self._run(self._jobs.find, order.job_key)
        if job is None:
            raise NotStored(order.job_key)
        if job.ended_at is not None:
            return await self._context.files.run(self._known_end, order, job)
        try:
            piece = await self._context.permit_queue.hold(order.job_key, self._take_delivery(collect, job))
        except (ContentRefused, JobFailed, MediaCorrupt) as error:
            known = await self._run(self._jobs.find, order.job_key)
            # The canceller of a job also records its end: only it knows what the job cost.
            if known is None or not known.cancelled_from:
                await end_without_piece(self._context, order.job_key, error)
            raise
        end = {"result": piece.model_dump_json(), "billing": Billing.CERTAIN.value}
        await self._run(self._jobs.end, order.job_key, JobState.DONE, "used", **end)
        self._context.permit_queue.look()
        return piece

    def _known_end(self, order: PieceOrder, job: Job) -> Take:
        if job.result is None:
            reason = job.reason or "The job has ended without a result."
            if job.failure in _ENDS:
                raise _ENDS[job.failure](reason)
            raise JobFailed(reason, job.said, job.billing, job.remedy)
        piece = Take.model_validate_json(job.result)
        if self._objects.size(self._context.pieces.key_of(order, piece.digest)) is None:
            raise JobFailed("The bought piece is no longer in the store. A retry buys it again.")
        return piece

    async def _take_delivery(self, collect: CollectStep, job: Job) -> Take:
        order, is_last = collect.order, activity.info().attempt == collect.attempts
        ticket = self._context.provider.addressed(job.ticket or collect.ticket, job.model)
        url = await self._landed_url(order, ticket, job, is_last)
        with scratch() as folder:
            try:
                await self._context.provider.fetch(url, folder / "delivered", MOST_BYTES)
            except ProviderUnavailable as error:
                if is_last:
                    raise _unreachable(error, Billing.CERTAIN) from error
                raise
            return await self._context.files.run(self._keep, order, folder)

    def _keep(self, order: PieceOrder, folder: Path) -> Take:
        """Check the delivered file and store it under the digest of its content."""
        delivered, profile = folder / "delivered", PROFILES[order.profile]
        if order.kind is PieceKind.CLIP:
            self._inspector.clip(delivered, self._context.pieces.duration_s(order), _no_pulse)
            path, content_type = delivered, "video/mp4"
        else:
            path, content_type = folder / "piece.png", "image/png"
            self._inspector.still(delivered, profile.width, profile.height, path, _no_pulse)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:20]
        self._objects.put_file(self._context.pieces.key_of(order, digest), path, content_type)
        return Take(scene_index=order.scene_index, digest=digest, size_bytes=path.stat().st_size)

    async def _landed_url(self, order: PieceOrder, ticket: JobRef, job: Job, is_last: bool) -> str:
        """Poll until the job has ended; a webhook only shortens the wait."""
        provider, terms, troubles, has_ended = self._context.provider, self._context.terms, 0, False
        pause_s = terms.poll_s
        while True:
            try:
                answer = await self._answer_of(order.job_key)
                if answer is not None:
                    return provider.answered(answer, order.kind)
                has_ended = has_ended or (await provider.status(ticket)).status is JobStatus.ENDED
                if has_ended:
                    return await provider.result(ticket, order.kind)
                troubles = 0
            except (ProviderUnavailable, RateLimited) as error:
                troubles += 1
                if troubles > MOST_POLL_TROUBLES:
                    if has_ended and is_last:
                        # The job has ended, but its result could not be fetched this often: stop asking.
                        raise _unreachable(error, Billing.POSSIBLE) from error
                    raise
                wish_s = error.delay_s if isinstance(error, RateLimited) else None
                pause_s = max(pause_s, wish_s or 0.0)
            if datetime.now(UTC) - job.intended_at > GIVEN_UP_AFTER:
                raise JobFailed(
                    "The provider has not reported the outcome of this job for hours; it may be on the bill. "
                    "A retry buys it again.",
                    "no end",
                    Billing.POSSIBLE,
                )
            await self._context.webhooks.wait(order.job_key, pause_s)
            pause_s = min(terms.most_poll_s, pause_s * POLL_FACTOR)

    async def _answer_of(self, job_key: str) -> str | None:
        if self._context.terms.webhook_url is None:
            return None
        job = await self._run(self._jobs.find, job_key)
        return job.answer if job is not None else None


async def end_without_piece(
    context: PurchaseContext, job_key: str, error: EchonosError, outcome: str = "", state: JobState = JobState.FAILED
) -> None:
    """Record that a job ended without a piece, and what it cost.

    Args:
        context: The purchase context that all buying steps of this process share.
        job_key: The job.
        error: Why there is no piece.
        outcome: The outcome for the run's bill; derived from `error` if empty.
        state: The job's final state.
    """
    failed = error if isinstance(error, ContentRefused | JobFailed) else None
    end = {
        "reason": error.message,
        "failure": error.type,
        "said": failed.said if failed else "",
        # A delivered file that does not decode was still made, and is paid for.
        "billing": str(failed.billing) if failed else Billing.CERTAIN.value,
        "remedy": str(error.remedy) if isinstance(error, JobFailed) else "",
    }
    became = outcome or ("refused" if isinstance(error, ContentRefused) else "failed")
    await context.sql.run(context.jobs.end, job_key, state, became, **end)
    context.permit_queue.look()


def _unreachable(error: EchonosError, billing: Billing) -> JobFailed:
    sentence = f"A finished job's result could not be fetched: {error.message} A retry buys it again."
    return JobFailed(sentence, "result unreachable", billing, Remedy.LATER)


def _no_pulse() -> None:
    """A heartbeat that does nothing: `watched` already heartbeats, and a check takes seconds."""
