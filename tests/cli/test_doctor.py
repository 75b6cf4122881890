"""`doctor`: everything that is configured is reached, and what is missing is said in words."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from temporalio.client import Client

from cli.commands import doctor
from cli.output import Output
from models.composition import Composition
from models.queues import QUEUES, Work
from services import diagnosis, temporal_checks
from services.temporal_checks import turns
from settings import Settings
from temporal import inspection
from tests.fakes.anthropic_server import KEY, AnthropicServer, anthropic_server
from tests.fakes.fal_server import KEY as FAL_KEY
from tests.fakes.fal_server import FalServer
from tests.fakes.world import World, stores, world

__all__ = ["anthropic_server", "stores", "world"]


EXAMINED = {
    *("temporal", "worker", "search attributes", "schedules", "object store", "database", "disk", "clock", "proxies"),
    *("keys", "turns", "director", "painter", "animator"),
}


_TURNS: list[str] = []


async def turns_once(client: Client) -> str:
    """Whether the tests' one server takes accounts in turn: ninety workflows try it, at each examination."""
    if not _TURNS:
        _TURNS.append(await turns(client))
    return _TURNS[0]


@pytest.fixture
def cluster(s3: Settings, database_url: str, temporal_address: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings that name the tests' servers one by one, as for a cluster; schedules would work in other tests."""
    monkeypatch.setattr(inspection, "schedules", dict)
    monkeypatch.setattr(temporal_checks, "turns", turns_once)
    return s3.model_copy(update={"database_url": database_url, "temporal_address": temporal_address})


async def told(settings: Settings, capsys: pytest.CaptureFixture[str]) -> tuple[bool, dict[str, dict[str, Any]]]:
    capsys.readouterr()
    healthy = await doctor.examine(settings, Output(as_json=True))
    answer = json.loads(capsys.readouterr().out)
    assert answer["healthy"] is healthy
    assert answer["in_use"] == settings.composition().model_dump()
    return healthy, {finding["part"]: finding for finding in answer["findings"]}


async def test_without_keys_the_local_engines_work(
    world: World, cluster: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    healthy, found = await told(cluster, capsys)
    assert healthy, found
    assert set(found) == EXAMINED
    assert found["turns"]["sentence"] == "Accounts are served in turn."
    assert "ANTHROPIC_API_KEY" in found["director"]["sentence"]
    assert "FAL_KEY" in found["painter"]["sentence"]


async def test_both_providers_are_reached_and_nothing_is_bought(
    world: World,
    cluster: Settings,
    anthropic_server: AnthropicServer,
    fal_server: FalServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    keys = {"anthropic_api_key": SecretStr(KEY), "fal_key": SecretStr(FAL_KEY)}
    settings = cluster.model_copy(update={**keys, "anthropic_base_url": anthropic_server.url})
    healthy, found = await told(settings, capsys)
    assert healthy, found
    assert settings.composition() == Composition(director="anthropic", painter="fal", animator="fal")
    assert "claude-opus-5-5" in found["director"]["sentence"]
    assert "is polled (ECHONOS_PUBLIC_URL is local)" in found["fal"]["sentence"]
    assert "travel in the request" in found["fal"]["sentence"]
    outside = {"public_url": "https://echonos.example", "s3_public_endpoint": "https://media.echonos.example"}
    _, found = await told(settings.model_copy(update=outside), capsys)
    assert "calls back when a job has ended; pictures are fetched by link" in found["fal"]["sentence"]
    assert anthropic_server.asked == []
    assert fal_server.bought == 0


@pytest.mark.parametrize(("release", "works"), [((3, 11, 7), False), ((3, 11, 11), False), ((3, 11, 12), True)])
async def test_an_old_python_fails_where_people_come_in_and_says_why(
    world: World,
    cluster: Settings,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    release: tuple[int, int, int],
    works: bool,
) -> None:
    monkeypatch.setattr(sys, "version_info", release)
    open_to_people = cluster.model_copy(update={"public_url": "https://echonos.example"})
    _, found = await told(open_to_people, capsys)
    assert found["python"]["works"] is works
    assert ("CVE-2025-0938" in found["python"]["sentence"], "3.11.12" in found["python"]["sentence"]) == (
        not works,
        True,
    )
    assert (await told(cluster, capsys))[0], "at home it is a remark"


async def test_each_key_works_on_its_own(
    world: World, cluster: Settings, fal_server: FalServer, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = cluster.model_copy(update={"fal_key": SecretStr(FAL_KEY)})
    assert settings.composition() == Composition(director="local", painter="fal", animator="fal")
    assert (await told(settings, capsys))[0]


@pytest.mark.parametrize(
    ("change", "part", "sentence"),
    [
        ({"anthropic_api_key": SecretStr("wrong")}, "anthropic", "ANTHROPIC_API_KEY"),
        ({"anthropic_base_url": "http://127.0.0.1:9"}, "anthropic", "http://127.0.0.1:9: Anthropic cannot be"),
        ({"fal_key": SecretStr("wrong")}, "fal", "FAL_KEY"),
        ({"s3_secret_key": SecretStr("wrong")}, "object store", "check its keys"),
        ({"s3_secret_key": None}, "object store", "ECHONOS_S3_SECRET_KEY"),
        ({"database_url": "postgresql://unknown@127.0.0.1:1/none"}, "database", "does not answer"),
    ],
    ids=["key", "network", "fal's key", "store's key", "no store", "database"],
)
async def test_what_does_not_work_is_named_and_the_rest_is_examined_too(
    world: World,
    cluster: Settings,
    anthropic_server: AnthropicServer,
    fal_server: FalServer,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, Any],
    part: str,
    sentence: str,
) -> None:
    whole = {"anthropic_api_key": SecretStr(KEY), "anthropic_base_url": anthropic_server.url}
    settings = cluster.model_copy(update={**whole, "fal_key": SecretStr(FAL_KEY), **change})
    healthy, found = await told(settings, capsys)
    assert not healthy
    assert [name for name, finding in found.items() if not finding["works"]] == [part]
    assert sentence in found[part]["sentence"]
    assert set(found) == EXAMINED | {"anthropic", "fal"}


async def test_a_provider_that_is_away_is_said_to_be(
    world: World, cluster: Settings, fal_server: FalServer, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = cluster.model_copy(update={"fal_key": SecretStr(FAL_KEY)})
    for poll, sentence in (("drop", f"at {fal_server.address}: the connection failed"), ("503", "answered 503")):
        fal_server.behaviour.poll = lambda number, poll=poll: poll  # type: ignore[misc]
        healthy, found = await told(settings, capsys)
        assert not healthy
        assert sentence in found["fal"]["sentence"]
        assert "Is this machine's network up? Runs would wait" in found["fal"]["sentence"]


async def test_a_model_that_nobody_knows(
    world: World, cluster: Settings, anthropic_server: AnthropicServer, capsys: pytest.CaptureFixture[str]
) -> None:
    directing = cluster.directing.model_copy(
        update={"shots": cluster.directing.shots.model_copy(update={"model": "claude-of-yesterday"})}
    )
    whole = {"anthropic_api_key": SecretStr(KEY), "anthropic_base_url": anthropic_server.url}
    healthy, found = await told(cluster.model_copy(update={**whole, "directing": directing}), capsys)
    assert not healthy
    assert "claude-of-yesterday" in found["anthropic"]["sentence"]


async def test_a_tier_that_nobody_knows(
    world: World, cluster: Settings, fal_server: FalServer, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = cluster.model_copy(update={"fal_key": SecretStr(FAL_KEY), "fal_tier": "golden"})
    healthy, found = await told(settings, capsys)
    assert not healthy
    assert "standard" in found["painter"]["sentence"]


async def test_a_server_without_a_worker(
    cluster: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(QUEUES, Work.ANALYSE, "unserved")
    monkeypatch.setattr(diagnosis, "POLL_PATIENCE_S", 0.2)
    healthy, found = await told(cluster, capsys)
    assert not healthy
    assert "worker.py --queues analyse" in found["worker"]["sentence"]


async def test_no_server_at_all(
    cluster: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    healthy, found = await told(cluster.model_copy(update={"temporal_address": "127.0.0.1:1"}), capsys)
    assert not healthy
    assert [name for name, finding in found.items() if not finding["works"]] == ["temporal", "worker"]


def test_a_worker_says_with_which_engines_it_serves(tmp_path: Path) -> None:
    from worker import write_composition

    write_composition(tmp_path / "worker.ready", Settings().composition())
    assert diagnosis.composition_of(tmp_path / "worker.ready") == Composition()
    assert diagnosis.composition_of(tmp_path / "another") is None
    wanted = Composition(director="anthropic")
    assert Composition().difference(wanted) == "director local instead of anthropic"
