"""What was bought: credits come in with a payment, and go out with its refund or dispute, in any order of news.

News of a payment comes as separate facts: it was paid, it belongs to that invoice, so much of it went back. Each fact
is kept when it arrives, and then everything that is known of the purchase is brought into line. So every order of
facts, and every repetition, ends in the same books.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select, text, update

from models.credits import OFFERS, PLAN_CREDITS_OUTLIVE_PERIOD, Balance, GrantRequest, Offer, Purchase, Unit
from models.failures import InvalidInput
from stores import schema
from stores.books import Books, Posting
from stores.database import Database, utc_now
from stores.granting import grant_id_for, open_account, place_grant

if TYPE_CHECKING:
    from stores.stray_payments import StrayPayments

_PAYMENT_NEWS_LOCK = 0x45_43_50_41
"""PostgreSQL's advisory lock number for news of payments; any number that only we use."""

_TEST_PERIOD = timedelta(days=30)

SINGLE_REFUND, FAILED_REFUND = "one refund", "failed refund"
"""Kinds of reversal beside `refund`, the sum that a charge tells, and `dispute`."""


class Purchases:
    """Grants what was paid for, and takes it back when the money goes back.

    Args:
        database: The ledger's.
        clock: Tells the moment, aware; tests bring their own.
        allow_test_purchases: Only where no payment provider is set up, on a developer's machine.
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
        """Grant what was paid for, once per purchase; an unknown account is opened, because money must not get lost.

        Args:
            purchase: What, by whom.

        Returns:
            True when it was granted now, False when it was granted before.

        Raises:
            InvalidInput: There is no such offer, or a plan came without its period.
        """
        offer = _offer(purchase.offer_id)
        with self._database.write() as connection:
            _one_at_a_time(connection)
            table = schema.purchases
            if connection.execute(select(table).where(table.c.purchase_id == purchase.purchase_id)).first():
                return False
            now = self._clock()
            open_account(connection, purchase.account_id, now)
            _grant(Books.open(connection, purchase.account_id, now), purchase, offer)
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
        """Remember which purchase a payment is for; for plans it is told apart from "paid".

        Args:
            payment_intent: What refunds and disputes name.
            purchase_id: The purchase.
        """
        with self._database.write() as connection:
            _one_at_a_time(connection)
            _link(connection, payment_intent, purchase_id)
            _bring_into_line(connection, purchase_id, self._clock())

    def reversed(
        self, reversal_id: str, payment_intent: str, kind: str, cents: int, *, is_final: bool, told_at: int = 0
    ) -> None:
        """Take back the share of the credits whose money went back to the payer; give back what a won dispute frees.

        Args:
            reversal_id: Charge id for the sum of its refunds, dispute id of a dispute.
            payment_intent: The payment.
            kind: `refund` or `dispute`, for the history.
            cents: What went back in total under this id; 0 for a dispute that was won.
            is_final: Later news that is not final was sent earlier, and is passed over.
            told_at: When the news was made, in seconds; of two tellings the later one counts. 0: not known.
        """
        self._reverse(reversal_id, payment_intent, kind, cents, is_final, told_at)

    def refunded(self, refund_id: str, payment_intent: str, cents: int, *, failed: bool, told_at: int = 0) -> None:
        """Take in what became of a single refund; one that failed, or was withdrawn, brings the books back.

        Args:
            refund_id: The refund.
            payment_intent: The payment.
            cents: Its amount.
            failed: The money is ours again; nothing else can come of this refund.
            told_at: When the news was made, in seconds. 0: not known.
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
            account_id: Who.
            offer_id: What.
            key: The same key buys once.

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
            return Books.look(connection, account_id, now).balance()

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
    """News of one payment may arrive twice at once; each must see what the other has written.

    They are rare, so all wait for one lock; on SQLite the write transaction is that lock already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _PAYMENT_NEWS_LOCK})


def _link(connection: Connection, payment_intent: str, purchase_id: str) -> None:
    table = schema.payments
    if connection.execute(select(table).where(table.c.payment_intent == payment_intent)).first() is None:
        connection.execute(insert(table), {"payment_intent": payment_intent, "purchase_id": purchase_id})


def _grant(books: Books, purchase: Purchase, offer: Offer) -> None:
    expires_at = None
    if offer.monthly:
        if purchase.period_ends_at is None:
            raise InvalidInput("A plan's payment names the period that it is for; this one does not.", code="no_period")
        # News that is weeks late still grants: what was paid for lives on at least as long as after its period.
        expires_at = max(purchase.period_ends_at, books.now) + PLAN_CREDITS_OUTLIVE_PERIOD
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
    place_grant(books, request)
    if offer.free_images and purchase.is_new_subscription:
        update_to = {
            "key": f"{request.key}/free-images",
            "amount": offer.free_images,
            "unit": Unit.FREE_IMAGE,
            "expires_at": None,
            "reason": f"{marked}free image regenerations of a new subscription",
        }
        place_grant(books, request.model_copy(update=update_to))


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
    books = Books.open(connection, purchase.account_id, now)
    granted_as = grant_id_for(_grant_key(purchase_id))
    title = OFFERS[purchase.offer_id].title
    if due > purchase.taken_back:
        books.take_back(due - purchase.taken_back, granted_as)
        books.post(Posting(kind="reversal", actor="stripe", reason=f"{kind} of {title}"))
    else:
        books.give_back(purchase.taken_back - due, granted_as, f"{purchase.taken_back} at {now.isoformat()}")
        books.collect()
        books.post(Posting(kind="reinstatement", actor="stripe", reason=f"{title}: the payment stands after all"))
    connection.execute(update(table).where(table.c.purchase_id == purchase_id).values(taken_back=due))


def _is_newer(row: dict[str, Any], known: Row[Any]) -> bool:
    """Whether of two tellings about one refund or dispute, which may arrive in any order, the first is the later."""
    if row["is_final"] != known.is_final:
        return bool(row["is_final"])
    if row["told_at"] != known.told_at:
        return bool(row["told_at"] > known.told_at)
    # In one second: a charge tells a growing sum, and an inquiry becomes a dispute; but what is over is over when the
    # money has come back.
    return bool(row["cents"] < known.cents if row["is_final"] else row["cents"] > known.cents)


def _money_back(rows: Sequence[Row[Any]]) -> tuple[int, str]:
    """What went back to the payer in all, and what for.

    A charge tells the sum of its refunds, also of those that fail later; single refunds tell of themselves. Either may
    be missing, so the larger of the two counts. A sum that was told before a refund failed still has it in.
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
