"""Studio's operations: accepted with their hold, and ended with a version or a refund, each in one transaction.

An operation's row is the truth about it: a run that was reset, continued as new or reopened looks here for what is
still to be done, and a repeated order finds its first answer. `deliver` and `give_up` are mirrors, as delivery and
settlement are for a draft: whichever comes first decides.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from models.credits import HoldRequest, HoldState, Quote, SettleRequest
from models.failures import InvalidInput, NotStored, VersionMoved
from models.progress import FailureNote
from models.routing import generate_operation_key, regenerate_workflow_id, studio_operation_key
from models.studio import (
    DRAFT_TAKE,
    SceneTake,
    StudioKind,
    StudioOperation,
    StudioOrder,
    StudioState,
    Ticket,
)
from models.timeline import FREE_RETRY, Timeline
from stores import schema
from stores.books import Books
from stores.database import Database, utc_now
from stores.holds import end_hold, find_hold, place_hold, quote_for
from stores.versions import insert_version, lock_account, read_timeline

_ROW = schema.operations.c
_OPEN = (StudioState.ACCEPTED.value, StudioState.MADE.value)
_FREE_BECAUSE = "this scene had to be filled in, so its next regeneration is free"
_REFUNDED = FailureNote(type="Refunded", sentence="It could not be finished; its credits are back.")


class Operations:
    """The Studio operations of all accounts.

    Args:
        database: Migrated, and the ledger's and the Vault's.
        clock: Tells the moment, aware; tests bring their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def quote(self, order: StudioOrder) -> Quote | None:
        """What an operation would cost now.

        Args:
            order: The operation.

        Returns:
            Its price and the balance before and after; None where it never costs anything.

        Raises:
            InvalidInput: The operation cannot be done; the sentence says why.
        """
        charged_as = order.kind.charged_as
        with self._database.read() as connection:
            _, free = _checked(connection, order)
            books = Books.look(connection, order.account_id, self._clock())
            if charged_as is None:
                return None
            return quote_for(books, charged_as, _FREE_BECAUSE if free else "")

    def accept(self, order: StudioOrder) -> Ticket:
        """Reserve the price of an operation and write it down; doing it again gives the first answer.

        Args:
            order: The operation.

        Returns:
            Its ticket, with the state that the operation has by now.

        Raises:
            InvalidInput: No such video, scene, take or version; the scene is busy; the price is not the one that was
                quoted; or the id is another operation's.
            InsufficientCredits: The balance is below the price.
        """
        key = studio_operation_key(order.video_id, order.operation_id)
        with self._database.write() as connection:
            books = Books.open(connection, order.account_id, self._clock())
            known = _find(connection, order.account_id, key)
            if known is not None:
                if known.order != order:
                    raise InvalidInput("This operation id belongs to another operation.", code="operation_id")
                return _ticket(known, books)
            timeline, free = _checked(connection, order)
            _refuse_if_busy(connection, order)
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
                receipt = place_hold(books, request)
                price, free_units = receipt.amount, receipt.free_units
            row = {
                "operation_key": key,
                "account_id": order.account_id,
                "video_id": order.video_id,
                "scene_index": order.scene_index,
                "order": order.model_dump_json(),
                "state": StudioState.ACCEPTED.value,
                "base_version": timeline.version,
                "price": price,
                "free_units": free_units,
                "free_retry": free,
                "accepted_at": books.now,
            }
            connection.execute(insert(schema.operations), row)
            operation = _find(connection, order.account_id, key)
            assert operation is not None
            return _ticket(operation, books)

    def operation(self, account_id: str, video_id: str, operation_id: str) -> StudioOperation:
        """An operation of the account.

        Args:
            account_id: Whose.
            video_id: Of which video.
            operation_id: Which.

        Returns:
            The operation as it stands now.

        Raises:
            NotStored: The account has no such operation.
        """
        with self._database.read() as connection:
            found = _find(connection, account_id, studio_operation_key(video_id, operation_id))
        if found is None:
            raise NotStored(operation_id)
        return found

    def of_video(self, account_id: str, video_id: str) -> list[StudioOperation]:
        """All operations on a video, in the order in which they were accepted.

        Args:
            account_id: Whose.
            video_id: Which.

        Returns:
            Its operations, failed ones too.
        """
        with self._database.read() as connection:
            query = _query(account_id).where(_ROW.video_id == video_id)
            rows = connection.execute(query.order_by(_ROW.accepted_at, _ROW.operation_key)).all()
        return [_operation(row) for row in rows]

    def takes(self, account_id: str, video_id: str) -> list[SceneTake]:
        """The takes of all scenes: the draft's first, then each one that was made since.

        Args:
            account_id: Whose.
            video_id: Which.

        Returns:
            The takes; empty where there is no such video.
        """
        with self._database.read() as connection:
            draft = read_timeline(connection, account_id, video_id, 1)
        made = [o.take for o in self.of_video(account_id, video_id) if o.take and o.state is StudioState.DELIVERED]
        return [SceneTake.of(scene) for scene in (draft.scenes if draft else ())] + made

    def spent_retries(self, account_id: str, video_id: str) -> frozenset[int]:
        """The scenes whose free retry has been used.

        Args:
            account_id: Whose.
            video_id: Which.

        Returns:
            Scene indices.
        """
        with self._database.read() as connection:
            query = select(_ROW.scene_index).where(_ROW.account_id == account_id, _ROW.video_id == video_id)
            return frozenset(connection.scalars(query.where(*_FREE_RETRY_USED)))

    def generation_cost(self, account_id: str, video_id: str) -> int:
        """What the video's generation was charged.

        Args:
            account_id: Whose.
            video_id: Which.

        Returns:
            Credits.
        """
        with self._database.read() as connection:
            hold = find_hold(connection, account_id, generate_operation_key(video_id))
        return hold.credits if hold else 0

    def record_take(self, account_id: str, operation_key: str, take: SceneTake) -> StudioOperation:
        """Remember what an operation made; only an operation that is still wanted takes it.

        Args:
            account_id: Whose.
            operation_key: Which.
            take: The finished take.

        Returns:
            The operation as it stands now.

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
            account_id: Whose.
            operation_key: Which; doing it again changes nothing.
            timeline: The version, one above the newest.

        Returns:
            The operation's version; None when the operation had been given up.

        Raises:
            NotStored: The account has no such operation.
            VersionMoved: The number is not the next one any more.
        """
        with self._database.write() as connection:
            lock_account(connection, account_id)
            operation = _known(connection, account_id, operation_key)
            if not operation.is_open:
                return operation.version
            newest = read_timeline(connection, account_id, timeline.video_id)
            if newest is None or timeline.version != newest.version + 1:
                raise VersionMoved(f"Version {timeline.version} is not the next one any more.")
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
        """End an operation without a version and give its credits back; a delivered one stays so, and is charged.

        Args:
            account_id: Whose.
            operation_key: Which.
            note: Why.

        Returns:
            The operation as it stands now.

        Raises:
            NotStored: The account has no such operation.
        """
        with self._database.write() as connection:
            books = Books.open(connection, account_id, self._clock())
            operation = _known(connection, account_id, operation_key)
            settle = SettleRequest(account_id=account_id, operation_key=operation_key)
            if operation.state is StudioState.DELIVERED:
                end_hold(books, settle, None)
                return operation
            end_hold(books, settle.model_copy(update={"reason": note.sentence}), 0)
            if operation.is_open or operation.failure == _REFUNDED:
                values = {"state": StudioState.FAILED.value, "failure": note.model_dump_json(), "ended_at": books.now}
                _write(connection, operation_key, **values)
            return _known(connection, account_id, operation_key)


# Only what was delivered has used it: what is under way may yet come to nothing, also where no run ends its row.
_FREE_RETRY_USED = (_ROW.free_retry.is_(True), _ROW.state == StudioState.DELIVERED.value)


def _checked(connection: Connection, order: StudioOrder) -> tuple[Timeline, bool]:
    """The newest version, and whether the operation is a scene's free retry."""
    timeline = read_timeline(connection, order.account_id, order.video_id)
    if timeline is None:
        raise InvalidInput(f"There is no finished video {order.video_id} in the Vault.", code="no_video")
    if order.kind is StudioKind.RESTORE:
        if not 1 <= (order.version or 0) <= timeline.version:
            raise InvalidInput(f"There is no version {order.version}; the newest is {timeline.version}.", "no_version")
        return timeline, False
    index, count = order.scene_index, len(timeline.scenes)
    if index is None or not 0 <= index < count:
        number = "that" if index is None else index + 1
        raise InvalidInput(f"There is no scene {number}; the video has {count} scenes.", code="no_scene")
    if order.kind is StudioKind.CHOOSE:
        _refuse_unknown_take(connection, order)
        return timeline, False
    used = select(func.count()).select_from(schema.operations).where(_ROW.video_id == order.video_id)
    spent = connection.scalar(used.where(_ROW.scene_index == index, *_FREE_RETRY_USED))
    return timeline, FREE_RETRY in timeline.scenes[index].marks and not spent


def _refuse_unknown_take(connection: Connection, order: StudioOrder) -> None:
    if order.take_id == DRAFT_TAKE:
        return
    made = _find(connection, order.account_id, studio_operation_key(order.video_id, order.take_id))
    paid = made is not None and made.state is StudioState.DELIVERED
    if made is None or not paid or made.take is None or made.take.scene_index != order.scene_index:
        raise InvalidInput(
            f"Scene {(order.scene_index or 0) + 1} has no take {order.take_id!r}; `timeline` lists them.", "no_take"
        )


def _refuse_if_busy(connection: Connection, order: StudioOrder) -> None:
    if order.scene_index is None:
        return
    query = _query(order.account_id).where(_ROW.video_id == order.video_id, _ROW.scene_index == order.scene_index)
    if any(_operation(row).is_open for row in connection.execute(query.where(_ROW.state.in_(_OPEN)))):
        raise InvalidInput(
            f"Scene {order.scene_index + 1} is being worked on; wait for its new version.", code="scene_busy"
        )


def _query(account_id: str) -> Any:
    """Rows with the state of their hold, because the reconciler knows holds only."""
    hold = schema.holds
    joined = schema.operations.outerjoin(hold, hold.c.operation_key == _ROW.operation_key)
    columns = select(schema.operations, hold.c.state.label("hold_state"))
    return columns.select_from(joined).where(_ROW.account_id == account_id)


def _find(connection: Connection, account_id: str, operation_key: str) -> StudioOperation | None:
    row = connection.execute(_query(account_id).where(_ROW.operation_key == operation_key)).first()
    return None if row is None else _operation(row)


def _known(connection: Connection, account_id: str, operation_key: str) -> StudioOperation:
    found = _find(connection, account_id, operation_key)
    if found is None:
        raise NotStored(operation_key)
    return found


def _operation(row: Row[Any]) -> StudioOperation:
    state, failure = StudioState(row.state), row.failure and FailureNote.model_validate_json(row.failure)
    if row.state in _OPEN and row.hold_state == HoldState.RELEASED.value:
        # Its run was gone, and the reconciler gave the credits back: nothing will come of it any more.
        state, failure = StudioState.FAILED, _REFUNDED
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


def _ticket(operation: StudioOperation, books: Books) -> Ticket:
    order = operation.order
    made = order.kind.charged_as is not None
    return Ticket(
        operation_id=order.operation_id,
        operation_key=operation.operation_key,
        kind=order.kind,
        scene_index=order.scene_index,
        price=operation.price,
        free_units=operation.free_units,
        balance=books.balance(),
        workflow_id=regenerate_workflow_id(order.video_id, order.operation_id) if made else "",
        state=operation.state,
    )


def _write(connection: Connection, operation_key: str, **values: Any) -> None:
    table = schema.operations
    connection.execute(update(table).where(table.c.operation_key == operation_key).values(**values))
