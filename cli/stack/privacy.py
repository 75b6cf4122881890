"""The data folder is its owner's alone: 0700 for folders, 0600 for files, also where an older version made it."""

import os
import stat
from pathlib import Path

from models.failures import InvalidInput

UMASK = 0o077
"""Of everything that the stack's processes make."""

_FOLDER_MODE = 0o700
_OURS = (
    "temporal",
    "s3",
    "logs",
    "mail",
    "videos",
    "pieces",
    "demo-song.flac",
    "stack.json",
    "stack.lock",
    "stack.users",
    "worker.ready",
    "s3-keys.json",
)
"""What the stack and its commands keep in the folder; other things in it stay as they are."""


def make_private(home: Path, database_url: str) -> None:
    """Close a data folder to everyone else, with all that is ours in it.

    Args:
        home: The folder; it is made where there is none.
        database_url: A SQLite file in it is made first, so that what SQLite puts beside it is private, too.

    Raises:
        InvalidInput: It cannot be made, or it is another user's.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
        # A shared folder such as /tmp stays what it is; what is ours in it is closed all the same.
        if not home.stat().st_mode & stat.S_ISVTX:
            _close(home)
        database = Path(database_url.removeprefix("sqlite:///"))
        if database_url.startswith("sqlite:///") and database.parent == home:
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
    """Make a folder of the data folder."""
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
    except FileNotFoundError:  # a server that ends removes files meanwhile
        return
    if not stat.S_ISLNK(mode) and mode & UMASK:
        path.chmod(stat.S_IMODE(mode) & ~UMASK)
