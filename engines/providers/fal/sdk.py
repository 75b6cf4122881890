"""The undocumented parts of fal's client that we rely on, in one place; `tests/engines/fal/test_sdk.py` pins them.

The client retries a request ten times by itself, even one that submits a job. Here Temporal retries, and a submission
that may have arrived is never sent again blindly.
"""

from urllib.parse import urlsplit

import httpx
from fal_client import AsyncClient
from fal_client import client as _client

_client.MAX_ATTEMPTS = 1

QUEUE_URL: str = _client.QUEUE_URL_FORMAT
"""URL of the queue, with a slash at the end; `FAL_QUEUE_RUN_HOST` names another host."""

POLL_TIMEOUT: httpx.Timeout = _client.QUEUE_POLL_TIMEOUT

_HOST = urlsplit(QUEUE_URL).netloc
QUEUE_HOSTS: frozenset[str] = frozenset({_HOST, _client._BACKUP_DOMAINS.get(_HOST, _HOST)})
"""The queue's hosts: the client switches to the backup by itself."""


def data_uri(data: bytes, media_type: str) -> str:
    """A file inside a request."""
    return str(_client.encode(data, media_type))


async def http_client(client: AsyncClient) -> httpx.AsyncClient:
    """The HTTP client of all requests, with the key in its headers."""
    return await client._client
