"""Payments without a known account, or with a price that no offer has: they wait for support."""

from datetime import datetime

from pydantic import Field

from models.base import Model
from models.credits import Purchase


class StrayPayment(Model):
    """A received payment without a grant."""

    payment_id: str = Field(description="invoice id for plans, payment intent for top-ups")
    offer_id: str
    paid_cents: int = Field(ge=0)
    currency: str
    reason: str = Field(description="why nothing was granted, in a sentence")
    email: str = Field(default="", description="that Stripe knows the payer by")
    account_id: str = Field(default="", description="that the payment names, or that it was assigned to")
    payment_intent: str = ""
    period_ends_at: datetime | None = Field(default=None, description="of a plan")
    is_new_subscription: bool = False
    seen_at: datetime | None = None
    settled_at: datetime | None = None

    def purchase(self, account_id: str) -> Purchase:
        """The purchase, once the account is known."""
        return Purchase(
            purchase_id=self.payment_id,
            account_id=account_id,
            offer_id=self.offer_id,
            paid_cents=self.paid_cents,
            payment_intent=self.payment_intent,
            period_ends_at=self.period_ends_at,
            is_new_subscription=self.is_new_subscription,
        )
