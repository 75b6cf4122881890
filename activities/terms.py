"""How a house buys, and what all steps that buy share."""

from collections.abc import Callable
from dataclasses import dataclass

from activities.pieces import Pieces, ShareUrl
from activities.ports import JobBook, MediaShop
from activities.waiting import Landings, PermitDesk, Threads
from models.failures import Misconfigured

MOST_PAUSE_S = 300.0
PAUSE_FACTOR = 4


@dataclass(frozen=True)
class BuyingTerms:
    """How this house buys.

    Attributes:
        permit_key: Names the provider key; says nothing of its secret.
        capacity: Jobs in flight at once.
        webhook_url: Makes the URL that a provider calls for a job key; None: nobody can call us.
        share_url: Makes links that a provider can follow; None: our store is not reachable from outside.
        unknown_patience_s: How long a job of unknown fate waits for its webhook before it is submitted once more.
        poll_s: The first pause between questions about a job.
        most_poll_s: The longest.
        trouble_pause_s: Before a piece is bought again whose job failed for a passing reason; later ones are longer.
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
        """How long a piece waits after so many jobs that failed for a passing reason."""
        return min(MOST_PAUSE_S, self.trouble_pause_s * PAUSE_FACTOR ** (troubles - 1)) if troubles else 0.0


@dataclass(frozen=True)
class Counter:
    """Where all steps of a process that buy meet.

    Attributes:
        sells: The shop; None: the local painter and animator draw everything.
        jobs: The rows of jobs.
        desk: Permits.
        landings: Word of webhooks.
        pieces: What to ask for, and where it is stored.
        books: Where SQL runs. Nothing large: permits lapse that are not renewed.
        files: Where objects travel and are looked at.
        terms: How this house buys.
    """

    sells: MediaShop | None
    jobs: JobBook
    desk: PermitDesk
    landings: Landings
    pieces: Pieces
    books: Threads
    files: Threads
    terms: BuyingTerms

    @property
    def shop(self) -> MediaShop:
        """The shop.

        Raises:
            Misconfigured: There is none any more, for a run that began to buy.
        """
        if self.sells is None:
            raise Misconfigured("This run buys its pictures, but no key of their provider is set: set FAL_KEY.")
        return self.sells
