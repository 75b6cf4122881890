"""Credits: what an account has, what is reserved, what was captured. Every call is idempotent.

Money moves in two steps, hold and then capture or release, each at most once. A hold's end is decided by what is
stored beside it in the same database: a version under its operation key means capture, none means release. See
docs/decisions/ledger.md.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from models.cancellations import Stop, StopTerms
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
from models.ids import late_operation_key, operation_key_of
from stores import schema
from stores.audit import audit
from stores.cancellations import check_stops, find_stop, is_delivered, place_stop, stop_terms
from stores.database import Database, utc_now
from stores.granting import open_account, place_grant
from stores.history import history
from stores.holds import end_hold, find_hold, place_hold, quote_for
from stores.lots import grant_info
from stores.postings import AccountPostings
from stores.rebuilding import rebuild


class Ledger:
    """The credits of all accounts.

    Args:
        database: The migrated database that the Vault uses.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def open_account(self, account_id: str) -> Balance:
        """Open an account with its welcome credits; an open account stays as it is."""
        now = self._clock()
        with self._database.write() as connection:
            open_account(connection, account_id, now)
        return self.balance(account_id)

    def balance(self, account_id: str) -> Balance:
        """The account's current balance.

        Raises:
            InvalidInput: There is no such account.
        """
        with self._database.read() as connection:
            return AccountPostings.look(connection, account_id, self._clock()).balance()

    def grants(self, account_id: str) -> list[GrantInfo]:
        """The grants with units left, in spending order.

        Returns:
            Its open grants, including those not yet effective.
        """
        with self._database.read() as connection:
            postings = AccountPostings.look(connection, account_id, self._clock())
        lots = sorted(postings.lots.values(), key=lambda lot: lot.spend_order)
        return [grant_info(lot) for lot in lots if lot.available or lot.held]

    def quote(self, account_id: str, operation: Operation, free_because: str = "") -> Quote:
        """The current price of an operation for the account.

        Args:
            operation: The operation to price.
            free_because: The reason why it is free; empty if it has a price.

        Returns:
            The price, and the available credits before and after.
        """
        with self._database.read() as connection:
            return quote_for(AccountPostings.look(connection, account_id, self._clock()), operation, free_because)

    def hold(self, request: HoldRequest) -> HoldReceipt:
        """Reserve the price of an operation.

        Args:
            request: The operation, its key and its price.

        Returns:
            The hold; for a repeated key the first answer, even if the hold has ended since.

        Raises:
            InsufficientCredits: The balance is below the price, or something is owed after a refund.
            InvalidInput: The key belongs to another request, the price is not the one that was quoted, or there is no
                such account.
        """
        with self._database.write() as connection:
            postings = AccountPostings.open(connection, request.account_id, self._clock())
            if request.operation is Operation.GENERATE and not find_hold(
                connection, request.account_id, request.operation_key
            ):
                check_stops(connection, request.account_id, postings.now)
            return place_hold(postings, request)

    def settle(self, request: SettleRequest) -> Settlement:
        """End a hold in one transaction: a stored version captures, an artist's stop keeps its sum, else release.

        Args:
            request: The account and the key of the hold.

        Returns:
            How the hold ended, now or before; `nothing` if there is no such hold or account.
        """
        with self._database.write() as connection:
            try:
                postings = AccountPostings.open(connection, request.account_id, self._clock())
            except InvalidInput:
                return Settlement(outcome="nothing", credits=0, balance=Balance(posted=0, held=0, available=0))
            key = request.operation_key
            delivered, stop = is_delivered(connection, key), find_stop(connection, key)
            if delivered:
                settled = end_hold(postings, request, None)
                # Released before it was delivered, and paid again by `Vault.settle_late`.
                late = request.model_copy(update={"operation_key": late_operation_key(key)})
                is_late = stop is not None or settled.outcome == "released"
                return end_hold(postings, late, None) if is_late else settled
            if stop is None:
                return end_hold(postings, request, 0)
            settled = end_hold(postings, request.model_copy(update={"reason": "cancelled"}), stop.kept)
            return settled.model_copy(update={"outcome": "kept"}) if stop.kept else settled

    def stop(self, account_id: str, operation_key: str, accept_kept: int | None = None) -> Stop | None:
        """Accept an artist's stop of a generation; it fixes the amount kept, and takes effect at once.

        Args:
            account_id: The artist's account.
            operation_key: The generation's key.
            accept_kept: The sum that was shown and accepted, in credits; None if none was shown.

        Returns:
            The stop, the first one if repeated; None if no hold stands or the video is finished.

        Raises:
            InvalidInput: `accept_kept`: a stop would keep more than was accepted. Nothing is written.
        """
        with self._database.write() as connection:
            postings = AccountPostings.open(connection, account_id, self._clock())
            return place_stop(connection, postings, operation_key, accept_kept)

    def stop_terms(self, account_id: str, operation_key: str) -> StopTerms:
        """The amount that a stop would keep now; nothing is written.

        Args:
            account_id: The artist's account.
            operation_key: The generation's key.
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
        """Check that an account may order a generation now.

        Raises:
            InvalidInput: `too_many_stops`: too many of its generations were recently stopped at no cost.
        """
        with self._database.read() as connection:
            check_stops(connection, account_id, self._clock())

    def capture(self, request: SettleRequest, credits: int | None = None) -> Settlement:
        """Capture a hold, or capture a part of it and release the rest.

        Args:
            request: The account and the key of the hold.
            credits: The amount to capture; None captures all.

        Returns:
            How the hold ended, now or before; `nothing` if there is none.

        Raises:
            InvalidInput: More than was held, or less than nothing.
        """
        if credits is not None and credits <= 0:
            raise InvalidInput("A capture takes at least one credit; release the hold instead.", code="bad_amount")
        with self._database.write() as connection:
            postings = AccountPostings.open(connection, request.account_id, self._clock())
            return end_hold(postings, request, credits)

    def release(self, request: SettleRequest) -> Settlement:
        """Release a hold.

        Args:
            request: The account and the key of the hold.

        Returns:
            How the hold ended, now or before; `nothing` if there is none.
        """
        with self._database.write() as connection:
            postings = AccountPostings.open(connection, request.account_id, self._clock())
            return end_hold(postings, request, 0)

    def grant(self, request: GrantRequest) -> GrantReceipt:
        """Credit units to an account, once per key; they first settle what the account owes.

        Args:
            request: The amount, the reason and the validity.

        Returns:
            The grant; for a repeated key the first answer.

        Raises:
            InvalidInput: The key belongs to another request, or there is no such account.
        """
        with self._database.write() as connection:
            return place_grant(AccountPostings.open(connection, request.account_id, self._clock()), request)

    def refund(self, account_id: str, operation_key: str, reason: str, actor: str) -> GrantReceipt:
        """Refund an operation's price as goodwill, in credits or a free unit; once per operation.

        Args:
            operation_key: The operation that was captured.
            reason: The reason, in words; the account's owner reads it.
            actor: The person who decided it.

        Returns:
            The grant.

        Raises:
            InvalidInput: Nothing was captured under this key, not yet, or it was refunded before for another reason.
        """
        with self._database.write() as connection:
            postings = AccountPostings.open(connection, account_id, self._clock())
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
                return place_grant(postings, request)
            except InvalidInput as error:
                if error.code != "key_conflict":
                    raise
                raise InvalidInput(
                    "What this cost was given back before; once is enough.", "refunded_before"
                ) from error

    def find_hold(self, account_id: str, operation_key: str) -> HoldInfo | None:
        """The hold under a key, standing or ended.

        Args:
            operation_key: The operation's key.
        """
        with self._database.read() as connection:
            return find_hold(connection, account_id, operation_key)

    def find_charge(self, name: str) -> HoldInfo:
        """The hold for something that support names, in any account.

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
            # No index serves a suffix search; this scan answers one person's question.
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
        """Holds that have not ended, oldest first, for the reconciler.

        Args:
            held_before: Younger holds are left out.
            limit: The most holds to return.
            after: The last hold of the previous page.
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
        """An account's events, in words, newest first.

        Args:
            limit: The most lines to return.
            before: The last line's `transaction_id`, for the next page.
        """
        with self._database.read() as connection:
            return history(connection, account_id, limit, before)

    def verify(self) -> LedgerReport:
        """Recompute every balance from the entries.

        Returns:
            Counts, and every difference found, in words.
        """
        with self._database.read() as connection:
            return audit(connection)

    def rebuild(self) -> LedgerReport:
        """Recompute the cached balances from the entries, after a foreign write to the database.

        Returns:
            The differences found before, in words.

        Raises:
            LedgerMismatch: The entries themselves are wrong; nothing was changed.
        """
        with self._database.write() as connection:
            return rebuild(connection)
