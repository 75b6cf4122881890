"""Operators' figures while a part of them is away."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.common import TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode

from gateways.telemetry.metrics import free_loopback_address
from gateways.telemetry.neighbours import ENDING, announce, neighbours
from models.progress import Progress, StageName, StageProgress, StageStatus
from models.queues import QUEUES
from models.telemetry import Telemetry
from services import figures
from temporal.figures import backlogs, parked_runs


async def test_a_temporal_server_that_is_away_from_the_start_ends_no_watch() -> None:
    client = await Client.connect("127.0.0.1:1", lazy=True)
    with pytest.raises(figures._AWAY):
        await backlogs(client, QUEUES.values())


async def test_a_late_process_stays_known_and_a_killed_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "SCRAPE_PATIENCE_S", 0.1)
    app: Any = SimpleNamespace(settings=SimpleNamespace(telemetry=Telemetry(folder=tmp_path)), telemetry=None)
    with socket.create_server(("127.0.0.1", 0)) as late:  # accepts, and does not answer in time
        url = f"http://127.0.0.1:{late.getsockname()[1]}/metrics"
        announce(tmp_path, url)
        killed = f"http://{free_loopback_address()}/metrics"
        announce(tmp_path, killed)
        announce(tmp_path, "http://[::/metrics")
        _, silent = await figures.figures_of_all(app)
    assert {url, killed} <= {*silent}
    assert url in neighbours(tmp_path)
    assert killed not in neighbours(tmp_path)


@pytest.mark.parametrize(("status", "asked"), [(RPCStatusCode.NOT_FOUND, 3), (RPCStatusCode.DEADLINE_EXCEEDED, 1)])
async def test_a_run_that_was_removed_meanwhile_does_not_silence_the_others(
    status: RPCStatusCode, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 0

    async def listed(*_: object) -> AsyncIterator[Any]:
        for number in range(3):
            attributes = TypedSearchAttributes([])
            yield SimpleNamespace(
                id=f"generate-video-{number}", workflow_type="GenerateVideo", typed_search_attributes=attributes
            )

    async def ask(*_: object) -> None:
        nonlocal count
        count += 1
        raise RPCError("?", status, b"")

    monkeypatch.setattr("temporal.figures.listed", listed)
    monkeypatch.setattr("temporal.figures.ask", ask)
    client = await Client.connect("127.0.0.1:1", lazy=True)
    assert await parked_runs(client) == {("other", "unknown"): 3.0}
    assert count == asked


@pytest.mark.parametrize("run", ["generate-video-1", "regenerate-video-1-op-2"])
async def test_a_parked_run_says_its_reason_whether_it_makes_a_draft_or_a_take(
    run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def listed(*_: object) -> AsyncIterator[Any]:
        kind = "GenerateVideo" if run.startswith("generate") else "RegenerateScene"
        yield SimpleNamespace(id=run, workflow_type=kind, typed_search_attributes=TypedSearchAttributes([]))

    async def ask(handle: WorkflowHandle[Any, Any], *_: object) -> Progress:
        assert handle.id == run
        waits = StageProgress(name=StageName.STILLS, status=StageStatus.WAITING, waits_for="ProviderUnavailable")
        return Progress(video_id="video-1", stages=(waits,))

    monkeypatch.setattr("temporal.figures.listed", listed)
    monkeypatch.setattr("temporal.figures.ask", ask)
    client = await Client.connect("127.0.0.1:1", lazy=True)
    assert await parked_runs(client) == {("other", "ProviderUnavailable"): 1.0}


def test_a_process_that_stops_during_a_look_is_left_out(tmp_path: Path) -> None:
    (tmp_path / f"gone{ENDING}").symlink_to(tmp_path / "nowhere")  # listed, and not there when it is read
    announce(tmp_path, "http://127.0.0.1:9/metrics")
    assert neighbours(tmp_path) == ["http://127.0.0.1:9/metrics"]
