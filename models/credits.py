"""Credits: operations and their prices, quotes, holds, grants and balances. Amounts are whole units."""

from datetime import datetime
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


class Unit(StrEnum):
    """What the ledger counts. A free image pays for one image regeneration and for nothing else."""

    CREDIT = "credit"
    FREE_IMAGE = "free_image"


class GrantSource(StrEnum):
    """The origin of credits."""

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
"""Among grants with the same expiry, the lower number is spent first: gifts before paid credits."""


class Balance(Model):
    """An account's balance: `posted` less `held` is `available`."""

    posted: int
    held: int
    available: int
    free_images: int = 0
    receivable: int = Field(default=0, description="owed after a refund or dispute; blocks new holds")


class Quote(Model):
    """The price of an operation, shown before it is confirmed; exactly this amount is held later."""

    operation: Operation
    price: int = Field(description="credits that will be held: 0 if a free unit or a free retry pays")
    free_units: int = 0
    balance_before: int
    balance_after: int
    reason: str = ""
    spending: SpendingPlan | None = Field(default=None, description="what we will pay, if pieces are bought")

    def check(self, shown: int | None) -> None:
        """Refuse if the price differs from the one shown, in credits; None: the caller names none.

        Raises:
            InvalidInput: The price has changed.
        """
        if shown is not None and shown != self.price:
            raise InvalidInput(
                f"The price is {self.price} credits now, not the {shown} that were shown; confirm it again.",
                code="price_changed",
            )


class HoldRequest(Model):
    """Reserve the price of an operation. A repeated key with the same body gets the first answer."""

    account_id: str
    operation: Operation
    operation_key: str = Field(description="made of workflow id and operation id, never run id or attempt")
    reason: str = ""
    free_because: str = Field(default="", description="why this one is free, e.g. a retry of a fallback scene")
    quoted: int | None = Field(default=None, description="the price that was shown; another price now is refused")


class HoldReceipt(Model):
    """A hold that stands."""

    hold_id: str
    operation_key: str
    amount: int
    balance: Balance
    free_units: int = 0
    in_turn: bool = Field(default=True, description="whether work may begin at once; a draft may have to wait")


class SettleRequest(Model):
    """End a hold: capture it if its work was delivered, release it otherwise."""

    account_id: str
    operation_key: str
    reason: str = ""


class Settlement(Model):
    """How a hold ended. `nothing`: there was no hold.

    `kept`: the artist stopped the generation, and a part was captured for what had been bought.
    """

    outcome: str = Field(description="captured, kept, released or nothing")
    credits: int = Field(description="credits taken when captured or kept, given back when released")
    balance: Balance
    free_units: int = 0


class HoldState(StrEnum):
    """The state of a hold."""

    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"


class HoldInfo(Model):
    """A hold, as support and the reconciler see it."""

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
    """Credit units to an account. A repeated key with the same body gets the first answer."""

    account_id: str
    key: str = Field(description="the reason for the grant, e.g. an invoice id")
    amount: int = Field(gt=0)
    source: GrantSource
    unit: Unit = Unit.CREDIT
    effective_at: datetime | None = Field(default=None, description="none: at once")
    expires_at: datetime | None = Field(default=None, description="none: never")
    priority: int | None = Field(default=None, description="none: the source's, see GRANT_PRIORITIES")
    reason: str = ""
    actor: str = "system"


class GrantReceipt(Model):
    """Units that were credited."""

    grant_id: str
    amount: int
    balance: Balance


class GrantInfo(Model):
    """A grant with units left."""

    grant_id: str
    unit: Unit
    source: GrantSource
    amount: int
    available: int
    held: int
    effective_at: datetime
    expires_at: datetime | None = None


class Purchase(Model):
    """A paid purchase."""

    purchase_id: str = Field(description="invoice id for plans, payment intent for top-ups")
    account_id: str
    offer_id: str
    paid_cents: int
    payment_intent: str = Field(default="", description="the id that refunds and disputes name, if known yet")
    period_ends_at: datetime | None = Field(default=None, description="of a plan")
    is_new_subscription: bool = False
    is_test: bool = Field(default=False, description="no money moved")


class CheckoutSession(Model):
    """A Stripe page for one payment."""

    session_id: str
    url: str


class HistoryLine(Model):
    """One line of an account's history, for people."""

    transaction_id: int
    at: datetime
    text: str
    actor: str
    credits: int = Field(description="change of the available credits")
    free_images: int = 0
    available: int = Field(description="available credits afterwards")


class StatementLine(Model):
    """One event of an account as its owner reads it: an order and how it ended are one line."""

    transaction_id: int
    at: datetime = Field(description="of an order: when it was placed")
    text: str
    outcome: str = Field(default="", description="how an order stands; empty where nothing is to be said")
    ended_at: datetime | None = None
    credits: int = Field(description="change of the available credits, from the order to its end")
    free_images: int = 0
    video_id: str | None = Field(default=None, description="to be opened; none where it is not there")


class LedgerReport(Model):
    """What a recomputation of all balances from the entries found."""

    accounts: int
    transactions: int
    entries: int
    totals: dict[str, int] = Field(description="per unit, the sum of all entries: always 0")
    differences: tuple[str, ...] = Field(default=(), description="sentences; none if all balances are right")
