"""Boxes of an MP4 file (ISO/IEC 14496-12): a kind, and either bytes or other boxes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

_CONTAINERS = {b"moov", b"trak", b"edts", b"mdia", b"minf", b"stbl"}
_MOST_INDEX_BYTES = 64_000_000

Path = tuple[bytes, ...]


class BrokenBox(ValueError):
    """The bytes violate the standard."""


@dataclass(frozen=True)
class Box:
    """A box: `data` is its payload, unless it holds `children`."""

    kind: bytes
    data: bytes = b""
    children: tuple["Box", ...] = ()

    def to_bytes(self) -> bytes:
        """The box as it stands in a file."""
        body = b"".join(child.to_bytes() for child in self.children) or self.data
        return (len(body) + 8).to_bytes(4, "big") + self.kind + body

    def at(self, *path: bytes) -> bytes:
        """The payload of a box below this one.

        Raises:
            BrokenBox: It does not exist.
        """
        box = self
        for kind in path:
            found = next((child for child in box.children if child.kind == kind), None)
            if found is None:
                raise BrokenBox(f"no {kind.decode('latin1')} in {box.kind.decode('latin1')}")
            box = found
        return box.data

    def changed(self, payloads: Mapping[Path, bytes], without: frozenset[bytes] = frozenset()) -> "Box":
        """The box with other payloads below it: `payloads` by path; kinds in `without` are left out."""
        if () in payloads:
            return replace(self, data=payloads[()])
        children = []
        for child in self.children:
            if child.kind not in without:
                below = {path[1:]: data for path, data in payloads.items() if path[0] == child.kind}
                children.append(child.changed(below, without) if below or without else child)
        return replace(self, children=tuple(children))


def large_header(kind: bytes, size: int) -> bytes:
    """The sixteen bytes before a payload of `size` bytes of any length."""
    return (1).to_bytes(4, "big") + kind + (size + 16).to_bytes(8, "big")


def parse(data: bytes) -> tuple[Box, ...]:
    """Read boxes that fill `data`.

    Raises:
        BrokenBox: The boxes do not fill it exactly.
    """
    boxes, at = [], 0
    while at < len(data):
        size, kind, body = _header(data[at : at + 16])
        if size < body or at + size > len(data):
            raise BrokenBox(f"a box of {size} bytes does not fit")
        payload = data[at + body : at + size]
        boxes.append(Box(kind, children=parse(payload)) if kind in _CONTAINERS else Box(kind, payload))
        at += size
    return tuple(boxes)


def find_moov(file: BinaryIO) -> tuple[Box, Box]:
    """The file type and the index of a file, at any position.

    Raises:
        BrokenBox: One of them is missing.
    """
    found = {box.kind: box for box in _top_level(file)}
    if b"moov" not in found or b"ftyp" not in found:
        raise BrokenBox("it has no index")
    return found[b"ftyp"], found[b"moov"]


def _top_level(file: BinaryIO) -> Iterator[Box]:
    at = 0
    while start := file.read(16):
        size, kind, _ = _header(start)
        if size < 8:
            raise BrokenBox(f"a box of {size} bytes")
        if kind in (b"moov", b"ftyp"):
            file.seek(at)
            data = file.read(min(size, _MOST_INDEX_BYTES))
            yield from parse(data)
        at += size
        file.seek(at)


def _header(start: bytes) -> tuple[int, bytes, int]:
    """Size, kind, and where the payload begins."""
    if len(start) < 8:
        raise BrokenBox("it ends in the middle of a box")
    size, kind = int.from_bytes(start[:4], "big"), start[4:8]
    if size == 1:
        return int.from_bytes(start[8:16], "big"), kind, 16
    return size, kind, 8
