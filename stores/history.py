"""An account's history in words: one line per transaction of the ledger."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, select

from models.credits import GrantRequest, HistoryLine, Operation, Unit
from stores import schema
from stores.postings import AVAILABLE

_OPERATIONS = {
    Operation.GENERATE: "a video",
    Operation.REGENERATE_IMAGE: "a new image for a scene",
    Operation.REGENERATE_VIDEO: "a new clip for a scene",
}


def history(connection: Connection, account_id: str, limit: int, before: int | None) -> list[HistoryLine]:
    """An account's events, newest first.

    Args:
        connection: From `Database.read`.
        account_id: The account.
        limit: The most lines to return.
        before: Only events older than this transaction; for the next page.

    Returns:
        The lines.
    """
    line, entry, hold = schema.journal.c, schema.entries.c, schema.holds.c

    def change(unit: Unit) -> Any:
        counts = (entry.book == AVAILABLE) & (entry.unit == unit.value)
        return func.coalesce(func.sum(case((counts, entry.amount), else_=0)), 0)

    page = select(schema.journal).where(line.account_id == account_id)
    if before is not None:
        page = page.where(line.transaction_id < before)
    lines = page.order_by(line.transaction_id.desc()).limit(limit).subquery()
    query = (
        select(
            lines,
            hold.operation,
            hold.credits.label("held"),
            hold.captured,
            schema.stops.c.kept,
            change(Unit.CREDIT).label("credits"),
            change(Unit.FREE_IMAGE).label("free_images"),
        )
        .outerjoin(schema.entries, entry.transaction_id == lines.c.transaction_id)
        .outerjoin(schema.holds, hold.hold_id == lines.c.hold_id)
        .outerjoin(schema.stops, schema.stops.c.operation_key == hold.operation_key)
        .group_by(*lines.c, hold.operation, hold.credits, hold.captured, schema.stops.c.kept)
        .order_by(lines.c.transaction_id.desc())
    )
    return [
        HistoryLine(
            transaction_id=row.transaction_id,
            at=row.at,
            text=line_in_words(row),
            actor=row.actor,
            credits=int(row.credits),
            free_images=int(row.free_images),
            available=row.available_after,
        )
        for row in connection.execute(query)
    ]


def line_in_words(row: Any) -> str:
    """A line of the journal as a sentence, with the purpose of its hold, if any."""
    if row.kind == "grant":
        return _grant_in_words(GrantRequest.model_validate_json(row.body), row.at)
    what = _OPERATIONS[Operation(row.operation)] if row.operation else ""
    if row.kind == "capture" and row.kept is not None:
        return f"Cancelled: {what}; {row.kept} of {row.held} credits are kept for what had been bought"
    words = {
        "hold": f"Reserved for {what}",
        "capture": f"Delivered: {what}, for {f'{row.captured} credits' if row.captured else 'nothing'}",
        "release": f"Given back: {what} was not delivered",
        "expire": "Expired",
        "collect": "Taken for what was owed",
        "reversal": "Taken back",
        "reinstatement": "Given back",
    }[row.kind]
    return f"{words} ({row.reason})" if row.reason else words


def _grant_in_words(request: GrantRequest, at: datetime) -> str:
    words = request.reason or f"Credits from {request.source.value}"
    words = words[0].upper() + words[1:]
    if request.effective_at is not None and request.effective_at > at:
        words += f", from {_day(request.effective_at)}"
    if request.expires_at is not None:
        words += f", until {_day(request.expires_at)}"
    return words


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
