"""The audit of what support did. Append-only."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import insert, select

from models.support import Action, SupportAction
from stores import schema
from stores.database import Database, utc_now


class SupportLog:
    """Who did what, and why.

    Args:
        database: Migrated.
        clock: Tells the moment, aware; tests bring their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def record(self, actor: str, action: Action, subject: str, reason: str) -> None:
        """Write one entry, once the action has been accepted."""
        row = {"at": self._clock(), "actor": actor, "action": action.value, "subject": subject, "reason": reason}
        with self._database.write() as connection:
            connection.execute(insert(schema.support_actions).values(row))

    def of(self, subject: str) -> list[SupportAction]:
        """All entries about a video or an account, oldest first."""
        table = schema.support_actions
        query = select(table).where(table.c.subject == subject).order_by(table.c.action_id)
        with self._database.read() as connection:
            return [SupportAction.model_validate(dict(row._mapping)) for row in connection.execute(query)]
