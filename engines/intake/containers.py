"""MP4 structure: checks that the file contains everything that its boxes claim.

Source: ISO/IEC 14496-12 (boxes).
"""

import struct

from engines.intake.refusals import EXPORT_AGAIN, UPLOAD_AGAIN, Refusal
from models.failures import InvalidInput

_MAX_CHUNKS = 10_000
_BOXES = frozenset(
    b"ftyp styp moov mdat moof mfra free skip wide sidx ssix prft emsg meta uuid udta pdin pnot PICT".split()
)
"""Boxes at the top level of a file; a truncated file lacks a part of one of these."""


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
                return  # junk after a complete file
            raise InvalidInput(f"This M4A file is damaged: {EXPORT_AGAIN}.", code=Refusal.CORRUPT)
        if has_index and at + size > len(data) and name not in _BOXES:
            return  # junk that looks like a box
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


def shows_pictures(data: bytes) -> bool:
    """Whether an MP4 has a video track: only those have a video media header."""
    return b"vmhd" in data
