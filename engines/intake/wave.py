"""WAV structure: where the audio is, how much of it is present, and the same file without anything else.

Sources: Microsoft's RIFF WAVE and EBU Tech 3306 (RF64).
"""

import struct
from dataclasses import dataclass

from engines.intake.refusals import EXPORT_AGAIN, UPLOAD_AGAIN, Refusal
from models.failures import InvalidInput

_UNKNOWN = 0xFFFFFFFF
_PLACEHOLDERS = range(0x7FFFF000, 0x80000000)
"""Placeholder sizes that programs write into a pipe."""

_MAX_CHUNKS = 10_000
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_ADPCM, _IMA_ADPCM = 2, 0x11
_FLAC_SHARE = {8: 0.7, 16: 0.65, 24: 0.7, 32: 0.6}
"""Size of a FLAC relative to integer samples of this width: .45 to .8 over the songs of `bench/`."""

_FLAC_SHARE_OF_FLOATS = {32: 0.55, 64: 0.28}


@dataclass(frozen=True)
class Wave:
    """A WAV file in order.

    Attributes:
        data: A WAV file with nothing but the format and the audio present.
        coded: The audio is compressed in blocks.
        samples: The number of samples per channel, if a coded file states it.
    """

    data: bytes
    coded: bool = False
    samples: int | None = None
    block_s: float = 0.0


def read_wave(data: bytes, start: int) -> Wave:
    """Find the audio in a WAV file; an unknown size becomes the length present.

    Args:
        data: The whole file.
        start: Offset of its content.

    Returns:
        The same audio under a correct header.

    Raises:
        InvalidInput: Truncated or corrupt.
    """
    form, fact, long_bytes = b"", b"", None
    at = start + 12
    for _ in range(_MAX_CHUNKS):
        if at + 8 > len(data):
            break
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        body = data[at + 8 : at + 8 + min(size, 4_096)]
        if name == b"ds64" and data[start : start + 4] != b"RIFF":
            long_bytes = int.from_bytes(body[8:16], "little")
        elif name == b"fmt " and not form:
            form = body
        elif name == b"fact" and size >= 4:
            fact = body[:4]
        elif name == b"data":
            return _with_audio(data, start, at, size, long_bytes, form, fact)
        at = _next_chunk(data, at, size)
    raise InvalidInput(
        f"This WAV file has no audio data in it, or was cut off before it: {EXPORT_AGAIN}.", code=Refusal.CORRUPT
    )


def flac_bytes(head: bytes, size_bytes: int) -> int | None:
    """The approximate size of a WAV file as FLAC.

    Args:
        head: Its first few thousand bytes.
        size_bytes: Size of the whole file.

    Returns:
        An estimate; None if it is not an uncompressed WAV.
    """
    if head[:4] not in (b"RIFF", b"RF64", b"BW64") or head[8:12] != b"WAVE":
        return None
    at = 12
    while at + 24 <= len(head):
        name, size = head[at : at + 4], int.from_bytes(head[at + 4 : at + 8], "little")
        if name == b"fmt ":
            kind, bits = struct.unpack_from("<H", head, at + 8)[0], struct.unpack_from("<H", head, at + 22)[0]
            if kind == _EXTENSIBLE and at + 34 <= len(head):
                kind = struct.unpack_from("<H", head, at + 32)[0]
            share = {_PCM: _FLAC_SHARE, _FLOAT: _FLAC_SHARE_OF_FLOATS}.get(kind, {}).get(bits)
            return None if share is None else round(size_bytes * share)
        at += 8 + size + size % 2
    return None


def _with_audio(data: bytes, start: int, at: int, size: int, long_bytes: int | None, form: bytes, fact: bytes) -> Wave:
    if len(form) < 16:
        raise InvalidInput(
            f"This WAV file does not say what its audio is, its header is damaged: {EXPORT_AGAIN}.",
            code=Refusal.CORRUPT,
        )
    if size == _UNKNOWN and long_bytes is not None:
        size = long_bytes
    audio = at + 8
    held, block = len(data) - audio, max(1, int.from_bytes(form[12:14], "little"))
    if _is_placeholder(data, start, at, size):
        size = 0 if size == 0 and _only_chunks(data, audio) else held
    if size - held >= max(block, 2):
        raise InvalidInput(
            f"This WAV file is cut off: it claims {size:,} bytes of audio and holds {held:,}; {UPLOAD_AGAIN}.",
            code=Refusal.TRUNCATED,
        )
    size = min(size, held)
    if size == 0:
        raise InvalidInput(
            f"This WAV file was never finished, its header says that it holds no audio: {EXPORT_AGAIN}.",
            code=Refusal.CORRUPT,
        )
    coded = int.from_bytes(form[:2], "little") not in (_PCM, _FLOAT, _EXTENSIBLE)
    if not coded:
        size -= size % block
    chunks = (
        _chunk(b"fmt ", form) + (_chunk(b"fact", fact) if fact else b"") + _chunk(b"data", data[audio : audio + size])
    )
    samples = int.from_bytes(fact, "little") if coded and fact else None
    riff = b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks
    return Wave(riff, coded, samples, _block_s(form, samples) if coded else 0.0)


def _block_s(form: bytes, samples: int | None) -> float:
    """The length of a block of ADPCM; 0 for other formats, and where the count of samples ends within a block."""
    kind, rate_hz = struct.unpack_from("<H2xI", form)
    if kind not in (_ADPCM, _IMA_ADPCM) or len(form) < 20 or not rate_hz:
        return 0.0
    block = int.from_bytes(form[18:20], "little")
    return block / rate_hz if block and (samples or 0) % block == 0 else 0.0


def _is_placeholder(data: bytes, start: int, at: int, size: int) -> bool:
    whole = int.from_bytes(data[start + 4 : start + 8], "little")
    # A recorder that expects 2 GB states it twice; a header that contradicts itself is damaged.
    agrees = size >= _PLACEHOLDERS.start and whole - size == at - start
    return size in (0, _UNKNOWN) or size in _PLACEHOLDERS or agrees


def _only_chunks(data: bytes, at: int) -> bool:
    """Whether only well-formed chunks follow: then the audio is empty, and not of unknown size."""
    if at >= len(data):
        return True
    begin = at
    for _ in range(_MAX_CHUNKS):
        name = data[at : at + 4]
        if at + 8 > len(data) or not all(0x20 <= letter < 0x7F for letter in name):
            return False
        at += 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        if at >= len(data):
            return at - len(data) <= 1
        at += (at - begin) % 2
        if at == len(data):
            return True
    return False


def _next_chunk(data: bytes, at: int, size: int) -> int:
    behind = at + 8 + size
    if size % 2 == 0:
        return behind
    # Some programs omit the byte that makes a length even: then the next chunk's name begins one byte earlier.
    forgotten = data[behind : behind + 4]
    return behind if forgotten in (b"data", b"fmt ", b"fact", b"LIST", b"bext", b"cue ", b"smpl") else behind + 1


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
