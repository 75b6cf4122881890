"""An account's history for its owner: an order, its hold and its end are one line, under the video's name."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, case, func, select

from models.credits import HoldState, Operation, StatementLine, Unit
from models.ids import video_id_of
from models.orders import Order
from stores import schema
from stores import schema_access as tables
from stores.database import Database
from stores.history import line_in_words
from stores.postings import AVAILABLE

_ENDINGS = ("capture", "release")
"""Kinds of lines that say how a hold ended; they are part of the hold's line."""


class Statements:
    """The statements of all accounts.

    Args:
        database: A migrated database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, account_id: str, limit: int = 50, before: int | None = None) -> list[StatementLine]:
        """An account's statement, newest order first.

        Args:
            account_id: The account.
            limit: The most lines to return.
            before: Only orders from before this transaction; for the next page.

        Returns:
            The lines.
        """
        with self._database.read() as connection:
            return _statement(connection, account_id, limit, before)


def _statement(connection: Connection, account_id: str, limit: int, before: int | None) -> list[StatementLine]:
    line, hold, order = schema.journal.c, schema.holds.c, schema.operations.c
    page = select(schema.journal).where(line.account_id == account_id, line.kind.not_in(_ENDINGS))
    if before is not None:
        page = page.where(line.transaction_id < before)
    lines = page.order_by(line.transaction_id.desc()).limit(limit).subquery()
    query = (
        select(
            lines,
            hold.operation,
            hold.operation_key,
            hold.credits.label("held"),
            hold.captured,
            hold.state,
            hold.ended_at,
            order.scene_index,
            schema.stops.c.kept,
        )
        .outerjoin(schema.holds, hold.hold_id == lines.c.hold_id)
        .outerjoin(schema.operations, order.operation_key == hold.operation_key)
        .outerjoin(schema.stops, schema.stops.c.operation_key == hold.operation_key)
        .order_by(lines.c.transaction_id.desc())
    )
    rows = connection.execute(query).all()
    changes = _changes(connection, account_id, rows)
    titles = _titles(connection, account_id, {_video_of(row) for row in rows if row.operation})
    return [_line(row, changes, titles) for row in rows]


def _changes(connection: Connection, account_id: str, rows: Sequence[Row[Any]]) -> Mapping[tuple[int | str, str], int]:
    """Changes of the available units, by hold, else by transaction, and unit."""
    line, entry = schema.journal.c, schema.entries.c
    about = func.coalesce(line.hold_id, "")
    alone = case((line.hold_id.is_(None), line.transaction_id), else_=0)
    of_holds = line.hold_id.in_([row.hold_id for row in rows if row.hold_id])
    of_lines = line.transaction_id.in_([row.transaction_id for row in rows])
    query = (
        select(about.label("hold_id"), alone.label("transaction_id"), entry.unit, func.sum(entry.amount).label("sum"))
        .join(schema.entries, entry.transaction_id == line.transaction_id)
        .where(line.account_id == account_id, of_holds | of_lines)
        .where(entry.owner == account_id, entry.book == AVAILABLE)
        .group_by(about, alone, entry.unit)
    )
    return {(row.hold_id or row.transaction_id, row.unit): int(row.sum) for row in connection.execute(query)}


def _titles(connection: Connection, account_id: str, video_ids: set[str]) -> dict[str, str]:
    """Titles of videos; for orders without a video, the song's title."""
    video, order = schema.videos.c, tables.orders.c
    made = select(video.video_id, video.title, video.removed_at).where(
        video.account_id == account_id, video.video_id.in_(video_ids)
    )
    orders = select(order.document).where(order.account_id == account_id, order.video_id.in_(video_ids))
    ordered = [Order.model_validate_json(document) for document in connection.scalars(orders)]
    titles = {one.video_id: one.song_title for one in ordered}
    for row in connection.execute(made):
        titles[row.video_id] = row.title
        if row.removed_at is not None:
            del titles[row.video_id]
    return titles


def _video_of(row: Row[Any]) -> str:
    return video_id_of(row.operation_key)


def _line(row: Row[Any], changes: Mapping[tuple[int | str, str], int], titles: Mapping[str, str]) -> StatementLine:
    name = row.hold_id or row.transaction_id
    video_id = _video_of(row) if row.operation else None
    title = titles.get(video_id) if video_id else None
    return StatementLine(
        transaction_id=row.transaction_id,
        at=row.at,
        text=_order_in_words(row, title) if row.operation else line_in_words(row),
        outcome=_outcome(row) if row.operation else "",
        ended_at=row.ended_at,
        credits=changes.get((name, Unit.CREDIT.value), 0),
        free_images=changes.get((name, Unit.FREE_IMAGE.value), 0),
        video_id=video_id if title else None,
    )


def _order_in_words(row: Row[Any], title: str | None) -> str:
    operation = Operation(row.operation)
    if operation is Operation.GENERATE:
        return f"Video “{title}”" if title else "A video that is not in your Vault"
    what = "New image" if operation is Operation.REGENERATE_IMAGE else "New clip"
    scene = "a scene" if row.scene_index is None else f"scene {row.scene_index + 1}"
    return f"{what} for {scene} of {f'“{title}”' if title else 'a video that is not in your Vault'}"


def _outcome(row: Row[Any]) -> str:
    state = HoldState(row.state)
    if state is HoldState.HELD:
        return f"Under way, {row.held} credits are reserved" if row.held else "Under way"
    if state is HoldState.RELEASED:
        return "Not delivered, nothing was charged"
    if row.kept is not None:
        return f"Cancelled, {row.kept} of {row.held} credits are kept for what had been bought"
    return "Delivered"
