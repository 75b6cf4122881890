"""The audit of support's actions. An entry exists before its action, records how it ended, and is never removed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import insert, select, update

from models.access import SecurityEventKind
from models.failures import EchonosError
from models.support import BEGUN, DONE, Action, SupportAction, in_words
from stores import schema
from stores.database import Database, utc_now
from stores.security_events import SecurityEvents

OUTCOME_CHARS = 400
_EVENTS = {Action.REFUND: SecurityEventKind.REFUNDED, Action.GRANT: SecurityEventKind.GRANTED}


class SupportLog:
    """Support's actions, with actor and reason.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock
        self.events = SecurityEvents(database, clock)

    def begin(
        self,
        actor: str,
        action: Action,
        subject: str,
        reason: str,
        account_id: str | None = None,
        *,
        detail: str = "",
        once: bool = False,
    ) -> int:
        """Write an entry before the action: an interrupted action stays in the audit as `begun`.

        Args:
            actor: The acting person.
            action: The action.
            subject: The video, account or payment that it concerns.
            reason: The reason, in words.
            account_id: The account whose security events also record it, in the same transaction.
            detail: What the action's name leaves open; stands behind the reason.
            once: The action is idempotent; a repetition finds its first entry.

        Returns:
            The entry's number, for `finish`.

        Raises:
            InvalidInput: The reason is empty; nothing is written.
        """
        table, why = schema.support_actions, in_words(reason) + (f" ({detail})" if detail else "")
        row = {"actor": actor, "action": action.value, "subject": subject, "reason": why}
        with self._database.write() as connection:
            if once:
                same = [table.c[name] == value for name, value in row.items()]
                standing = table.c.outcome.is_(None) | table.c.outcome.in_((BEGUN, DONE))
                known = connection.execute(select(table.c.action_id).where(*same, standing)).scalars().first()
                if known is not None:
                    return int(known)
            made = insert(table).values(row | {"at": self._clock(), "outcome": BEGUN}).returning(table.c.action_id)
            number = int(connection.execute(made).scalar_one())
            if account_id:
                kind = _EVENTS.get(action, SecurityEventKind.SUPPORT_WROTE)
                self.events.note_within(connection, kind, account_id, f"{action.value} {subject}", actor)
        return number

    def finish(self, number: int, outcome: str = DONE) -> None:
        """Record how an action ended.

        Args:
            number: From `begin`.
            outcome: `done`, or why it was refused.
        """
        table = schema.support_actions
        mine = update(table).where(table.c.action_id == number, table.c.outcome == BEGUN)
        with self._database.write() as connection:
            connection.execute(mine.values(outcome=outcome[:OUTCOME_CHARS]))

    @contextmanager
    def attempt(
        self,
        actor: str,
        action: Action,
        subject: str,
        reason: str,
        account_id: str | None = None,
        *,
        detail: str = "",
        once: bool = False,
    ) -> Iterator[None]:
        """The entry around an action: see `begin` and `finish`. An exception inside becomes its outcome.

        Args:
            actor: The acting person.
            action: The action inside.
            subject: The video, account or payment that it concerns.
            reason: The reason, in words.
            account_id: The account whose security events also record it.
            detail: What the action's name leaves open.
            once: The action is idempotent; a repetition finds its first entry.
        """
        number = self.begin(actor, action, subject, reason, account_id, detail=detail, once=once)
        try:
            yield
        except BaseException as error:
            self.finish(number, refused_because(error))
            raise
        self.finish(number)

    def of(self, subject: str, *, refused: bool = False) -> list[SupportAction]:
        """The entries about a video, an account or a payment, oldest first.

        Args:
            subject: The video, account or payment.
            refused: Whether to include refused actions.
        """
        table = schema.support_actions
        query = select(table).where(table.c.subject == subject).order_by(table.c.action_id)
        with self._database.read() as connection:
            rows = [dict(row._mapping) for row in connection.execute(query)]
        found = [SupportAction.model_validate(row | {"outcome": row["outcome"] or DONE}) for row in rows]
        return [entry for entry in found if refused or entry.outcome in {BEGUN, DONE}]


def refused_because(error: BaseException) -> str:
    """The outcome of an action that raised: our own failures in their words, others by their type alone."""
    return f"refused: {error.message if isinstance(error, EchonosError) else type(error).__name__}"
