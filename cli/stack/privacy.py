"""Closes the data folder to other users: 0700 for folders, 0600 for files, also where an older version made it."""

import os
import stat
from pathlib import Path

from models.failures import InvalidInput
from stores.database import sqlite_file

UMASK = 0o077
"""The umask of the stack's processes."""

_FOLDER_MODE = 0o700
_OURS = (
    "temporal",
    "s3",
    "logs",
    "mail",
    "metrics",
    "videos",
    "exports",
    "pieces",
    "demo-song.flac",
    "stack.json",
    "stack.lock",
    "stack.users",
    "worker.ready",
    "s3-keys.json",
)
"""The entries of the stack and its commands in the folder; others stay as they are."""


def make_private(home: Path, database_url: str) -> None:
    """Close a data folder, with all of our entries in it, to other users.

    Args:
        home: The folder; created where it is missing.
        database_url: A SQLite file in it is created first, so that SQLite's files beside it are private, too.

    Raises:
        InvalidInput: The folder cannot be created, or belongs to another user.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
        # A shared folder such as /tmp stays open; our entries in it are closed.
        if not home.stat().st_mode & stat.S_ISVTX:
            _close(home)
        database = sqlite_file(database_url)
        if database is not None and database.parent == home:
            os.close(os.open(database, os.O_WRONLY | os.O_CREAT, 0o600))
            for path in (database, *home.glob(f"{database.name}-*")):
                _close(path)
        for name in _OURS:
            close_all(home / name)
    except PermissionError as error:
        raise InvalidInput(
            f"The data folder {home} cannot be closed to others ({error.filename or home}: {error.strerror}): it is "
            "another user's. ECHONOS_HOME names another folder.",
            code="settings",
        ) from error
    except OSError as error:
        raise InvalidInput(
            f"The data folder {home} cannot be made: {error.strerror}. ECHONOS_HOME names another.", code="settings"
        ) from error


def private_folder(path: Path) -> Path:
    """Create a folder in the data folder."""
    path.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
    return path


def close_all(path: Path) -> None:
    """Close a file, or a folder with all that is in it."""
    _close(path)
    if path.is_dir() and not path.is_symlink():
        for folder, folders, files in os.walk(path):
            for name in (*folders, *files):
                _close(Path(folder, name))


def _close(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:  # a stopping server removes files meanwhile
        return
    if not stat.S_ISLNK(mode) and mode & UMASK:
        path.chmod(stat.S_IMODE(mode) & ~UMASK)
