"""How processes of one machine find each other's metrics: one file each, in a folder that they share."""

from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

ENDING = ".metrics"


def announce(folder: Path, url: str) -> Path:
    """Write an address down; returns its file, which its process removes when it stops."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"{uuid4().hex}{ENDING}"
    file.write_text(url)
    return file


def neighbours(folder: Path | None) -> list[str]:
    """The addresses in a folder. Those of killed processes answer no more."""
    return [url for _, url in _announced(folder)]


def forget(folder: Path | None, urls: Collection[str]) -> None:
    """Remove the files of processes that listen no more: they were killed."""
    for path, url in _announced(folder):
        if url in urls:
            path.unlink(missing_ok=True)


def _announced(folder: Path | None) -> Iterator[tuple[Path, str]]:
    for path in [] if folder is None else sorted(folder.glob(f"*{ENDING}")):
        with suppress(FileNotFoundError):  # its process has stopped meanwhile
            yield path, path.read_text()
