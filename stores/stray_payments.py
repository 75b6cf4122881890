"""Payments that wait for support, because their account is unknown or their price is wrong. Kept once per payment."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import insert, select, update

from models.failures import InvalidInput
from models.payments import StrayPayment
from stores import schema
from stores.database import Database, utc_now
from stores.purchases import Purchases
from stores.schema_access import profiles


class StrayPayments:
    """Received payments without a grant.

    Args:
        database: The migrated database that the ledger uses.
        purchases: Grants the payments that support assigns.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, purchases: Purchases, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._purchases = purchases
        self._clock = clock

    def account_of(self, email: str) -> str | None:
        """The account that has verified an address; claims do not count."""
        query = select(profiles.c.account_id).where(
            profiles.c.email == email.strip().lower(), profiles.c.verified_at.is_not(None)
        )
        with self._database.read() as connection:
            found: str | None = connection.scalar(query)
        return found

    def find(self, payment_id: str) -> StrayPayment | None:
        """A payment that waits or has waited."""
        table = schema.stray_payments
        with self._database.read() as connection:
            row = connection.execute(select(table).where(table.c.payment_id == payment_id)).first()
        return None if row is None else StrayPayment.model_validate(dict(row._mapping))

    def note(self, payment: StrayPayment) -> None:
        """Keep a payment for support, once, unless it has been granted."""
        table, bought = schema.stray_payments, schema.purchases
        with self._database.write() as connection:
            known = select(table.c.payment_id).where(table.c.payment_id == payment.payment_id)
            granted = select(bought.c.purchase_id).where(bought.c.purchase_id == payment.payment_id)
            if connection.execute(known).first() is None and connection.execute(granted).first() is None:
                row = payment.model_dump(exclude={"settled_at"}) | {"seen_at": self._clock()}
                connection.execute(insert(table), row)

    def waiting(self) -> list[StrayPayment]:
        """All payments that still wait for support, oldest first."""
        table = schema.stray_payments
        query = select(table).where(table.c.settled_at.is_(None)).order_by(table.c.seen_at, table.c.payment_id)
        with self._database.read() as connection:
            return [StrayPayment.model_validate(dict(row._mapping)) for row in connection.execute(query)]

    def assign(self, payment_id: str, account_id: str) -> bool:
        """Grant a payment's offer to an account.

        Args:
            payment_id: A payment that waits.
            account_id: An existing account.

        Returns:
            True if it was granted now, False if it was granted before.

        Raises:
            InvalidInput: There is no such payment or account, or the payment was assigned to another one.
        """
        payment = self._waiting(payment_id, account_id)
        with self._database.read() as connection:
            known = select(schema.accounts.c.account_id).where(schema.accounts.c.account_id == account_id)
            if connection.execute(known).first() is None:
                raise InvalidInput(f"There is no account {account_id!r}.", code="unknown_account")
        granted = self._purchases.paid(payment.purchase(account_id))
        self.settle(payment_id, account_id)
        return granted

    def dismiss(self, payment_id: str) -> None:
        """Close a payment without a grant: it was refunded, or settled otherwise.

        Raises:
            InvalidInput: There is no such payment, or it was assigned to an account.
        """
        self._waiting(payment_id, "")
        self.settle(payment_id, "")

    def _waiting(self, payment_id: str, account_id: str) -> StrayPayment:
        payment = self.find(payment_id)
        if payment is None:
            raise InvalidInput(f"No payment {payment_id!r} waits; `support payments` lists them.", "unknown_payment")
        if payment.settled_at is not None and payment.account_id != account_id:
            was = f"granted to {payment.account_id}" if payment.account_id else "dismissed"
            raise InvalidInput(f"The payment {payment_id!r} was {was} before.", code="settled_before")
        return payment

    def settle(self, payment_id: str, account_id: str) -> None:
        """Close a payment: it was granted to an account, or to none."""
        table = schema.stray_payments
        # The address was kept only to find the payer.
        change = {"settled_at": self._clock(), "account_id": account_id, "email": ""}
        with self._database.write() as connection:
            connection.execute(
                update(table).where(table.c.payment_id == payment_id, table.c.settled_at.is_(None)).values(change)
            )
