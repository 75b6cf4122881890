"""Credits: balance, history in words, products, checkout, and the news from Stripe."""

import hashlib
from functools import partial
from typing import Annotated

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import Field
from starlette.responses import Response

from api import admission
from api.deps import BackendOf, Payer, Reader, Spender, limit
from api.docs import COSTLY, errors
from api.guard import BODY_LIMIT_BYTES
from api.problems import Problem, not_found
from api.repeating import IdempotencyKey, once
from api.routes.accounts import Said
from api.shapes import Page
from models.base import Model
from models.credits import OFFERS, Balance, HistoryLine

router = admission.router("credits")

PAGE = 50
MOST_NEWS_BYTES = 100_000_000
"""Of a call of fal's: a request with a dozen pictures of a few megabytes, and what is said about it."""


class Product(Model):
    """Something that can be bought."""

    price: str = Field(description="what a checkout names", examples=["top-up-250"])
    title: str
    credits: int
    price_cents: int = Field(description="US dollars")
    monthly: bool
    free_images: int


class Products(Page[Product]):
    """Everything that can be bought."""

    test_purchases: bool = Field(description="buying moves no money here")


class Choice(Model):
    """What is to be bought."""

    price: str = Field(json_schema_extra={"enum": list(OFFERS)}, examples=["top-up-250"])


class CheckoutPage(Model):
    """Where the artist pays."""

    url: str


@router.get("/balance", summary="The balance", responses=errors(401, 403))
def balance(caller: Reader, backend: BackendOf) -> Balance:
    """What the account has now."""
    return backend.stores.ledger.balance(caller.account_id)


@router.get("/ledger", summary="What happened, in words", responses=errors(401, 403))
def ledger(
    caller: Reader,
    backend: BackendOf,
    cursor: Annotated[int | None, Query(ge=1, le=2**62, description="`next_cursor` of the page before")] = None,
) -> Page[HistoryLine]:
    """Newest first."""
    lines = backend.stores.ledger.history(caller.account_id, PAGE, cursor)
    return Page(items=tuple(lines), next_cursor=str(lines[-1].transaction_id) if len(lines) == PAGE else None)


@router.get("/products", summary="Plans and top-ups", responses=errors())
def products(backend: BackendOf) -> Products:
    """Prices are ours, not the caller's."""
    items = tuple(
        Product(
            price=offer.offer_id,
            title=offer.title,
            credits=offer.credits,
            price_cents=offer.price_cents,
            monthly=offer.monthly,
            free_images=offer.free_images,
        )
        for offer in OFFERS.values()
    )
    return Products(items=items, test_purchases=backend.takes_test_purchases)


@router.post("/checkouts", status_code=201, summary="Buy", responses=COSTLY, response_model=CheckoutPage)
async def check_out(request: Request, body: Choice, key: IdempotencyKey, caller: Payer, backend: BackendOf) -> Response:
    """A page at Stripe. Credits come with the payment, not with the click.

    Whoever is logged in needs a sign-in of the last half hour.
    """
    await run_in_threadpool(limit, backend, backend.settings.rates.start, "checkout", caller.account_id)
    gateway = await run_in_threadpool(lambda: backend.stripe)
    if gateway is None:
        raise not_found("Nothing is sold here.")
    _check_offer(body)
    url = backend.settings.public_url

    async def work(operation_id: str) -> tuple[int, Model]:
        buy = partial(
            gateway.checkout,
            caller.account_id,
            body.price,
            f"{url}/credits?paid=1",
            f"{url}/credits",
            operation_id,
        )
        return 201, CheckoutPage(url=(await run_in_threadpool(buy)).url)

    return await once(request, backend, caller, key, body, work)


@router.post("/test-purchases", summary="Buy without money", responses=COSTLY, response_model=Balance)
async def buy_for_test(
    request: Request, body: Choice, key: IdempotencyKey, caller: Spender, backend: BackendOf
) -> Response:
    """Only on a developer's machine, where no Stripe key is set; marked as a test in the history."""
    if not backend.takes_test_purchases:
        raise not_found("Nothing is given away here.")
    await run_in_threadpool(limit, backend, backend.settings.rates.start, "test-purchase", caller.account_id)
    _check_offer(body)

    async def work(operation_id: str) -> tuple[int, Model]:
        buy = partial(backend.purchases.buy_for_test, caller.account_id, body.price, operation_id)
        return 200, await run_in_threadpool(buy)

    return await once(request, backend, caller, key, body, work)


@router.post("/webhooks/stripe", summary="News from Stripe", responses=errors(404, 413), tags=["webhooks"])
async def stripe_news(request: Request, backend: BackendOf) -> Said:
    """Signed by Stripe; repetition and order do not matter."""
    gateway = await run_in_threadpool(lambda: backend.stripe)
    if gateway is None:
        raise not_found()
    body = await request.body()
    ours = await run_in_threadpool(gateway.receive, body, request.headers.get("stripe-signature"))
    return Said(sentence="Noted." if ours else "Not about us.")


@router.post("/webhooks/fal/{job_key}", summary="A paid job has ended", responses=errors(404, 413), tags=["webhooks"])
async def fal_news(job_key: str, request: Request, backend: BackendOf) -> Said:
    """Signed by fal. It only makes waiting shorter: it may come early, twice or never.

    A failed job's call repeats the request, pictures included: what is too large to keep is read and dropped, and the
    job's result is asked for instead.
    """
    webhooks = await run_in_threadpool(lambda: backend.fal)
    if webhooks is None:
        raise not_found()
    digest, kept, taken = hashlib.sha256(), bytearray(), 0
    async for chunk in request.stream():
        digest.update(chunk)
        taken += len(chunk)
        if taken <= BODY_LIMIT_BYTES:
            kept += chunk
    if taken > BODY_LIMIT_BYTES:
        receive = partial(webhooks.receive_unread, job_key, request.headers, digest.hexdigest())
    else:
        receive = partial(webhooks.receive, job_key, request.headers, bytes(kept))
    job = await run_in_threadpool(receive)
    return Said(sentence="Noted." if job is not None else "Not about us.")


def _check_offer(choice: Choice) -> None:
    if choice.price not in OFFERS:
        raise Problem(422, "unknown_offer", f"price: one of {', '.join(OFFERS)}.", "price")
