"""Byte ranges that a stored object is composed from: ranges of files, or of existing objects."""

from pathlib import Path
from typing import TypeAlias

from models.base import Model


class FileStretch(Model):
    """`size_bytes` of a local file from `start` on."""

    path: Path
    start: int
    size_bytes: int


class ObjectStretch(Model):
    """`size_bytes` of a stored object from `start` on, copied inside the store."""

    key: str
    start: int
    size_bytes: int


Stretch: TypeAlias = FileStretch | ObjectStretch


class ChangedScene(Model):
    """A scene whose segment differs from the base video's."""

    index: int
    start_frame: int
    end_frame: int
    segment: Path
