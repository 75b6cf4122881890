"""Checks whether a key works at fal, by asking about a job that does not exist, which is free."""

from uuid import UUID

from engines.providers.fal.client import FalClient
from engines.providers.fal.sdk import QUEUE_URL
from models.failures import JobFailed
from models.paid_media import JobRef

_NOBODYS = str(UUID(int=0))


async def reach(provider: FalClient, endpoint: str) -> None:
    """Ask about a job that does not exist; fal's "unknown job" is the expected answer.

    Args:
        provider: The client with the account's key.
        endpoint: An endpoint of a model in use.

    Raises:
        Misconfigured: The key is refused.
        RateLimited, ProviderUnavailable: fal does not answer now.
    """
    application = "/".join(endpoint.split("/")[:2])
    url = f"{QUEUE_URL}{application}/requests/{_NOBODYS}"
    try:
        await provider.status(JobRef(job_key="", request_id=_NOBODYS, status_url=f"{url}/status", response_url=url))
    except JobFailed:
        return
