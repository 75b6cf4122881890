"""Locks of a data folder's stack: its owner and its users. The kernel releases them with their process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """An advisory lock on a file of the data folder.

    Args:
        path: The file; it is created, never read or removed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fd: int | None = None

    def try_exclusive(self) -> bool:
        """Take the lock exclusively; False: another process holds it."""
        return self._try(fcntl.LOCK_EX)

    def try_shared(self) -> bool:
        """Take the lock shared; False: another process holds it exclusively."""
        return self._try(fcntl.LOCK_SH)

    def release(self) -> None:
        """Release the lock, if it is held."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _try(self, kind: int) -> bool:
        # Children do not inherit the descriptor, so they never hold the lock.
        fd = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return False
        self._fd = fd
        return True


@contextmanager
def released(lock: FileLock) -> Iterator[None]:
    """Release a lock at the end of the block."""
    try:
        yield
    finally:
        lock.release()


def owner_lock(home: Path) -> FileLock:
    """Held by the one process that runs the stack."""
    return FileLock(home / "stack.lock")


def users_lock(home: Path) -> FileLock:
    """Held shared by commands that have joined; exclusively by an owner that stops."""
    return FileLock(home / "stack.users")
