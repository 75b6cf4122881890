"""What costs time on purpose in production, or once a process, made cheap in the tests' own processes.

Real stacks, which run in processes of their own, hash, wait and start as in production.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Dialect, Engine, create_engine
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker

import settings
from activities import steps, waiting
from models.local_stack import StackDescription
from services import readiness
from settings import read_description
from stores import database, objects, profiles
from stores.s3_client import s3_client
from temporal import workers
from temporal.sandbox import ContextFreeRunner

HEARTBEAT_S, BEAT_S = 30.0, 0.5
"""A step's time-out, which no busy machine exceeds, and the pause between heartbeats, which bring cancellations."""

_statements: dict[Any, Any] = {}
_loaded: set[str] = set()
_prepare = ContextFreeRunner.prepare_workflow


@contextmanager
def cheap_safety() -> Iterator[None]:
    """While the block lasts, what each test would pay again is paid once a process, and safety is cheap.

    A password takes 0.1 ms to hash instead of 50, and no commit waits for the disk. A database of a test's own finds
    its SQL compiled, an object store its client made, a process its stack
    described, and a worker its workflows loaded: all are the same in each test.
    """
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(profiles, "_HASHER", hasher)
        patch.setattr(profiles, "_NOBODY", hasher.hash("no account has this password"))
        patch.setattr(database, "_SYNCHRONOUS", "synchronous=OFF")
        patch.setattr(database, "create_engine", _engine_with_shared_statements)
        patch.setattr(objects, "s3_client", cache(s3_client))
        patch.setattr(settings, "read_description", _read_once)
        patch.setattr(ContextFreeRunner, "prepare_workflow", _prepare_once)
        # A run that no worker serves would be left to the next test's, which counts what its own engines paint.
        patch.setattr(readiness, "start_style_pictures", _no_style_pictures)
        for module in (steps, waiting):
            patch.setattr(module, "BEATS_PER_TIMEOUT", HEARTBEAT_S / BEAT_S)
        # The SDK passes a heartbeat on after four fifths of its time-out: a cancellation would come as late.
        patch.setattr(workers, "Worker", partial(Worker, max_heartbeat_throttle_interval=timedelta(seconds=BEAT_S)))
        yield


async def _no_style_pictures(_client: Client) -> None:
    """The wall of styles stays empty."""


def _engine_with_shared_statements(*args: Any, **options: Any) -> Engine:
    engine = create_engine(*args, execution_options={"compiled_cache": _statements}, **options)
    kind: Any = type(engine.dialect)
    engine.dialect.__class__ = _alike(kind)
    return engine


def _read_once(path: Path) -> StackDescription:
    return _read(path, path.read_bytes() if path.is_file() else b"")


@cache
def _read(path: Path, content: bytes) -> StackDescription:
    """YAML takes as long to read as the rest of `Settings`; another content is read anew."""
    return read_description(path)


@cache
def _alike(kind: Any) -> type[Dialect]:
    """Compiled SQL is kept by dialect: those of one kind count as one, because we open all of them alike."""
    same: dict[str, Any] = {
        "__eq__": lambda self, other: type(self) is type(other),
        "__hash__": lambda self: hash(kind),
        "supports_statement_cache": True,
    }
    return type(kind.__name__, (kind,), same)


def _prepare_once(self: ContextFreeRunner, definition: "workflow._Definition") -> None:
    """A worker that starts loads each workflow in a sandbox, only to see that it can; runs load it again."""
    if definition.cls.__qualname__ not in _loaded:
        _prepare(self, definition)
        _loaded.add(definition.cls.__qualname__)
