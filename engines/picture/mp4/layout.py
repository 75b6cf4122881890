"""The layout of a joined video's file: index first, then half seconds of sound and picture in turn.

The layout follows from the samples' sizes alone. So the same segments and soundtrack always give the same bytes, and a
different segment in one scene only shifts the bytes after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engines.picture.mp4.boxes import Box, BrokenBox, large_header
from engines.picture.mp4.tracks import Longs, Track

INTERLEAVE_S = Fraction(1, 2)
"""Length of picture between two stretches of sound: the most that a player must buffer."""

_STBL = (b"mdia", b"minf", b"stbl")
PICTURE, SOUND = 0, 1


@dataclass(frozen=True)
class Chunk:
    """Adjacent samples of one track: `first` up to, not including, `end`."""

    track: int
    first: int
    end: int


@dataclass(frozen=True)
class Layout:
    """One joined video.

    Args:
        picture: A segment's track, for its boxes.
        sizes: Bytes of all frames.
        keys: Numbers of key frames.
        frame_ticks: A frame's duration in the picture's ticks.
        sound: The soundtrack's track.
        sound_durations: Ticks of its used samples; the last may be shortened.
    """

    picture: Track
    sizes: Longs
    keys: Longs
    frame_ticks: int
    sound: Track
    sound_durations: Longs

    @cached_property
    def head(self) -> bytes:
        """Everything before the first sample."""
        head = b""
        for _ in range(2):  # the index has the same length for any offsets
            head = self._head(len(head))
        return head

    @cached_property
    def chunks(self) -> tuple[Chunk, ...]:
        """Chunks in the file's order."""
        step = max(1, int(INTERLEAVE_S * self.picture.timescale / self.frame_ticks))
        frames = np.arange(0, len(self.sizes), step)
        ends = np.append(frames[1:], len(self.sizes))
        # Sound comes before the picture that it belongs to; later sound goes with the last chunk.
        begin = (np.cumsum(self.sound_durations) - self.sound_durations - self.sound.skipped) / self.sound.timescale
        heard = np.searchsorted(begin, ends * self.frame_ticks / self.picture.timescale)
        heard[-1] = len(self.sound_durations)
        chunks, said = [], 0
        for first, end, until in zip(frames.tolist(), ends.tolist(), heard.tolist(), strict=True):
            if until > said:
                chunks.append(Chunk(SOUND, said, until))
                said = until
            chunks.append(Chunk(PICTURE, first, end))
        return tuple(chunks)

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """The offset of each chunk from the first sample, and the end of the last one."""
        lengths = [int(self._sizes[chunk.track][chunk.first : chunk.end].sum()) for chunk in self.chunks]
        return tuple(int(at) for at in np.concatenate([[0], np.cumsum(lengths)]))

    @property
    def size_bytes(self) -> int:
        """The size of the file."""
        return len(self.head) + self.offsets[-1]

    def frame_at(self, frame: int) -> int:
        """The offset of a frame in the file."""
        number = next(i for i, c in enumerate(self.chunks) if c.track == PICTURE and c.first <= frame < c.end)
        return len(self.head) + self.offsets[number] + int(self.sizes[self.chunks[number].first : frame].sum())

    def between(self, first: int, end: int) -> Iterable[Chunk]:
        """The parts of chunks between the start of one frame and the end of the frame before `end`."""
        inside = False
        for chunk in self.chunks:
            if chunk.track == PICTURE:
                part = Chunk(PICTURE, max(first, chunk.first), min(end, chunk.end))
                inside = chunk.first < end and chunk.end > first
                if part.first < part.end:
                    yield part
                if chunk.end >= end:
                    return
            elif inside:
                yield chunk

    @property
    def _sizes(self) -> tuple[Longs, Longs]:
        return self.sizes, self.sound.sizes[: len(self.sound_durations)]

    def _head(self, length: int) -> bytes:
        offsets = [length + at for at in self.offsets]
        wide = offsets[-1] >= 2**32
        scale = _number(self.picture.mvhd, 12)
        shown = len(self.sizes) * self.frame_ticks
        heard = int(self.sound_durations.sum())
        picture_length = _rescaled(shown, self.picture.timescale, scale)
        sound_length = _rescaled(heard - self.sound.skipped, self.sound.timescale, scale)
        picture = _trak(self.picture, 1, shown, picture_length, [
            Box(b"stsd", self.picture.description),
            _stts(np.full(len(self.sizes), self.frame_ticks)),
            Box(b"stss", _table(self.keys + 1)),
            *self._places(PICTURE, offsets, wide),
        ])  # fmt: skip
        sound = _trak(self.sound, 2, heard, sound_length, [
            Box(b"stsd", self.sound.description),
            _stts(self.sound_durations),
            *self._places(SOUND, offsets, wide),
            *_roll(self.sound, len(self.sound_durations)),
        ])  # fmt: skip
        mvhd = bytearray(self.picture.mvhd)
        mvhd[16:20] = _u4(max(picture_length, sound_length))
        mvhd[-4:] = _u4(3)  # the number for a next track
        moov = Box(b"moov", children=(Box(b"mvhd", bytes(mvhd)), picture, sound))
        return self.picture.ftyp.to_bytes() + moov.to_bytes() + large_header(b"mdat", self.offsets[-1])

    def _places(self, track: int, offsets: Sequence[int], wide: bool) -> tuple[Box, ...]:
        mine = [(offsets[i], chunk.end - chunk.first) for i, chunk in enumerate(self.chunks) if chunk.track == track]
        starts, counts = np.array([at for at, _ in mine]), np.array([count for _, count in mine])
        news = np.flatnonzero(np.diff(counts, prepend=-1))
        runs = np.stack([news + 1, counts[news], np.ones_like(news)], axis=1)
        sizes = self._sizes[track]
        return (
            Box(b"stsc", _table(runs)),
            Box(b"stsz", bytes(8) + _u4(len(sizes)) + sizes.astype(">u4").tobytes()),
            Box(b"co64" if wide else b"stco", _table(starts, ">u8" if wide else ">u4")),
        )


def _trak(track: Track, number: int, ticks: int, shown: int, tables: Sequence[Box]) -> Box:
    """A track's boxes with other tables; everything else stays as the encoder wrote it."""
    tkhd, mdhd = bytearray(track.trak.at(b"tkhd")), bytearray(track.trak.at(b"mdia", b"mdhd"))
    elst = bytearray(track.trak.at(b"edts", b"elst"))
    if (tkhd[0], mdhd[0], elst[0], _number(elst, 4)) != (0, 0, 0, 1):
        raise BrokenBox("its header is of another version")
    tkhd[12:16], tkhd[20:24], mdhd[16:20], elst[8:12] = _u4(number), _u4(shown), _u4(ticks), _u4(shown)
    changed = track.trak.changed({
        (b"tkhd",): bytes(tkhd), (b"edts", b"elst"): bytes(elst), (b"mdia", b"mdhd"): bytes(mdhd),
    })  # fmt: skip
    return _with_tables(changed, tuple(tables))


def _with_tables(box: Box, tables: tuple[Box, ...]) -> Box:
    if box.kind == b"stbl":
        return Box(b"stbl", children=tables)
    return Box(box.kind, box.data, tuple(_with_tables(child, tables) for child in box.children))


def _roll(sound: Track, count: int) -> Iterable[Box]:
    """Declares that AAC needs the previous packet to start in the middle."""
    stbl = sound.trak
    for kind in _STBL:
        stbl = next(child for child in stbl.children if child.kind == kind)
    for box in stbl.children:
        if box.kind == b"sgpd":
            yield box
        elif box.kind == b"sbgp":
            yield Box(b"sbgp", box.data[:8] + _u4(1) + _u4(count) + _u4(1))


def _stts(durations: Longs) -> Box:
    news = np.flatnonzero(np.diff(durations, prepend=-1))
    counts = np.diff(np.append(news, len(durations)))
    return Box(b"stts", _table(np.stack([counts, durations[news]], axis=1)))


def _table(entries: NDArray[np.int64], kind: str = ">u4") -> bytes:
    """A full box's payload: version and flags 0, the number of entries, the entries."""
    return bytes(4) + _u4(len(entries)) + entries.astype(kind).tobytes()


def _rescaled(ticks: int, scale: int, to: int) -> int:
    return round(Fraction(ticks * to, scale))


def _u4(number: int) -> bytes:
    return number.to_bytes(4, "big")


def _number(data: bytes | bytearray, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")
