"""Welcome credits: once per mailbox, even if several addresses lead to it.

Every sign-up gets them at once, so that the answer never reveals that a mailbox is known. They can't be spent before
the address is confirmed; at that moment those of a mailbox's second account are taken back.
"""

import hashlib
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from models.credits import GrantSource
from stores import schema_access as tables
from stores.granting import grant_id_for
from stores.postings import AccountPostings, Posting

_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}
"""Providers that ignore dots before the @, and the one name that their domains share."""


def mailbox_digest(email: str) -> str:
    """A digest that identifies the mailbox behind an address: without `+alias`, and at Gmail without dots.

    Args:
        email: Well-formed, in any case.

    Returns:
        A digest; the address is not stored with it.
    """
    local, _, domain = email.strip().casefold().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), _DOTLESS[domain]
    return hashlib.sha256(f"mailbox\n{local}@{domain}".encode()).hexdigest()


def settle_welcome(connection: Connection, account_id: str, email: str, now: datetime) -> bool:
    """Decide, when an address is confirmed, whether its account keeps the welcome credits.

    Args:
        connection: From `Database.write`.
        account_id: The account whose address was just confirmed.
        email: That address.
        now: The moment.

    Returns:
        False if another account of the mailbox had them: this account's were taken back.
    """
    table, digest = tables.welcomed_mailboxes, mailbox_digest(email)
    row = {"mailbox_digest": digest, "account_id": account_id, "at": now}
    try:
        with connection.begin_nested():
            connection.execute(insert(table), row)
    except IntegrityError:
        known = connection.execute(select(table).where(table.c.mailbox_digest == digest)).one()
        if known.account_id == account_id:
            return True
        _take_back(AccountPostings.open(connection, account_id, now))
        return False
    return True


def note_mailbox(connection: Connection, account_id: str, email: str, now: datetime) -> None:
    """Record that an account has moved to an address, so that its mailbox grants no further welcome credits."""
    row = {"mailbox_digest": mailbox_digest(email), "account_id": account_id, "at": now}
    with suppress(IntegrityError), connection.begin_nested():
        connection.execute(insert(tables.welcomed_mailboxes), row)


def _take_back(postings: AccountPostings) -> None:
    granted_as = grant_id_for(f"signup/{postings.account_id}")
    if postings.withdraw(granted_as, GrantSource.SIGNUP):
        reason = "another account of this mailbox had the welcome credits"
        postings.post(Posting("reversal", f"welcome/{postings.account_id}", reason=reason))
