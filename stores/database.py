"""The database behind ledger and vault: SQLite by default, PostgreSQL by URL, the same code for both."""

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any, NoReturn, TypeVar, cast

import psycopg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DataError, DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from models.failures import InvalidInput, ProviderUnavailable

R = TypeVar("R")

BUSY_TIMEOUT_S = 30.0
"""How long a writer waits for the one before it: for the file on SQLite, for a row on PostgreSQL."""

_WAL_RETRY_S = 0.02

CONNECT_TIMEOUT_S = 10

TRUSTED_IDLE_S = 2.0
"""A connection unused for longer is asked whether it still works."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 0x45_43_48_4F
"""PostgreSQL's advisory lock number for migrations; any number that only we use."""

_MIGRATING = Lock()


def utc_now() -> datetime:
    """The wall clock, aware."""
    return datetime.now(UTC)


class Database:
    """Transactions for reading and for writing, with foreign failures translated.

    Args:
        engine: An engine from `open_database`.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # A reader sees one moment, however many statements it needs; SQLite's WAL does that by itself.
        snapshot = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        self._reader = engine.execution_options(**snapshot)
        self._writer = engine.execution_options(immediate=True)
        self._shared = _SharedCommits(self) if engine.dialect.name == "sqlite" else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads, all of it from one moment.

        Yields:
            The connection.

        Raises:
            ProviderUnavailable: The database is away or too busy; try again.
        """
        with _translated(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end, undone when the block raises.

        On SQLite it takes the write lock at once (BEGIN IMMEDIATE), so that a check and the insert that rests on it
        cannot be separated. On PostgreSQL the caller locks the account's row.

        Yields:
            The connection.

        Raises:
            ProviderUnavailable: The database is away or too busy; try again.
        """
        with _translated(), self._writer.begin() as connection:
            yield connection

    def write_together(self, work: Callable[[Connection], R]) -> R:
        """A small transaction like `write`, one of many that come at the same moment.

        SQLite's writers take turns and each waits for the disk, so those that meet share one commit. PostgreSQL does
        that by itself.

        Args:
            work: What to do in the transaction. It is done anew, alone, when another one's work has raised; so it
                touches nothing but the connection.

        Returns:
            What `work` returned, once it is committed.

        Raises:
            ProviderUnavailable: The database is away or too busy; try again.
        """
        if self._shared is not None:
            return self._shared.write(work)
        with self.write() as connection:
            return work(connection)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


class _Pending:
    """A piece of work that waits for its commit, and what became of it."""

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self.work = work
        self.outcome: Callable[[], Any] | None = None


class _SharedCommits:
    """Whoever gets the turn does the work of all who wait."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = Lock()
        self._waiting: deque[_Pending] = deque()

    def write(self, work: Callable[[Connection], R]) -> R:
        mine = _Pending(work)
        self._waiting.append(mine)
        with self._turn:
            if mine.outcome is None:
                self._do([self._waiting.popleft() for _ in range(len(self._waiting))])
        assert mine.outcome is not None
        return cast(R, mine.outcome())

    def _do(self, all_pending: list[_Pending]) -> None:
        try:
            with self._database.write() as connection:
                done = [pending.work(connection) for pending in all_pending]
        except Exception as error:
            unavailable = isinstance(error, ProviderUnavailable)
            for pending in all_pending:
                pending.outcome = partial(_raise, error) if unavailable else self._alone(pending)
        else:
            for pending, result in zip(all_pending, done, strict=True):
                pending.outcome = partial(_same, result)

    def _alone(self, pending: _Pending) -> Callable[[], Any]:
        try:
            with self._database.write() as connection:
                return partial(_same, pending.work(connection))
        except Exception as error:
            return partial(_raise, error)


def _same(result: R) -> R:
    return result


def _raise(error: Exception) -> NoReturn:
    raise error


def open_database(url: str) -> Database:
    """Open a database; nothing is created or changed, see `migrate`.

    Args:
        url: `sqlite:///path` or `postgresql://user:password@host/name`.

    Returns:
        The database.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_S}, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return Database(engine)
    parsed = parsed.set(drivername="postgresql+psycopg")
    limits = {"connect_timeout": CONNECT_TIMEOUT_S, "options": f"-c lock_timeout={round(BUSY_TIMEOUT_S * 1000)}"}
    engine = create_engine(parsed, connect_args=limits, hide_parameters=True)
    event.listen(engine, "checkin", _note_idle_since)
    event.listen(engine, "checkout", _replace_if_closed)
    return Database(engine)


def migrate(url: str) -> None:
    """Bring the schema up to date; processes that start at once wait for the first and find nothing left to do.

    Args:
        url: As for `open_database`. A SQLite file and its folder are created.

    Raises:
        ProviderUnavailable: The database is away or too busy; try again.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        try:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ProviderUnavailable(f"the database's folder cannot be made: {error.strerror}") from error
    database = open_database(url)
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    try:
        # Alembic keeps the running migration in module state, so threads take turns before processes do.
        # One transaction for all steps: both databases can undo DDL, so a killed process leaves no half-made schema.
        with _MIGRATING, database.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATION_LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        database.close()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise ProviderUnavailable(f"the database does not answer: {_first_line(error)}") from error
    except DataError as error:
        # SQLite keeps such text, and finds nothing under it; PostgreSQL takes it in no statement.
        if "NUL" not in str(error.orig):
            raise
        raise InvalidInput("There is a NUL character in what was asked for.", code="nul") from error
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        raise ProviderUnavailable(f"the database closed the connection: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:300]


def _note_idle_since(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["idle_since"] = monotonic()


def _replace_if_closed(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
    """Notice a connection that the server closed before its user does; asking every time would cost a tenth."""
    if monotonic() - record.info.get("idle_since", monotonic()) < TRUSTED_IDLE_S:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.OperationalError as error:
        raise DisconnectionError from error  # the pool opens another one


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN is deferred and comes late; ours is sent by `_begin_sqlite`.
    connection.isolation_level = None
    cursor = connection.cursor()
    _use_wal(cursor)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """SQLite does not wait where several processes switch a new file over at once: 5 of 240 were told it is locked."""
    deadline = monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if monotonic() > deadline:
                raise
            sleep(_WAL_RETRY_S)


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
