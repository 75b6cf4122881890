"""Storyboards: which revision is the newest, and what the orders of their artists came to.

A revision's document is in the object store; its row says that it counts. A new revision is stored only on top of the
newest one, so of two clients that edit the same revision one is refused. A still that is made anew is held for before
it is made, and captured in the transaction that shows it: `apply_repaint` and `end_repaint` mirror each other, the
first one decides. The reconciler ends the hold of a run that is gone; its row then reads as failed.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from models.boards import FREE_REPAINT, BoardKind, BoardStepState, StoredStep, moved, still_busy
from models.credits import Balance, HoldRequest, HoldState, Operation, Quote, SettleRequest
from models.failures import InvalidInput, NotStored, VersionMoved
from models.ids import short_digest, studio_operation_key
from models.paid_media import PieceKind, edition_in
from models.progress import FailureNote
from stores import schema
from stores.database import Database, utc_now
from stores.holds import end_hold, place_hold, quote_for
from stores.postings import AccountPostings
from stores.schema_access import board_steps
from stores.versions import lock_account

_ROW = board_steps.c
_GONE = FailureNote(type="Refunded", sentence="The still could not be made anew. Its credits are back.")


class Boards:
    """The storyboards of all accounts.

    Args:
        database: The migrated database that the ledger uses.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def head(self, account_id: str, video_id: str) -> StoredStep:
        """The row of the newest revision.

        Args:
            account_id: The owning account.
            video_id: The video.

        Returns:
            The row, with its revision and the key of its document.

        Raises:
            NotStored: The account has no such board.
        """
        with self._database.read() as connection:
            found = _head(connection, account_id, video_id)
        if found is None:
            raise NotStored(video_id)
        return found

    def find(self, account_id: str, video_id: str, operation_id: str, asked: str | None = None) -> StoredStep | None:
        """The row of an order; None if there is none.

        Args:
            account_id: The owning account.
            video_id: The video.
            operation_id: The order's id.
            asked: What is asked for; None: whatever it was.

        Returns:
            The row.

        Raises:
            InvalidInput: `operation_id`: something else was asked for under this id.
        """
        with self._database.read() as connection:
            return _find(connection, account_id, studio_operation_key(video_id, operation_id), asked)

    def steps(self, account_id: str, video_id: str) -> list[StoredStep]:
        """The rows of all revisions.

        Args:
            account_id: The owning account.
            video_id: The video.

        Returns:
            The rows, oldest first.
        """
        made = _rows(account_id).where(_ROW.video_id == video_id, _ROW.revision.is_not(None)).order_by(_ROW.revision)
        with self._database.read() as connection:
            return [_step(row) for row in connection.execute(made)]

    def painting(self, account_id: str, video_id: str) -> list[StoredStep]:
        """The repaints that are under way.

        Args:
            account_id: The owning account.
            video_id: The video.

        Returns:
            Their rows, oldest first.
        """
        with self._database.read() as connection:
            return _painting(connection, account_id, video_id)

    def quote(self, account_id: str, video_id: str, scene_ids: tuple[int, ...]) -> dict[int, Quote]:
        """What making stills anew costs now.

        Args:
            account_id: The owning account.
            video_id: The video.
            scene_ids: The scenes.

        Returns:
            A quote for each scene.
        """
        with self._database.read() as connection:
            postings = AccountPostings.look(connection, account_id, self._clock())
            used = _free_used(connection, account_id, video_id)
            return {
                one: quote_for(postings, Operation.REGENERATE_IMAGE, "" if one in used else FREE_REPAINT)
                for one in scene_ids
            }

    def repainted_micro_usd(self, video_id: str) -> int:
        """What stills that were made anew on a storyboard have cost at most, in millionths of a dollar.

        Args:
            video_id: The video.

        Returns:
            The prices of all jobs for them.
        """
        job = schema.provider_jobs.c
        mine = (job.video_id == video_id) & (job.kind == PieceKind.STILL.value)
        with self._database.read() as connection:
            orders = select(_ROW.operation_id).where(_ROW.video_id == video_id, _ROW.kind == BoardKind.REPAINT.value)
            ids = frozenset(connection.execute(orders).scalars())
            jobs = connection.execute(select(job.job_key, job.price_micro_usd).where(mine)).all() if ids else ()
        return sum(one.price_micro_usd for one in jobs if edition_in(one.job_key) in ids)

    def add(
        self,
        account_id: str,
        video_id: str,
        operation_id: str,
        kind: BoardKind,
        asked: str,
        revision: int,
        key: str,
        decided: frozenset[int] = frozenset(),
    ) -> StoredStep:
        """Make a revision the newest one; a repeated order gets its first answer.

        Args:
            account_id: The owning account.
            video_id: The video.
            operation_id: The order's id.
            kind: What made the revision.
            asked: What was asked for.
            revision: One above the newest.
            key: Where its document is stored.
            decided: Scenes, by id, of which no still may be in the making.

        Returns:
            The order's row.

        Raises:
            InvalidInput: `board_moved`: there is a newer revision; `scene_busy`: a still that this would pass over is
                being made; or the id is another order's.
        """
        operation_key = studio_operation_key(video_id, operation_id)
        with self._database.write() as connection:
            lock_account(connection, account_id)
            known = _find(connection, account_id, operation_key, asked)
            if known is not None:
                return known
            head = _head(connection, account_id, video_id)
            newest = -1 if head is None else head.revision or 0
            if revision != newest + 1:
                raise moved(newest)
            if any(one.scene_id in decided for one in _painting(connection, account_id, video_id)):
                raise still_busy()
            now = self._clock()
            row = _row(account_id, video_id, operation_id, kind, asked, now)
            applied = {"state": BoardStepState.APPLIED.value, "revision": revision, "board_key": key, "ended_at": now}
            connection.execute(insert(board_steps), row | applied)
            return _there(connection, account_id, operation_key)

    def accept_repaint(
        self,
        account_id: str,
        video_id: str,
        operation_id: str,
        asked: str,
        scene_id: int,
        revision: int,
        quoted: int | None,
    ) -> tuple[StoredStep, Balance]:
        """Hold the price of a still that is made anew, and record the order; a repetition gets the first answer.

        Args:
            account_id: The owning account.
            video_id: The video.
            operation_id: The order's id.
            asked: What was asked for.
            scene_id: The scene.
            revision: The newest revision that the artist saw.
            quoted: The price that was shown; None: none was.

        Returns:
            The order's row, and the balance afterwards.

        Raises:
            InvalidInput: `board_moved`, `scene_busy`, `price_changed`, or the id is another order's.
            InsufficientCredits: The balance is below the price.
        """
        key = studio_operation_key(video_id, operation_id)
        with self._database.write() as connection:
            postings = AccountPostings.open(connection, account_id, self._clock())
            known = _find(connection, account_id, key, asked)
            if known is not None:
                return known, postings.balance()
            head = _head(connection, account_id, video_id)
            if head is None or head.revision != revision:
                raise moved(-1 if head is None else head.revision or 0)
            if any(one.scene_id == scene_id for one in _painting(connection, account_id, video_id)):
                raise InvalidInput("This scene's still is being made anew already: wait for it.", code="scene_busy")
            free = scene_id not in _free_used(connection, account_id, video_id)
            request = HoldRequest(
                account_id=account_id,
                operation=Operation.REGENERATE_IMAGE,
                operation_key=key,
                free_because=FREE_REPAINT if free else "",
                quoted=quoted,
            )
            receipt = place_hold(postings, request)
            row = _row(account_id, video_id, operation_id, BoardKind.REPAINT, asked, postings.now)
            held = {"price": receipt.amount, "free_units": receipt.free_units, "free": free, "scene_id": scene_id}
            connection.execute(insert(board_steps), row | held)
            return _there(connection, account_id, key), postings.balance()

    def apply_repaint(
        self, account_id: str, video_id: str, operation_id: str, revision: int, board_key: str
    ) -> StoredStep:
        """Make the revision with a new still the newest one, and capture its price, if the order still stands.

        Args:
            account_id: The owning account.
            video_id: The video.
            operation_id: The repaint's id.
            revision: One above the newest.
            board_key: Where its document is stored.

        Returns:
            The order's row: `applied`, or `failed` where it was given up before.

        Raises:
            NotStored: There is no such order.
            VersionMoved: There is a newer revision: build on that one.
        """
        key = studio_operation_key(video_id, operation_id)
        with self._database.write() as connection:
            postings = AccountPostings.open(connection, account_id, self._clock())
            step = _there(connection, account_id, key)
            if step.state is not BoardStepState.ACCEPTED:
                return step
            head = _head(connection, account_id, video_id)
            if head is None or revision != (head.revision or 0) + 1:
                raise VersionMoved("The storyboard has a newer revision.")
            end_hold(postings, SettleRequest(account_id=account_id, operation_key=key), None)
            values = {
                "state": BoardStepState.APPLIED.value,
                "revision": revision,
                "board_key": board_key,
                "ended_at": postings.now,
            }
            connection.execute(update(board_steps).where(_ROW.operation_key == key).values(**values))
            return _there(connection, account_id, key)

    def end_repaint(self, account_id: str, video_id: str, operation_id: str, note: FailureNote) -> StoredStep:
        """Give up a repaint and release its credits; one whose still is shown stays, and is charged.

        Args:
            account_id: The owning account.
            video_id: The video.
            operation_id: The repaint's id.
            note: The reason.

        Returns:
            The order's row.

        Raises:
            NotStored: There is no such order.
        """
        key = studio_operation_key(video_id, operation_id)
        with self._database.write() as connection:
            postings = AccountPostings.open(connection, account_id, self._clock())
            step = _there(connection, account_id, key)
            if step.state is BoardStepState.APPLIED:
                return step
            release = SettleRequest(account_id=account_id, operation_key=key, reason=note.sentence)
            end_hold(postings, release, 0)
            if step.state is BoardStepState.ACCEPTED or step.failure == _GONE:
                values = {
                    "state": BoardStepState.FAILED.value,
                    "failure": note.model_dump_json(),
                    "ended_at": postings.now,
                }
                connection.execute(update(board_steps).where(_ROW.operation_key == key).values(**values))
            return _there(connection, account_id, key)


def _rows(account_id: str) -> Any:
    """Rows with the state of their hold, because the reconciler ends holds only."""
    hold = schema.holds
    joined = board_steps.outerjoin(hold, hold.c.operation_key == _ROW.operation_key)
    columns = select(board_steps, hold.c.state.label("hold_state"))
    return columns.select_from(joined).where(_ROW.account_id == account_id)


def _head(connection: Connection, account_id: str, video_id: str) -> StoredStep | None:
    newest = select(func.max(_ROW.revision)).where(_ROW.video_id == video_id).scalar_subquery()
    row = connection.execute(_rows(account_id).where(_ROW.video_id == video_id, _ROW.revision == newest)).first()
    return None if row is None else _step(row)


def _find(connection: Connection, account_id: str, operation_key: str, asked: str | None) -> StoredStep | None:
    row = connection.execute(_rows(account_id).where(_ROW.operation_key == operation_key)).first()
    if row is None:
        return None
    if asked is not None and row.asked != short_digest(asked):
        raise InvalidInput("This operation id belongs to another operation.", code="operation_id")
    return _step(row)


def _there(connection: Connection, account_id: str, operation_key: str) -> StoredStep:
    found = _find(connection, account_id, operation_key, None)
    if found is None:
        raise NotStored(operation_key)
    return found


def _painting(connection: Connection, account_id: str, video_id: str) -> list[StoredStep]:
    query = _rows(account_id).where(_ROW.video_id == video_id, _ROW.state == BoardStepState.ACCEPTED.value)
    steps = map(_step, connection.execute(query.order_by(_ROW.accepted_at, _ROW.operation_key)))
    return [one for one in steps if one.state is BoardStepState.ACCEPTED]


def _free_used(connection: Connection, account_id: str, video_id: str) -> frozenset[int]:
    """The scenes whose free repaint was used, or is being used: one that failed has used nothing."""
    query = _rows(account_id).where(_ROW.video_id == video_id, _ROW.free.is_(True))
    steps = map(_step, connection.execute(query))
    return frozenset(one.scene_id for one in steps if one.scene_id is not None and one.state != BoardStepState.FAILED)


def _row(
    account_id: str, video_id: str, operation_id: str, kind: BoardKind, asked: str, now: datetime
) -> dict[str, object]:
    return {
        "operation_key": studio_operation_key(video_id, operation_id),
        "account_id": account_id,
        "video_id": video_id,
        "operation_id": operation_id,
        "kind": kind.value,
        "asked": short_digest(asked),
        "state": BoardStepState.ACCEPTED.value,
        "board_key": "",
        "price": 0,
        "free_units": 0,
        "free": False,
        "accepted_at": now,
    }


def _step(row: Row[Any]) -> StoredStep:
    state, failure = BoardStepState(row.state), row.failure and FailureNote.model_validate_json(row.failure)
    if state is BoardStepState.ACCEPTED and row.hold_state == HoldState.RELEASED.value:
        state, failure = BoardStepState.FAILED, _GONE
    return StoredStep(
        operation_key=row.operation_key,
        operation_id=row.operation_id,
        kind=BoardKind(row.kind),
        state=state,
        scene_id=row.scene_id,
        revision=row.revision,
        board_key=row.board_key,
        price=row.price,
        free_units=row.free_units,
        free=row.free,
        failure=failure or None,
    )
