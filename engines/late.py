"""Engines that are opened at their first use, so that a process imports only what its work needs."""

from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


class _Late(Generic[T]):
    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: T | None = None
        self._making = Lock()

    def __getattr__(self, name: str) -> Any:
        return getattr(_opened(self), name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _opened(self)(*args, **kwargs)  # type: ignore[operator]  # mypy checks the caller against T


def late(make: Callable[[], T]) -> T:
    """An engine that `make` opens once, at its first use, whatever thread that comes from."""
    return cast(T, _Late(make))


def open_now(engine: object) -> None:
    """Open a late engine; any other object is open already."""
    if isinstance(engine, _Late):
        _opened(engine)


def _opened(engine: _Late[T]) -> T:
    with engine._making:
        if engine._made is None:
            engine._made = engine._make()
        return engine._made
