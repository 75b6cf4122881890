"""The audit of what support did. An entry is there before the action, says how it ended, and is never removed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import insert, select, update

from models.access import SecurityEventKind
from models.failures import EchonosError
from models.support import BEGUN, DONE, Action, SupportAction
from stores import schema
from stores.database import Database, utc_now
from stores.security_events import SecurityEvents

OUTCOME_CHARS = 400
_EVENTS = {Action.REFUND: SecurityEventKind.REFUNDED, Action.GRANT: SecurityEventKind.GRANTED}


class SupportLog:
    """Who did what, and why.

    Args:
        database: Migrated.
        clock: Tells the moment, aware; tests bring their own.
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
        once: bool = False,
    ) -> int:
        """Write an entry before the action: one that breaks off stays in the audit as `begun`.

        Args:
            actor: Who acts.
            action: What is to be done.
            subject: The video, account or payment that it is done to.
            reason: Why, in words.
            account_id: The account whose record tells of it, in the same transaction.
            once: The action is safe to repeat; a repetition finds its first entry.

        Returns:
            The entry's number, for `finish`.
        """
        table = schema.support_actions
        row = {"actor": actor, "action": action.value, "subject": subject, "reason": reason}
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
        """Write down how an action ended.

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
        once: bool = False,
    ) -> Iterator[None]:
        """The entry around an action: see `begin` and `finish`. What is raised inside becomes its outcome.

        Args:
            actor: Who acts.
            action: What is done inside.
            subject: The video, account or payment that it is done to.
            reason: Why, in words.
            account_id: The account whose record tells of it.
            once: The action is safe to repeat; a repetition finds its first entry.
        """
        number = self.begin(actor, action, subject, reason, account_id, once=once)
        try:
            yield
        except BaseException as error:
            self.finish(number, refused_because(error))
            raise
        self.finish(number)

    def of(self, subject: str, *, refused: bool = False) -> list[SupportAction]:
        """The entries about a video, an account or a payment, oldest first.

        Args:
            subject: What they are about.
            refused: Also those of actions that were refused.
        """
        table = schema.support_actions
        query = select(table).where(table.c.subject == subject).order_by(table.c.action_id)
        with self._database.read() as connection:
            rows = [dict(row._mapping) for row in connection.execute(query)]
        found = [SupportAction.model_validate(row | {"outcome": row["outcome"] or DONE}) for row in rows]
        return [entry for entry in found if refused or entry.outcome in {BEGUN, DONE}]


def refused_because(error: BaseException) -> str:
    """How an action ended that raised: our own failures in their words, others by their type alone."""
    return f"refused: {error.message if isinstance(error, EchonosError) else type(error).__name__}"
