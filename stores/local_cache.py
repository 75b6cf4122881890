"""Local cache of the files of scenes that this process has just written or read.

A clip is collected, conformed and joined within minutes, mostly by one worker. Without the cache it would travel to the
object store and back for each step. Keys are derived from content, so a copy is never out of date. Copies still expire,
because another process may delete the video.
"""

import shutil
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import NamedTuple

from models.object_keys import is_scene_piece

MOST_BYTES = 2**29
KEPT_S = 900.0


class _Copy(NamedTuple):
    path: Path
    size_bytes: int
    since_s: float


class LocalCache:
    """Copies in a folder; the least recently used are dropped first.

    Args:
        folder: An empty folder for this process alone; the caller that made it removes it.
        most_bytes: The most bytes to store.
        kept_s: How long a copy may be used, in seconds.
        clock: Returns the time in seconds, from any origin.
    """

    def __init__(
        self,
        folder: Path,
        most_bytes: int = MOST_BYTES,
        kept_s: float = KEPT_S,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._folder = folder
        self._most_bytes = most_bytes
        self._kept_s = kept_s
        self._clock = clock
        self._lock = Lock()
        self._copies: OrderedDict[str, _Copy] = OrderedDict()
        self._size_bytes = 0
        self._made = 0

    def keep(self, key: str, path: Path) -> None:
        """Copy a scene's file that was just stored or read; a full disk is ignored."""
        if not is_scene_piece(key) or path.stat().st_size > self._most_bytes:
            return
        with self._lock:
            self._made += 1
            mine = self._folder / str(self._made)
        try:
            shutil.copyfile(path, mine)
        except OSError:
            mine.unlink(missing_ok=True)
            return
        copy = _Copy(mine, mine.stat().st_size, self._clock())
        with self._lock:
            self._drop(key)
            self._copies[key] = copy
            self._size_bytes += copy.size_bytes
            while self._size_bytes > self._most_bytes:
                self._drop(next(iter(self._copies)))

    def copy_to(self, key: str, path: Path) -> bool:
        """Write a cached file to `path`; False if it is not cached."""
        if (mine := self._find(key)) is None:
            return False
        try:
            shutil.copyfile(mine, path)
        except FileNotFoundError:
            return False  # dropped in this moment
        return True

    def read(self, key: str) -> bytes | None:
        """A cached file's bytes, or None if it is not cached."""
        if (mine := self._find(key)) is None:
            return None
        try:
            return mine.read_bytes()
        except FileNotFoundError:
            return None

    def forget(self, prefix: str) -> None:
        """Drop everything whose key begins with a prefix."""
        with self._lock:
            for key in [key for key in self._copies if key.startswith(prefix)]:
                self._drop(key)

    def _find(self, key: str) -> Path | None:
        with self._lock:
            oldest_s = self._clock() - self._kept_s
            for old in [name for name, copy in self._copies.items() if copy.since_s < oldest_s]:
                self._drop(old)
            if key not in self._copies:
                return None
            self._copies.move_to_end(key)
            return self._copies[key].path

    def _drop(self, key: str) -> None:
        if (copy := self._copies.pop(key, None)) is not None:
            self._size_bytes -= copy.size_bytes
            copy.path.unlink(missing_ok=True)
