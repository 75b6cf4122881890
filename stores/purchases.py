"""Purchases: credits come in with a payment, and go out with its refund or dispute, in any order of Stripe's events.

A payment arrives as separate facts: it was paid, it belongs to that invoice, so much of it was refunded. Each fact is
stored on arrival, and then the purchase is recomputed from all known facts. So every order of facts, and every
repetition, ends in the same balances.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, text, update

from models.credits import Balance, GrantRequest, Purchase, Unit
from models.failures import InvalidInput
from models.prices import OFFERS, PLAN_CREDITS_OUTLIVE_PERIOD, Offer
from stores import schema
from stores.database import Database, utc_now
from stores.granting import grant_id_for, open_account, place_grant
from stores.postings import AccountPostings, Posting

if TYPE_CHECKING:
    from stores.stray_payments import StrayPayments

_PAYMENT_NEWS_LOCK = 0x45_43_50_41
"""PostgreSQL's advisory lock number for payment events; any number that only we use."""

_TEST_PERIOD = timedelta(days=30)

SINGLE_REFUND, FAILED_REFUND = "one refund", "failed refund"
"""Kinds of reversal beside `refund`, a charge's refunded total, and `dispute`."""


class Purchases:
    """Grants paid credits, and takes them back when the payment is reversed.

    Args:
        database: The migrated database that the ledger uses.
        clock: Returns the current time, aware; tests pass their own.
        allow_test_purchases: Only without a payment provider, on a developer's machine.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime] = utc_now, *, allow_test_purchases: bool = False
    ) -> None:
        self._database = database
        self._clock = clock
        self._allow_test_purchases = allow_test_purchases

    @cached_property
    def strays(self) -> "StrayPayments":
        """Payments that could not be granted, and wait for support."""
        from stores.stray_payments import StrayPayments

        return StrayPayments(self._database, self, self._clock)

    def paid(self, purchase: Purchase) -> bool:
        """Grant a purchase's credits, once; an unknown account is opened, because money must not get lost.

        Args:
            purchase: The purchase.

        Returns:
            True if it was granted now, False if it was granted before.

        Raises:
            InvalidInput: There is no such offer, or a plan's payment names no period.
        """
        offer = _offer(purchase.offer_id)
        with self._database.write() as connection:
            _one_at_a_time(connection)
            table = schema.purchases
            if connection.execute(select(table).where(table.c.purchase_id == purchase.purchase_id)).first():
                return False
            now = self._clock()
            open_account(connection, purchase.account_id, now)
            _grant(AccountPostings.open(connection, purchase.account_id, now), purchase, offer)
            connection.execute(
                insert(table),
                {
                    "purchase_id": purchase.purchase_id,
                    "account_id": purchase.account_id,
                    "offer_id": offer.offer_id,
                    "credits": offer.credits,
                    "paid_cents": purchase.paid_cents,
                    "taken_back": 0,
                    "bought_at": now,
                },
            )
            if purchase.payment_intent:
                _link(connection, purchase.payment_intent, purchase.purchase_id)
            _bring_into_line(connection, purchase.purchase_id, now)
        return True

    def link(self, payment_intent: str, purchase_id: str) -> None:
        """Record the purchase of a payment; for plans this event comes apart from "paid".

        Args:
            payment_intent: The id that refunds and disputes name.
            purchase_id: The purchase.
        """
        with self._database.write() as connection:
            _one_at_a_time(connection)
            _link(connection, payment_intent, purchase_id)
            _bring_into_line(connection, purchase_id, self._clock())

    def reversed(
        self, reversal_id: str, payment_intent: str, kind: str, cents: int, *, is_final: bool, told_at: int = 0
    ) -> None:
        """Take back the credits of the reversed share of a payment; return them after a won dispute.

        Args:
            reversal_id: Charge id for the sum of its refunds, dispute id of a dispute.
            payment_intent: The payment.
            kind: `refund` or `dispute`, for the history.
            cents: The reversed total under this id; 0 for a dispute that was won.
            is_final: Later events that are not final were sent earlier, and are ignored.
            told_at: When the event was created, in seconds; the later one counts. 0: unknown.
        """
        self._reverse(reversal_id, payment_intent, kind, cents, is_final, told_at)

    def refunded(self, refund_id: str, payment_intent: str, cents: int, *, failed: bool, told_at: int = 0) -> None:
        """Record the state of a single refund; a failed or withdrawn one restores the credits.

        Args:
            refund_id: The refund.
            payment_intent: The payment.
            cents: Its amount.
            failed: The refund failed for good, and the money is ours again.
            told_at: When the event was created, in seconds. 0: unknown.
        """
        self._reverse(refund_id, payment_intent, FAILED_REFUND if failed else SINGLE_REFUND, cents, failed, told_at)

    def _reverse(
        self, reversal_id: str, payment_intent: str, kind: str, cents: int, is_final: bool, told_at: int
    ) -> None:
        with self._database.write() as connection:
            _one_at_a_time(connection)
            table = schema.reversals
            known = connection.execute(select(table).where(table.c.reversal_id == reversal_id)).first()
            row = {"kind": kind, "cents": cents, "is_final": is_final, "told_at": told_at}
            if known is None:
                whose = {"reversal_id": reversal_id, "payment_intent": payment_intent}
                connection.execute(insert(table), whose | row)
            elif _is_newer(row, known):
                connection.execute(update(table).where(table.c.reversal_id == reversal_id).values(row))
            payment = schema.payments.c
            purchase_id = connection.scalar(select(payment.purchase_id).where(payment.payment_intent == payment_intent))
            if purchase_id is not None:
                _bring_into_line(connection, purchase_id, self._clock())

    def buy_for_test(self, account_id: str, offer_id: str, key: str) -> Balance:
        """A purchase in which no money moves, clearly marked as such.

        Args:
            account_id: The buying account.
            offer_id: The offer.
            key: The idempotency key: the same key buys once.

        Returns:
            The balance afterwards.

        Raises:
            InvalidInput: Test purchases are off because real ones are on, there is no such offer, or the key bought
                another one.
        """
        if not self._allow_test_purchases:
            raise InvalidInput("Test purchases are off here; pay through the checkout.", code="no_test_purchases")
        offer = _offer(offer_id)
        now, bought = self._clock(), schema.purchases.c
        purchase = Purchase(
            purchase_id=f"test/{account_id}/{key}",
            account_id=account_id,
            offer_id=offer_id,
            paid_cents=0,
            period_ends_at=now + _TEST_PERIOD if offer.monthly else None,
            is_new_subscription=offer.monthly and not self._has(bought.account_id == account_id, offer_id),
            is_test=True,
        )
        if not self.paid(purchase) and not self._has(bought.purchase_id == purchase.purchase_id, offer_id):
            raise InvalidInput(f"The key {key!r} was used before, for another purchase.", code="key_conflict")
        with self._database.read() as connection:
            return AccountPostings.look(connection, account_id, now).balance()

    def _has(self, which: ColumnElement[bool], offer_id: str) -> bool:
        query = select(schema.purchases.c.purchase_id).where(which, schema.purchases.c.offer_id == offer_id)
        with self._database.read() as connection:
            return connection.execute(query.limit(1)).first() is not None


def _offer(offer_id: str) -> Offer:
    offer = OFFERS.get(offer_id)
    if offer is None:
        raise InvalidInput(f"There is no offer {offer_id!r}; choose one of {', '.join(OFFERS)}.", code="unknown_offer")
    return offer


def _one_at_a_time(connection: Connection) -> None:
    """Serialise payment events: two events of one payment may arrive at once, and each must see the other's writes.

    They are rare, so all share one lock; on SQLite the write transaction is that lock already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _PAYMENT_NEWS_LOCK})


def _link(connection: Connection, payment_intent: str, purchase_id: str) -> None:
    table = schema.payments
    if connection.execute(select(table).where(table.c.payment_intent == payment_intent)).first() is None:
        connection.execute(insert(table), {"payment_intent": payment_intent, "purchase_id": purchase_id})


def _grant(postings: AccountPostings, purchase: Purchase, offer: Offer) -> None:
    expires_at = None
    if offer.monthly:
        if purchase.period_ends_at is None:
            raise InvalidInput("A plan's payment names the period that it is for; this one does not.", code="no_period")
        # An event that is weeks late still grants: the credits stay valid at least as long as after their own period.
        expires_at = max(purchase.period_ends_at, postings.now) + PLAN_CREDITS_OUTLIVE_PERIOD
    marked = "TEST purchase, no money moved: " if purchase.is_test else ""
    request = GrantRequest(
        account_id=purchase.account_id,
        key=_grant_key(purchase.purchase_id),
        amount=offer.credits,
        source=offer.source,
        expires_at=expires_at,
        reason=marked + offer.title,
        actor="test" if purchase.is_test else "stripe",
    )
    place_grant(postings, request)
    if offer.free_images and purchase.is_new_subscription:
        update_to = {
            "key": f"{request.key}/free-images",
            "amount": offer.free_images,
            "unit": Unit.FREE_IMAGE,
            "expires_at": None,
            "reason": f"{marked}free image regenerations of a new subscription",
        }
        place_grant(postings, request.model_copy(update=update_to))


def _grant_key(purchase_id: str) -> str:
    return f"purchase/{purchase_id}"


def _bring_into_line(connection: Connection, purchase_id: str, now: datetime) -> None:
    table = schema.purchases
    purchase = connection.execute(select(table).where(table.c.purchase_id == purchase_id)).first()
    if purchase is None or not purchase.paid_cents:
        return
    reversal, payment = schema.reversals.c, schema.payments.c
    query = (
        select(schema.reversals)
        .join(schema.payments, payment.payment_intent == reversal.payment_intent)
        .where(payment.purchase_id == purchase_id)
    )
    cents, kind = _money_back(connection.execute(query).all())
    due = min(purchase.credits, purchase.credits * cents // purchase.paid_cents)
    if due == purchase.taken_back:
        return
    postings = AccountPostings.open(connection, purchase.account_id, now)
    granted_as = grant_id_for(_grant_key(purchase_id))
    title = OFFERS[purchase.offer_id].title
    if due > purchase.taken_back:
        postings.take_back(due - purchase.taken_back, granted_as)
        postings.post(Posting(kind="reversal", actor="stripe", reason=f"{kind} of {title}"))
    else:
        postings.give_back(purchase.taken_back - due, granted_as, f"{purchase.taken_back} at {now.isoformat()}")
        postings.collect()
        postings.post(Posting(kind="reinstatement", actor="stripe", reason=f"{title}: the payment stands after all"))
    connection.execute(update(table).where(table.c.purchase_id == purchase_id).values(taken_back=due))


def _is_newer(row: dict[str, Any], known: Row[Any]) -> bool:
    """Whether a row is newer than a known one about the same refund or dispute; events arrive in any order."""
    if row["is_final"] != known.is_final:
        return bool(row["is_final"])
    if row["told_at"] != known.told_at:
        return bool(row["told_at"] > known.told_at)
    # In the same second a charge's sum grows, and an inquiry becomes a dispute; but a dispute that is over stays over
    # once the money has come back.
    return bool(row["cents"] < known.cents if row["is_final"] else row["cents"] > known.cents)


def _money_back(rows: Sequence[Row[Any]]) -> tuple[int, str]:
    """The total that went back to the payer, and the kind.

    A charge reports the sum of its refunds, including those that fail later; single refunds report themselves. Either
    may be missing, so the larger one counts. A sum reported before a refund failed still includes that refund.
    """
    failed = [row for row in rows if row.kind == FAILED_REFUND]
    sums = sum(
        max(0, row.cents - sum(one.cents for one in failed if not one.told_at or one.told_at >= row.told_at))
        for row in rows
        if row.kind == "refund"
    )
    refunds = max(sums, sum(row.cents for row in rows if row.kind == SINGLE_REFUND))
    disputes = sum(row.cents for row in rows if row.kind == "dispute")
    return refunds + disputes, "refund" if refunds else "dispute"
