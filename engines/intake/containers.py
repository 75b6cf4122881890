"""WAV, MP4 and Ogg, by their own bookkeeping: is everything there that the file says is there?

Sources: Microsoft's RIFF WAVE and EBU Tech 3306 (RF64), ISO/IEC 14496-12 (boxes), RFC 3533 (Ogg pages and their CRC).
"""

import struct
import zlib
from dataclasses import dataclass

from engines.intake.refusals import EXPORT_AGAIN, UPLOAD_AGAIN, Refusal
from models.failures import InvalidInput

_UNKNOWN_32 = 0xFFFFFFFF
_MAX_CHUNKS = 10_000
_OGG_TRAILING_BYTES = 65_536
_REVERSED_BITS = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))
_OGG_AUDIO = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")


def check_wav(data: bytes) -> None:
    """Refuse a WAV whose data chunk claims more than the file holds.

    Args:
        data: The whole file.

    Raises:
        InvalidInput: Truncated or corrupt.
    """
    at, long_data_bytes = 12, None
    for _ in range(_MAX_CHUNKS):
        if at + 8 > len(data):
            break
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if name == b"ds64" and data[:4] != b"RIFF":
            long_data_bytes = int.from_bytes(data[at + 16 : at + 24], "little")
        if name == b"data":
            if size == _UNKNOWN_32 and long_data_bytes is not None:
                size = long_data_bytes
            _check_wav_data(claimed_bytes=size, held_bytes=len(data) - at - 8)
            return
        at += 8 + size + size % 2
    raise InvalidInput(
        f"This WAV file has no audio data in it, or was cut off before it: {EXPORT_AGAIN}.", code=Refusal.CORRUPT
    )


def _check_wav_data(claimed_bytes: int, held_bytes: int) -> None:
    if claimed_bytes > held_bytes:
        raise InvalidInput(
            f"This WAV file is cut off: it claims {claimed_bytes:,} bytes of audio and holds {held_bytes:,}; "
            f"{UPLOAD_AGAIN}.",
            code=Refusal.TRUNCATED,
        )
    if claimed_bytes == 0:
        raise InvalidInput(
            f"This WAV file was never finished, its header says that it holds no audio: {EXPORT_AGAIN}.",
            code=Refusal.CORRUPT,
        )


def check_mp4(data: bytes) -> None:
    """Refuse an MP4 with a box that ends behind the file, or without an index.

    Args:
        data: The whole file.

    Raises:
        InvalidInput: Truncated or corrupt.
    """
    at, has_index = 0, False
    for _ in range(_MAX_CHUNKS):
        if at + 8 > len(data):
            break
        size, name = struct.unpack_from(">I4s", data, at)
        header_bytes = 8
        if size == 1 and at + 16 <= len(data):
            size, header_bytes = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = len(data) - at
        if size < header_bytes or not all(0x20 <= letter < 0x7F or letter == 0xA9 for letter in name):
            if has_index:
                return  # rubbish behind a complete file
            raise InvalidInput(f"This M4A file is damaged: {EXPORT_AGAIN}.", code=Refusal.CORRUPT)
        if at + size > len(data):
            raise InvalidInput(
                f"This M4A file is cut off: it should be at least {at + size:,} bytes and is {len(data):,}; "
                f"{UPLOAD_AGAIN}.",
                code=Refusal.TRUNCATED,
            )
        has_index = has_index or name == b"moov"
        at += size
    if not has_index:
        raise InvalidInput(
            f"This M4A file is cut off, the index at its end is missing: {UPLOAD_AGAIN}.", code=Refusal.TRUNCATED
        )


@dataclass
class _OggStream:
    audio: bool
    next_page: int = 0
    ended: bool = False


def check_ogg(data: bytes) -> None:
    """Refuse an Ogg file with a damaged or missing page, or an audio stream that never ends.

    Args:
        data: The whole file.

    Raises:
        InvalidInput: Truncated, corrupt, or without audio.
    """
    streams: dict[int, _OggStream] = {}
    at = 0
    while at < len(data):
        size = _ogg_page_size(data, at)
        if size is None:
            complete = _all_ended(streams)
            if complete and len(data) - at <= _OGG_TRAILING_BYTES:
                break
            raise _damaged_ogg() if complete or data.find(b"OggS", at + 1) >= 0 else _cut_ogg()
        page = data[at : at + size]
        if _ogg_crc(page) != int.from_bytes(page[22:26], "little"):
            raise _damaged_ogg()
        _follow_ogg_page(streams, page)
        at += size
    if not any(stream.audio for stream in streams.values()):
        raise InvalidInput(
            "This OGG file holds no audio that we know: export the song as OGG Vorbis, MP3 or FLAC.",
            code=Refusal.NO_AUDIO,
        )
    if not _all_ended(streams):
        raise _cut_ogg()


def _follow_ogg_page(streams: dict[int, _OggStream], page: bytes) -> None:
    flags = page[5]
    serial, number = struct.unpack_from("<II", page, 14)
    if flags & 2:  # the first page of a logical stream
        body = page[27 + page[26] :]
        streams[serial] = _OggStream(audio=body.startswith(_OGG_AUDIO), next_page=number)
    stream = streams.get(serial)
    if stream is None or stream.next_page != number:
        raise _damaged_ogg()
    stream.next_page = number + 1
    stream.ended = bool(flags & 4)


def _all_ended(streams: dict[int, _OggStream]) -> bool:
    return all(stream.ended for stream in streams.values() if stream.audio)


def _ogg_page_size(data: bytes, at: int) -> int | None:
    """The size of the whole page at a position, or None where there is none."""
    if data[at : at + 4] != b"OggS" or at + 27 > len(data):
        return None
    segments = data[at + 26]
    lacing = data[at + 27 : at + 27 + segments]
    size = 27 + segments + sum(lacing)
    return size if len(lacing) == segments and at + size <= len(data) else None


def _ogg_crc(page: bytes) -> int:
    """Ogg's CRC-32: zlib's polynomial, but most significant bit first, from zero, not inverted."""
    mirrored = (page[:22] + b"\0\0\0\0" + page[26:]).translate(_REVERSED_BITS)
    return int(f"{zlib.crc32(mirrored, _UNKNOWN_32) ^ _UNKNOWN_32:032b}"[::-1], 2)


def _cut_ogg() -> InvalidInput:
    return InvalidInput(f"This OGG file is cut off before its end: {UPLOAD_AGAIN}.", code=Refusal.TRUNCATED)


def _damaged_ogg() -> InvalidInput:
    return InvalidInput(f"This OGG file is damaged inside: {EXPORT_AGAIN}.", code=Refusal.CORRUPT)
