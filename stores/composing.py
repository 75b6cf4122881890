"""Composing an object in the store: existing stretches are copied there, the rest is uploaded.

S3 takes an object in parts of at least 5 MiB, except the last one. A shorter stretch, or one next to a shorter one,
is uploaded with its neighbours.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import TypeAlias

from models.stretches import FileStretch, ObjectStretch, Stretch

LEAST_PART_BYTES = 5 * 2**20
SENT_BYTES = 16 * 2**20
"""Uploads are cut into pieces of about this size, because they are held in memory."""

COPIED_BYTES = 64 * 2**20
"""Copies are cut into pieces of about this size, which the store copies concurrently."""

Part: TypeAlias = ObjectStretch | tuple[Stretch, ...]
"""A part: copied by the store, or uploaded by us."""


def parts_of(stretches: Iterable[Stretch]) -> list[Part]:
    """Cut an object into parts that S3 takes.

    Args:
        stretches: The object's content in order, none of them empty.

    Returns:
        The parts; all but the last have at least 5 MiB.
    """
    parts: list[Part] = []
    sent: list[Stretch] = []
    for stretch in stretches:
        rest: Stretch | None = stretch
        if isinstance(stretch, ObjectStretch):
            missing = max(0, LEAST_PART_BYTES - _length(sent)) if sent else 0
            if stretch.size_bytes - missing >= LEAST_PART_BYTES:
                if missing:
                    sent.append(_cut(stretch, 0, missing))
                if sent:
                    parts.append(tuple(sent))
                    sent = []
                parts += _pieces(stretch, missing)
                rest = None
        while rest is not None:
            room = SENT_BYTES - _length(sent)
            sent.append(_cut(rest, 0, min(room, rest.size_bytes)))
            rest = _cut(rest, room, rest.size_bytes) if rest.size_bytes > room else None
            if _length(sent) >= SENT_BYTES:
                parts.append(tuple(sent))
                sent = []
    if sent:
        parts.append(tuple(sent))
    return parts


def _pieces(stretch: ObjectStretch, skipped: int) -> Iterator[ObjectStretch]:
    """About equal pieces of the rest after the first `skipped` bytes, so that none is too short."""
    length = stretch.size_bytes - skipped
    count = -(-length // COPIED_BYTES)
    edges = [stretch.start + skipped + length * number // count for number in range(count + 1)]
    for start, end in pairwise(edges):
        yield ObjectStretch(key=stretch.key, start=start, size_bytes=end - start)


def _cut(stretch: Stretch, start: int, end: int) -> Stretch:
    return stretch.model_copy(update={"start": stretch.start + start, "size_bytes": end - start})


def _length(stretches: Sequence[Stretch]) -> int:
    return sum(stretch.size_bytes for stretch in stretches)


def read(stretch: FileStretch) -> bytes:
    """A stretch of a file."""
    with stretch.path.open("rb") as file:
        file.seek(stretch.start)
        return file.read(stretch.size_bytes)
