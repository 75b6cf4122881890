"""What operations cost in credits, and what plans and top-ups cost in dollars."""

from datetime import timedelta

from pydantic import Field

from models.base import Model
from models.credits import GrantSource, Operation

PRICES: dict[Operation, int] = {
    Operation.GENERATE: 200,
    Operation.REGENERATE_IMAGE: 10,
    Operation.REGENERATE_VIDEO: 50,
}


SIGNUP_CREDITS = 250


class Offer(Model):
    """Something for sale."""

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
"""How long plan credits outlive the period they were bought for."""
