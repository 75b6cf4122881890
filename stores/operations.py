"""Studio's operations: accepted with their hold, and ended with a version or a refund, each in one transaction.

An operation's row is the truth about it: a run that was reset, continued as new or reopened reads its open work here,
and a repeated order finds its first answer. `deliver` and `give_up` mirror each other, as delivery and settlement do
for a draft: the first one decides.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from models.credits import HoldRequest, Quote, SettleRequest
from models.failures import InvalidInput, NotStored, VersionMoved
from models.ids import generate_operation_key, regenerate_workflow_id, studio_operation_key
from models.progress import FailureNote
from models.studio import (
    AcceptedOperation,
    SceneTake,
    StudioOperation,
    StudioOrder,
    StudioState,
)
from models.timeline import Timeline
from stores import schema
from stores.database import Database, utc_now
from stores.holds import end_hold, find_hold, place_hold, quote_for
from stores.operation_rows import FREE_RETRY_USED, REFUNDED, ROW, find_operation, operation_in, operations_of
from stores.order_checks import checked, refuse_if_busy
from stores.postings import AccountPostings
from stores.versions import insert_version, lock_account, read_timeline

_FREE_BECAUSE = "this scene had to be filled in, so its next regeneration is free"


class Operations:
    """The Studio operations of all accounts.

    Args:
        database: The migrated database that ledger and Vault use.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def quote(self, order: StudioOrder) -> Quote | None:
        """The current price of an operation.

        Args:
            order: The operation.

        Returns:
            Its price and the balance before and after; None if it is always free.

        Raises:
            InvalidInput: The operation cannot be done; the sentence says why.
        """
        charged_as = order.kind.charged_as
        with self._database.read() as connection:
            _, free = checked(connection, order)
            postings = AccountPostings.look(connection, order.account_id, self._clock())
            if charged_as is None:
                return None
            return quote_for(postings, charged_as, _FREE_BECAUSE if free else "")

    def accept(self, order: StudioOrder, gone: frozenset[int] = frozenset()) -> AcceptedOperation:
        """Reserve the price of an operation and record it; a repetition returns the first answer.

        Args:
            order: The operation.
            gone: The scenes that an edit removes, by id.

        Returns:
            Its ticket, with the operation's current state.

        Raises:
            InvalidInput: No such video, scene, take or version; the scene is busy; the price is not the one that was
                quoted; or the id is another operation's.
            InsufficientCredits: The balance is below the price.
        """
        key = studio_operation_key(order.video_id, order.operation_id)
        with self._database.write() as connection:
            postings = AccountPostings.open(connection, order.account_id, self._clock())
            known = find_operation(connection, order.account_id, key)
            if known is not None:
                if _as_ordered(known.order) != _as_ordered(order):
                    raise InvalidInput("This operation id belongs to another operation.", code="operation_id")
                return _ticket(known, postings)
            timeline, free = checked(connection, order)
            if order.kind.is_on_scene:
                scene_id = (
                    timeline.scenes[order.scene_index or 0].identity if order.scene_id is None else order.scene_id
                )
                # Left out where the place says it, so that the digests of older orders stay.
                order = order.model_copy(update={"scene_id": None if scene_id == order.scene_index else scene_id})
            refuse_if_busy(connection, order, timeline, gone)
            price = free_units = 0
            charged_as = order.kind.charged_as
            if charged_as is not None:
                request = HoldRequest(
                    account_id=order.account_id,
                    operation=charged_as,
                    operation_key=key,
                    free_because=_FREE_BECAUSE if free else "",
                    quoted=order.quoted,
                )
                receipt = place_hold(postings, request)
                price, free_units = receipt.amount, receipt.free_units
            row = {
                "operation_key": key,
                "account_id": order.account_id,
                "video_id": order.video_id,
                "scene_index": order.scene,
                "order": order.model_dump_json(),
                "state": StudioState.ACCEPTED.value,
                "base_version": timeline.version,
                "price": price,
                "free_units": free_units,
                "free_retry": free,
                "accepted_at": postings.now,
            }
            connection.execute(insert(schema.operations), row)
            operation = find_operation(connection, order.account_id, key)
            assert operation is not None
            return _ticket(operation, postings)

    def operation(self, account_id: str, video_id: str, operation_id: str) -> StudioOperation:
        """An operation of the account.

        Args:
            account_id: The owning account.
            video_id: The video.
            operation_id: The operation.

        Returns:
            The operation's current state.

        Raises:
            NotStored: The account has no such operation.
        """
        with self._database.read() as connection:
            found = find_operation(connection, account_id, studio_operation_key(video_id, operation_id))
        if found is None:
            raise NotStored(operation_id)
        return found

    def of_video(self, account_id: str, video_id: str) -> list[StudioOperation]:
        """All operations on a video, in the order in which they were accepted.

        Args:
            account_id: The owning account.
            video_id: The video.

        Returns:
            Its operations, including failed ones.
        """
        with self._database.read() as connection:
            query = operations_of(account_id).where(ROW.video_id == video_id)
            rows = connection.execute(query.order_by(ROW.accepted_at, ROW.operation_key)).all()
        return [operation_in(row) for row in rows]

    def takes(self, account_id: str, video_id: str) -> list[SceneTake]:
        """The takes of all scenes: the draft's first, then the later ones.

        Args:
            account_id: The owning account.
            video_id: The video.

        Returns:
            The takes; empty if there is no such video.
        """
        # Every edit asks for them, and most of hundreds of operations have none: only rows with a take are read.
        mine = (ROW.account_id == account_id, ROW.video_id == video_id, ROW.state == StudioState.DELIVERED.value)
        query = select(ROW.take).where(*mine, ROW.take.is_not(None)).order_by(ROW.accepted_at, ROW.operation_key)
        with self._database.read() as connection:
            draft = read_timeline(connection, account_id, video_id, 1)
            made = [] if draft is None else [take for take in connection.scalars(query) if take]
        if draft is None:
            return []
        takes = [SceneTake.model_validate_json(take) for take in made]
        return [SceneTake.of(scene) for scene in draft.scenes] + [take.measured(draft) for take in takes]

    def spent_retries(self, account_id: str, video_id: str) -> frozenset[int]:
        """The scenes whose free retry has been used.

        Args:
            account_id: The owning account.
            video_id: The video.

        Returns:
            The scenes' ids.
        """
        with self._database.read() as connection:
            query = select(ROW.scene_index).where(ROW.account_id == account_id, ROW.video_id == video_id)
            return frozenset(connection.scalars(query.where(*FREE_RETRY_USED)))

    def generation_cost(self, account_id: str, video_id: str) -> int:
        """The credits charged for the video's generation.

        Args:
            account_id: The owning account.
            video_id: The video.

        Returns:
            Credits.
        """
        with self._database.read() as connection:
            hold = find_hold(connection, account_id, generate_operation_key(video_id))
        return hold.credits if hold else 0

    def record_take(self, account_id: str, operation_key: str, take: SceneTake) -> StudioOperation:
        """Record the take that an operation made; an operation that was given up takes none.

        Args:
            account_id: The owning account.
            operation_key: The operation's key.
            take: The finished take.

        Returns:
            The operation's current state.

        Raises:
            NotStored: The account has no such operation.
        """
        with self._database.write() as connection:
            lock_account(connection, account_id)
            operation = _known(connection, account_id, operation_key)
            if operation.state is StudioState.ACCEPTED:
                _write(connection, operation_key, state=StudioState.MADE.value, take=take.model_dump_json())
            return _known(connection, account_id, operation_key)

    def deliver(self, account_id: str, operation_key: str, timeline: Timeline) -> int | None:
        """Store an operation's version, if the operation still stands.

        Args:
            account_id: The owning account.
            operation_key: The operation's key; a repetition changes nothing.
            timeline: The version, one above the newest.

        Returns:
            The operation's version; None if the operation had been given up.

        Raises:
            NotStored: The account has no such operation.
            VersionMoved: The number is no longer the next one.
        """
        with self._database.write() as connection:
            lock_account(connection, account_id)
            operation = _known(connection, account_id, operation_key)
            if not operation.is_open:
                return operation.version
            newest = read_timeline(connection, account_id, timeline.video_id)
            if newest is None or timeline.version != newest.version + 1:
                raise VersionMoved(f"Version {timeline.version} is no longer the next one.")
            now = self._clock()
            insert_version(connection, operation_key, timeline, now)
            _write(
                connection,
                operation_key,
                state=StudioState.DELIVERED.value,
                version=timeline.version,
                ended_at=now,
            )
            return timeline.version

    def give_up(self, account_id: str, operation_key: str, note: FailureNote) -> StudioOperation:
        """End an operation without a version and refund it; a delivered one stays, and is charged.

        Args:
            account_id: The owning account.
            operation_key: The operation's key.
            note: The reason.

        Returns:
            The operation's current state.

        Raises:
            NotStored: The account has no such operation.
        """
        with self._database.write() as connection:
            postings = AccountPostings.open(connection, account_id, self._clock())
            operation = _known(connection, account_id, operation_key)
            settle = SettleRequest(account_id=account_id, operation_key=operation_key)
            if operation.state is StudioState.DELIVERED:
                end_hold(postings, settle, None)
                return operation
            end_hold(postings, settle.model_copy(update={"reason": note.sentence}), 0)
            if operation.is_open or operation.failure == REFUNDED:
                values = {
                    "state": StudioState.FAILED.value,
                    "failure": note.model_dump_json(),
                    "ended_at": postings.now,
                }
                _write(connection, operation_key, **values)
            return _known(connection, account_id, operation_key)


def _known(connection: Connection, account_id: str, operation_key: str) -> StudioOperation:
    found = find_operation(connection, account_id, operation_key)
    if found is None:
        raise NotStored(operation_key)
    return found


def _as_ordered(order: StudioOrder) -> StudioOrder:
    """An order without the id that its scene got when it was accepted."""
    return order.model_copy(update={"scene_id": None})


def _ticket(operation: StudioOperation, postings: AccountPostings) -> AcceptedOperation:
    order = operation.order
    made = order.kind.charged_as is not None
    return AcceptedOperation(
        operation_id=order.operation_id,
        operation_key=operation.operation_key,
        kind=order.kind,
        scene_index=order.scene_index,
        price=operation.price,
        free_units=operation.free_units,
        balance=postings.balance(),
        workflow_id=regenerate_workflow_id(order.video_id, order.operation_id) if made else "",
        state=operation.state,
    )


def _write(connection: Connection, operation_key: str, **values: Any) -> None:
    table = schema.operations
    connection.execute(update(table).where(table.c.operation_key == operation_key).values(**values))
