"""Whether fal can be used with a key: asks about a job that never was, which buys nothing."""

from uuid import UUID

from fal_client import client as _fal

from engines.providers.fal.shop import FalShop
from models.failures import JobFailed
from models.paid_media import JobTicket

_NOBODYS = str(UUID(int=0))


async def reach(shop: FalShop, endpoint: str) -> None:
    """Ask about a job that does not exist; that fal says so is the answer that is wanted.

    Args:
        shop: With the account's key.
        endpoint: Of a model that will be bought from.

    Raises:
        Misconfigured: The key is refused.
        RateLimited, ProviderUnavailable: fal does not answer now.
    """
    application = "/".join(endpoint.split("/")[:2])
    url = f"{_fal.QUEUE_URL_FORMAT}{application}/requests/{_NOBODYS}"
    try:
        await shop.status(JobTicket(job_key="", request_id=_NOBODYS, status_url=f"{url}/status", response_url=url))
    except JobFailed:
        return
