"""Paid jobs, one row per key: written before a request leaves, so that nothing is bought twice by mistake.

The row is the only memory of a submission that survives a killed worker. An `intended` row means that a request may
have left. What may be done about that is decided here, in one transaction each.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, text, update

from models.failures import NotStored, SpendingExceeded
from models.paid_media import Billing, Job, JobRef, JobState, JobStatus
from models.spending import MICRO_USD, Spending
from models.stages import stage_that_buys
from stores import schema
from stores.database import Database, utc_now
from stores.spending import report_spending, write_spending

R = TypeVar("R")

MOST_UNKNOWN = 1
"""A submission of unknown outcome may be followed by one more, never by a third."""

_T = schema.provider_jobs
# Built once: for one row SQLAlchemy takes longer to build a statement than to execute it.
_FIND = select(_T).where(_T.c.job_key == bindparam("job_key"))
_OF_VIDEO = select(_T).where(_T.c.video_id == bindparam("video_id"))
_CHANGE = update(_T).where(_T.c.job_key == bindparam("which"))
_FREE = delete(schema.provider_permits).where(schema.provider_permits.c.job_key == bindparam("job_key"))


class JobBook:
    """The jobs of all runs.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def intend(self, job: Job, allowance_micro_usd: int | None = None) -> tuple[Job, bool]:
        """Record the intent to send a request.

        Args:
            job: The job to buy; its state is ignored.
            allowance_micro_usd: The most that all jobs of the video may cost, including this one; None: no limit.

        Returns:
            The row, and whether the caller may submit now. If not, the row says why: a ticket, an end, or `unknown`,
            because an earlier request may have left.

        Raises:
            SpendingExceeded: This job would exceed the limit; nothing is written.
        """

        def change(connection: Connection, known: Job | None) -> tuple[Job, bool]:
            if allowance_micro_usd is not None and (known is None or known.state is JobState.WITHDRAWN):
                _check_allowance(connection, job, allowance_micro_usd)
            if known is None:
                fresh = job.model_copy(update={"state": JobState.INTENDED, "intended_at": self._clock()})
                connection.execute(insert(_T), _row(fresh))
                return fresh, True
            if known.state is JobState.WITHDRAWN:
                return _write(connection, known, state=JobState.INTENDED), True
            if known.state is JobState.INTENDED:
                return _write(connection, known, state=JobState.UNKNOWN, unknowns=known.unknowns + 1), False
            return known, False

        return self._change(job.job_key, change)

    def intend_again(self, job_key: str) -> bool:
        """Permission to submit a job of unknown outcome once more; False if it has been used, or the job was found."""

        def change(connection: Connection, known: Job | None) -> bool:
            if known is None or known.state is not JobState.UNKNOWN or known.unknowns > MOST_UNKNOWN:
                return False
            _write(connection, known, state=JobState.INTENDED)
            return True

        return self._change(job_key, change)

    def submitted(self, ticket: JobRef) -> Job:
        """Record the provider's acceptance; the first ticket of a key stays."""

        def change(connection: Connection, known: Job | None) -> Job:
            job = _there(known, ticket.job_key)
            urls = ticket.model_dump(include={"status_url", "response_url", "cancel_url"})
            if job.request_id == ticket.request_id:
                return _write(connection, job, **urls)  # its webhook came first
            if job.request_id is not None or job.state in (JobState.CANCELLED, JobState.LOST):
                # The provider accepted another request of the same key as well: that one stays counted as unknown.
                return _write(connection, job, unknowns=max(1, job.unknowns))
            # The job had counted as unknown, and exists after all.
            unknowns = job.unknowns - 1 if job.state is JobState.UNKNOWN else job.unknowns
            return _write(
                connection, job, state=JobState.SUBMITTED, request_id=ticket.request_id, unknowns=unknowns, **urls
            )

        return self._change(ticket.job_key, change)

    def unknown(self, job_key: str) -> Job:
        """Record that the answer to a submission was lost."""

        def change(connection: Connection, known: Job | None) -> Job:
            job = _there(known, job_key)
            if job.state is not JobState.INTENDED:
                return job
            return _write(connection, job, state=JobState.UNKNOWN, unknowns=job.unknowns + 1)

        return self._change(job_key, change)

    def withdrawn(self, job_key: str) -> None:
        """Record that the provider refused the request: there is no job."""

        def change(connection: Connection, known: Job | None) -> None:
            job = _there(known, job_key)
            if job.state is JobState.INTENDED:
                # An earlier unknown request stays unknown.
                state = JobState.UNKNOWN if job.unknowns else JobState.WITHDRAWN
                _write(connection, job, state=state)

        self._change(job_key, change)

    def answered(self, job_key: str, request_id: str, answer: str) -> Job | None:
        """Record a verified webhook. It may come before the submission's own answer, twice, or after everything.

        Its answer is kept whole: a truncated document would read as a failed job, which would be bought again.

        Returns:
            The job as it is now; None for an unknown key.
        """

        def change(connection: Connection, known: Job | None) -> Job | None:
            if known is None:
                return None
            if known.request_id == request_id:
                if known.answer is not None or known.state is not JobState.SUBMITTED:
                    return known
                return _write(connection, known, answer=answer)
            if known.state in (JobState.INTENDED, JobState.UNKNOWN):
                found = known.unknowns - 1 if known.state is JobState.UNKNOWN else known.unknowns
                return _write(
                    connection,
                    known,
                    state=JobState.SUBMITTED,
                    request_id=request_id,
                    unknowns=found,
                    answer=answer,
                )
            return known

        return self._change(job_key, change)

    def found(self, job_key: str, request_id: str) -> Job | None:
        """Record a verified webhook without an answer: the job exists, and will be polled.

        Returns:
            The job as it is now; None for an unknown key.
        """

        def change(connection: Connection, known: Job | None) -> Job | None:
            if known is None or known.state not in (JobState.INTENDED, JobState.UNKNOWN):
                return known
            unknowns = known.unknowns - 1 if known.state is JobState.UNKNOWN else known.unknowns
            return _write(connection, known, state=JobState.SUBMITTED, request_id=request_id, unknowns=unknowns)

        return self._change(job_key, change)

    def asked_to_stop(self, job_key: str, where: JobStatus | None) -> None:
        """Record that the provider was asked to cancel a job in state `where`; None: it did not accept the request."""

        def change(connection: Connection, known: Job | None) -> None:
            job = _there(known, job_key)
            if job.ended_at is None:
                _write(connection, job, cancelled_from=where.value if where else "")

        self._change(job_key, change)

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
        """Record the end of a job; the first end wins. Its cost and its permit's release share the transaction.

        Args:
            job_key: The job.
            state: Its final state.
            outcome: The outcome for the run's bill: `used`, `refused`, `failed`, `unused`.
            result: The stored piece, JSON.
            reason: Why there is no piece, in words.
            failure: The failure's type, to give the same answer again.
            said: The provider's own error type.
            billing: As `Billing`; empty: a failed job costs nothing, a finished or refused one its price.
            remedy: As `Remedy`.

        Returns:
            The job as it ended.
        """

        def change(connection: Connection, known: Job | None) -> tuple[Job, list[Spending]]:
            job = _there(known, job_key)
            connection.execute(_FREE, {"job_key": job_key})
            if job.ended_at is not None:
                return job, []
            job = _write(
                connection,
                job,
                state=state,
                result=result or None,
                reason=reason[:400],
                failure=failure,
                said=said[:200],
                billing=billing,
                remedy=remedy,
                ended_at=self._clock(),
            )
            return job, [line for line in _bill(job, outcome) if write_spending(connection, line)]

        job, billed = self._change(job_key, change)
        for line in billed:
            report_spending(line)
        return job

    def give_up(self, job_key: str) -> None:
        """Record a person's decision to pay again for a job of unknown outcome; it stays open until reconciled."""

        def change(connection: Connection, known: Job | None) -> None:
            job = _there(known, job_key)
            if job.state is JobState.UNKNOWN:
                _write(connection, job, state=JobState.LOST, failure="OutcomeUnknown")

        self._change(job_key, change)

    def committed_micro_usd(self, video_id: str) -> int:
        """What a video's jobs cost or may still cost, in millionths of a dollar; a failed job costs nothing."""
        with self._database.read() as connection:
            return _committed(connection, video_id)

    def find(self, job_key: str) -> Job | None:
        """A job by its key."""
        with self._database.read() as connection:
            return _find(connection, job_key)

    def landed(self, job_keys: Iterable[str]) -> set[str]:
        """Those of the given jobs whose webhook has arrived, with or without an answer."""
        keys = list(job_keys)
        # A job whose submission got no answer has no URLs but those from its webhook.
        told = or_(_T.c.answer.is_not(None), and_(_T.c.request_id.is_not(None), _T.c.status_url == ""))
        query = select(_T.c.job_key).where(_T.c.job_key.in_(keys), told)
        with self._database.read() as connection:
            return set(connection.scalars(query))

    def of_video(self, video_id: str) -> list[Job]:
        """All jobs of a video, oldest first."""
        return self._select(_T.c.video_id == video_id)

    def of_run(self, workflow_id: str) -> list[Job]:
        """The open jobs of a run, oldest first."""
        return [job for job in self._select(_T.c.workflow_id == workflow_id) if job.ended_at is None]

    def open_jobs(self, limit: int = 1000) -> list[Job]:
        """All open jobs, oldest first."""
        query = select(_T).where(schema.JOB_IS_OPEN).order_by(_T.c.intended_at).limit(limit)
        with self._database.read() as connection:
            return [Job.model_validate(dict(row._mapping)) for row in connection.execute(query)]

    def _select(self, condition: object) -> list[Job]:
        query = select(_T).where(condition).order_by(_T.c.intended_at, _T.c.job_key)  # type: ignore[arg-type]
        with self._database.read() as connection:
            return [Job.model_validate(dict(row._mapping)) for row in connection.execute(query)]

    def _change(self, job_key: str, change: Callable[[Connection, Job | None], R]) -> R:
        """Change a row, locked for one transaction; on SQLite the transaction itself is the lock."""

        def locked(connection: Connection) -> R:
            if connection.dialect.name == "postgresql":
                # Also if there is no row yet: of two first requests with one key only one must be first.
                lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
                connection.execute(lock, {"key": job_key})
            return change(connection, _find(connection, job_key))

        return self._database.write_together(locked)


def _find(connection: Connection, job_key: str) -> Job | None:
    row = connection.execute(_FIND, {"job_key": job_key}).first()
    return Job.model_validate(dict(row._mapping)) if row else None


def _write(connection: Connection, job: Job, **changes: object) -> Job:
    changed = job.model_copy(update=changes)
    values = {name: value for name, value in _row(changed).items() if name in changes}
    connection.execute(_CHANGE, values | {"which": job.job_key})
    return changed


def _check_allowance(connection: Connection, job: Job, allowance: int) -> None:
    """In the transaction that commits the intent: concurrent scenes must not each spend the same remainder."""
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 2))")
        connection.execute(lock, {"key": job.video_id})
    committed = _committed(connection, job.video_id) + _paid_to_others(connection, job)
    if committed + job.price_micro_usd > allowance:
        raise SpendingExceeded(
            f"This video has cost ${committed / MICRO_USD:.2f} at the provider, more than was planned for it; "
            "find out why, then retry it or give it up."
        )


def _paid_to_others(connection: Connection, job: Job) -> int:
    """What the video has paid to providers without jobs: the estimate includes their calls."""
    table = schema.spendings
    paid = func.coalesce(func.sum(table.c.cost_micro_usd), 0)
    query = select(paid).where(table.c.video_id == job.video_id, table.c.provider != job.provider)
    return int(connection.execute(query).scalar_one())


def _committed(connection: Connection, video_id: str) -> int:
    jobs = [Job.model_validate(dict(row._mapping)) for row in connection.execute(_OF_VIDEO, {"video_id": video_id})]
    return sum(job.price_micro_usd * job.charges for job in jobs)


def _bill(job: Job, outcome: str) -> list[Spending]:
    """A line for each request that was, or may have been, accepted and charged."""
    lines = [(f"{job.provider}/unknown/{job.job_key}/{number}", "unknown", True) for number in range(job.unknowns)]
    if job.charges > job.unknowns and job.request_id is not None:
        lines.append((f"{job.provider}/{job.request_id}", outcome, job.billing == Billing.POSSIBLE))
    return [
        Spending(
            key=key,
            account_id=job.account_id,
            video_id=job.video_id,
            provider=job.provider,
            model=job.model,
            stage=stage_that_buys(job.kind),
            scene_index=job.scene_index if job.scene_index >= 0 else None,
            cost_micro_usd=job.price_micro_usd,
            outcome=became,
            possible=possible,
        )
        for key, became, possible in lines
    ]


def _row(job: Job) -> dict[str, object]:
    return job.model_dump() | {"kind": job.kind.value, "state": job.state.value}


def _there(job: Job | None, job_key: str) -> Job:
    if job is None:
        raise NotStored(job_key)
    return job
