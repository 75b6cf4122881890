"""Credits: balance, history in words, products, checkout, and the webhooks of Stripe and fal."""

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
from api.idempotency import IdempotencyKey, once
from api.routes.accounts import Said
from api.shapes import Page, shared
from models.base import Model
from models.credits import Balance, HistoryLine
from models.prices import OFFERS
from services import credits, purchases

router = admission.router("credits")

MOST_WEBHOOK_BYTES = 100_000_000
"""The limit of fal's webhooks, which repeat a request with up to a dozen pictures of a few megabytes."""


class Product(Model):
    """A plan or top-up."""

    price: str = Field(description="the id for a checkout", examples=["top-up-250"])
    title: str
    credits: int
    price_cents: int = Field(description="US dollars")
    monthly: bool
    free_images: int


class Products(Page[Product]):
    """All plans and top-ups."""

    test_purchases: bool = Field(description="purchases are tests without money here")


class Choice(Model):
    """The chosen plan or top-up."""

    price: str = Field(json_schema_extra={"enum": list(OFFERS)}, examples=["top-up-250"])


class CheckoutPage(Model):
    """The payment page."""

    url: str


@router.get("/balance", summary="The balance", responses=errors(401, 403))
def balance(caller: Reader, backend: BackendOf) -> Balance:
    """The account's current balance."""
    return credits.balance(backend, caller.account_id)


@router.get("/ledger", summary="The account's history", responses=errors(401, 403))
def ledger(
    caller: Reader,
    backend: BackendOf,
    cursor: Annotated[int | None, Query(ge=1, le=2**62, description="`next_cursor` of the page before")] = None,
) -> Page[HistoryLine]:
    """Newest first."""
    lines, after = credits.history(backend, caller.account_id, cursor)
    return Page(items=tuple(lines), next_cursor=None if after is None else str(after))


@router.get("/products", summary="Plans and top-ups", responses=errors())
def products(backend: BackendOf) -> Products:
    """Plans and top-ups with their prices."""
    items = tuple(Product(price=offer.offer_id, **shared(Product, offer)) for offer in OFFERS.values())
    return Products(items=items, test_purchases=backend.takes_test_purchases)


@router.post("/checkouts", status_code=201, summary="Buy", responses=COSTLY, response_model=CheckoutPage)
async def check_out(request: Request, body: Choice, key: IdempotencyKey, caller: Payer, backend: BackendOf) -> Response:
    """Returns a page at Stripe. Credits are added with the payment.

    A session needs a sign-in of the last half hour.
    """
    await run_in_threadpool(limit, backend, backend.settings.rates.start, "checkout", caller.account_id)
    await run_in_threadpool(purchases.check_checkout, backend, body.price)

    async def work(operation_id: str) -> tuple[int, Model]:
        buy = partial(purchases.check_out, backend, caller.account_id, body.price, operation_id)
        return 201, CheckoutPage(url=await run_in_threadpool(buy))

    return await once(request, backend, caller, key, body, work)


@router.post("/test-purchases", summary="Buy without money", responses=COSTLY, response_model=Balance)
async def buy_for_test(
    request: Request, body: Choice, key: IdempotencyKey, caller: Spender, backend: BackendOf
) -> Response:
    """Only on a developer's machine without a Stripe key; marked as a test in the history."""
    purchases.check_test_purchase(backend, body.price)
    await run_in_threadpool(limit, backend, backend.settings.rates.start, "test-purchase", caller.account_id)

    async def work(operation_id: str) -> tuple[int, Model]:
        buy = partial(purchases.buy_for_test, backend, caller.account_id, body.price, operation_id)
        return 200, await run_in_threadpool(buy)

    return await once(request, backend, caller, key, body, work)


@router.post("/webhooks/stripe", summary="Stripe webhook", responses=errors(404, 413), tags=["webhooks"])
async def stripe_webhook(request: Request, backend: BackendOf) -> Said:
    """Signed by Stripe; events may repeat and arrive in any order."""
    body, signature = await request.body(), request.headers.get("stripe-signature")
    return _noted(await run_in_threadpool(purchases.receive_stripe, backend, body, signature))


@router.post("/webhooks/fal/{job_key}", summary="A paid job has ended", responses=errors(404, 413), tags=["webhooks"])
async def fal_webhook(job_key: str, request: Request, backend: BackendOf) -> Said:
    """Signed by fal. It only shortens waiting: it may come early, twice or never.

    A failed job's webhook repeats the request, pictures included: a body that is too large is dropped, and the job is
    polled instead.
    """
    webhooks = await run_in_threadpool(purchases.fal_webhooks, backend)
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
    return _noted(await run_in_threadpool(receive) is not None)


def _noted(ours: bool) -> Said:
    return Said(sentence="Noted." if ours else "Not about us.")
