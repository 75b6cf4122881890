"""What runs have paid to providers. Append-only; a call that is written twice counts once."""

from sqlalchemy import Connection, bindparam, func, insert, select

from models.spending import Spending
from stores import schema
from stores.database import Database

_KNOWN = select(schema.spendings.c.key).where(schema.spendings.c.key == bindparam("key"))


class SpendingBook:
    """One line per paid call or job.

    Args:
        database: Migrated.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, spending: Spending) -> None:
        """Write a line, unless its key is there already."""
        with self._database.write() as connection:
            write_spending(connection, spending)

    def of(self, video_id: str) -> list[Spending]:
        """All lines of a video, oldest first."""
        table = schema.spendings
        query = select(table).where(table.c.video_id == video_id).order_by(table.c.spending_id)
        with self._database.read() as connection:
            return [Spending.model_validate(dict(row._mapping)) for row in connection.execute(query)]

    def total_micro_usd(self, video_id: str) -> int:
        """What a video has cost so far, in millionths of a dollar; calls without a known price count nothing."""
        table = schema.spendings
        query = select(func.coalesce(func.sum(table.c.cost_micro_usd), 0)).where(table.c.video_id == video_id)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())


def write_spending(connection: Connection, spending: Spending) -> None:
    """Write a line, unless its key is there already, in a transaction that writes."""
    row = spending.model_dump() | {"stage": spending.stage.value}
    if connection.execute(_KNOWN, {"key": spending.key}).first() is None:
        connection.execute(insert(schema.spendings), row)
