"""Downloads of results, from public addresses only.

A result's URL comes from a model's answer, so it may point anywhere, and so may a redirect. Each URL is checked, also
after a redirect, and the address of each connection: a name is resolved once, its addresses are checked, and the
connection goes to one of them, so that a name cannot change its meaning in between (DNS rebinding).
"""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import Any

import httpcore
import httpx

from models.failures import JobFailed, ProviderUnavailable
from models.paid_media import Billing

MOST_REDIRECTS = 5
_CHUNK_BYTES = 1 << 18
_GONE = frozenset({401, 403, 404, 410, 451})
_NAT64 = IPv6Network("64:ff9b::/96")
_LOCAL_NETWORKS = (IPv6Network("64:ff9b:1::/48"), IPv6Network("fec0::/10"))
"""Local addresses that `ipaddress` counts as global: NAT64 of one network, and the old site-local addresses."""

Trusted = tuple[str, int]
"""Address and port of the one host that need not be public."""


class NotPublicError(httpx.ConnectError):
    """A URL leads to an address that is not public, or has a form that results never have."""


def is_public(address: str) -> bool:
    """Whether an IP address is public, including IPv6 addresses that wrap an IPv4 address.

    Args:
        address: As the resolver wrote it; with or without a zone.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and any(found in network for network in _LOCAL_NETWORKS):
        return False
    return all(
        one.is_global and not (one.is_multicast or one.is_reserved or one.is_unspecified or one.is_link_local)
        for one in _meant(found)
    )


def _meant(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    """The real destinations of an address: what IPv6 wraps, and the address itself if it has its own meaning."""
    if isinstance(address, IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    inner = [address.sixtofour, *(address.teredo or ())]
    return [address, *(one for one in inner if one is not None)]


class PublicNetwork(httpcore.AsyncNetworkBackend):
    """Connects to public addresses only.

    Args:
        trusted: The one address and port that need not be public; None: there is none.
    """

    def __init__(self, trusted: Trusted | None = None) -> None:
        self._trusted = trusted
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check, and connect to a checked address."""
        failure: Exception | None = None
        for address in await self._addresses(host, port):
            try:
                stream = await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            peer = stream.get_extra_info("server_addr")
            if peer is None or not self._is_allowed(str(peer[0]), port):
                await stream.aclose()
                raise _refused(host)
            return stream
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: results are never on a local socket."""
        raise _refused("a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} cannot be resolved") from error
        addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
        # One bad address among good ones is an attack.
        if not all(self._is_allowed(address, port) for address in addresses):
            raise _refused(host)
        return addresses

    def _is_allowed(self, address: str, port: int) -> bool:
        return (address, port) == self._trusted or is_public(address)


class _PublicTransport(httpx.AsyncHTTPTransport):
    def __init__(self, trusted: Trusted | None) -> None:
        context = httpx.create_ssl_context()
        super().__init__(verify=context)
        # httpx has no parameter for the network layer; its pool has one.
        self._pool = _pool(context, trusted)


def _pool(context: ssl.SSLContext, trusted: Trusted | None) -> httpcore.AsyncConnectionPool:
    return httpcore.AsyncConnectionPool(
        ssl_context=context, max_connections=100, max_keepalive_connections=20, network_backend=PublicNetwork(trusted)
    )


class Results:
    """Downloads results of jobs. The environment's proxies are not used, so that we can check the address ourselves.

    Args:
        timeout_s: For connecting, and for each chunk.
        trusted: See `PublicNetwork`.
    """

    def __init__(self, timeout_s: float, trusted: Trusted | None = None) -> None:
        # One client for all: creating one costs 30 ms.
        self._client = httpx.AsyncClient(
            transport=_PublicTransport(trusted),
            follow_redirects=True,
            max_redirects=MOST_REDIRECTS,
            timeout=timeout_s,
            event_hooks={"request": [_check]},
        )

    async def fetch(self, url: str, path: Path, most_bytes: int) -> None:
        """Download a result; it is public, so no key goes with the request.

        Args:
            url: From a job's answer.
            path: The file to write.
            most_bytes: The largest accepted size.

        Raises:
            JobFailed: The result is gone, too large, or not at a public address; the job is billed all the same.
            ProviderUnavailable: Ask again.
        """
        try:
            async with self._client.stream("GET", url) as response:
                if response.status_code in _GONE:
                    raise _lost("the result was gone before it could be copied")
                response.raise_for_status()
                size = 0
                with path.open("wb") as out:
                    async for chunk in response.aiter_bytes(_CHUNK_BYTES):
                        size += len(chunk)
                        if size > most_bytes:
                            raise _lost(f"the result is larger than {most_bytes / 1e6:.0f} MB")
                        out.write(chunk)
        except NotPublicError as error:
            raise _lost(f"the result is not at a public address: {error}") from error
        except (httpx.TooManyRedirects, httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.DecodingError) as error:
            raise _lost(f"the result's address leads nowhere ({type(error).__name__})") from error
        except (ValueError, UnicodeError) as error:
            raise _lost("the result's address is none") from error
        except httpx.HTTPError as error:
            raise ProviderUnavailable(
                f"a result cannot be fetched: {type(error).__name__}. A retry asks again."
            ) from error


async def _check(request: httpx.Request) -> None:
    """Check each request, including redirects."""
    url = request.url
    if url.scheme != "https" or url.userinfo or not url.host or not 0 < (url.port or 443) < 1 << 16:
        raise NotPublicError("only plain https links are followed", request=request)


def _lost(why: str) -> JobFailed:
    sentence = f"The job was made and is billed, but {why}. A retry buys it again."
    return JobFailed(sentence, "result lost", Billing.CERTAIN)


def _refused(host: str) -> NotPublicError:
    return NotPublicError(f"{host[:80]} is not public")
