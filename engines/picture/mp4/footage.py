"""The position of every frame of a video in its segments' files, and copying from there."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, TypeAlias

import numpy as np

from engines.picture.mp4.layout import PICTURE, Chunk
from engines.picture.mp4.tracks import Longs, Track

Span: TypeAlias = tuple[Path, int, int]
"""A byte range of a file: start and length."""


class Footage:
    """The known frames of a video, and its sound.

    Args:
        frame_count: How many frames the video has.
        soundtrack: The file with its sound.
        sound: That file's track.
    """

    def __init__(self, frame_count: int, soundtrack: Path, sound: Track) -> None:
        self._paths: list[Path] = []
        self._file = np.zeros(frame_count, np.int64)
        self._offsets = np.zeros(frame_count, np.int64)
        self._sizes = np.zeros(frame_count, np.int64)
        self._soundtrack, self._sound = soundtrack, sound

    def put(self, path: Path, track: Track, start: int) -> None:
        """Register a segment's frames as the video's frames from `start` on."""
        frames = slice(start, start + len(track.sizes))
        self._file[frames], self._offsets[frames], self._sizes[frames] = len(self._paths), track.offsets, track.sizes
        self._paths.append(path)

    def copy(self, chunks: Iterable[Chunk], target: BinaryIO) -> None:
        """Write chunks one after the other into an unbuffered file."""
        for chunk in chunks:
            for span in self._spans(chunk):
                _send(*span, target)

    def _spans(self, chunk: Chunk) -> list[Span]:
        part = slice(chunk.first, chunk.end)
        if chunk.track != PICTURE:
            offsets, sizes = self._sound.offsets[part], self._sound.sizes[part]
            return [(self._soundtrack, start, length) for _, start, length in _runs(offsets, sizes, sizes * 0)]
        runs = _runs(self._offsets[part], self._sizes[part], self._file[part])
        return [(self._paths[file], start, length) for file, start, length in runs]


def _send(path: Path, start: int, length: int, target: BinaryIO) -> None:
    end = start + length
    with path.open("rb", buffering=0) as source:
        while start < end:
            sent = os.sendfile(target.fileno(), source.fileno(), start, end - start)
            if not sent:
                raise OSError(f"{path.name} has become shorter")
            start += sent


def _runs(offsets: Longs, sizes: Longs, files: Longs) -> list[tuple[int, int, int]]:
    """Merge consecutive samples of one file: file, start, length."""
    apart = (np.diff(files) != 0) | (offsets[1:] != offsets[:-1] + sizes[:-1])
    begins = np.concatenate([[0], np.flatnonzero(apart) + 1])
    lengths = np.add.reduceat(sizes, begins)
    return [(int(files[i]), int(offsets[i]), int(length)) for i, length in zip(begins, lengths, strict=True)]
