"""Notes in a PNG's text chunks: what the painter knows about a picture travels inside of it."""

import struct
import zlib
from typing import TypeVar

from pydantic import ValidationError

from models.base import Model

M = TypeVar("M", bound=Model)

_IHDR_END = 33


def with_note(png: bytes, keyword: bytes, text: bytes) -> bytes:
    """A PNG with a text chunk right after its header.

    Args:
        png: The picture.
        keyword: The chunk's keyword, Latin-1, without its zero byte.
        text: ASCII.

    Returns:
        The picture with its note.
    """
    body = b"tEXt" + keyword + b"\0" + text
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return png[:_IHDR_END] + chunk + png[_IHDR_END:]


def note_in(beginning: bytes, keyword: bytes, model: type[M]) -> M | None:
    """What a note in a picture's first bytes says, JSON of a model; None if it is not there in full, or no such."""
    mark = b"tEXt" + keyword + b"\0"
    at = beginning.find(mark, _IHDR_END)
    if at < 0:
        return None
    size = int.from_bytes(beginning[at - 4 : at], "big")
    text = beginning[at + len(mark) : at + 4 + size]
    if len(text) != size - len(keyword) - 1:
        return None
    try:
        return model.model_validate_json(text)
    except ValidationError:
        return None
