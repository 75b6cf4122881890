"""Only fal's own calls are believed, and each may come early, twice or never."""

import json
import time

import pytest

from engines.providers.fal.job_errors import read_answer
from gateways.fal_webhooks import FalWebhooks, WebhookVerifier
from models.failures import InvalidInput
from models.paid_media import JobRef, JobState, PieceKind
from stores.database import Database
from stores.ledger import Ledger
from stores.provider_jobs import JobBook
from tests.fakes.fal_server import USER_ID, FalServer
from tests.stores.test_provider_jobs import KEY, job

BODY = json.dumps({"request_id": "r1", "status": "OK", "payload": {"images": [{"url": "https://x"}]}}).encode()


@pytest.fixture
def book(database: Database) -> JobBook:
    Ledger(database).open_account("ada")
    return JobBook(database)


@pytest.fixture
def webhooks(fal_server: FalServer, book: JobBook) -> FalWebhooks:
    return FalWebhooks(book, WebhookVerifier(f"https://{fal_server.address}/.well-known/jwks.json"))


def test_a_signed_call_marks_the_job(fal_server: FalServer, webhooks: FalWebhooks, book: JobBook) -> None:
    book.intend(job())
    for _ in range(2):
        found = webhooks.receive(KEY, fal_server.signature("r1", BODY), BODY)
        assert found is not None
        assert (found.state, found.request_id) == (JobState.SUBMITTED, "r1")
        assert found.answer == '{"images": [{"url": "https://x"}]}'


def test_a_long_answer_is_kept_whole(fal_server: FalServer, webhooks: FalWebhooks, book: JobBook) -> None:
    payload = {"description": "x" * 150_000, "images": [{"url": "https://x"}]}
    body = json.dumps({"request_id": "r1", "status": "OK", "payload": payload}).encode()
    book.intend(job())
    found = webhooks.receive(KEY, fal_server.signature("r1", body), body)
    assert found is not None
    assert json.loads(found.answer or "") == payload
    known = book.find(KEY)
    assert known is not None
    assert read_answer(None, {}, (known.answer or "").encode(), PieceKind.STILL) == "https://x"


def test_a_result_that_could_not_be_told_is_asked_for(
    fal_server: FalServer, webhooks: FalWebhooks, book: JobBook
) -> None:
    told = {"request_id": "r1", "status": "OK", "payload": None, "payload_error": "not JSON"}
    body = json.dumps(told).encode()
    book.intend(job())
    book.submitted(JobRef(job_key=KEY, request_id="r1", status_url="https://x/status"))
    found = webhooks.receive(KEY, fal_server.signature("r1", body), body)
    assert found is not None
    assert (found.state, found.answer) == (JobState.SUBMITTED, None)
    failed = json.dumps(told | {"status": "ERROR", "error": "out of memory"}).encode()
    found = webhooks.receive(KEY, fal_server.signature("r1", failed), failed)
    assert found is not None
    assert found.answer == '{"detail": "out of memory"}'


def test_an_unknown_key_is_no_job(fal_server: FalServer, webhooks: FalWebhooks) -> None:
    assert webhooks.receive("unknown", fal_server.signature("r1", BODY), BODY) is None


@pytest.mark.parametrize("forgery", ["body", "request", "old", "unsigned", "garbage", "other"])
def test_a_forged_call_changes_nothing(
    fal_server: FalServer, webhooks: FalWebhooks, book: JobBook, forgery: str
) -> None:
    book.intend(job())
    headers, body = fal_server.signature("r1", BODY), BODY
    if forgery == "body":
        body = BODY.replace(b"https://x", b"https://evil")
    elif forgery == "request":
        headers["x-fal-webhook-request-id"] = "r2"
    elif forgery == "old":
        headers = fal_server.signature("r1", BODY, at=time.time() - 3600)
    elif forgery == "unsigned":
        headers = {}
    elif forgery == "garbage":
        headers["x-fal-webhook-signature"] = "zz"
    else:
        headers = fal_server.signature("r9", BODY)
    with pytest.raises(InvalidInput):
        webhooks.receive(KEY, headers, body)
    known = book.find(KEY)
    assert known is not None
    assert known.state is JobState.INTENDED


def test_a_call_about_another_customers_job_is_refused(fal_server: FalServer, book: JobBook) -> None:
    keys = f"https://{fal_server.address}/.well-known/jwks.json"
    ours, theirs = (FalWebhooks(book, WebhookVerifier(keys, user_id=who)) for who in (USER_ID, "another customer"))
    book.intend(job())
    with pytest.raises(InvalidInput, match="another customer"):
        theirs.receive(KEY, fal_server.signature("r1", BODY), BODY)
    found = ours.receive(KEY, fal_server.signature("r1", BODY), BODY)
    assert found is not None
    assert found.state is JobState.SUBMITTED
