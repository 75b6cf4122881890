"""Each answer of fal has one verdict, by poll and by webhook; none escapes the table."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.providers.fal import FalClient, choose
from engines.providers.fal.job_errors import VERDICTS, read_answer
from gateways.fal_webhooks import _failed
from models.failures import ContentRefused, EchonosError, JobFailed, Misconfigured, ProviderUnavailable
from models.paid_media import Billing, JobRef, PieceKind, PieceRequest, Remedy
from tests.fakes.fal_jobs import ERRORS
from tests.fakes.fal_server import KEY, FalServer

STILL = PieceRequest(kind=PieceKind.STILL, prompt="a fox", seed=5)
OF_FAL = {"x-fal-request-id": "r1"}
REFUSED = (ContentRefused, "", None)
EXPECTED: dict[str, tuple[type[Exception], str, str | None]] = {
    "content_policy_violation": REFUSED,
    "no_media_generated": REFUSED,
    "partner_validation_failed": REFUSED,
    "policy": REFUSED,
    "risk control": REFUSED,
    "image_load_error": (JobFailed, Remedy.INLINE, Billing.POSSIBLE),
    "image_too_small": (JobFailed, Remedy.LARGER, Billing.POSSIBLE),
    "image_too_large": (JobFailed, Remedy.SMALLER, Billing.POSSIBLE),
    "file_too_large": (JobFailed, Remedy.SMALLER, Billing.POSSIBLE),
    "face_detection_error": (JobFailed, Remedy.LARGER, Billing.POSSIBLE),
    "unsupported_image_format": (JobFailed, Remedy.INLINE, Billing.POSSIBLE),
    "file_download_error": (JobFailed, Remedy.INLINE, Billing.POSSIBLE),
    "video_duration_too_long": (JobFailed, "", Billing.POSSIBLE),
    "feature_not_supported": (JobFailed, "", Billing.POSSIBLE),
    "one_of": (JobFailed, "", Billing.POSSIBLE),
    "internal_server_error": (JobFailed, Remedy.LATER, Billing.FREE),
    "downstream_service_error": (JobFailed, Remedy.LATER, Billing.POSSIBLE),
    "downstream_service_unavailable": (JobFailed, Remedy.LATER, Billing.FREE),
    "generation_timeout": (JobFailed, Remedy.LATER, Billing.FREE),
    "startup_timeout": (JobFailed, Remedy.LATER, Billing.FREE),
    "failed": (JobFailed, Remedy.LATER, Billing.FREE),
    "runner_server_error": (JobFailed, Remedy.LATER, Billing.FREE),
    "request_timeout": (JobFailed, Remedy.LATER, Billing.FREE),
    "runner_incomplete_response": (JobFailed, Remedy.LATER, Billing.FREE),
    "model 401": (JobFailed, Remedy.LATER, Billing.POSSIBLE),
    "model 403": (JobFailed, Remedy.LATER, Billing.POSSIBLE),
    "model 429": (JobFailed, Remedy.LATER, Billing.POSSIBLE),
    "unheard of": (JobFailed, "", Billing.POSSIBLE),
    "teapot": (JobFailed, "", Billing.POSSIBLE),
    "gone": (JobFailed, "", Billing.CERTAIN),
    "no url": (JobFailed, "", Billing.CERTAIN),
    "not json": (JobFailed, "", Billing.CERTAIN),
    "array": (JobFailed, "", Billing.CERTAIN),
}


def encoded(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def told(status: int, body: Any) -> bytes:
    """As a webhook's body is recorded."""
    call = {"request_id": "r1", "status": "ERROR", "error": f"Invalid status code: {status}", "payload": body}
    return json.dumps(_failed(call)).encode()


@pytest.mark.parametrize("fate", list(ERRORS))
@pytest.mark.parametrize("by", ["poll", "webhook"])
def test_each_type_has_its_verdict(fate: str, by: str) -> None:
    status, body = ERRORS[fate]
    kind, remedy, billing = EXPECTED[fate]
    if by == "poll":
        question: tuple[int | None, dict[str, str], bytes] = (status, OF_FAL, encoded(body))
    elif status == 200:
        question = (None, {}, json.dumps(str(body) if isinstance(body, bytes) else body).encode())
    else:
        question = (None, {}, told(status, body))
    with pytest.raises(kind) as caught:
        read_answer(*question, PieceKind.CLIP)
    failure = caught.value
    assert isinstance(failure, ContentRefused | JobFailed)
    if isinstance(failure, JobFailed):
        assert failure.remedy == remedy
    if fate != "gone" or by == "poll":
        assert failure.billing == (billing or Billing.POSSIBLE)
    if status != 200:
        assert str(status) in failure.said
    names = (
        [one["type"] for one in body["detail"]]
        if isinstance(body, dict) and isinstance(body.get("detail"), list)
        else []
    )
    assert all(name in failure.said for name in names), "support needs the raw type"
    assert "refuses the key" not in failure.message


def test_of_several_problems_the_refusal_decides() -> None:
    details = [{"type": "image_too_small", "loc": ["body"], "msg": ""}, {"type": "content_policy_violation", "msg": ""}]
    with pytest.raises(ContentRefused):
        read_answer(422, OF_FAL, json.dumps({"detail": details}).encode(), PieceKind.STILL)


def test_words_about_a_field_are_no_refusal() -> None:
    detail = [{"type": "literal_error", "loc": ["body", "safety_tolerance"], "msg": "Input should be '1' for safety"}]
    with pytest.raises(JobFailed):
        read_answer(422, OF_FAL, json.dumps({"detail": detail}).encode(), PieceKind.STILL)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (502, b"<html>nginx</html>"),
        (503, b""),
        (500, b'{"detail": "It broke.", "error_type": "internal_error"}'),
        (301, b""),
        (400, b'{"detail":"Request is still in progress"}'),
    ],
)
def test_what_is_not_about_the_job_is_asked_again(status: int, body: bytes) -> None:
    with pytest.raises(ProviderUnavailable):
        read_answer(status, {}, body, PieceKind.STILL)


NAMES = st.sampled_from([*VERDICTS, "a_type_of_tomorrow", "", "x" * 5_000, "\ud800\x00"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | NAMES
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4))
PROBLEMS = st.fixed_dictionaries(
    {}, optional={"type": NAMES | VALUES, "msg": VALUES, "loc": VALUES, "input": VALUES, "url": VALUES, "ctx": VALUES}
)
ERROR_BODIES = st.fixed_dictionaries(
    {},
    optional={
        "detail": st.lists(PROBLEMS | VALUES, max_size=4) | PROBLEMS | VALUES,
        "error_type": NAMES | VALUES,
        "error": VALUES,
        "images": VALUES,
        "video": VALUES,
        "image": st.fixed_dictionaries({"url": VALUES}),
    },
)
DEEP = st.sampled_from(
    [b"[" * 100_000, b'{"detail":' * 50_000, b"1" * 10_000, b'{"detail":"' + b"x" * 3_000_000 + b'"}']
)
BODIES = (VALUES | ERROR_BODIES).map(lambda body: json.dumps(body).encode()) | st.binary(max_size=200) | DEEP
HEADERS = st.dictionaries(
    st.sampled_from(["x-fal-request-id", "x-fal-error-type", "retry-after"]), st.text(max_size=20), max_size=3
)


@given(status=st.none() | st.integers(200, 599), headers=HEADERS, body=BODIES, kind=st.sampled_from(PieceKind))
def test_whatever_comes_has_an_end(status: int | None, headers: dict[str, str], body: bytes, kind: PieceKind) -> None:
    """A URL, an end whose parts can be stored, or a repeated question if the answer did not concern the job."""
    failure: EchonosError | None = None
    try:
        assert read_answer(status, headers, body, kind)
    except (ProviderUnavailable, ContentRefused, JobFailed) as error:
        failure = error
    if isinstance(failure, ProviderUnavailable):
        assert status is not None, "a webhook is the job's last word"
    elif isinstance(failure, ContentRefused | JobFailed):
        stored = f"{failure.message}{failure.said}"
        assert stored.encode("utf-8").decode() == stored
        assert "\x00" not in stored
        assert 0 < len(failure.said) <= 100
        assert failure.billing in set(Billing)
        if status is not None and (status >= 500 or status < 300):
            assert failure.billing == (Billing.FREE if status >= 500 else Billing.CERTAIN)


@given(code=st.none() | st.integers(100, 599), payload=VALUES | ERROR_BODIES, error=VALUES)
def test_a_failed_jobs_webhook_is_never_a_success(code: int | None, payload: Any, error: Any) -> None:
    call = {"status": "ERROR", "payload": payload, "error": error if code is None else f"Invalid status code: {code}"}
    written = json.dumps(_failed(call))
    if code is not None and code < 300:
        return
    with pytest.raises((ContentRefused, JobFailed)):
        FalClient(KEY, choose()).answered(written, PieceKind.STILL)


@pytest.mark.parametrize(
    ("kind", "billing"),
    [("generation_timeout", Billing.FREE), ("image_too_small", Billing.POSSIBLE), ("", Billing.POSSIBLE)],
)
def test_a_webhook_without_a_status_is_billed_by_its_type(kind: str, billing: Billing) -> None:
    call = {
        "status": "ERROR",
        "error": "It broke.",
        "payload": {"detail": [{"type": kind, "loc": ["body"], "msg": "no"}]},
    }
    with pytest.raises(JobFailed) as caught:
        FalClient(KEY, choose()).answered(json.dumps(_failed(call)), PieceKind.STILL)
    assert caught.value.billing == billing
    assert "400" not in caught.value.said, "no status was named"


async def ended(fal_server: FalServer, fate: str) -> tuple[FalClient, JobRef]:
    fal_server.behaviour.job = lambda number, arguments: fate
    fal = FalClient(KEY, choose())
    return fal, await fal.submit("job", STILL)


@pytest.mark.parametrize(("status", "marked"), [(401, True), (401, False), (403, True), (403, False), (429, True)])
async def test_a_models_own_refusal_is_not_ours(
    fal_server: FalServer, monkeypatch: pytest.MonkeyPatch, status: int, marked: bool
) -> None:
    fal, ticket = await ended(fal_server, "ok")
    result = fal_server._result

    def refused(job: Any) -> tuple[int, Any, dict[str, str]]:
        result(job)
        return status, {"detail": "Forbidden"}, OF_FAL if marked else {}

    monkeypatch.setattr(fal_server, "_result", refused)
    with pytest.raises(JobFailed) as caught:
        await fal.result(ticket, PieceKind.STILL)
    assert caught.value.said == str(status)


@pytest.mark.parametrize("trouble", ["401", "locked"])
async def test_our_accounts_trouble_names_the_page(fal_server: FalServer, trouble: str) -> None:
    fal, ticket = await ended(fal_server, "ok")
    fal_server.behaviour.poll = lambda number: trouble
    for question in (fal.status(ticket), fal.result(ticket, PieceKind.STILL), fal.cancel(ticket)):
        with pytest.raises(Misconfigured, match=r"https://fal\.ai/dashboard/billing") as caught:
            await question
        if trouble == "locked":
            assert "Exhausted balance" in caught.value.message


@given(body=BODIES, status=st.sampled_from([200, 202, 204, 301, 400, 404, 418, 500]))
async def test_whatever_the_queue_says_of_a_job_is_bounded(body: bytes, status: int) -> None:
    fal = FalClient(KEY, choose())
    transport = httpx.MockTransport(lambda request: httpx.Response(status, content=body))
    ticket = fal.addressed(JobRef(job_key="job", request_id="r1"), "google/nano-banana-2.1/edit")
    async with httpx.AsyncClient(transport=transport) as client:
        (await fal._client._client)._transport = client._transport
        for question in (fal.status(ticket), fal.result(ticket, PieceKind.STILL), fal.cancel(ticket)):
            try:
                await question
            except (ProviderUnavailable, JobFailed, ContentRefused):
                continue


def test_a_ticket_leads_nowhere_but_to_the_queue() -> None:
    """The key goes with each question about a job."""
    fal = FalClient(KEY, choose())
    bad = JobRef(job_key="job", request_id="r/1", status_url="https://evil.example/requests/r1/status")
    for url in (url for name, url in fal.addressed(bad, "fal-ai/a/b/c").model_dump().items() if name.endswith("_url")):
        assert url.startswith(f"https://{httpx.URL(url).netloc.decode()}/fal-ai/a/requests/r%2F1")
        assert "evil" not in url
