"""Anthropic's failures as our own; and what a failed call records."""

import json
import socket
import threading
from collections.abc import Callable

import pytest

from models.directing import Directing, DirectingStage
from models.failures import (
    Cancelled,
    EchonosError,
    Misconfigured,
    ProviderUnavailable,
    RateLimited,
    WorkerStopping,
)
from tests.engines.anthropic.conftest import SetMaker
from tests.fakes.anthropic_server import (
    Act,
    AnthropicServer,
    broken_off,
    cut_short,
    dropped,
    failed,
    failing_halfway,
    held,
)

FAULTS: dict[str, tuple[Act, type[EchonosError], str]] = {
    "slow down": (failed(429, "rate_limit_error", retry_after="17"), RateLimited, "slow down"),
    "slow down, halfway": (failing_halfway("rate_limit_error"), RateLimited, "slow down"),
    "overloaded": (failed(529, "overloaded_error"), ProviderUnavailable, "529"),
    "overloaded, halfway": (failing_halfway("overloaded_error"), ProviderUnavailable, "overloaded_error"),
    "broken": (failed(500, "api_error"), ProviderUnavailable, "500"),
    "bad gateway": (failed(502, "api_error"), ProviderUnavailable, "502"),
    "timed out there": (failed(504, "timeout_error"), ProviderUnavailable, "504"),
    "gone before an answer": (dropped, ProviderUnavailable, "connection failed"),
    "gone in the middle": (broken_off, ProviderUnavailable, "connection failed"),
    "ended too early": (cut_short, ProviderUnavailable, "broke off"),
    "wrong key": (failed(401, "authentication_error"), Misconfigured, "ANTHROPIC_API_KEY"),
    "not allowed": (failed(403, "permission_error"), Misconfigured, "ANTHROPIC_API_KEY"),
    "not paid": (failed(402, "billing_error"), Misconfigured, "Top up"),
    "not understood": (failed(400, "invalid_request_error", "prompt is too long"), Misconfigured, "too long"),
    "too large": (failed(413, "request_too_large"), Misconfigured, "413"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_failure_has_its_name(at_work: SetMaker, name: str) -> None:
    act, kind, sentence = FAULTS[name]
    work = at_work()
    work.server.plan("vision", act)
    with pytest.raises(kind, match=sentence):
        work.envision()
    assert len(work.server.asked) == 1, "the SDK's own retries are off"
    assert work.envision().title, "the next try works"


DELAYS = [("17", 17.0), ("0.5", 0.5), ("86400", 300.0), ("-3", 0.0), ("inf", None), ("nan", None), ("soon", None)]


@pytest.mark.parametrize(("header", "delay_s"), DELAYS)
@pytest.mark.parametrize(("status", "kind"), [(429, "rate_limit_error"), (529, "overloaded_error"), (503, "api_error")])
def test_the_providers_delay_is_handed_on(
    at_work: SetMaker, status: int, kind: str, header: str, delay_s: float | None
) -> None:
    work = at_work()
    work.server.plan("vision", failed(status, kind, retry_after=header))
    with pytest.raises((RateLimited, ProviderUnavailable)) as raised:
        work.envision()
    assert raised.value.delay_s == delay_s  # type: ignore[attr-defined]


def test_a_wrong_key_and_an_unknown_model_say_which_setting(at_work: SetMaker) -> None:
    with pytest.raises(Misconfigured, match="ANTHROPIC_API_KEY"):
        at_work(key="sk-ant-wrong").envision()
    unknown = Directing(vision=DirectingStage(model="claude-of-yesterday"))
    with pytest.raises(Misconfigured, match=r"claude-of-yesterday: set ECHONOS_DIRECTING__"):
        at_work(directing=unknown).envision()


def test_nobody_listens(at_work: SetMaker) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(ProviderUnavailable, match="cannot be reached"):
            at_work(url=url).envision()


def test_an_answer_that_takes_too_long_is_given_up(at_work: SetMaker) -> None:
    never, gone = threading.Event(), threading.Event()
    work = at_work(directing=Directing(timeout_s=0.5))
    work.server.plan("vision", held(never, gone=gone))
    with pytest.raises(ProviderUnavailable, match="in time"):
        work.envision()
    assert gone.wait(200)
    assert [paid.outcome for paid in work.paid] == ["failed"], "an answer that had begun is paid for"


@pytest.mark.parametrize("failure", [Cancelled, WorkerStopping])
def test_what_nobody_wants_any_more_is_hung_up_on(at_work: SetMaker, failure: Callable[[str], EchonosError]) -> None:
    begun, never, gone = threading.Event(), threading.Event(), threading.Event()

    def pulse() -> None:
        if begun.is_set():
            raise failure("withdrawn")

    work = at_work(pulse=pulse)
    work.server.plan("vision", held(never, begun, gone))
    with pytest.raises(EchonosError, match="withdrawn"):
        work.envision()
    assert gone.wait(200), "the connection is closed"
    assert [paid.outcome for paid in work.paid] == ["withdrawn"]


def test_a_waiting_step_shows_that_it_lives(at_work: SetMaker) -> None:
    beats, enough, begun = [0], threading.Event(), threading.Event()

    def pulse() -> None:
        beats[0] += begun.is_set()
        if beats[0] >= 4:
            enough.set()

    work = at_work(pulse=pulse)
    work.server.plan("vision", held(enough, begun))
    assert work.envision().title
    assert beats[0] >= 4


def test_logs_say_numbers_and_no_words(at_work: SetMaker, capfd: pytest.CaptureFixture[str]) -> None:
    work = at_work("A platypus in a velvet cape.")
    story, scenes = work.story(), work.section(0)
    work.prompts(story, scenes, work.shots(story, scenes))
    logged = "".join(capfd.readouterr())
    assert logged.count("director asked") == 4
    assert "input_tokens=" in logged
    for word in ("platypus", "wanderer", "canal", "sk-ant"):
        assert word not in logged


def test_requests_that_the_api_would_refuse_are_refused_here_too(anthropic_server: AnthropicServer) -> None:
    """The fake refuses what the real API refuses."""
    import httpx

    schema = {"type": "object", "properties": {"a": {"type": "string", "maxLength": 3}}, "additionalProperties": False}
    body = {
        "model": "claude-opus-5-5",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": "hello"}],
        "output_config": {"format": {"type": "json_schema", "schema": schema}},
    }
    headers = {"x-api-key": "sk-ant-of-a-test", "anthropic-version": "2026-10-21"}
    answer = httpx.post(f"{anthropic_server.url}/v1/messages", json=body, headers=headers)
    assert answer.status_code == 400
    assert "maxLength" in json.dumps(answer.json())
