"""Stretches of bytes that a stored object is put together from: out of a file, or out of an object that is there."""

from pathlib import Path
from typing import TypeAlias

from models.base import Model


class FileStretch(Model):
    """`size_bytes` of a local file from `start` on."""

    path: Path
    start: int
    size_bytes: int


class ObjectStretch(Model):
    """`size_bytes` of a stored object from `start` on: they need not leave the store."""

    key: str
    start: int
    size_bytes: int


Stretch: TypeAlias = FileStretch | ObjectStretch


class ChangedScene(Model):
    """A scene whose segment is another one than in the video that is taken as a base."""

    index: int
    start_frame: int
    end_frame: int
    segment: Path
