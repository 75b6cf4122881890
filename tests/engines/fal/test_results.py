"""Results come from public addresses only: checked by URL, after each redirect, and by the connected address."""

import socket
from pathlib import Path
from typing import Any

import httpcore
import pytest

from engines.providers.fal import FalClient, choose
from engines.providers.fal.results import PublicNetwork, Results, is_public
from models.failures import JobFailed, ProviderUnavailable
from models.paid_media import Billing
from tests.fakes.fal_server import KEY, FalServer

PUBLIC = "93.184.216.34"
INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.254",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:a9fe:a9fe",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:c0a8:101::",
    "2001:0:7f00:1::",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "not an address",
    "",
]


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_what_is_outside_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:{other}/x",
        "https://localhost:{other}/x",
        "https://2130706433:{other}/x",
        "https://0x7f000001:{other}/x",
        "https://0177.0.0.1:{other}/x",
        "https://127.1:{other}/x",
        "https://[::1]:{other}/x",
        "https://[::ffff:127.0.0.1]:{other}/x",
        "https://[::ffff:7f00:1]:{other}/x",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fd00:ec2::254]/latest/meta-data/",
        "http://{fake}/media/ok/still.png",
        "https://user:secret@{fake}/media/ok/still.png",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "data:image/png;base64,AAAA",
        "https://",
        "//{fake}/media/ok/still.png",
        "\x00",
        "https://\ud800/",
        "https://xn--\u2603/",
        "not a url at all",
        "https://[::1",
        "https://example.org:99999/",
    ],
)
async def test_no_url_leads_inside(fal_server: FalServer, tmp_path: Path, url: str) -> None:
    """The fake is at a loopback address: only it may be reached there, by its own address and port."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0)
        asked = url.replace("{other}", str(door.getsockname()[1])).replace("{fake}", fal_server.address)
        with pytest.raises(JobFailed) as caught:
            await FalClient(KEY, choose()).fetch(asked, tmp_path / "piece", 10_000_000)
        with pytest.raises(BlockingIOError):
            door.accept()
    assert caught.value.billing == Billing.CERTAIN
    assert "A retry buys it again" in caught.value.message


async def test_no_redirect_leads_inside(fal_server: FalServer, tmp_path: Path) -> None:
    with pytest.raises(JobFailed, match="not at a public address"):
        await FalClient(KEY, choose()).fetch(f"https://{fal_server.address}/media/inside/x", tmp_path / "piece", 1_000)


async def test_loopback_is_inside_unless_fal_is_configured_there(fal_server: FalServer, tmp_path: Path) -> None:
    url = f"https://{fal_server.address}/media/ok/still.png"
    await FalClient(KEY, choose()).fetch(url, tmp_path / "piece", 10_000_000)
    with pytest.raises(JobFailed, match="not at a public address"):
        await Results(5.0).fetch(url, tmp_path / "piece", 10_000_000)


class Resolver:
    """Answers each question of a name with the next list of addresses."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.connected: list[str] = []

    async def getaddrinfo(self, host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in self.answers.pop(0)]


class Stream(httpcore.AsyncNetworkStream):
    def __init__(self, peer: str) -> None:
        self._peer = peer

    def get_extra_info(self, info: str) -> Any:
        return (self._peer, 443) if info == "server_addr" else None

    async def aclose(self) -> None:
        """Closed."""


@pytest.mark.parametrize(
    ("resolved", "peer", "connects"),
    [([PUBLIC], PUBLIC, True), ([PUBLIC, "10.0.0.1"], PUBLIC, False), ([PUBLIC], "127.0.0.1", False), ([], "", False)],
)
async def test_a_name_is_resolved_once_and_its_address_is_the_one_connected_to(
    monkeypatch: pytest.MonkeyPatch, resolved: list[str], peer: str, connects: bool
) -> None:
    """A second answer of the resolver, which would lead to this machine, is never requested."""
    resolver, network = Resolver(resolved, ["127.0.0.1"]), PublicNetwork()

    async def connect_tcp(host: str, *_: Any) -> Stream:
        resolver.connected.append(host)
        return Stream(peer)

    monkeypatch.setattr(network._network, "connect_tcp", connect_tcp)
    monkeypatch.setattr("engines.providers.fal.results.asyncio.get_running_loop", lambda: resolver)
    if connects:
        await network.connect_tcp("rebinding.example", 443)
        assert resolver.connected == [PUBLIC]
    else:
        with pytest.raises(Exception, match=r"not public|no address"):
            await network.connect_tcp("rebinding.example", 443)
    assert len(resolver.answers) == 1


async def test_a_name_that_cannot_be_resolved_is_asked_again(tmp_path: Path) -> None:
    with pytest.raises(ProviderUnavailable):
        await Results(5.0).fetch("https://nowhere.invalid/x", tmp_path / "piece", 1_000)
