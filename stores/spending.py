"""Payments to providers, per run. Append-only; a call that is written twice counts once."""

from sqlalchemy import Connection, bindparam, func, insert, select

from models.measures import SPEND, report
from models.spending import MICRO_USD, Spending
from stores import schema
from stores.database import Database

_KNOWN = select(schema.spendings.c.key).where(schema.spendings.c.key == bindparam("key"))


class SpendingBook:
    """One line per paid call or job.

    Args:
        database: A migrated database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, spending: Spending) -> None:
        """Write a line, unless its key exists."""
        with self._database.write() as connection:
            is_new = write_spending(connection, spending)
        if is_new:
            report_spending(spending)

    def of(self, video_id: str) -> list[Spending]:
        """All lines of a video, oldest first."""
        table = schema.spendings
        query = select(table).where(table.c.video_id == video_id).order_by(table.c.spending_id)
        with self._database.read() as connection:
            return [Spending.model_validate(dict(row._mapping)) for row in connection.execute(query)]

    def total_micro_usd(self, video_id: str) -> int:
        """The cost of a video so far, in millionths of a dollar; calls without a known price count as 0."""
        table = schema.spendings
        query = select(func.coalesce(func.sum(table.c.cost_micro_usd), 0)).where(table.c.video_id == video_id)
        with self._database.read() as connection:
            return int(connection.execute(query).scalar_one())


def write_spending(connection: Connection, spending: Spending) -> bool:
    """Write a line in an open write transaction; False: its key exists. `report_spending` follows the commit."""
    row = spending.model_dump() | {"stage": spending.stage.value}
    if connection.execute(_KNOWN, {"key": spending.key}).first() is not None:
        return False
    connection.execute(insert(schema.spendings), row)
    return True


def report_spending(spending: Spending) -> None:
    """Count a committed line: a transaction that shares its commit may run twice."""
    certainty = "possible" if spending.possible else "certain"
    report(SPEND, (spending.cost_micro_usd or 0) / MICRO_USD, certainty=certainty)
