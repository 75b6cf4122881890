"""The undocumented parts of fal's client that we rely on."""

import httpx
import pytest
from fal_client import AsyncClient

from engines.providers.fal import sdk
from tests.fakes.fal_server import KEY, FalServer


async def test_the_client_sends_a_request_once(fal_server: FalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []

    def lost(request: httpx.Request) -> httpx.Response:
        sent.append(str(request.url))
        raise httpx.ReadTimeout("no answer", request=request)

    client = AsyncClient(key=KEY)
    http = await sdk.http_client(client)
    monkeypatch.setattr(http, "_transport", httpx.MockTransport(lost))
    monkeypatch.setattr(http, "_mounts", {})
    with pytest.raises(httpx.ReadTimeout):
        await client.submit("fal-ai/nano-banana", {"prompt": "a fox"})
    assert len(sent) == 1


async def test_requests_carry_the_key_and_go_to_the_queue() -> None:
    http = await sdk.http_client(AsyncClient(key=KEY))
    assert http.headers["authorization"] == f"Key {KEY}"
    assert httpx.URL(sdk.QUEUE_URL).netloc.decode() in sdk.QUEUE_HOSTS


def test_a_file_travels_as_a_data_uri() -> None:
    assert sdk.data_uri(b"\x89PNG", "image/png") == "data:image/png;base64,iVBORw=="
