"""Rows of Studio's operations, as they are read."""

from typing import Any

from sqlalchemy import Connection, Row, select

from models.credits import HoldState
from models.progress import FailureNote
from models.studio import SceneTake, StudioOperation, StudioOrder, StudioState
from stores import schema

ROW = schema.operations.c
OPEN = (StudioState.ACCEPTED.value, StudioState.MADE.value)
REFUNDED = FailureNote(type="Refunded", sentence="The operation could not be finished. Its credits are back.")

FREE_RETRY_USED = (ROW.free_retry.is_(True), ROW.state == StudioState.DELIVERED.value)
"""Only a delivered operation has used the free retry: an open one may still fail, even if no run ends its row."""


def operations_of(account_id: str) -> Any:
    """Rows with the state of their hold, because the reconciler ends holds only."""
    hold = schema.holds
    joined = schema.operations.outerjoin(hold, hold.c.operation_key == ROW.operation_key)
    columns = select(schema.operations, hold.c.state.label("hold_state"))
    return columns.select_from(joined).where(ROW.account_id == account_id)


def find_operation(connection: Connection, account_id: str, operation_key: str) -> StudioOperation | None:
    """An operation of an account; None if it has none under this key."""
    row = connection.execute(operations_of(account_id).where(ROW.operation_key == operation_key)).first()
    return None if row is None else operation_in(row)


def operation_in(row: Row[Any]) -> StudioOperation:
    """The operation in a row."""
    state, failure = StudioState(row.state), row.failure and FailureNote.model_validate_json(row.failure)
    if row.state in OPEN and row.hold_state == HoldState.RELEASED.value:
        # Its run was gone, and the reconciler released the credits: the operation will never deliver.
        state, failure = StudioState.FAILED, REFUNDED
    return StudioOperation(
        order=StudioOrder.model_validate_json(row.order),
        operation_key=row.operation_key,
        state=state,
        base_version=row.base_version,
        price=row.price,
        free_units=row.free_units,
        take=row.take and SceneTake.model_validate_json(row.take),
        version=row.version,
        failure=failure or None,
        accepted_at=row.accepted_at,
        ended_at=row.ended_at,
    )
