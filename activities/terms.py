"""How we buy, and the purchase context that all buying steps share."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from activities.pieces import Pieces, ShareUrl
from activities.ports.purchases import JobBook, MediaProvider
from activities.waiting import PermitQueue, Threads, WebhookWaiter
from models.failures import Misconfigured

MOST_PAUSE_S = 300.0
PAUSE_FACTOR = 4


@dataclass(frozen=True)
class BuyingTerms:
    """How this deployment buys.

    Attributes:
        permit_key: Identifies the provider's API key without revealing it.
        capacity: The most jobs in flight at once.
        webhook_url: Makes the URL that a provider calls for a job key; None: no provider can reach us.
        share_url: Makes links that a provider can follow; None: our store is not reachable from outside.
        unknown_patience_s: How long a job of unknown outcome waits for its webhook before it is submitted once more.
        poll_s: The first pause between polls of a job.
        most_poll_s: The longest pause between polls of a job.
        trouble_pause_s: The pause before a piece is bought again after a temporary failure; later pauses are longer.
    """

    permit_key: str = "fal"
    capacity: int = 2
    webhook_url: Callable[[str], str] | None = None
    share_url: ShareUrl | None = None
    unknown_patience_s: float = 600.0
    poll_s: float = 0.5
    most_poll_s: float = 2.0
    trouble_pause_s: float = 15.0

    def pause_s(self, troubles: int) -> float:
        """The pause before buying again after this many temporary failures."""
        return min(MOST_PAUSE_S, self.trouble_pause_s * PAUSE_FACTOR ** (troubles - 1)) if troubles else 0.0


@dataclass(frozen=True)
class PurchaseContext:
    """The purchase context: what all buying steps of a process share.

    Attributes:
        sells: The provider; None: the local painter and animator draw everything.
        jobs: The rows of jobs.
        permit_queue: The permit queue.
        webhooks: Waits for webhooks.
        pieces: Builds requests and the keys of their answers.
        sql: Threads for SQL. Nothing large runs there, because permits that are not renewed lapse.
        files: Threads for transfers and checks of files.
        terms: How this deployment buys.
    """

    sells: MediaProvider | None
    jobs: JobBook
    permit_queue: PermitQueue
    webhooks: WebhookWaiter
    pieces: Pieces
    sql: Threads
    files: Threads
    terms: BuyingTerms

    @property
    def provider(self) -> MediaProvider:
        """The provider.

        Raises:
            Misconfigured: The provider's key is no longer set, though this run began to buy.
        """
        if self.sells is None:
            raise Misconfigured("This run buys its pictures, but no key of their provider is set: set FAL_KEY.")
        return self.sells


def webhook_url_at(public_url: str) -> Callable[[str], str] | None:
    """The webhook of each job key at our public address; None: no provider can reach us, so jobs are only polled."""
    if not is_outside(public_url):
        return None
    return lambda job_key: f"{public_url.rstrip('/')}/api/v1/webhooks/fal/{quote(job_key, safe='')}"


def is_outside(url: str) -> bool:
    """Whether an address can be one that a provider reaches: not this machine, not a private network."""
    host = urlsplit(url).hostname or "localhost"
    try:
        return ip_address(host).is_global
    except ValueError:
        return host != "localhost" and "." in host
