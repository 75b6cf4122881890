"""Any answer of fal ends a job's row or is asked for again for a limited time, and the money is counted."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.collecting import GIVEN_UP_AFTER
from activities.purchases import PurchaseActivities
from activities.settling import JOB_IS_OVER_AFTER
from activities.terms import BuyingTerms
from engines.providers.fal import FalClient, choose
from gateways.fal_webhooks import FalWebhooks
from models.failures import InvalidInput
from models.generation import ReconcileRequest
from models.paid_media import Billing, CollectStep, Job, JobRef, JobState, PieceKind, PieceOrder
from models.profiles import ProfileName
from models.spending import report_on
from stores.database import Database, migrate, open_database
from stores.ledger import Ledger
from stores.permits import Permits
from stores.provider_jobs import JobBook
from stores.spending import SpendingBook
from tests.engines.fal.test_job_errors import BODIES, encoded
from tests.fakes.amounts import examples
from tests.fakes.engines import Faults, InstantEngines
from tests.fakes.fal_server import ERRORS, KEY

PRICE = 40_000
URL = {"images": [{"url": "https://results.example/x.png"}]}


class Objects(dict[str, bytes]):
    """A minimal object store."""

    def size(self, key: str) -> int | None:
        return len(self[key]) if key in self else None

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        self[key] = path.read_bytes()


class Gone:
    """No run is open."""

    async def is_open(self, workflow_id: str) -> bool:
        return False


class Believing:
    """Accepts every call as about the request in its header."""

    def verify(self, headers: Any, body: bytes) -> str:
        return str(headers["x-fal-webhook-request-id"])


class Provider(FalClient):
    """fal's client over a transport with the test's answers."""

    def __init__(self) -> None:
        super().__init__(KEY, choose())
        self.status_answer, self.result_answer = (200, b"{}"), (200, b"{}")

    def answer(self, request: httpx.Request) -> httpx.Response:
        status, body = self.result_answer
        if request.method == "PUT":
            return httpx.Response(400, json={"status": "ALREADY_COMPLETED"})
        if request.url.path.endswith("/status"):
            status, body = self.status_answer
        return httpx.Response(status, content=body)

    async def fetch(self, url: str, path: Path, most_bytes: int) -> None:
        path.write_bytes(b"a picture")


@dataclass
class Counter:
    """The steps that buy, with real books."""

    database: Database
    provider: Provider = field(default_factory=Provider)

    def __post_init__(self) -> None:
        self.book, self.spending = JobBook(self.database), SpendingBook(self.database)
        self.objects = Objects()
        self.webhooks = FalWebhooks(self.book, Believing())  # type: ignore[arg-type]

    def steps(self, webhooks: bool) -> PurchaseActivities:
        terms = BuyingTerms(
            poll_s=0.0001, most_poll_s=0.0002, webhook_url=(lambda job_key: "https://us.example") if webhooks else None
        )
        engines = InstantEngines(Faults())
        permits = Permits(self.database)
        return PurchaseActivities(self.objects, self.provider, self.book, permits, engines, Gone(), terms)  # type: ignore[arg-type]

    def submitted(self, at: datetime | None = None) -> PieceOrder:
        """A job accepted by fal."""
        key, video_id = f"generate-{uuid4().hex}.still.000.0", uuid4().hex
        job = Job(
            job_key=key,
            workflow_id="generate-1",
            account_id="ada",
            video_id=video_id,
            provider="fal",
            model="google/nano-banana-2.1",
            kind=PieceKind.STILL,
            scene_index=0,
            state=JobState.INTENDED,
            price_micro_usd=PRICE,
            intended_at=datetime.now(UTC),
        )
        JobBook(self.database, (lambda: at) if at else lambda: datetime.now(UTC)).intend(job)
        self.book.submitted(JobRef(job_key=key, request_id=f"r-{key}"))
        return PieceOrder(
            job_key=key,
            kind=PieceKind.STILL,
            account_id="ada",
            video_id=video_id,
            profile=ProfileName.TINY,
            scene_index=0,
        )

    async def collect(self, order: PieceOrder, webhooks: bool = False, last: bool = True) -> str:
        """The last attempt at collecting a job: the failure's type, or nothing."""
        transport = httpx.MockTransport(self.provider.answer)
        (await self.provider._client._client)._transport = transport
        ticket = JobRef(job_key=order.job_key, request_id=f"r-{order.job_key}")
        step = CollectStep(order=order, ticket=ticket, attempts=1 if last else 2)
        failure: ApplicationError | None = None
        try:
            await ActivityEnvironment().run(self.steps(webhooks).collect_piece, step)
        except ApplicationError as error:
            failure = error
        assert failure is None or any(word in failure.message.lower() for word in ("retry", "refused the prompt"))
        return (failure.type or "") if failure else ""

    def row(self, order: PieceOrder) -> Job:
        job = self.book.find(order.job_key)
        assert job is not None
        return job

    def books(self, order: PieceOrder) -> tuple[int, int]:
        report = report_on(self.spending.of(order.video_id))
        return report.certain_micro_usd, report.possible_micro_usd


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    url = f"sqlite:///{tmp_path_factory.mktemp('books')}/echonos.db"
    migrate(url)
    database = open_database(url)
    Ledger(database).open_account("ada")
    yield Counter(database)
    database.close()


TYPED = st.sampled_from(list(ERRORS.values()))
ANSWERS = TYPED.map(lambda one: (one[0], encoded(one[1]))) | st.tuples(
    st.integers(200, 599).filter(lambda status: status != 407), BODIES | st.just(json.dumps(URL).encode())
)
COMPLETED = (200, b'{"status": "COMPLETED", "logs": null}')


EXAMPLES = settings(max_examples=examples(60))
COUNTED = {Billing.FREE: (0, 0), Billing.POSSIBLE: (0, PRICE), Billing.CERTAIN: (PRICE, 0)}


def check_end(counter: Counter, order: PieceOrder, failure: str) -> None:
    """A row that has ended, with its cost in the ledger."""
    job = counter.row(order)
    assert failure in ("", "ContentRefused", "JobFailed")
    assert job.ended_at is not None
    assert counter.books(order) == COUNTED[Billing(job.billing)]
    assert (job.state is JobState.DONE) == (failure == "")
    assert bool(job.said) == bool(failure)


@EXAMPLES
@given(answer=ANSWERS)
async def test_whatever_a_result_is_the_row_ends(counter: Counter, answer: tuple[int, bytes]) -> None:
    """By poll, with or without a piece. Only our own account's trouble is left to a person, with the billing page."""
    order = counter.submitted()
    counter.provider.status_answer, counter.provider.result_answer = COMPLETED, answer
    failure = await counter.collect(order)
    if failure == "Misconfigured":
        assert counter.row(order).ended_at is None
        return
    check_end(counter, order, failure)
    assert await counter.collect(order) == failure, "the same end again, without asking"


@EXAMPLES
@given(
    answer=ANSWERS,
    told=st.sampled_from(["OK", "ERROR", "ERROR", "IN_PROGRESS", None]),
    payload=st.sampled_from(["body", "none", "raw"]),
)
async def test_whatever_a_webhook_brings_the_row_ends(
    counter: Counter, answer: tuple[int, bytes], told: str | None, payload: str
) -> None:
    """A call that reports no end is dropped, and the job is polled."""
    order = counter.submitted()
    status, body = answer
    request_id = f"r-{order.job_key}"
    try:
        content = json.loads(body) if payload == "body" else None
    except (ValueError, RecursionError):
        content = body.decode("latin-1")
    call: dict[str, Any] = {"request_id": request_id, "payload": content}
    call |= {"error": f"Invalid status code: {status}"} if told == "ERROR" else {}
    call |= {"status": told} if told else {}
    sent = body if payload == "raw" else json.dumps(call).encode()
    try:
        counter.webhooks.receive(order.job_key, {"x-fal-webhook-request-id": request_id}, sent)
    except InvalidInput:
        assert counter.row(order).answer is None
    counter.provider.status_answer, counter.provider.result_answer = COMPLETED, (200, json.dumps(URL).encode())
    check_end(counter, order, await counter.collect(order, webhooks=True))


@pytest.mark.parametrize(
    "answer", [(200, b"[]"), (200, b'{"status": "LOST"}'), (500, b"<html>"), (418, b""), (200, b"\xff" * 9), (302, b"")]
)
async def test_a_job_that_nothing_sensible_is_heard_of_is_asked_for_hours_and_then_given_up(
    counter: Counter, answer: tuple[int, bytes]
) -> None:
    counter.provider.status_answer = answer
    order = counter.submitted()
    assert await counter.collect(order) == "ProviderUnavailable", "the run parks, and a retry asks again"
    assert counter.row(order).ended_at is None
    order = counter.submitted(datetime.now(UTC) - GIVEN_UP_AFTER)
    assert await counter.collect(order) == "JobFailed"
    check_end(counter, order, "JobFailed")
    assert counter.books(order) == (0, PRICE)


async def test_only_the_last_attempt_gives_a_finished_job_up(counter: Counter) -> None:
    counter.provider.status_answer, counter.provider.result_answer = COMPLETED, (502, b"<html>nginx</html>")
    order = counter.submitted()
    assert await counter.collect(order, last=False) == "ProviderUnavailable"
    assert counter.row(order).ended_at is None
    assert await counter.collect(order) == "JobFailed"
    check_end(counter, order, "JobFailed")


@EXAMPLES
@given(status=ANSWERS | st.just(COMPLETED), result=ANSWERS)
async def test_the_reconciler_leaves_no_row_open(
    counter: Counter, status: tuple[int, bytes], result: tuple[int, bytes]
) -> None:
    """For a run that is gone: at once if fal says how the job ended, and after a day in any case."""
    counter.provider.status_answer, counter.provider.result_answer = status, result
    transport = httpx.MockTransport(counter.provider.answer)
    (await counter.provider._client._client)._transport = transport
    order = counter.submitted(datetime.now(UTC) - JOB_IS_OVER_AFTER)
    await ActivityEnvironment().run(counter.steps(False).reconcile_jobs, ReconcileRequest())
    job = counter.row(order)
    assert job.ended_at is not None
    assert counter.books(order) == COUNTED[Billing(job.billing)]
    assert counter.book.open_jobs() == [] or all(one.job_key != order.job_key for one in counter.book.open_jobs())
