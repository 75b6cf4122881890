"""Answers under idempotency keys: the same key gives the same answer, in every process and after every restart.

A key is claimed with a digest of its request before the work, and gets the answer after it. Work under a key must be
safe to repeat (its ids come from the key): a process that dies in between leaves a claim without an answer, and the
next request with that key repeats the work and finds what was begun.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from models.access import KeptAnswer
from models.failures import InvalidInput
from stores import schema_access as tables
from stores.database import Database, utc_now

KEPT = timedelta(days=30)


class Idempotency:
    """The keys of all accounts.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def claim(self, account_id: str, key: str, request_hash: str) -> KeptAnswer | None:
        """Claim a key for a request.

        Args:
            account_id: The account that uses the key.
            key: The key, chosen by the caller.
            request_hash: Digest of method, path and body.

        Returns:
            The stored answer, if the key has one.

        Raises:
            InvalidInput: The key was first used for another request.
        """
        table = tables.idempotency
        mine = (table.c.account_id == account_id) & (table.c.key == key)
        row = {"account_id": account_id, "key": key, "request_hash": request_hash, "created_at": self._clock()}
        with self._database.write() as connection:
            known = connection.execute(select(table).where(mine)).first()
            if known is None:
                try:
                    with connection.begin_nested():
                        connection.execute(insert(table), row)
                    return None
                except IntegrityError:  # another process was first
                    known = connection.execute(select(table).where(mine)).one()
        if known.request_hash != request_hash:
            raise InvalidInput(
                "This Idempotency-Key came with another request before: use a new key for a new request.",
                code="key_conflict",
            )
        return None if known.answer is None else KeptAnswer(status=known.status, body=known.answer)

    def keep(self, account_id: str, key: str, answer: KeptAnswer) -> KeptAnswer:
        """Store the answer of a claimed key.

        Args:
            account_id: The account that uses the key.
            key: A claimed key.
            answer: The answer to store.

        Returns:
            The answer to give: the first one that was stored.
        """
        table = tables.idempotency
        mine = (table.c.account_id == account_id) & (table.c.key == key)
        with self._database.write() as connection:
            first = update(table).where(mine, table.c.answer.is_(None))
            connection.execute(first.values(status=answer.status, answer=answer.body))
            row = connection.execute(select(table).where(mine)).first()
        return answer if row is None else KeptAnswer(status=row.status, body=row.answer)

    def sweep(self) -> int:
        """Delete expired keys; returns their number."""
        table = tables.idempotency
        with self._database.write() as connection:
            return connection.execute(delete(table).where(table.c.created_at <= self._clock() - KEPT)).rowcount
