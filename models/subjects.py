"""Where in a still its subject is, for whoever crops it later; whoever painted it knows, and says so in the PNG."""

import struct
import zlib

from pydantic import ValidationError

from models.base import Model

SUBJECT_BYTES = 1_024
"""So much of a still's beginning holds what it says of its subject."""

_KEYWORD = b"subject\0"
_IHDR_END = 33


class SubjectRows(Model):
    """Rows of a picture as shares of its height, 0 at the top; they may lie outside of it."""

    top: float
    bottom: float
    head_top: float
    head_bottom: float


def joined(subjects: list[SubjectRows]) -> SubjectRows | None:
    """One subject that holds several."""
    if not subjects:
        return None
    return SubjectRows(
        top=min(one.top for one in subjects),
        bottom=max(one.bottom for one in subjects),
        head_top=min(one.head_top for one in subjects),
        head_bottom=max(one.head_bottom for one in subjects),
    )


def with_subject(png: bytes, subject: SubjectRows) -> bytes:
    """A PNG that says where its subject is, in a text chunk of its own."""
    text = _KEYWORD + subject.model_dump_json().encode()
    chunk = struct.pack(">I", len(text)) + b"tEXt" + text + struct.pack(">I", zlib.crc32(b"tEXt" + text))
    return png[:_IHDR_END] + chunk + png[_IHDR_END:]


def subject_in(beginning: bytes) -> SubjectRows | None:
    """What a picture's first `SUBJECT_BYTES` say of its subject; None where they don't."""
    at = beginning.find(b"tEXt" + _KEYWORD, _IHDR_END)
    if at < 4:
        return None
    size = int.from_bytes(beginning[at - 4 : at], "big")
    try:
        return SubjectRows.model_validate_json(beginning[at + 4 + len(_KEYWORD) : at + 4 + size])
    except ValidationError:
        return None
