"""A full disk: recognized in any failure, and looked for before something is made."""

import errno
import shutil
import tempfile
from pathlib import Path

from models.failures import DiskFull, EchonosError

_least = {"bytes": 100_000_000}
"""With less than this, steps that make files wait: a local object store stops answering before the disk is full."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_SENTENCES = ("no space left on device", "disk is full", "disk quota exceeded", "insufficientstorage")
_watched: set[Path] = set()
"""Folders of this process whose disk holds more than scratch files."""


def watch(folder: Path) -> None:
    """Have a folder's disk checked, too: the local stack's data folder."""
    _watched.add(folder)


def keep_free(size_bytes: int) -> None:
    """Have at least so much kept free on each disk."""
    _least["bytes"] = size_bytes


def check() -> None:
    """Check, before something is made, that there is room for it. Raises `DiskFull`: there is none."""
    if is_short():
        raise DiskFull


def is_short() -> bool:
    """Whether hardly any space is left for scratch files, or on a watched folder's disk."""
    return any(_free(place) < _least["bytes"] for place in (Path(tempfile.gettempdir()), *_watched))


def is_full_behind(error: BaseException | None) -> bool:
    """Whether a full disk is behind a failure: it, or one of its causes, says so."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, DiskFull) or (isinstance(error, OSError) and error.errno in _FULL):
            return True
        # Our own sentences may repeat what people wrote.
        if not isinstance(error, EchonosError) and any(said in str(error).lower() for said in _SENTENCES):
            return True
        error = error.__cause__ or error.__context__
    return False


def _free(place: Path) -> float:
    """In bytes; infinite where nothing is known."""
    try:
        usage = shutil.disk_usage(place)
    except OSError:
        return float("inf")  # not made yet
    return usage.free if usage.total else float("inf")  # some file systems (ramfs, some of FUSE) count nothing
