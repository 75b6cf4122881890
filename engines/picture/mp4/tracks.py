"""A track of an MP4 file as tables: the size, offset and duration of each sample."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from engines.picture.mp4.boxes import Box, BrokenBox, find_moov, parse

Longs = NDArray[np.int64]

_STBL = (b"mdia", b"minf", b"stbl")
_ENTRY = {b"avc1": 86, b"mp4a": 36}
"""Bytes of a sample entry before its boxes, header included."""


@dataclass(frozen=True)
class Track:
    """One track; all tables have one entry per sample.

    Attributes:
        ftyp, mvhd, trak: The boxes that contain it.
        timescale: Ticks a second.
        sizes: Bytes.
        offsets: Offsets in the file.
        durations: Ticks.
        keys: Numbers of samples that decode alone, from 0.
        skipped: Ticks at its start that are decoded and not shown.
    """

    ftyp: Box
    mvhd: bytes
    trak: Box
    timescale: int
    sizes: Longs
    offsets: Longs
    durations: Longs
    keys: Longs
    skipped: int

    @property
    def description(self) -> bytes:
        """The codec configuration for the decoder, without the bit rate, which differs by file and means nothing."""
        stsd = self.trak.at(*_STBL, b"stsd")
        fixed = _ENTRY[stsd[12:16]]
        kept = b"".join(box.to_bytes() for box in parse(stsd[8 + fixed :]) if box.kind != b"btrt")
        return stsd[:8] + (fixed + len(kept)).to_bytes(4, "big") + stsd[12 : 8 + fixed] + kept

    @property
    def picture_size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        tkhd = self.trak.at(b"tkhd")
        return _number(tkhd, len(tkhd) - 8) >> 16, _number(tkhd, len(tkhd) - 4) >> 16


def read_track(path: Path, handler: bytes) -> Track | None:
    """Read a file's only track of one kind.

    Args:
        path: An MP4.
        handler: `vide` or `soun`.

    Returns:
        The track; None if the file has none.

    Raises:
        BrokenBox: The file is not an MP4, or its tables are inconsistent.
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        track = track_in(file, handler)
    if track is not None and len(track.sizes) and int((track.offsets + track.sizes).max()) > path.stat().st_size:
        raise BrokenBox("it is cut off")
    return track


def track_in(file: BinaryIO, handler: bytes) -> Track | None:
    """As `read_track`, from a file of which only the beginning may be available."""
    ftyp, moov = find_moov(file)
    for trak in moov.children:
        if trak.kind == b"trak" and trak.at(b"mdia", b"hdlr")[8:12] == handler:
            try:
                return _track(ftyp, moov.at(b"mvhd"), trak)
            except (IndexError, KeyError, ValueError) as error:
                raise BrokenBox(str(error)) from error
    return None


def _track(ftyp: Box, mvhd: bytes, trak: Box) -> Track:
    has = {box.kind for box in trak.children}
    below = _children(trak)
    if b"ctts" in below:
        raise BrokenBox("frames are shown in another order than they are decoded")
    sizes = _sizes(trak.at(*_STBL, b"stsz"))
    durations = np.repeat(*_pairs(trak.at(*_STBL, b"stts"))[::-1])
    keys = _numbers(trak.at(*_STBL, b"stss"), ">u4") - 1 if b"stss" in below else np.arange(len(sizes))
    if len(durations) != len(sizes):
        raise BrokenBox("its tables have different lengths")
    return Track(
        ftyp=ftyp,
        mvhd=mvhd,
        trak=trak,
        timescale=_number(trak.at(b"mdia", b"mdhd"), 12),
        sizes=sizes,
        offsets=_offsets(trak, below, sizes),
        durations=durations,
        keys=keys,
        skipped=_number(trak.at(b"edts", b"elst"), 12) if b"edts" in has else 0,
    )


def _children(trak: Box) -> set[bytes]:
    box = trak
    for kind in _STBL:
        box = next(child for child in box.children if child.kind == kind)
    return {child.kind for child in box.children}


def _offsets(trak: Box, below: set[bytes], sizes: Longs) -> Longs:
    """Samples lie in chunks, one after the other."""
    wide = b"co64" in below
    chunks = _numbers(trak.at(*_STBL, b"co64" if wide else b"stco"), ">u8" if wide else ">u4")
    runs = np.frombuffer(trak.at(*_STBL, b"stsc")[8:], ">u4").reshape(-1, 3).astype(np.int64)
    lengths = np.repeat(runs[:, 1], np.diff(np.append(runs[:, 0] - 1, len(chunks))))
    if lengths.sum() != len(sizes):
        raise BrokenBox("its chunks hold another number of samples")
    before = np.concatenate([[0], np.cumsum(sizes)])
    first = np.concatenate([[0], np.cumsum(lengths)])[:-1]
    return np.asarray(np.repeat(chunks - before[first], lengths) + before[:-1], np.int64)


def _sizes(stsz: bytes) -> Longs:
    equal, count = _number(stsz, 4), _number(stsz, 8)
    sizes = np.full(count, equal) if equal else np.frombuffer(stsz[12:], ">u4", count)
    return sizes.astype(np.int64)


def _pairs(table: bytes) -> tuple[Longs, Longs]:
    pairs = np.frombuffer(table[8:], ">u4").reshape(-1, 2).astype(np.int64)
    return pairs[:, 0], pairs[:, 1]


def _numbers(table: bytes, kind: str) -> Longs:
    return np.frombuffer(table[8:], kind).astype(np.int64)


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "big")
