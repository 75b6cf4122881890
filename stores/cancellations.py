"""Artists' stops of generations: a row that decides how the hold ends, unless a version was stored before it.

Everything that ends a hold reads the row: the run's own settlement, the reconciler, `Ledger.verify`, support's refund.
"""

from datetime import datetime

from sqlalchemy import Connection, distinct, func, insert, select

from models.cancellations import FREE_STOPS, FREE_STOPS_WINDOW, Stop, StopTerms
from models.credits import HoldInfo, HoldState
from models.failures import InvalidInput
from models.ids import workflow_id_of
from models.paid_media import JobState, PieceKind
from stores import schema
from stores.holds import find_hold
from stores.postings import AccountPostings

_T = schema.stops


def stop_terms(connection: Connection, hold: HoldInfo) -> StopTerms:
    """The amount that a stop would keep of a standing hold, from the pieces that its run has bought."""
    job = schema.provider_jobs.c
    bought = (job.workflow_id == workflow_id_of(hold.operation_key)) & (job.state == JobState.DONE.value)
    scenes = func.count(distinct(job.scene_index))
    query = select(job.kind, scenes, func.max(job.planned_clips)).where(bought).group_by(job.kind)
    found = {kind: (int(count), int(planned or 0)) for kind, count, planned in connection.execute(query)}
    clips, planned = found.get(PieceKind.CLIP.value, (0, 0))
    return StopTerms(
        stills_bought=found.get(PieceKind.STILL.value, (0, 0))[0],
        clips_bought=clips,
        clips_planned=planned,
        held=hold.credits if hold.state is HoldState.HELD else 0,
    )


def place_stop(
    connection: Connection, postings: AccountPostings, operation_key: str, accept_kept: int | None
) -> Stop | None:
    """Accept a stop, which from now on decides how the hold ends.

    Args:
        connection: Of the transaction that holds the account's lock.
        postings: The account's, open.
        operation_key: The generation's key.
        accept_kept: The sum that the artist has seen and accepted, in credits; None if none was shown.

    Returns:
        The stop, the first one if repeated; None if no hold stands or a version is stored.

    Raises:
        InvalidInput: The stop would keep more than was accepted; nothing is written.
    """
    if known := find_stop(connection, operation_key):
        return known
    hold = find_hold(connection, postings.account_id, operation_key)
    if hold is None or hold.state is not HoldState.HELD or is_delivered(connection, operation_key):
        return None
    terms = stop_terms(connection, hold)
    if terms.kept > (accept_kept or 0):
        raise InvalidInput(f"{terms.sentence} Confirm that {terms.kept} credits are kept.", code="accept_kept")
    stop = Stop(
        operation_key=operation_key,
        account_id=postings.account_id,
        terms=terms,
        kept=terms.kept,
        stopped_at=postings.now,
    )
    row = stop.model_dump(exclude={"terms"}) | terms.model_dump(exclude={"held"})
    connection.execute(insert(_T), row)
    return stop


def find_stop(connection: Connection, operation_key: str) -> Stop | None:
    """The accepted stop of a generation."""
    query = select(_T, schema.holds.c.credits).join(schema.holds, schema.holds.c.operation_key == _T.c.operation_key)
    row = connection.execute(query.where(_T.c.operation_key == operation_key)).first()
    if row is None:
        return None
    return Stop(
        operation_key=row.operation_key,
        account_id=row.account_id,
        kept=row.kept,
        stopped_at=row.stopped_at,
        terms=StopTerms(
            stills_bought=row.stills_bought,
            clips_bought=row.clips_bought,
            clips_planned=row.clips_planned,
            held=row.credits,
        ),
    )


def is_delivered(connection: Connection, operation_key: str) -> bool:
    """Whether a version is stored under an operation's key."""
    query = select(schema.versions.c.version).where(schema.versions.c.operation_key == operation_key)
    return connection.execute(query).first() is not None


def _orders_wait_until(connection: Connection, account_id: str, now: datetime) -> datetime | None:
    """When an account may order again after too many free stops; None: now."""
    recent = select(_T.c.stopped_at).where(
        _T.c.account_id == account_id, _T.c.kept == 0, _T.c.stopped_at > now - FREE_STOPS_WINDOW
    )
    moments = list(connection.scalars(recent.order_by(_T.c.stopped_at.desc()).limit(FREE_STOPS)))
    return moments[-1] + FREE_STOPS_WINDOW if len(moments) >= FREE_STOPS else None


def check_stops(connection: Connection, account_id: str, now: datetime) -> None:
    """Refuse an order after too many free stops.

    Raises:
        InvalidInput: The sentence says when orders are accepted again.
    """
    until = _orders_wait_until(connection, account_id, now)
    if until is not None:
        raise InvalidInput(
            f"{FREE_STOPS} videos were cancelled within a day at no cost; new ones can be ordered from "
            f"{until:%d %B, %H:%M} UTC.",
            code="too_many_stops",
        )
