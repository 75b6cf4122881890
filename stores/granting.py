"""Grants: units that come into an account, once per key."""

from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from models.credits import SIGNUP_CREDITS, GrantReceipt, GrantRequest, GrantSource
from models.failures import InvalidInput
from models.routing import digest_of
from stores import schema
from stores.books import Books, Posting
from stores.lots import Lot, priority_of


def open_account(connection: Connection, account_id: str, now: datetime) -> None:
    """Insert an account with its signup credits unless it is there."""
    table = schema.accounts
    if connection.execute(select(table.c.account_id).where(table.c.account_id == account_id)).first():
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(table), {"account_id": account_id, "opened_at": now})
    except IntegrityError:
        return  # another process was first, and grants
    place_grant(
        Books.open(connection, account_id, now),
        GrantRequest(
            account_id=account_id,
            key=f"signup/{account_id}",
            amount=SIGNUP_CREDITS,
            source=GrantSource.SIGNUP,
            reason="welcome credits",
        ),
    )


def grant_id_for(key: str) -> str:
    """The id of the grant under an idempotency key."""
    return "grant-" + digest_of(key)


def place_grant(books: Books, request: GrantRequest) -> GrantReceipt:
    """The grant of `Ledger.grant`, on books that are open."""
    key = f"grant/{request.key}"
    if known := books.first_answer(key, request, GrantReceipt):
        return known
    effective_at = request.effective_at or books.now
    if request.expires_at is not None and request.expires_at <= max(effective_at, books.now):
        raise InvalidInput("A grant must expire after it begins, and not in the past.", code="bad_expiry")
    grant_id = grant_id_for(request.key)
    books.grant(
        Lot(
            grant_id=grant_id,
            unit=request.unit,
            source=request.source,
            amount=request.amount,
            priority=priority_of(request.source, request.priority),
            effective_at=effective_at,
            expires_at=request.expires_at,
            available=0,
            held=0,
        )
    )
    books.collect()
    receipt = GrantReceipt(grant_id=grant_id, amount=request.amount, balance=books.balance())
    books.post(
        Posting("grant", key, request.actor, request.reason, request.model_dump_json(), receipt.model_dump_json())
    )
    return receipt
