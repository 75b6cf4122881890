"""Grants: units credited to an account, once per key."""

from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from models.credits import GrantReceipt, GrantRequest, GrantSource
from models.failures import InvalidInput
from models.ids import digest_of
from models.prices import SIGNUP_CREDITS
from stores import schema
from stores.lots import Lot, priority_of
from stores.postings import AccountPostings, Posting


def open_account(connection: Connection, account_id: str, now: datetime) -> None:
    """Insert an account with its welcome credits, unless it exists."""
    table = schema.accounts
    if connection.execute(select(table.c.account_id).where(table.c.account_id == account_id)).first():
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(table), {"account_id": account_id, "opened_at": now})
    except IntegrityError:
        return  # another process was first, and grants them
    place_grant(
        AccountPostings.open(connection, account_id, now),
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


def place_grant(postings: AccountPostings, request: GrantRequest) -> GrantReceipt:
    """The work of `Ledger.grant`, on open postings."""
    key = f"grant/{request.key}"
    if known := postings.first_answer(key, request, GrantReceipt):
        return known
    effective_at = request.effective_at or postings.now
    if request.expires_at is not None and request.expires_at <= max(effective_at, postings.now):
        raise InvalidInput("A grant must expire after it begins, and not in the past.", code="bad_expiry")
    grant_id = grant_id_for(request.key)
    postings.grant(
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
    postings.collect()
    receipt = GrantReceipt(grant_id=grant_id, amount=request.amount, balance=postings.balance())
    postings.post(
        Posting("grant", key, request.actor, request.reason, request.model_dump_json(), receipt.model_dump_json())
    )
    return receipt
