"""The database behind ledger and vault: SQLite by default, PostgreSQL by URL, the same code for both."""

import re
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any, NoReturn, TypeVar, cast
from urllib.parse import parse_qsl

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import DataError, DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.pool import ConnectionPoolEntry

from models.disk import is_full_behind
from models.failures import DiskFull, InvalidInput, ProviderUnavailable

R = TypeVar("R")

BUSY_TIMEOUT_S = 30.0
"""How long a writer waits for the previous one: for the file on SQLite, for a row on PostgreSQL."""

_WAL_RETRY_S = 0.02

_SYNCHRONOUS = "synchronous=FULL"
"""A commit is on the disk before SQLite says so."""

CONNECT_TIMEOUT_S = 10

TRUSTED_IDLE_S = 2.0
"""A connection unused for longer is tested before use."""

_SQLITE = "sqlite:///"
_OPTIONS = re.compile(r"\?(\w+=[^/?]*)$")
"""SQLAlchemy's own options at the end of a URL, as in `?timeout=5`."""

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
        # A reader sees one moment, over all its statements; SQLite's WAL does that by itself.
        snapshot = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        self._reader = engine.execution_options(**snapshot)
        self._writer = engine.execution_options(immediate=True)
        self._shared = _SharedCommits(self) if engine.dialect.name == "sqlite" else None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read-only transaction that sees one moment.

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
        """A small transaction like `write`, which may share its commit with others.

        SQLite's writers take turns and each waits for the disk, so concurrent ones share one commit. PostgreSQL does
        that by itself.

        Args:
            work: The body of the transaction. If the work of another one raises, it runs again, alone; so it must touch
                nothing but the connection.

        Returns:
            The result of `work`, once it is committed.

        Raises:
            ProviderUnavailable: The database is away or too busy; try again.
        """
        if self._shared is not None:
            return self._shared.write(work)
        with self.write() as connection:
            return work(connection)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


class _Pending:
    """Work that waits for its commit, and its result."""

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self.work = work
        self.outcome: Callable[[], Any] | None = None


class _SharedCommits:
    """The thread that gets the turn does the work of all waiting threads."""

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


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for any other one."""
    parsed = _parsed(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _parsed(url: str) -> URL:
    """A database's URL. SQLite's path is taken as it is: a folder's name may have a ? in it."""
    if not url.startswith(_SQLITE):
        return make_url(url)
    path = url.removeprefix(_SQLITE)
    options = _OPTIONS.search(path)
    query = parse_qsl(options[1]) if options is not None else []
    return URL.create("sqlite", database=_OPTIONS.sub("", path) or None, query=dict(query))


def open_database(url: str) -> Database:
    """Open a database; nothing is created or changed, see `migrate`.

    Args:
        url: `sqlite:///path` or `postgresql://user:password@host/name`.

    Returns:
        The database.
    """
    parsed = _parsed(url)
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
    """Bring the schema up to date; concurrent processes wait for the first and find nothing left to do.

    Args:
        url: As for `open_database`. A SQLite file and its folder are created.

    Raises:
        ProviderUnavailable: The database is away or too busy; try again.
    """
    file = sqlite_file(url)
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ProviderUnavailable(f"the database's folder cannot be made: {error.strerror}") from error
    database = open_database(url)
    try:
        if _is_newest(database):
            return
        # Alembic keeps the running migration in module state, so threads take turns before processes do.
        # One transaction for all steps: both databases roll back DDL, so a kill leaves no half-made schema.
        with _MIGRATING, database.write() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATION_LOCK})
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        database.close()


def _is_newest(database: Database) -> bool:
    """A look at the version costs a tenth of running Alembic, which reads each step's file to find nothing to do."""
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return False
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [_newest()]


@cache
def _newest() -> str | None:
    return ScriptDirectory.from_config(_alembic()).get_current_head()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))  # an INI file's escape
    return config


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        if is_full_behind(error):
            raise DiskFull from error
        raise ProviderUnavailable(f"the database does not answer: {_first_line(error)}") from error
    except DataError as error:
        # SQLite stores such text and never finds it again; PostgreSQL refuses it.
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
    """Detect a connection that the server closed, before it is used; testing every time would cost a tenth."""
    if monotonic() - record.info.get("idle_since", monotonic()) < TRUSTED_IDLE_S:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.OperationalError as error:
        raise DisconnectionError from error  # the pool opens another one


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN is deferred and comes late; `_begin_sqlite` sends ours.
    connection.isolation_level = None
    cursor = connection.cursor()
    _use_wal(cursor)
    for pragma in (_SYNCHRONOUS, "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """SQLite does not wait when several processes switch a new file to WAL at once: 5 of 240 failed as locked."""
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


def revision_of(url: str) -> str:
    """Kind and schema revision of a database, in a sentence; nothing is migrated.

    Raises:
        ProviderUnavailable: The database is away.
        InvalidInput: This code cannot work with its schema.
    """
    file, steps = sqlite_file(url), ScriptDirectory.from_config(_alembic())
    newest, known = steps.get_current_head(), {step.revision for step in steps.walk_revisions()}
    empty = InvalidInput("The database is empty: each worker or page that starts migrates it.", code="not_migrated")
    if file is not None and not file.exists():
        raise empty
    database = open_database(url)
    try:
        with database.read() as connection:
            if not inspect(connection).has_table("alembic_version"):
                raise empty
            revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    finally:
        database.close()
    kind = database.engine.dialect.name
    if revision not in known:
        raise InvalidInput(
            f"{kind}, at revision {revision}, which this code does not know: newer code has migrated it. Run that "
            "code; its database may not work with this one.",
            code="newer_schema",
        )
    if revision != newest:
        return f"{kind}, at revision {revision}; the next worker or page that starts migrates it to {newest}."
    return f"{kind}, at revision {revision}, this code's newest."
