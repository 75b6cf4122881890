"""What activities need to buy pieces: a provider, its jobs and permits."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from models.paid_media import (
    Job,
    JobRef,
    JobState,
    JobStatus,
    Media,
    PermitRequest,
    PieceKind,
    PieceRequest,
)


class JobReport(Protocol):
    """The state of a job at its provider."""

    @property
    def status(self) -> JobStatus:
        """Queued, running or ended."""
        ...

    @property
    def has_run(self) -> bool:
        """Whether an ended job used a runner's time, as far as the provider reports it."""
        ...


class MediaProvider(Protocol):
    """Sells pictures and clips. Each call is one request; the provider itself never retries."""

    @property
    def media(self) -> Media:
        """The models of a run that asked for none."""
        ...

    def media_for(self, still_model: str, clip_model: str) -> Media:
        """The models for a run that asked for these; empty names mean the defaults. Raises `InvalidInput`."""
        ...

    def model_of(self, kind: PieceKind, model: str = "") -> str:
        """The endpoint that makes a piece of this kind, with the run's own model if it has one."""
        ...

    def price_micro_usd(self, kind: PieceKind, duration_s: float = 0, model: str = "") -> int:
        """The price of one piece, with the run's own model if it has one."""
        ...

    def inline(self, picture: bytes, remedy: str = "") -> str:
        """A picture as a data URL, prepared as `models.paid_media.Remedy` says."""
        ...

    def enlarged(self, picture: bytes) -> bytes | None:
        """A picture that is too small for clip models, enlarged, as JPEG; None if it is large enough."""
        ...

    async def submit(self, job_key: str, request: PieceRequest, webhook_url: str | None = None) -> JobRef:
        """Submit a job; raises `OutcomeUnknown` if the job may exist, anything else if it does not."""
        ...

    def addressed(self, ticket: JobRef, model: str) -> JobRef:
        """A ticket with the URLs of its job, added if they are missing."""
        ...

    async def status(self, ticket: JobRef) -> JobReport:
        """The state of a job; raises `JobFailed` if the provider does not know it."""
        ...

    async def result(self, ticket: JobRef, kind: PieceKind) -> str:
        """The URL of an ended job's result; raises `ContentRefused`, `JobFailed`."""
        ...

    def answered(self, answer: str, kind: PieceKind) -> str:
        """The same, from the body of a webhook."""
        ...

    async def fetch(self, url: str, path: Path, most_bytes: int) -> None:
        """Download a result."""
        ...

    async def cancel(self, ticket: JobRef) -> bool:
        """Cancel a job; False if it has ended or is unknown. A running one may go on, and be billed."""
        ...


class JobBook(Protocol):
    """Paid jobs, one row per key; see `stores.provider_jobs`."""

    def intend(self, job: Job, allowance_micro_usd: int | None = None) -> tuple[Job, bool]:
        """Record the intent to send a request; returns whether it may be sent. Raises `SpendingExceeded`."""
        ...

    def intend_again(self, job_key: str) -> bool:
        """Permission to submit a job of unknown outcome once more."""
        ...

    def submitted(self, ticket: JobRef) -> Job:
        """Record that the provider accepted the job."""
        ...

    def unknown(self, job_key: str) -> Job:
        """Record that the answer to a submission was lost."""
        ...

    def withdrawn(self, job_key: str) -> None:
        """Record that the provider refused the request."""
        ...

    def end(
        self,
        job_key: str,
        state: JobState,
        outcome: str,
        *,
        result: str = "",
        reason: str = "",
        failure: str = "",
        said: str = "",
        billing: str = "",
        remedy: str = "",
    ) -> Job:
        """Record the end of a job; the first end wins. Counts its cost and frees its permit."""
        ...

    def asked_to_stop(self, job_key: str, where: JobStatus | None) -> None:
        """Record that the provider was asked to cancel a job in state `where`; None: it did not accept the request."""
        ...

    def give_up(self, job_key: str) -> None:
        """Record a person's decision to pay again for a job of unknown outcome."""
        ...

    def find(self, job_key: str) -> Job | None:
        """A job by its key."""
        ...

    def landed(self, job_keys: Iterable[str]) -> set[str]:
        """Those of the given jobs whose webhook has arrived."""
        ...

    def of_run(self, workflow_id: str) -> list[Job]:
        """The open jobs of a run."""
        ...

    def open_jobs(self, limit: int = 1000) -> list[Job]:
        """All open jobs, oldest first."""
        ...


class Permits(Protocol):
    """Limits the jobs in flight; see `stores.permits`."""

    @property
    def renew_every_s(self) -> float:
        """How often holders and waiters must renew, in seconds."""
        ...

    def ask(self, request: PermitRequest, capacity: int, at_once: int = 0, for_s: float | None = None) -> bool:
        """Take a place in the queue; returns whether a permit was free at once."""
        ...

    def grant(self, provider: str, capacity: int) -> set[str]:
        """Give free permits to those next in the queue; returns all holders."""
        ...

    def renew(self, job_keys: list[str]) -> None:
        """Renew these permits and places in the queue."""
        ...

    def free(self, job_key: str) -> None:
        """Release a permit or a place in the queue."""
        ...

    def keep(self, job_key: str, for_s: float) -> None:
        """Keep a permit without renewals: no step waits for its job any more, but the job still runs."""
        ...

    def sweep(self, older_than_s: float = 86_400.0) -> None:
        """Remove rows whose holders disappeared long ago."""
        ...


class Staging(Protocol):
    """Uploads that await their check."""

    def delete_older(self, prefix: str, than: datetime) -> int:
        """Delete objects below a prefix that were stored before a moment; returns their number."""
        ...
