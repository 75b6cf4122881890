"""Logs without words, metrics behind one address, spans without texts."""

import asyncio
import json
import logging
import socket
import sys
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from temporalio import activity
from temporalio.exceptions import ApplicationError

from api.app import create_app
from gateways.telemetry.logs import configure_logs
from gateways.telemetry.neighbours import neighbours
from gateways.telemetry.opening import open_telemetry
from models import queues
from models.failures import ContentRefused, InvalidInput
from models.measures import ERRORS, PARKED, PROVIDER, SCENES, failure_label, provider_call, replace, report, span, trace
from models.telemetry import Telemetry
from services.figures import _grouped
from settings import Settings

PRIVATE = "a very private prompt"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """What was logged since, with the process's logs set up again afterwards."""
    before = structlog.get_config()
    monkeypatch.setattr(logging.root, "handlers", [])
    yield lambda: capsys.readouterr().err
    structlog.configure(**before)
    structlog.contextvars.clear_contextvars()


def _fail() -> None:
    try:
        int(PRIVATE)
    except ValueError as error:
        raise ApplicationError("very.private@example.org") from error


@pytest.mark.parametrize("form", ["json", "lines"])
def test_failures_are_logged_by_type_and_place(form: str, told: Callable[[], str]) -> None:
    configure_logs(form)  # type: ignore[arg-type]
    structlog.contextvars.bind_contextvars(request="r1", account="account-1", video="video-1", attempt=2)
    try:
        _fail()
    except ApplicationError:
        activity.logger.warning("Completing activity as failed", exc_info=True)
        structlog.get_logger().error("it failed", exc_info=True)
        structlog.get_logger().info("something", prompt=PRIVATE, email="very.private@example.org", title=PRIVATE)
    text = told()
    assert "private" not in text
    assert text.count("ApplicationError at test_telemetry.py:") == text.count("ValueError at test_telemetry.py:") == 2
    if form == "json":
        for line in map(json.loads, text.splitlines()):
            assert {"request": "r1", "account": "account-1", "video": "video-1", "attempt": 2}.items() <= line.items()
            assert {"event", "level", "timestamp"} <= line.keys()


async def test_a_forgotten_task_tells_no_text(told: Callable[[], str]) -> None:
    configure_logs("json")

    async def fails() -> None:
        raise ValueError(PRIVATE)

    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    text = told()
    assert "never retrieved" in text
    assert PRIVATE not in text


def test_lines_are_for_terminals_and_json_for_machines(
    told: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for terminal, first in ((True, "2"), (False, "{")):
        monkeypatch.setattr(sys.stderr, "isatty", lambda answer=terminal: answer, raising=False)
        configure_logs()
        structlog.get_logger().info("ready", worker="w1")
        line = told().replace("\x1b[2m", "")
        assert line[0] == first, line


def test_a_process_serves_its_metrics_and_finds_its_neighbours(tmp_path: Path) -> None:
    settings = Telemetry(metrics="127.0.0.1:0", folder=tmp_path)
    opened = open_telemetry(settings, "test")
    try:
        assert opened.server is not None
        assert neighbours(tmp_path) == [opened.server.url]
        report(SCENES, step="animate_still")
        report(ERRORS, where="step", type=failure_label("SomethingNew"))
        replace(PARKED, {("assembly", "unknown"): 2, ("casting", "unknown"): 1})
        replace(PARKED, {("assembly", "unknown"): 3})
        with pytest.raises(ContentRefused), provider_call("fal", "submit"):
            raise ContentRefused(PRIVATE)
        text = httpx.get(opened.server.url, trust_env=False).text
        assert 'echonos_scenes_total{step="animate_still"} 1.0' in text
        assert 'echonos_errors_total{type="other",where="step"} 1.0' in text
        assert 'echonos_parked_runs{reason="unknown",stage="assembly"} 3.0' in text
        assert "casting" not in text
        assert 'echonos_provider_seconds_count{call="submit",outcome="ContentRefused",provider="fal"} 1.0' in text
        assert "private" not in text
        assert httpx.get(opened.server.url.replace("/metrics", "/"), trust_env=False).status_code == 404
        taken = opened.server.url.removeprefix("http://").removesuffix("/metrics")
        with pytest.raises(InvalidInput, match="each process needs its own port"):
            open_telemetry(Telemetry(metrics=taken), "another")
    finally:
        opened.close()
    assert neighbours(tmp_path) == []
    report(PROVIDER, 1, provider="fal", call="submit", outcome="answered")
    with span("nothing"), trace("nothing") as named:
        named("still nothing")


@pytest.mark.parametrize(("address", "family"), [("[::1]:0", "AF_INET6"), ("127.0.0.1:0", "AF_INET")])
def test_metrics_may_have_an_address_of_either_family(
    address: str, family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(server: ThreadingHTTPServer, *_: object) -> None:
        raise OSError(server.address_family.name)  # type: ignore[attr-defined]  # an IntEnum

    monkeypatch.setattr(ThreadingHTTPServer, "__init__", refuse)
    with pytest.raises(InvalidInput, match=rf"\({family}\)"):
        open_telemetry(Telemetry(metrics=address), "test")


@pytest.mark.parametrize(("error", "lines"), [(BrokenPipeError(PRIVATE), 0), (ValueError(PRIVATE), 1)])
def test_a_scraper_that_leaves_is_no_news(
    error: Exception, lines: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaks_off(core: str) -> bytes:
        raise error

    monkeypatch.setattr("gateways.telemetry.metrics._core_metrics", breaks_off)
    opened = open_telemetry(Telemetry(metrics="127.0.0.1:0"), "test")
    try:
        assert opened.server is not None
        with structlog.testing.capture_logs() as logs, pytest.raises(httpx.RemoteProtocolError):
            httpx.get(opened.server.url, trust_env=False)
    finally:
        opened.close()
    assert [line["event"] for line in logs] == ["scrape failed"] * lines
    assert "127.0.0.1" not in capsys.readouterr().err


async def test_a_page_whose_metrics_port_is_taken_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        settings = Settings(
            environment="development", temporal_address="127.0.0.1:1", telemetry=Telemetry(metrics=taken)
        )
        app = create_app(settings)
        with structlog.testing.capture_logs() as logs, pytest.raises(InvalidInput):
            async with app.router.lifespan_context(app):
                pass
    assert [line["reason"][: len(NEEDS)] for line in logs] == [NEEDS]
    assert taken in logs[0]["reason"]


NEEDS = "ECHONOS_TELEMETRY__METRICS: "


def test_every_queue_is_watched() -> None:
    named = {value for name, value in vars(queues).items() if name.endswith("QUEUE")}
    assert named == {*queues.QUEUES.values()}, "what is watched, deployed and examined"


def test_figures_of_processes_add_up_and_gauges_of_one_source_do_not() -> None:
    one = '# HELP echonos_scenes_total Scenes\nechonos_scenes_total{step="a"} 2.0\nechonos_held_credits 200.0\n'
    groups = {group.name: {x.labels: x.value for x in group.figures} for group in _grouped([one, one])}
    assert groups == {"echonos_scenes_total": {"step=a": 4.0}, "echonos_held_credits": {"": 200.0}}


def test_spans_keep_ids_and_lose_words() -> None:
    exporter = InMemorySpanExporter()
    opened = open_telemetry(Telemetry(), "test", exporter)
    with span("outside of any trace"):
        pass

    def request() -> None:
        with trace("POST") as named, span("child analyse", job=1):
            named("POST /videos", status=202)
            raise ValueError(PRIVATE)

    with pytest.raises(ValueError, match=PRIVATE):
        request()
    opened.close()
    spans = exporter.get_finished_spans()
    assert [one.name for one in spans] == ["child analyse", "POST /videos"]
    assert spans[0].parent is not None
    assert spans[1].context is not None
    assert spans[0].parent.span_id == spans[1].context.span_id
    for one in spans:
        assert PRIVATE not in one.to_json()
        assert not one.status.is_ok
        assert one.events[0].attributes == {"exception.type": "ValueError", "exception.escaped": "False"}
