"""Ogg, page by page: checks completeness, and finds where one stream ends and another begins.

Source: RFC 3533 (pages, their CRC, and chaining: whole streams one after the other in one file).
"""

import zlib
from dataclasses import dataclass, field
from statistics import median

from engines.intake.refusals import EXPORT_AGAIN, UPLOAD_AGAIN, Refusal
from models.failures import InvalidInput

MOST_LINKS = 200
_MOST_PAGES = 600_000
"""Twenty minutes in pages of 2 ms; walking over so many takes two seconds."""

_TRAILING_BYTES = 65_536
_REVERSED_BITS = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))
_AUDIO = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")
_FIRST, _LAST = 2, 4
_NO_GRANULE = 2**64 - 1
_HEADER_PAGES = 8
"""A recording may begin in the middle of a stream: then pages are missing after its headers."""

_FLUSHED = 0.75
"""A last page this much shorter than the usual one was ended by its writer, not by a lost connection."""


@dataclass
class _Stream:
    audio: bool
    next_page: int = 0
    ended: bool = False
    joined_midway: bool = False
    granule: int = 0
    steps: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether the end is present: marked as such, or a page that its writer ended before it was full."""
        if self.ended or self.joined_midway:
            return True
        if len(self.sizes) < 2 or len(self.steps) < 2:
            return False
        short = self.steps[-1] < _FLUSHED * median(self.steps[:-1])
        return short and self.sizes[-1] < _FLUSHED * median(self.sizes[:-1])


def ogg_links(data: bytes, start: int) -> list[bytes]:
    """Check all pages, and split the file where a new stream follows another.

    Args:
        data: The whole file.
        start: Offset of its first page.

    Returns:
        One file per link of the chain; most files have one.

    Raises:
        InvalidInput: Truncated, corrupt, or without audio.
    """
    begins: list[int] = []
    streams: dict[int, _Stream] = {}
    at, pages, in_headers = start, 0, False
    while at < len(data):
        size = _page_size(data, at)
        if size is None:
            rest = len(data[at:].rstrip(b"\0"))
            complete = _all_complete(streams)
            if complete and rest <= _TRAILING_BYTES:
                break
            raise _damaged() if complete or data.find(b"OggS", at + 1) >= 0 else _cut()
        page = data[at : at + size]
        pages += 1
        if pages > _MOST_PAGES or _crc(page) != int.from_bytes(page[22:26], "little"):
            raise _damaged()
        first = bool(page[5] & _FIRST)
        if first and not in_headers:
            if begins and not _all_complete(streams):
                raise _cut()
            begins.append(at)
        in_headers = first
        _follow(streams, page)
        at += size
    if not any(stream.audio for stream in streams.values()):
        raise InvalidInput(
            "This OGG file holds no audio that we know: export the song as OGG Vorbis, MP3 or FLAC.",
            code=Refusal.NO_AUDIO,
        )
    if not _all_complete(streams):
        raise _cut()
    if len(begins) > MOST_LINKS:
        raise InvalidInput(
            f"This OGG file is put together from {len(begins):,} pieces: {EXPORT_AGAIN} in one piece.",
            code=Refusal.CHANGES,
        )
    return [data[here:there] for here, there in zip(begins, [*begins[1:], at], strict=True)]


def _follow(streams: dict[int, _Stream], page: bytes) -> None:
    flags = page[5]
    serial, number = int.from_bytes(page[14:18], "little"), int.from_bytes(page[18:22], "little")
    body = page[27 + page[26] :]
    if flags & _FIRST:
        streams[serial] = _Stream(audio=body.startswith(_AUDIO), next_page=number)
    stream = streams.get(serial)
    if stream is None:
        raise _damaged()
    if stream.next_page != number:
        if number < stream.next_page or stream.steps or stream.next_page > _HEADER_PAGES:
            raise _damaged()
        stream.joined_midway = True
    stream.next_page = number + 1
    stream.ended = bool(flags & _LAST)
    granule = int.from_bytes(page[6:14], "little")
    if granule not in (0, _NO_GRANULE):
        stream.steps.append(granule - stream.granule)
        stream.sizes.append(len(body))
        stream.granule = granule


def _all_complete(streams: dict[int, _Stream]) -> bool:
    return all(stream.complete for stream in streams.values() if stream.audio)


def _page_size(data: bytes, at: int) -> int | None:
    """The size of the whole page at a position; None if there is none."""
    if data[at : at + 4] != b"OggS" or at + 27 > len(data):
        return None
    segments = data[at + 26]
    lacing = data[at + 27 : at + 27 + segments]
    size = 27 + segments + sum(lacing)
    return size if len(lacing) == segments and at + size <= len(data) else None


def _crc(page: bytes) -> int:
    """Ogg's CRC-32: zlib's polynomial, but most significant bit first, from zero, not inverted."""
    mirrored = (page[:22] + b"\0\0\0\0" + page[26:]).translate(_REVERSED_BITS)
    return int(f"{zlib.crc32(mirrored, 0xFFFFFFFF) ^ 0xFFFFFFFF:032b}"[::-1], 2)


def _cut() -> InvalidInput:
    return InvalidInput(
        f"This OGG file is cut off, or was never finished: its end is missing; {UPLOAD_AGAIN}.", code=Refusal.TRUNCATED
    )


def _damaged() -> InvalidInput:
    return InvalidInput(f"This OGG file is damaged inside: {EXPORT_AGAIN}.", code=Refusal.CORRUPT)
