"""Credits: what an account has, what is reserved, what was taken. Every call is safe to repeat.

Money moves in two steps, hold and then capture or release, each at most once. A hold's end is decided by what is
stored beside it in the same database: a version under its operation key means capture, none means release. See
docs/decisions/ledger.md.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from models.credits import (
    Balance,
    GrantInfo,
    GrantReceipt,
    GrantRequest,
    GrantSource,
    HistoryLine,
    HoldInfo,
    HoldReceipt,
    HoldRequest,
    HoldState,
    LedgerReport,
    Operation,
    Quote,
    Settlement,
    SettleRequest,
    Unit,
)
from models.failures import InvalidInput
from models.routing import late_operation_key, operation_key_of
from models.stops import Stop, StopTerms
from stores import schema
from stores.audit import audit
from stores.books import Books
from stores.database import Database, utc_now
from stores.granting import open_account, place_grant
from stores.history import history
from stores.holds import end_hold, find_hold, place_hold, quote_for
from stores.lots import grant_info
from stores.rebuilding import rebuild
from stores.stops import check_stops, find_stop, is_delivered, place_stop, stop_terms


class Ledger:
    """The credits of all accounts.

    Args:
        database: Migrated; the Vault must use the same one.
        clock: Tells the moment, aware; tests bring their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def open_account(self, account_id: str) -> Balance:
        """Open an account with its signup credits; an account that is open stays as it is.

        Args:
            account_id: The new account.

        Returns:
            Its balance.
        """
        now = self._clock()
        with self._database.write() as connection:
            open_account(connection, account_id, now)
        return self.balance(account_id)

    def balance(self, account_id: str) -> Balance:
        """What the account has now.

        Args:
            account_id: The account.

        Returns:
            Its balance.

        Raises:
            InvalidInput: There is no such account.
        """
        with self._database.read() as connection:
            return Books.look(connection, account_id, self._clock()).balance()

    def grants(self, account_id: str) -> list[GrantInfo]:
        """The grants with something left in them, first to be spent first.

        Args:
            account_id: The account.

        Returns:
            Its open grants, those not yet effective included.
        """
        with self._database.read() as connection:
            books = Books.look(connection, account_id, self._clock())
        lots = sorted(books.lots.values(), key=lambda lot: lot.spend_order)
        return [grant_info(lot) for lot in lots if lot.available or lot.held]

    def quote(self, account_id: str, operation: Operation, free_because: str = "") -> Quote:
        """What an operation would cost the account now.

        Args:
            account_id: The account.
            operation: What is to be done.
            free_because: Why this one costs nothing, where it does not.

        Returns:
            The price, and the available credits before and after.
        """
        with self._database.read() as connection:
            return quote_for(Books.look(connection, account_id, self._clock()), operation, free_because)

    def hold(self, request: HoldRequest) -> HoldReceipt:
        """Reserve the price of an operation.

        Args:
            request: What for, under which key.

        Returns:
            The hold; for a repeated key the first answer, whatever became of the hold since.

        Raises:
            InsufficientCredits: The balance is below the price, or something is owed after a refund.
            InvalidInput: The key belongs to another request, the price is not the one that was quoted, or there is no
                such account.
        """
        with self._database.write() as connection:
            books = Books.open(connection, request.account_id, self._clock())
            if request.operation is Operation.GENERATE and not find_hold(
                connection, request.account_id, request.operation_key
            ):
                check_stops(connection, request.account_id, books.now)
            return place_hold(books, request)

    def settle(self, request: SettleRequest) -> Settlement:
        """End a hold in one transaction: a stored version means capture, an artist's stop keeps its sum, else release.

        Args:
            request: Whose hold, under which key.

        Returns:
            How the hold ended, also when it had ended before; `nothing` when there is none, or no such account.
        """
        with self._database.write() as connection:
            try:
                books = Books.open(connection, request.account_id, self._clock())
            except InvalidInput:
                return Settlement(outcome="nothing", credits=0, balance=Balance(posted=0, held=0, available=0))
            key = request.operation_key
            delivered, stop = is_delivered(connection, key), find_stop(connection, key)
            if delivered:
                settled = end_hold(books, request, None)
                # Ended before it was delivered, and paid anew by `Vault.settle_late`.
                late = request.model_copy(update={"operation_key": late_operation_key(key)})
                is_late = stop is not None or settled.outcome == "released"
                return end_hold(books, late, None) if is_late else settled
            if stop is None:
                return end_hold(books, request, 0)
            settled = end_hold(books, request.model_copy(update={"reason": "cancelled"}), stop.kept)
            return settled.model_copy(update={"outcome": "kept"}) if stop.kept else settled

    def stop(self, account_id: str, operation_key: str, accept_kept: int | None = None) -> Stop | None:
        """Accept an artist's own stop of a generation; it fixes what is kept, and is carried out from then on.

        Args:
            account_id: The artist's account.
            operation_key: The generation's.
            accept_kept: The sum that was shown and accepted, in credits; None: none was shown.

        Returns:
            The stop, the first one where it is repeated; None where no hold stands or the video is finished.

        Raises:
            InvalidInput: `accept_kept`: more is kept than was accepted. Nothing is written.
        """
        with self._database.write() as connection:
            books = Books.open(connection, account_id, self._clock())
            return place_stop(connection, books, operation_key, accept_kept)

    def stop_terms(self, account_id: str, operation_key: str) -> StopTerms:
        """What a stop would keep now; nothing is held, nothing is kept.

        Args:
            account_id: The artist's account.
            operation_key: The generation's.
        """
        with self._database.read() as connection:
            if stop := find_stop(connection, operation_key):
                return stop.terms
            hold = find_hold(connection, account_id, operation_key)
            if hold is None or is_delivered(connection, operation_key):
                return StopTerms()
            return stop_terms(connection, hold)

    def is_stopped(self, operation_key: str) -> bool:
        """Whether the artist has stopped a generation."""
        with self._database.read() as connection:
            return find_stop(connection, operation_key) is not None

    def check_order(self, account_id: str) -> None:
        """Whether an account may order a generation now.

        Raises:
            InvalidInput: `too_many_stops`: too many of its generations were stopped at no cost lately.
        """
        with self._database.read() as connection:
            check_stops(connection, account_id, self._clock())

    def capture(self, request: SettleRequest, credits: int | None = None) -> Settlement:
        """Take a hold, or a part of it and release the rest.

        Args:
            request: Whose hold, under which key.
            credits: How much to take; None takes all.

        Returns:
            How the hold ended, also when it had ended before; `nothing` when there is none.

        Raises:
            InvalidInput: More than was held, or less than nothing.
        """
        if credits is not None and credits <= 0:
            raise InvalidInput("A capture takes at least one credit; release the hold instead.", code="bad_amount")
        with self._database.write() as connection:
            books = Books.open(connection, request.account_id, self._clock())
            return end_hold(books, request, credits)

    def release(self, request: SettleRequest) -> Settlement:
        """Give a hold back.

        Args:
            request: Whose hold, under which key.

        Returns:
            How the hold ended, also when it had ended before; `nothing` when there is none.
        """
        with self._database.write() as connection:
            books = Books.open(connection, request.account_id, self._clock())
            return end_hold(books, request, 0)

    def grant(self, request: GrantRequest) -> GrantReceipt:
        """Give units to an account, once per key; what the account owes is settled first.

        Args:
            request: How much, why, for how long.

        Returns:
            The grant; for a repeated key the first answer.

        Raises:
            InvalidInput: The key belongs to another request, or there is no such account.
        """
        with self._database.write() as connection:
            return place_grant(Books.open(connection, request.account_id, self._clock()), request)

    def refund(self, account_id: str, operation_key: str, reason: str, actor: str) -> GrantReceipt:
        """Give back, as goodwill, what an operation cost, credits or a free unit; once per operation.

        Args:
            account_id: The account.
            operation_key: The operation that was captured.
            reason: Why, in words; the account reads it.
            actor: Who decided it.

        Returns:
            The grant.

        Raises:
            InvalidInput: Nothing was taken under this key, not yet, or it was given back before for another reason.
        """
        with self._database.write() as connection:
            books = Books.open(connection, account_id, self._clock())
            hold = find_hold(connection, account_id, operation_key)
            if hold is not None and hold.state is HoldState.RELEASED:
                hold = find_hold(connection, account_id, late_operation_key(operation_key))
            if hold is not None and hold.state is HoldState.HELD:
                raise InvalidInput(
                    "This is still under way: what it costs is held, and goes back by itself if it does not deliver.",
                    "still_held",
                )
            amount = (hold.captured or hold.free_units) if hold and hold.state is HoldState.CAPTURED else 0
            if hold is None or not amount:
                raise InvalidInput("Nothing was charged for this, so nothing can be given back.", "nothing_captured")
            request = GrantRequest(
                account_id=account_id,
                key=f"refund/{operation_key}",
                amount=amount,
                unit=Unit.CREDIT if hold.captured else Unit.FREE_IMAGE,
                source=GrantSource.GOODWILL,
                reason=reason,
                actor=actor,
            )
            try:
                return place_grant(books, request)
            except InvalidInput as error:
                if error.code != "key_conflict":
                    raise
                raise InvalidInput(
                    "What this cost was given back before; once is enough.", "refunded_before"
                ) from error

    def find_hold(self, account_id: str, operation_key: str) -> HoldInfo | None:
        """The hold under a key, standing or ended.

        Args:
            account_id: The account.
            operation_key: The operation's key.

        Returns:
            The hold, or None.
        """
        with self._database.read() as connection:
            return find_hold(connection, account_id, operation_key)

    def find_charge(self, name: str) -> HoldInfo:
        """What was held for something that support names, whoever's it is.

        Args:
            name: A video's id, for its generation; a Studio operation's id; or the id of either's workflow.

        Returns:
            The first hold for it, standing or ended.

        Raises:
            InvalidInput: Nothing was ever held under that name, or for several operations.
        """
        hold, key = schema.holds.c, operation_key_of(name)
        query = select(schema.holds).where(hold.operation_key == key)
        if key is None:
            # No index serves an ending: a scan, for one person's question.
            is_studio = hold.operation != Operation.GENERATE.value
            query = select(schema.holds).where(is_studio, hold.operation_key.endswith(f"/{name}", autoescape=True))
        with self._database.read() as connection:
            rows = connection.execute(query.limit(2)).all()
        if not rows:
            raise InvalidInput(
                f"Nothing was ever charged under {name!r}; name a video, an operation that `support show` lists, or "
                "the workflow of either.",
                code="unknown_operation",
            )
        if len(rows) > 1:
            raise InvalidInput(f"Several operations are called {name!r}; name the workflow.", code="several_operations")
        return HoldInfo.model_validate(dict(rows[0]._mapping))

    def standing_holds(self, held_before: datetime, limit: int = 500, after: HoldInfo | None = None) -> list[HoldInfo]:
        """Holds that have not ended, oldest first, for the reconciler to compare with their runs.

        Args:
            held_before: Younger holds are left out.
            limit: At most so many.
            after: The last hold of the page before.

        Returns:
            The holds.
        """
        table = schema.holds
        query = (
            select(table)
            .where(schema.HOLD_STANDS, table.c.held_at < held_before)
            .order_by(table.c.held_at, table.c.hold_id)
            .limit(limit)
        )
        if after is not None:
            younger = (table.c.held_at == after.held_at) & (table.c.hold_id > after.hold_id)
            query = query.where(table.c.held_at >= after.held_at, (table.c.held_at > after.held_at) | younger)
        with self._database.read() as connection:
            return [HoldInfo.model_validate(dict(row._mapping)) for row in connection.execute(query)]

    def history(self, account_id: str, limit: int = 50, before: int | None = None) -> list[HistoryLine]:
        """What happened on an account, in words, newest first.

        Args:
            account_id: The account.
            limit: At most so many lines.
            before: The last line's `transaction_id`, for the next page.

        Returns:
            The lines.
        """
        with self._database.read() as connection:
            return history(connection, account_id, limit, before)

    def verify(self) -> LedgerReport:
        """Recompute every balance from the entries.

        Returns:
            What was read, and every difference found, in words.
        """
        with self._database.read() as connection:
            return audit(connection)

    def rebuild(self) -> LedgerReport:
        """Put right what is kept beside the entries, after somebody else wrote to the database.

        Returns:
            What was wrong before, in words.

        Raises:
            LedgerMismatch: The entries themselves are wrong; nothing was changed.
        """
        with self._database.write() as connection:
            return rebuild(connection)
