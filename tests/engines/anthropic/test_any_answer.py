"""Any answer, from Anthropic or from a proxy, ends in a verdict that says what a person can do."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.providers.anthropic.failures import ContentFiltered, translated
from models.failures import ContentRefused, EchonosError, Misconfigured, ProviderUnavailable, RateLimited
from tests.engines.anthropic.conftest import SetMaker
from tests.fakes.amounts import examples
from tests.fakes.anthropic_server import Act, Exchange

WHAT_TO_DO = ("Retry later", "then retry", "change it and try again")
KINDS = st.sampled_from(
    [
        *("invalid_request_error", "authentication_error", "billing_error", "permission_error", "not_found_error"),
        *(
            "request_too_large",
            "rate_limit_error",
            "api_error",
            "overloaded_error",
            "timeout_error",
            "unheard_of_error",
        ),
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
ERRORS = st.builds(
    lambda kind, message, extra: {"type": "error", "error": {"type": kind, "message": message, "details": extra}},
    KINDS | JSON,
    st.text(max_size=300) | JSON,
    JSON,
)
BODIES = (
    st.builds(lambda body: json.dumps(body).encode(), ERRORS | JSON)
    | st.sampled_from([b"", b"<!doctype html><html><body>Bad gateway</body></html>", b"{", b"null", b"\xff\xfe\x00"])
    | st.binary(max_size=60)
)
STATUSES = (
    st.sampled_from([200, 204, 302, 304, 499, 501, 520, 529, 599]) | st.integers(400, 431) | st.integers(500, 504)
)
TYPES = st.sampled_from(["application/json", "text/html", "text/event-stream", "application/octet-stream"])
EVENTS = st.sampled_from(
    [
        *("message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta"),
        *("message_stop", "ping", "error", "unheard_of"),
    ]
)
quick = settings(max_examples=examples(40))


def verdict(at_work: SetMaker, act: Act) -> EchonosError | None:
    """The outcome of a vision whose first request gets this answer; the next one is answered well."""
    work = at_work()
    work.server.plan("vision", act)
    found: EchonosError | None = None
    try:
        work.envision()
    except EchonosError as error:
        found = error
    assert work.envision().title, "the next try really asks again"
    if found is not None:
        assert isinstance(found, RateLimited | ProviderUnavailable | Misconfigured | ContentRefused)
        assert not isinstance(found, ContentFiltered), "it is no verdict on the brief"
        assert any(words in found.message for words in WHAT_TO_DO), found.message
        assert len(found.message) <= 400, "longer ones would lose what a person can do"
    return found


@quick
@given(status=STATUSES, body=BODIES, kind=TYPES)
def test_any_status_with_any_body(at_work: SetMaker, status: int, body: bytes, kind: str) -> None:
    verdict(at_work, lambda exchange: exchange.answer(status, b"" if status in (204, 304) else body, kind))


@quick
@given(events=st.lists(st.tuples(EVENTS, ERRORS | JSON), max_size=4), begun=st.booleans(), ended=st.booleans())
def test_any_events_in_a_stream(at_work: SetMaker, events: list[tuple[str, Any]], begun: bool, ended: bool) -> None:
    def act(exchange: Exchange) -> None:
        exchange.begin()
        if begun:
            exchange.say('{"title": "half')
        for kind, data in events:
            typed = {"type": kind} | data if isinstance(data, dict) else data
            exchange.raw(f"event: {kind}\ndata: {json.dumps(typed)}\n\n".encode())
        if ended:
            exchange.end("")
        else:
            exchange.drop()

    verdict(at_work, act)


@pytest.mark.parametrize(
    "data",
    [
        b"event: message_delta\ndata: {half\n\n",
        b"event: content_block_delta\ndata: \xff\xff\n\n",
        b"\x00\x01\x02\n\n",
        b"event: error\ndata: <html>\n\n",
        b"event: error\ndata: [1]\n\n",
        b"event: message_start\ndata: " + b"[" * 5_000 + b"\n\n",
    ],
)
def test_bytes_that_are_no_event(at_work: SetMaker, data: bytes) -> None:
    def act(exchange: Exchange) -> None:
        exchange.begin()
        exchange.raw(data)
        exchange.drop()

    assert isinstance(verdict(at_work, act), ProviderUnavailable | Misconfigured)


MONEY = [
    (400, "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade."),
    (400, "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC."),
    (429, "This workspace has reached its monthly spend limit."),
    (402, "Payment required"),
]


@pytest.mark.parametrize(("status", "message"), MONEY)
def test_an_account_without_money_says_where_to_top_up(at_work: SetMaker, status: int, message: str) -> None:
    body = json.dumps({"type": "error", "error": {"type": "invalid_request_error", "message": message}}).encode()
    error = verdict(at_work, lambda exchange: exchange.answer(status, body, "application/json"))
    assert isinstance(error, Misconfigured)
    assert "platform.claude.com/settings/billing" in error.message
    assert message[:30] in error.message


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 407, 413])
def test_a_proxys_page_is_not_taken_for_anthropics_word(at_work: SetMaker, status: int) -> None:
    page = b"<html><head><title>Sign in to the network</title></head></html>"
    error = verdict(at_work, lambda exchange: exchange.answer(status, page))
    assert isinstance(error, Misconfigured)
    assert "ANTHROPIC_BASE_URL" in error.message
    assert "<" not in error.message


def test_a_defect_of_ours_stays_one() -> None:
    assert translated(KeyError("ours"), "m") is None
