"""Credits: operations and their prices, quotes, holds, grants and balances. Amounts are whole units."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from models.base import Model
from models.failures import InvalidInput
from models.paid_media import SpendingPlan


class Operation(StrEnum):
    """What an artist pays for."""

    GENERATE = "generate"
    REGENERATE_IMAGE = "regenerate_image"
    REGENERATE_VIDEO = "regenerate_video"


PRICES: dict[Operation, int] = {
    Operation.GENERATE: 200,
    Operation.REGENERATE_IMAGE: 10,
    Operation.REGENERATE_VIDEO: 50,
}
SIGNUP_CREDITS = 250


class Unit(StrEnum):
    """What the ledger counts. A free image pays for one image regeneration and for nothing else."""

    CREDIT = "credit"
    FREE_IMAGE = "free_image"


class GrantSource(StrEnum):
    """Where credits come from."""

    SIGNUP = "signup"
    PLAN = "plan"
    TOP_UP = "top-up"
    GOODWILL = "goodwill"


GRANT_PRIORITIES: dict[GrantSource, int] = {
    GrantSource.SIGNUP: 10,
    GrantSource.GOODWILL: 20,
    GrantSource.PLAN: 30,
    GrantSource.TOP_UP: 40,
}
"""Among grants that expire together, or never, the lower number is spent first: gifts before what was paid for."""


class Offer(Model):
    """Something that can be bought."""

    offer_id: str
    title: str
    source: GrantSource
    credits: int
    price_cents: int = Field(description="in US dollars")
    monthly: bool = False
    free_images: int = Field(default=0, description="free image regenerations that come with a new subscription")


OFFERS: dict[str, Offer] = {
    offer.offer_id: offer
    for offer in (
        Offer(
            offer_id="pilot-monthly",
            title="Pilot plan, monthly",
            source=GrantSource.PLAN,
            credits=750,
            price_cents=3_000,
            monthly=True,
            free_images=10,
        ),
        Offer(
            offer_id="top-up-250",
            title="Top-up of 250 credits",
            source=GrantSource.TOP_UP,
            credits=250,
            price_cents=1_000,
        ),
        Offer(
            offer_id="top-up-500",
            title="Top-up of 500 credits",
            source=GrantSource.TOP_UP,
            credits=500,
            price_cents=2_000,
        ),
        Offer(
            offer_id="top-up-1250",
            title="Top-up of 1,250 credits",
            source=GrantSource.TOP_UP,
            credits=1_250,
            price_cents=5_000,
        ),
    )
}
PLAN_CREDITS_OUTLIVE_PERIOD = timedelta(days=30)
"""Plan credits last so long after the period they were bought for."""


class Balance(Model):
    """What an account has: `posted` less `held` is `available`."""

    posted: int
    held: int
    available: int
    free_images: int = 0
    receivable: int = Field(default=0, description="owed after a refund or dispute; blocks new holds")


class Quote(Model):
    """The price of an operation, shown before it is confirmed; the amount held later is this amount."""

    operation: Operation
    price: int = Field(description="credits that will be held: 0 where a free unit or a free retry pays")
    free_units: int = 0
    balance_before: int
    balance_after: int
    reason: str = ""
    spending: SpendingPlan | None = Field(default=None, description="where pieces are bought: what the house will pay")

    def check(self, shown: int | None) -> None:
        """Refuse another price than was shown, in credits; None: nobody says what was shown.

        Raises:
            InvalidInput: The price has changed.
        """
        if shown is not None and shown != self.price:
            raise InvalidInput(
                f"The price is {self.price} credits now, not the {shown} that were shown; confirm it again.",
                code="price_changed",
            )


class HoldRequest(Model):
    """Reserve the price of an operation. The same key with the same body gives the first answer."""

    account_id: str
    operation: Operation
    operation_key: str = Field(description="from workflow id and operation id, never run id or attempt")
    reason: str = ""
    free_because: str = Field(default="", description="why this one costs nothing, e.g. a retry of a fallback scene")
    quoted: int | None = Field(default=None, description="the price that was shown; another price now is refused")


class HoldReceipt(Model):
    """A hold that stands."""

    hold_id: str
    operation_key: str
    amount: int
    balance: Balance
    free_units: int = 0


class SettleRequest(Model):
    """End a hold: capture it if its work was delivered, release it otherwise."""

    account_id: str
    operation_key: str
    reason: str = ""


class Settlement(Model):
    """How a hold ended. `nothing` means that there was none to end.

    `kept`: the artist stopped the generation, and a part was taken for what had been bought.
    """

    outcome: str = Field(description="captured, kept, released or nothing")
    credits: int = Field(description="credits taken when captured or kept, given back when released")
    balance: Balance
    free_units: int = 0


class HoldState(StrEnum):
    """Where a hold stands."""

    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"


class HoldInfo(Model):
    """A hold as support and the reconciler see it."""

    hold_id: str
    account_id: str
    operation: Operation
    operation_key: str
    credits: int
    free_units: int
    state: HoldState
    captured: int
    held_at: datetime
    ended_at: datetime | None = None


class GrantRequest(Model):
    """Give units to an account. The same key with the same body gives the first answer."""

    account_id: str
    key: str = Field(description="the thing that is granted for, e.g. an invoice id")
    amount: int = Field(gt=0)
    source: GrantSource
    unit: Unit = Unit.CREDIT
    effective_at: datetime | None = Field(default=None, description="none: at once")
    expires_at: datetime | None = Field(default=None, description="none: never")
    priority: int | None = Field(default=None, description="none: the source's, see GRANT_PRIORITIES")
    reason: str = ""
    actor: str = "system"


class GrantReceipt(Model):
    """Units that were given."""

    grant_id: str
    amount: int
    balance: Balance


class GrantInfo(Model):
    """A grant with something left in it."""

    grant_id: str
    unit: Unit
    source: GrantSource
    amount: int
    available: int
    held: int
    effective_at: datetime
    expires_at: datetime | None = None


class Purchase(Model):
    """Something that was bought and paid."""

    purchase_id: str = Field(description="invoice id for plans, payment intent for top-ups")
    account_id: str
    offer_id: str
    paid_cents: int
    payment_intent: str = Field(default="", description="what refunds and disputes will name, where it is known yet")
    period_ends_at: datetime | None = Field(default=None, description="of a plan")
    is_new_subscription: bool = False
    is_test: bool = Field(default=False, description="no money moved")


class CheckoutSession(Model):
    """A page at Stripe on which the artist pays."""

    session_id: str
    url: str


class HistoryLine(Model):
    """One line of an account's history, for a person to read."""

    transaction_id: int
    at: datetime
    text: str
    actor: str
    credits: int = Field(description="change of the available credits")
    free_images: int = 0
    available: int = Field(description="available credits afterwards")


class LedgerReport(Model):
    """What a recomputation of all balances from the entries found."""

    accounts: int
    transactions: int
    entries: int
    totals: dict[str, int] = Field(description="per unit, the sum of all entries: always 0")
    differences: tuple[str, ...] = Field(default=(), description="sentences; none when the books are right")
