"""One account's postings inside one transaction: its grants, in spending order, and new entries.

Every movement is two entries that cancel out. An account has three balances: `available`, `held` and `receivable`; the
house has `grants` (given away), `sales` (sold), `revenue` (earned by delivering) and `expiry`. The house's balances
are only ever summed, so no transaction waits for a house row.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Connection, TextClause, bindparam, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from models.base import Model
from models.credits import Balance, GrantSource, Unit
from models.failures import InvalidInput
from models.ids import digest_of
from stores import schema
from stores.lots import Lot, Portion, lot_of, row_of, take

A = TypeVar("A", bound=Model)

HOUSE = "house"
AVAILABLE, HELD, RECEIVABLE = "available", "held", "receivable"
GIFTS, SALES, REVENUE, EXPIRY = "grants", "sales", "revenue", "expiry"

# Statements of the hot path are built once: building one takes longer than SQLite takes to run it.
_READ_ACCOUNT = select(schema.accounts.c.receivable, schema.accounts.c.grants_made).where(
    schema.accounts.c.account_id == bindparam("account_id")
)
_LOCK_ACCOUNT = _READ_ACCOUNT.with_for_update()
_OPEN_GRANTS = select(schema.grants).where(schema.grants.c.account_id == bindparam("account_id"), schema.GRANT_IS_OPEN)
_FIRST_ANSWER = select(schema.journal.c.body, schema.journal.c.answer).where(schema.journal.c.key == bindparam("key"))
_WRITE_LINE = insert(schema.journal).returning(schema.journal.c.transaction_id)
_UPDATE_GRANT = (
    update(schema.grants)
    .where(schema.grants.c.grant_id == bindparam("id"))
    .values(available=bindparam("now_available"), held=bindparam("now_held"))
)

GRACE_AFTER_RELEASE = timedelta(days=7)
"""How long credits stay valid that a hold releases after their expiry date."""

_FUNDED_BY = {
    GrantSource.SIGNUP: GIFTS,
    GrantSource.GOODWILL: GIFTS,
    GrantSource.PLAN: SALES,
    GrantSource.TOP_UP: SALES,
}


@dataclass(frozen=True)
class Posting:
    """A transaction's description, beside its entries.

    Attributes:
        kind: The kind of event: hold, capture, release, grant, …
        key: Idempotency key; None for the ledger's own transactions.
        actor: The person or part that caused it.
        reason: The reason, in words.
        body: The request, as JSON.
        answer: The first answer, as JSON.
        hold_id: The hold it belongs to.
    """

    kind: str
    key: str | None = None
    actor: str = "system"
    reason: str = ""
    body: str = "{}"
    answer: str = "{}"
    hold_id: str | None = None


@dataclass
class AccountPostings:
    """An account's open grants and receivable, and the entries to be written."""

    connection: Connection
    account_id: str
    now: datetime
    receivable: int
    grants_made: int
    lots: dict[str, Lot]
    _legs: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def open(cls, connection: Connection, account_id: str, now: datetime) -> "AccountPostings":
        """Lock the account, load its grants and write off those that expired.

        Args:
            connection: From `Database.write`.
            account_id: The account.
            now: The moment of the transaction.

        Returns:
            The account, ready to be posted to.

        Raises:
            InvalidInput: There is no such account.
        """
        postings = cls._load(connection, account_id, now, lock=True)
        if postings._collect(postings._arrivals()):
            postings.post(Posting(kind="collect"))
        if postings._expire():
            postings.post(Posting(kind="expire"))
        return postings

    @classmethod
    def look(cls, connection: Connection, account_id: str, now: datetime) -> "AccountPostings":
        """The account as `open` would return it, without locking or writing."""
        postings = cls._load(connection, account_id, now, lock=False)
        postings._collect(postings._arrivals())
        postings._expire()
        return postings

    @classmethod
    def _load(cls, connection: Connection, account_id: str, now: datetime, *, lock: bool) -> "AccountPostings":
        mine = {"account_id": account_id}
        account = connection.execute(_LOCK_ACCOUNT if lock else _READ_ACCOUNT, mine).first()
        if account is None:
            raise InvalidInput(f"There is no account {account_id!r}; open it first.", code="unknown_account")
        postings = cls(connection, account_id, now, account.receivable, account.grants_made, {})
        for row in connection.execute(_OPEN_GRANTS, mine):
            postings.lots[row.grant_id] = lot_of(row)
        return postings

    def balance(self) -> Balance:
        """The account's current balance."""
        available = sum(lot.available for lot in self.spendable(Unit.CREDIT))
        held = sum(lot.held for lot in self.lots.values() if lot.unit is Unit.CREDIT)
        return Balance(
            posted=available + held,
            held=held,
            available=available,
            free_images=sum(lot.available for lot in self.spendable(Unit.FREE_IMAGE)),
            receivable=self.receivable,
        )

    def spendable(self, unit: Unit) -> list[Lot]:
        """The grants that can pay now, in spending order."""
        lots = (x for x in self.lots.values() if x.unit is unit and x.available > 0 and x.is_effective(self.now))
        return sorted(lots, key=lambda lot: lot.spend_order)

    def hold(self, unit: Unit, amount: int) -> None:
        """Reserve units; the caller has checked that enough are available."""
        for lot, part in take(self.spendable(unit), amount):
            self._move(unit, part, (self.account_id, AVAILABLE, lot.grant_id), (self.account_id, HELD, lot.grant_id))

    def capture(self, portions: Sequence[Portion]) -> None:
        """Take held units for good."""
        for portion in portions:
            source = (self.account_id, HELD, portion.grant_id)
            self._move(portion.unit, portion.amount, source, (HOUSE, REVENUE, None))

    def release(self, portions: Sequence[Portion], hold_id: str) -> None:
        """Return held units to their grants; units of an expired grant stay valid for some more days."""
        for portion in portions:
            assert portion.grant_id is not None
            lot = self.lots[portion.grant_id]
            back = self._revive(lot, portion.amount, hold_id) if lot.is_expired(self.now) else lot
            source = (self.account_id, HELD, lot.grant_id)
            self._move(portion.unit, portion.amount, source, (self.account_id, AVAILABLE, back.grant_id))

    def grant(self, lot: Lot) -> None:
        """Add a new grant, `lot.amount` units."""
        self._add(lot)
        funded_by = (HOUSE, _FUNDED_BY[lot.source], None)
        self._move(lot.unit, lot.amount, funded_by, (self.account_id, AVAILABLE, lot.grant_id))

    def take_back(self, amount: int, granted_as: str) -> None:
        """Take credits whose payment was reversed: first what is available; the rest becomes a receivable.

        Args:
            amount: The number of credits.
            granted_as: The grant that they came in with; it is emptied first.
        """
        lots = sorted(self.spendable(Unit.CREDIT), key=lambda lot: granted_as not in {lot.grant_id, lot.returned_from})
        from_lots = min(amount, sum(lot.available for lot in lots))
        for lot, part in take(lots, from_lots):
            self._move(Unit.CREDIT, part, (self.account_id, AVAILABLE, lot.grant_id), (HOUSE, SALES, None))
        if amount > from_lots:
            owed = (self.account_id, RECEIVABLE, None)
            self._move(Unit.CREDIT, amount - from_lots, owed, (HOUSE, SALES, None))

    def give_back(self, amount: int, granted_as: str, cause: str) -> None:
        """Undo `take_back`, after a dispute that was won.

        Args:
            amount: The number of credits.
            granted_as: The grant that they came in with.
            cause: The reversal being undone; names the new grant if the first has expired.
        """
        row = self.connection.execute(select(schema.grants).where(schema.grants.c.grant_id == granted_as)).one()
        lot = self.lots.setdefault(granted_as, lot_of(row))
        back = self._revive(lot, amount, cause) if lot.is_expired(self.now) else lot
        self._move(Unit.CREDIT, amount, (HOUSE, SALES, None), (self.account_id, AVAILABLE, back.grant_id))

    def withdraw(self, granted_as: str, source: GrantSource) -> int:
        """Take back what is left of a gift.

        Args:
            granted_as: The grant that the gift came in with.
            source: The source of that grant.

        Returns:
            The number of credits taken; 0 if nothing is left.
        """
        lots = [lot for lot in self.lots.values() if granted_as in {lot.grant_id, lot.returned_from} and lot.available]
        total = sum(lot.available for lot in lots)
        for lot in lots:
            taken = (self.account_id, AVAILABLE, lot.grant_id)
            self._move(Unit.CREDIT, lot.available, taken, (HOUSE, _FUNDED_BY[source], None))
        return total

    def collect(self) -> None:
        """Settle the receivable from the available credits."""
        self._collect(self.spendable(Unit.CREDIT))

    def first_answer(self, key: str, request: Model, answer_type: type[A]) -> A | None:
        """The answer that a key got when it was first used.

        Args:
            key: The idempotency key.
            request: The current request with this key.
            answer_type: The type of the stored answer.

        Returns:
            The first answer, or None for a key that is new.

        Raises:
            InvalidInput: The key was first used for another request.
        """
        row = self.connection.execute(_FIRST_ANSWER, {"key": key}).first()
        if row is None:
            return None
        # Parsed, not compared as text: a field added since then has its default in the stored request too.
        if type(request).model_validate_json(row.body) != request:
            raise InvalidInput(f"The key {key!r} was used before, for another request.", code="key_conflict")
        return answer_type.model_validate_json(row.answer)

    def post(self, posting: Posting) -> None:
        """Write the transaction with its entries, and update grants and account to match them."""
        connection = self.connection
        is_granted = self._write_lots()
        line = {
            "key": posting.key,
            "kind": posting.kind,
            "account_id": self.account_id,
            "at": self.now,
            "actor": posting.actor,
            "reason": posting.reason,
            "body": posting.body,
            "answer": posting.answer,
            "hold_id": posting.hold_id,
            "available_after": self.balance().available,
        }
        try:
            number = connection.execute(_WRITE_LINE, line).scalar_one()
        except IntegrityError as error:  # only two accounts that use the same key at the same moment get here
            raise InvalidInput(f"The key {posting.key!r} was just used by another account.", "key_conflict") from error
        if self._legs:
            values = {f"{name}_{n}": value for n, leg in enumerate(self._legs) for name, value in leg.items()}
            connection.execute(_write_entries(len(self._legs)), values | {"transaction_id": number})
        if is_granted or any(leg["book"] == RECEIVABLE for leg in self._legs):
            table = schema.accounts
            of_this = update(table).where(table.c.account_id == self.account_id)
            connection.execute(of_this.values(receivable=self.receivable, grants_made=self.grants_made))
        self._legs = []

    def _arrivals(self) -> list[Lot]:
        """Grants that became effective since the account was last open, including those that have expired since.

        While the account owes credits, grants that were effective then have been collected then.
        """
        lots = (x for x in self.lots.values() if x.unit is Unit.CREDIT and x.effective_at <= self.now)
        return sorted(lots, key=lambda lot: (lot.effective_at, lot.spend_order))

    def _collect(self, lots: Sequence[Lot]) -> bool:
        due = min(self.receivable, sum(lot.available for lot in lots))
        for lot, part in take(lots, due):
            source = (self.account_id, AVAILABLE, lot.grant_id)
            self._move(Unit.CREDIT, part, source, (self.account_id, RECEIVABLE, None))
        return due > 0

    def _expire(self) -> bool:
        expired = [lot for lot in self.lots.values() if lot.available > 0 and lot.is_expired(self.now)]
        for lot in sorted(expired, key=lambda lot: lot.spend_order):
            self._move(lot.unit, lot.available, (self.account_id, AVAILABLE, lot.grant_id), (HOUSE, EXPIRY, None))
        return bool(expired)

    def _revive(self, lot: Lot, amount: int, cause: str) -> Lot:
        """A grant for units released from an expired one, so that two releases keep two dates."""
        revived = Lot(
            grant_id="grant-" + digest_of(lot.grant_id, "returned", cause),
            unit=lot.unit,
            source=lot.source,
            amount=amount,
            priority=lot.priority,
            effective_at=self.now,
            expires_at=self.now + GRACE_AFTER_RELEASE,
            available=0,
            held=0,
            # Units that come back a second time still name the first grant: a refund looks for them there.
            returned_from=lot.returned_from or lot.grant_id,
        )
        self._add(revived)
        return revived

    def _add(self, lot: Lot) -> None:
        """Number a new grant: otherwise two of the same moment, date and priority would have no spending order."""
        self.grants_made += 1
        lot.number, lot.is_new = self.grants_made, True
        self.lots[lot.grant_id] = lot

    def _move(
        self, unit: Unit, amount: int, source: tuple[str, str, str | None], target: tuple[str, str, str | None]
    ) -> None:
        for (owner, book, grant_id), signed in ((source, -amount), (target, amount)):
            self._legs.append(
                {"owner": owner, "book": book, "unit": unit.value, "amount": signed, "grant_id": grant_id}
            )
            if book == RECEIVABLE:
                self.receivable -= signed
            elif grant_id is not None and book == AVAILABLE:
                self.lots[grant_id].available += signed
            elif grant_id is not None and book == HELD:
                self.lots[grant_id].held += signed

    def _write_lots(self) -> bool:
        """Update the grants to match the entries; True if there are new ones."""
        touched = {leg["grant_id"] for leg in self._legs} - {None}
        lots = [lot for grant_id, lot in self.lots.items() if grant_id in touched]
        added = [lot for lot in lots if lot.is_new]
        if added:
            self.connection.execute(insert(schema.grants), [row_of(lot, self.account_id) for lot in added])
        for lot in added:
            lot.is_new = False
        changed = [
            {"id": lot.grant_id, "now_available": lot.available, "now_held": lot.held}
            for lot in lots
            if lot not in added
        ]
        if changed:
            self.connection.execute(_UPDATE_GRANT, changed)
        return bool(added)


@cache
def _write_entries(count: int) -> TextClause:
    """One INSERT of `count` rows; SQLAlchemy's own multi-row INSERT is compiled every time."""
    names = ("owner", "book", "unit", "amount", "grant_id")
    rows = ", ".join(f"(:transaction_id, {', '.join(f':{name}_{n}' for name in names)})" for n in range(count))
    return text(f"INSERT INTO entries (transaction_id, {', '.join(names)}) VALUES {rows}")  # noqa: S608 (names only)
