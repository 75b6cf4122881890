"""What every step shares: failures become `ApplicationError`s here, and long work gets its pulse here."""

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
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

from temporalio import activity
from temporalio.exceptions import ApplicationError, CancelledError

from activities.ports import ObjectStore
from models.base import Model
from models.failures import (
    Cancelled,
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
DOCUMENTS_KEPT = 64
_SCRATCH_PREFIX = "echonos-step-"
_SCRATCH_IS_FRESH_S = 10.0


def step(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a method, synchronous or not, as an activity of its own name, with failures translated.

    Failures of the house become `ApplicationError`s whose `type` is the failure's name and whose retryability is the
    failure's own; a withdrawn step becomes a cancellation. Anything else is a defect and stays as it is.
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
        raise _application_error(error) from error
    except NotStored as error:
        sentence = f"A piece that an earlier step had stored is gone: {error}. Reset the run to an earlier stage."
        raise ApplicationError(sentence, type="PieceMissing", non_retryable=True) from error


@contextmanager
def _beating() -> Iterator[None]:
    """Heartbeat in the background where the step's policy asks for it.

    Transfers and a director's thinking do not pulse by themselves; `start_to_close` still bounds them.
    """
    limit = activity.info().heartbeat_timeout
    if limit is None:
        yield
        return
    done = threading.Event()

    def beat() -> None:
        while not done.wait(limit.total_seconds() / BEATS_PER_TIMEOUT):
            activity.heartbeat()

    thread = threading.Thread(target=contextvars.copy_context().run, args=(beat,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


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
    """Heartbeat, and stop when the work is no longer wanted or the worker goes away.

    Raises:
        Cancelled: The workflow has withdrawn the step.
        WorkerStopping: This worker shuts down; the step is retried on another.
    """
    activity.heartbeat()
    if activity.is_worker_shutdown():
        raise WorkerStopping("the worker is shutting down; another one will resume")
    if activity.is_cancelled():
        raise Cancelled("the step was withdrawn")


@contextmanager
def scratch() -> Iterator[Path]:
    """A temporary folder for one attempt; gone afterwards, whatever happened."""
    with tempfile.TemporaryDirectory(prefix=_SCRATCH_PREFIX) as folder:
        # The kernel lets go of the lock when this process ends, however that happens: see `sweep_scratch`.
        mark = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(mark, fcntl.LOCK_EX)
            yield Path(folder)
        finally:
            os.close(mark)


def sweep_scratch() -> None:
    """Remove what killed workers of this machine left behind; the folders of those that live are locked."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_SCRATCH_PREFIX}*"):
        try:
            if time.time() - folder.stat().st_mtime < _SCRATCH_IS_FRESH_S:
                continue  # between its making and its locking
            mark = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue  # gone meanwhile, or somebody else's
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except BlockingIOError:
            continue
        finally:
            os.close(mark)


class _Documents:
    """The documents that were read last, by store. Keys are made of inputs, so what lies under one never changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stores: WeakKeyDictionary[ObjectStore, OrderedDict[tuple[str, type[Model]], Model]] = WeakKeyDictionary()

    def read(self, objects: ObjectStore, key: str, model: type[M]) -> M:
        with self._lock:
            known = self._stores.setdefault(objects, OrderedDict())
            if (key, model) in known:
                known.move_to_end((key, model))
                return cast(M, known[key, model])
        document = model.from_bytes(objects.get_bytes(key))
        with self._lock:
            known[key, model] = document
            while len(known) > DOCUMENTS_KEPT:
                known.popitem(last=False)
        return document


_documents = _Documents()


def load(objects: ObjectStore, key: str, model: type[M]) -> M:
    """Read a stored document. Each scene's steps read the same few: they are kept in memory for a while."""
    return _documents.read(objects, key, model)


def save(objects: ObjectStore, key: str, document: Model) -> str:
    """Store a document and return its key."""
    objects.put_bytes(key, document.to_bytes(), "application/json")
    return key
