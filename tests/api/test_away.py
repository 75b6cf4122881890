"""Unavailable parts: 503 with Retry-After, and recovery without a restart."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api import watching
from bench.servers.postgres import postgres_server
from models.failures import ProviderUnavailable
from services import progress
from settings import Settings
from stores.database import migrate
from tests.api.conftest import Api
from tests.api.test_watching import order
from tests.fakes.ports import own_port
from tests.fakes.world import World


async def test_temporal_that_comes_later_is_found(
    serve: Any, api_settings: Settings, temporal_address: str, unused_tcp_port: int
) -> None:
    """The process starts while nothing listens; then something does, and it works."""
    away = api_settings.model_copy(update={"temporal_address": f"127.0.0.1:{unused_tcp_port}"})
    async with serve(away) as api:
        person = await api.sign_up()
        song = api.add_song(person.account_id)
        wish = {"song_id": song.song_id, "prompt": "a fox"}
        answer = await person.http.post("/api/v1/videos", json=wish, headers={"Idempotency-Key": "k"})
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert int(answer.headers["retry-after"]) > 0
        ready = await api.stranger().get("/readyz")
        assert (ready.status_code, "Temporal" in ready.json()["detail"]) == (503, True)
        assert (await api.stranger().get("/healthz")).status_code == 200
        assert (await person.http.get("/api/v1/songs")).status_code == 200, "what needs no Temporal works on"
        assert (await person.http.get("/api/v1/videos")).json()["items"][0]["status"] == "unknown"
        async with _Relay(temporal_address, unused_tcp_port):
            async with asyncio.timeout(200):
                while (await api.stranger().get("/readyz")).status_code != 200:
                    await asyncio.sleep(0.2)
            progress = await person.http.get(f"/api/v1/videos/{'x' * 20}/progress")
            assert progress.status_code == 404


async def test_temporal_that_goes_comes_back_unnoticed(
    serve: Any, api_settings: Settings, temporal_address: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All connections break and new ones are refused for a while: requests can be repeated afterwards."""
    monkeypatch.setattr(progress, "QUERY_PATIENCE", timedelta(seconds=1))
    monkeypatch.setattr(progress, "DESCRIBE_PATIENCE", timedelta(seconds=1))
    monkeypatch.setattr(watching, "PATIENCE_S", 60.0)
    async with (
        _Relay(temporal_address, own_port()) as relay,
        serve(api_settings.model_copy(update={"temporal_address": relay.address})) as api,
    ):
        person = await api.sign_up()
        video_id = await order(api, person)
        url = f"/api/v1/videos/{video_id}"
        await relay.cut()
        async with asyncio.timeout(200):  # the last state is still served for a moment
            while (away := await person.http.get(f"{url}/progress")).status_code == 200:
                await asyncio.sleep(0.2)
        assert (away.status_code, int(away.headers["retry-after"]) > 0) == (503, True)
        assert (await person.http.get("/api/v1/balance")).status_code == 200
        await relay.mend()
        async with asyncio.timeout(200):
            while (back := await person.http.get(f"{url}/progress")).status_code != 200:
                assert back.status_code == 503, back.text
                await asyncio.sleep(0.2)
        assert back.json()["video_id"] == video_id


class _Relay:
    """A port that leads to another one, until it is cut."""

    def __init__(self, address: str, port: int) -> None:
        host, there = address.split(":")
        self._there = host, int(there)
        self._port = port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    async def __aenter__(self) -> "_Relay":
        await self.mend()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.cut()

    async def mend(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*self._there)
        self._writers |= {writer, back}
        try:
            await asyncio.gather(_pump(reader, back), _pump(there, writer))
        except OSError:
            return


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def test_a_database_that_comes_later_is_found(serve: Any, api_settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "mount"
    folder.write_text("not mounted yet")
    away = api_settings.model_copy(update={"database_url": f"sqlite:///{folder}/echonos.db"})
    async with serve(away) as api:
        answer = await api.stranger(Authorization="Bearer x").get("/api/v1/songs")
        assert answer.status_code == 503
        assert "retry-after" in answer.headers
        assert (await api.stranger().get("/healthz")).status_code == 200
        folder.unlink()
        assert (await api.stranger(Authorization="Bearer x").get("/api/v1/songs")).status_code == 401
        assert (await api.sign_up()).account_id


async def test_a_database_that_goes_comes_back_unnoticed(serve: Any, api_settings: Settings) -> None:
    with postgres_server(durable=True) as server:
        migrate(server.url)
        async with serve(api_settings.model_copy(update={"database_url": server.url})) as api:
            person = await api.sign_up()
            with server.away():
                for url in ("/api/v1/songs", "/api/v1/balance", "/readyz"):
                    answer = await person.http.get(url)
                    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable"), url
                    assert int(answer.headers["retry-after"]) > 0
                assert (await person.http.get("/healthz")).status_code == 200
            async with asyncio.timeout(200):
                while (back := await person.http.get("/api/v1/songs")).status_code != 200:
                    assert back.status_code == 503, back.text
                    await asyncio.sleep(0.1)
            assert (await person.http.get("/api/v1/balance")).json()["available"] == 250


@pytest.mark.parametrize("error", [ProviderUnavailable("secret words"), ZeroDivisionError("secret words")])
async def test_failures_tell_nothing_of_themselves(api: Api, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    person = await api.sign_up()

    def fail(*_: Any) -> None:
        raise error

    monkeypatch.setattr(api.backend.stores.catalogue, "songs", fail)
    answer = await person.http.get("/api/v1/songs")
    assert answer.status_code == (503 if isinstance(error, ProviderUnavailable) else 500)
    assert answer.headers["content-type"] == "application/problem+json"
    assert "content-security-policy" in answer.headers
    assert "secret words" not in answer.text


@pytest.fixture
def unused_tcp_port() -> int:
    return own_port()
