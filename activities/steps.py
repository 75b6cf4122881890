"""Shared by all steps: failures become `ApplicationError`s, and long work sends heartbeats."""

import contextvars
import fcntl
import functools
import inspect
import os
import shutil
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

from temporalio import activity
from temporalio.exceptions import ApplicationError, CancelledError

from activities.ports.stores import ObjectStore
from models import disk
from models.base import Model
from models.failures import (
    Cancelled,
    DiskFull,
    EchonosError,
    InvalidInput,
    JobFailed,
    NotStored,
    ProviderUnavailable,
    RateLimited,
    WorkerStopping,
)

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=Model)

MESSAGE_MAX_CHARS = 400
BEATS_PER_TIMEOUT = 4
SHORTEST_LOOK_S = 0.5
"""How often the thread of heartbeats looks for new steps; steps with shorter pauses wake it."""

DOCUMENT_BYTES_KEPT = 8_000_000
"""Of the documents in the store; in memory they take about ten times as much."""

_SCRATCH_PREFIX = "echonos-step-"
_SCRATCH_IS_FRESH_S = 10.0


def step(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a method, synchronous or not, as an activity of its own name, with failures translated.

    Our own failures become `ApplicationError`s with the failure's name as `type` and its own retryability; a withdrawn
    step becomes a cancellation. Any other exception is a defect and passes unchanged.
    """
    wrapper: Callable[P, R] = (
        _translated_async(function) if inspect.iscoroutinefunction(function) else _translated(function)
    )
    return activity.defn(name=function.__name__, no_thread_cancel_exception=True)(wrapper)


def _translated(function: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(function)
    def translated(*args: P.args, **kwargs: P.kwargs) -> R:
        with _translating(), _beating():
            return function(*args, **kwargs)

    return translated


def _translated_async(function: Callable[P, Any]) -> Callable[P, Any]:
    @functools.wraps(function)
    async def translated(*args: P.args, **kwargs: P.kwargs) -> Any:
        with _translating():
            return await cast(Awaitable[Any], function(*args, **kwargs))

    return translated


@contextmanager
def _translating() -> Iterator[None]:
    try:
        yield
    except Cancelled as error:
        raise CancelledError(error.message) from error
    except EchonosError as error:
        # What an engine makes of a full disk (broken media, an unusable song) is not the song's fault.
        full = disk.is_full_behind(error) or (isinstance(error, ProviderUnavailable) and disk.is_short())
        raise _application_error(DiskFull() if full else error) from error
    except OSError as error:
        if not disk.is_full_behind(error):
            raise
        raise _application_error(DiskFull()) from error
    except NotStored as error:
        sentence = f"A piece that an earlier step had stored is gone: {error}. Reset the run to an earlier stage."
        raise ApplicationError(sentence, type="PieceMissing", non_retryable=True) from error


@contextmanager
def _beating() -> Iterator[None]:
    """Heartbeat in the background if the step's policy sets a heartbeat time-out.

    Transfers and calls to a director cannot heartbeat by themselves; `start_to_close` still limits them.
    """
    limit = activity.info().heartbeat_timeout
    if limit is None:
        yield
        return
    with _beats.going(limit.total_seconds() / BEATS_PER_TIMEOUT):
        yield


class _Beats:
    """One thread heartbeats for all steps of this process: most of them end before their first beat is due."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: dict[object, tuple[float, float, contextvars.Context]] = {}
        self._beating: threading.Thread | None = None

    @contextmanager
    def going(self, every_s: float) -> Iterator[None]:
        """Heartbeat for the current step until the block ends."""
        step, context = object(), contextvars.copy_context()
        with self._changed:
            self._due[step] = (time.monotonic() + every_s, every_s, context)
            if self._beating is None:
                self._beating = threading.Thread(target=self._beat, name="heartbeats", daemon=True)
                self._beating.start()
            elif every_s < SHORTEST_LOOK_S:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                del self._due[step]

    def _beat(self) -> None:
        while True:
            with self._changed:
                now = time.monotonic()
                due = [step for step, (at, _, _) in self._due.items() if at <= now]
                for step in due:
                    _, every_s, context = self._due[step]
                    self._due[step] = (now + every_s, every_s, context)
                    # Inside the lock, so that no step beats after its end. The event loop of a step's worker may be
                    # closed, or too busy to take the heartbeat in time; the heartbeats of all other steps, and of all
                    # later ones, must go on.
                    with suppress(Exception):
                        context.run(activity.heartbeat)
                next_s = min((at for at, _, _ in self._due.values()), default=now + SHORTEST_LOOK_S) - now
                self._changed.wait(min(SHORTEST_LOOK_S, max(0.0, next_s)))


_beats = _Beats()


def _application_error(error: EchonosError) -> ApplicationError:
    delay_s = error.delay_s if isinstance(error, RateLimited | ProviderUnavailable) else None
    details: tuple[str, ...] = ()
    if isinstance(error, InvalidInput):
        details = (error.code,)
    elif isinstance(error, JobFailed):
        details = (str(error.remedy),)
    return ApplicationError(
        error.message[:MESSAGE_MAX_CHARS],
        *details,
        type=error.type,
        non_retryable=not error.retryable,
        next_retry_delay=timedelta(seconds=delay_s) if delay_s is not None else None,
    )


def pulse() -> None:
    """Heartbeat, and stop if the work was cancelled or the worker shuts down.

    Raises:
        Cancelled: The workflow cancelled the step.
        WorkerStopping: This worker shuts down; the step is retried on another.
    """
    activity.heartbeat()
    if activity.is_worker_shutdown():
        raise WorkerStopping("the worker is shutting down; another one will resume")
    if activity.is_cancelled():
        raise Cancelled("the step was withdrawn")


class _Home:
    """The folder of this process's temporary folders, there while any of them is; locked, see `sweep_scratch`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folder: Path | None = None
        self._mark = -1
        self._users = 0

    @contextmanager
    def open(self) -> Iterator[Path]:
        """The folder, until the block ends."""
        with self._lock:
            if self._folder is None:
                self._folder, self._mark = _locked_folder()
            self._users += 1
            folder = self._folder
        try:
            yield folder
        finally:
            with self._lock:
                self._users -= 1
                if not self._users:
                    self._folder = None
                    shutil.rmtree(folder, ignore_errors=True)
                    os.close(self._mark)


def _locked_folder() -> tuple[Path, int]:
    folder = Path(tempfile.mkdtemp(prefix=_SCRATCH_PREFIX))
    with ExitStack() as undoing:
        undoing.callback(folder.rmdir)
        mark = os.open(folder, os.O_RDONLY)
        undoing.callback(os.close, mark)
        # The kernel releases the lock however this process ends.
        fcntl.flock(mark, fcntl.LOCK_EX)
        undoing.pop_all()
    return folder, mark


_home = _Home()


@contextmanager
def scratch(*, checked: bool = True) -> Iterator[Path]:
    """A temporary folder for one attempt, always removed afterwards.

    Args:
        checked: Whether there must be room: a worker starts without, and its steps wait.

    Raises:
        DiskFull: There is no room for it.
    """
    if checked:
        disk.check()
    with _home.open() as home:
        folder = Path(tempfile.mkdtemp(dir=home))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sweep_scratch() -> None:
    """Remove the folders of killed workers on this machine; those of live workers are locked."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_SCRATCH_PREFIX}*"):
        try:
            if time.time() - folder.stat().st_mtime < _SCRATCH_IS_FRESH_S:
                continue  # created but not locked yet
            mark = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue  # removed meanwhile, or another user's
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(mark)


class _Documents:
    """The most recently used documents, by store. Keys are derived from inputs, so a key's content never changes."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._stores: WeakKeyDictionary[ObjectStore, _Shelf] = WeakKeyDictionary()

    def read(self, objects: ObjectStore, key: str, model: type[M]) -> M:
        with self._lock:
            shelf = self._stores.setdefault(objects, _Shelf())
            if (known := shelf.documents.get((key, model))) is not None:
                shelf.documents.move_to_end((key, model))
                return cast(M, known[0])
        data = objects.get_bytes(key)
        document = model.from_bytes(data)
        self.keep(objects, key, document, len(data))
        return document

    def keep(self, objects: ObjectStore, key: str, document: Model, size_bytes: int) -> None:
        with self._lock:
            self._stores.setdefault(objects, _Shelf()).keep((key, type(document)), document, size_bytes)
            shelf = self._stores[objects]
            while shelf.size_bytes > self._most_bytes:
                shelf.size_bytes -= shelf.documents.popitem(last=False)[1][1]


class _Shelf:
    """The documents of one store, least recently used first, with their sizes."""

    def __init__(self) -> None:
        self.documents: OrderedDict[tuple[str, type[Model]], tuple[Model, int]] = OrderedDict()
        self.size_bytes = 0

    def keep(self, name: tuple[str, type[Model]], document: Model, size_bytes: int) -> None:
        self.size_bytes += size_bytes - self.documents.pop(name, (document, 0))[1]
        self.documents[name] = document, size_bytes


_documents = _Documents(DOCUMENT_BYTES_KEPT)


def load(objects: ObjectStore, key: str, model: type[M]) -> M:
    """Read a stored document. All steps of a scene read the same few, so they are cached in memory."""
    return _documents.read(objects, key, model)


def save(objects: ObjectStore, key: str, document: Model) -> str:
    """Store a document and return its key. Raises `DiskFull`: there is no room for it."""
    disk.check()
    data = document.to_bytes()
    objects.put_bytes(key, data, "application/json")
    # The next step mostly reads it, and as a reader gets it: what was never validated may differ from its JSON.
    _documents.keep(objects, key, type(document).from_bytes(data), len(data))
    return key
