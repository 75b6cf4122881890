"""What `doctor` examines on this machine and in the namespace, without the servers where the facts suffice."""

import asyncio
import shutil
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from google.protobuf.duration_pb2 import Duration
from sqlalchemy import text
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from models import disk
from models.failures import InvalidInput, Misconfigured, ProviderUnavailable
from services import diagnosis, machine_checks, temporal_checks
from settings import Settings
from stores.database import open_database, revision_of
from temporal.standstill import Poller, QueueFacts

Usage = namedtuple("Usage", "total used free")


def test_a_disk_without_room_for_a_draft_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "a draft needs up to" in machine_checks.disk(tmp_path, local_store=True)
    monkeypatch.setattr(
        shutil, "disk_usage", lambda place: Usage(10**11, 10**11, 10**9 if place == tmp_path else 10**11)
    )
    assert str(tmp_path) not in machine_checks.disk(tmp_path, local_store=False), "objects are elsewhere"
    with pytest.raises(ProviderUnavailable, match=r"The disk is nearly full: 1\.0 GB free for the data folder at"):
        machine_checks.disk(tmp_path, local_store=True)


def test_proxies_are_named_without_their_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert machine_checks.proxies() == "None in the environment."
    monkeypatch.setenv("HTTPS_PROXY", "http://kim:secret@proxy.example:3128")
    assert "HTTPS_PROXY=http://proxy.example:3128" in machine_checks.proxies()
    assert "secret" not in machine_checks.proxies()
    monkeypatch.setenv("ALL_PROXY", "socks5://proxy.example")
    with pytest.raises(InvalidInput, match="SOCKS"):
        machine_checks.proxies()


def test_a_file_system_that_counts_nothing_is_not_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(0, 0, 0))
    assert not disk.is_short()
    assert "does not say how much is free" in machine_checks.disk(tmp_path, local_store=True)


@pytest.mark.parametrize("wrong", ["http://kim:secret@proxy.example:abc", "http://[::1", "http://"])
def test_a_proxy_that_is_no_address_is_named_without_its_value(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", wrong)
    with pytest.raises(InvalidInput, match="HTTPS_PROXY") as refused:
        machine_checks.proxies()
    assert "secret" not in refused.value.message


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "http://127.0.0.1:abc", "http://127.0.0.1:1", "ftp://x"])
async def test_a_wrong_proxy_ends_no_diagnosis(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("ALL_PROXY", proxy)
    settings = Settings(s3_endpoint="http://s3.invalid", environment="development")
    found = await diagnosis._tried("clock", lambda: asyncio.to_thread(diagnosis._clock, settings))
    assert not found.works
    assert "no clock is compared" in found.sentence


@pytest.mark.parametrize(("said", "told"), [(None, "Not compared"), ("now", "Not compared"), (-1, "Agrees with")])
def test_a_store_without_a_clock_is_no_fault(
    said: str | int | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    date = f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} -0000" if said == -1 else said
    answer = httpx.Response(200, headers={} if date is None else {"date": str(date)})
    monkeypatch.setattr(httpx, "head", lambda *_, **__: answer)
    assert told in diagnosis._clock(Settings(s3_endpoint="http://s3.invalid", environment="development"))


async def test_a_part_that_hangs_does_not_keep_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "PART_PATIENCE_S", 0.01)
    found = await diagnosis._tried("temporal", asyncio.Future)
    assert (found.works, found.sentence[:23]) == (False, "Does not answer within ")


def test_a_clock_that_is_wrong(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    assert machine_checks.clock(now, "the object store") == "Agrees with that of the object store."
    for off, way in ((timedelta(minutes=-5), "ahead of"), (timedelta(minutes=5), "behind")):
        with pytest.raises(InvalidInput, match=f"s {way} that of the object store"):
            machine_checks.clock(now + off, "the object store")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            QueueFacts((), (Poller("7@far", "", 200),), ""),
            "start worker.py, or `worker.py --queues orchestrate`. The last one was 7@far, last seen 200 s ago",
        ),
        (QueueFacts((Poller("7@far", "", 3, stopped=True),), (), ""), "`kill -CONT 7`"),
        (QueueFacts((Poller("7@far", "b", 3),), (), "a"), "go to version a, and only 7@far of version b"),
        (QueueFacts((Poller("7@far", "b", 3),), (), ""), "`starter.py deploy b` makes theirs the current one"),
    ],
    ids=["none", "stopped", "another version", "no version"],
)
def test_a_queue_that_no_worker_serves(facts: QueueFacts, sentence: str) -> None:
    with pytest.raises(ProviderUnavailable) as refused:
        temporal_checks._check("echonos", facts)
    assert sentence in refused.value.message


async def test_search_attributes_that_are_missing_come_with_their_command(temporal: Client) -> None:
    assert await temporal_checks.attributes(temporal) == "All are registered."
    name = f"bare-{uuid4().hex[:8]}"
    day = Duration()
    day.FromTimedelta(timedelta(days=1))
    request = RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=day)
    await temporal.workflow_service.register_namespace(request)
    bare = Client(temporal.service_client, namespace=name)
    async with asyncio.timeout(200):
        while True:  # until the server's cache of namespaces knows it
            try:
                with pytest.raises(Misconfigured) as refused:
                    await temporal_checks.attributes(bare)
                break
            except (RPCError, ProviderUnavailable):
                await asyncio.sleep(0.1)
    assert f"create --namespace {name} --name EchonosAccount --type Keyword" in refused.value.message


def test_a_database_that_this_code_cannot_use(database_url: str, tmp_path: Path) -> None:
    assert "this code's newest" in revision_of(database_url)
    with pytest.raises(InvalidInput, match="empty"):
        revision_of(f"sqlite:///{tmp_path}/none.db")
    assert not (tmp_path / "none.db").exists()
    database = open_database(database_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0120'"))
    assert "the next worker or page that starts migrates it" in revision_of(database_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(InvalidInput, match="newer code has migrated it"):
        revision_of(database_url)
    database.close()
