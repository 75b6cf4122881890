"""Parts that are away: 503 with Retry-After, and recovery without a restart."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from models.failures import ProviderUnavailable
from settings import Settings
from tests.api.conftest import Api


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
        host, port = temporal_address.split(":")
        async with await asyncio.start_server(_relay(host, int(port)), "127.0.0.1", unused_tcp_port):
            async with asyncio.timeout(30):
                while (await api.stranger().get("/readyz")).status_code != 200:
                    await asyncio.sleep(0.2)
            progress = await person.http.get(f"/api/v1/videos/{'x' * 20}/progress")
            assert progress.status_code == 404


def _relay(host: str, port: int) -> Any:
    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection(host, port)
            await asyncio.gather(pump(reader, back), pump(there, writer))
        except OSError:
            writer.close()

    return serve


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
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
