"""Objects composed in the store: parts that S3 accepts, and the same bytes as their sources."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.stretches import FileStretch, ObjectStretch, Stretch
from stores.composing import COPIED_BYTES, LEAST_PART_BYTES, SENT_BYTES, parts_of
from stores.objects import S3Objects

_SIZES = st.integers(1, 4 * SENT_BYTES) | st.integers(1, 3 * COPIED_BYTES) | st.just(LEAST_PART_BYTES)


@given(st.lists(st.tuples(st.booleans(), _SIZES), min_size=1, max_size=8))
def test_parts_are_long_enough_and_in_order(pieces: list[tuple[bool, int]]) -> None:
    stretches: list[Stretch] = [
        ObjectStretch(key=str(number), start=7, size_bytes=size)
        if stored
        else FileStretch(path=Path(str(number)), start=7, size_bytes=size)
        for number, (stored, size) in enumerate(pieces)
    ]
    parts = parts_of(stretches)
    cut = [one for part in parts for one in ((part,) if isinstance(part, ObjectStretch) else part)]
    at = dict.fromkeys(range(len(pieces)), 7)
    for one in cut:
        number = int(one.key if isinstance(one, ObjectStretch) else str(one.path))
        assert one.start == at[number]
        assert one.size_bytes > 0
        at[number] += one.size_bytes
    assert at == {number: 7 + size for number, (_, size) in enumerate(pieces)}
    lengths = [
        part.size_bytes if isinstance(part, ObjectStretch) else sum(one.size_bytes for one in part) for part in parts
    ]
    assert all(length >= LEAST_PART_BYTES for length in lengths[:-1])
    for part, length in zip(parts, lengths, strict=True):
        assert length <= COPIED_BYTES if isinstance(part, ObjectStretch) else length <= SENT_BYTES + LEAST_PART_BYTES


@pytest.mark.parametrize("long", [3_000, LEAST_PART_BYTES + 1_000, 3 * LEAST_PART_BYTES])
def test_an_object_of_parts_of_others_and_of_files(objects: S3Objects, tmp_path: Path, long: int) -> None:
    old, new = bytes(range(251)) * (2 * long // 251 + 1), b"new" * 2_000
    objects.put_bytes("old", old, "video/mp4")
    (tmp_path / "new").write_bytes(new)
    stretches: list[Stretch] = [
        FileStretch(path=tmp_path / "new", start=0, size_bytes=1_000),
        ObjectStretch(key="old", start=100, size_bytes=long),
        FileStretch(path=tmp_path / "new", start=1_000, size_bytes=5_000),
        ObjectStretch(key="old", start=100 + long, size_bytes=len(old) - long - 100),
    ]
    objects.compose("composed", stretches, "video/mp4")
    assert objects.get_bytes("composed") == new[:1_000] + old[100 : 100 + long] + new[1_000:6_000] + old[100 + long :]
    assert objects.get_range("composed", 990, 20) == new[990:1_000] + old[100:110]


@pytest.mark.parametrize("size", [10, 3 * LEAST_PART_BYTES])
def test_what_is_gone_is_said(objects: S3Objects, tmp_path: Path, size: int) -> None:
    (tmp_path / "new").write_bytes(b"new")
    stretches: list[Stretch] = [
        FileStretch(path=tmp_path / "new", start=0, size_bytes=3),
        ObjectStretch(key="gone", start=0, size_bytes=size),
    ]
    with pytest.raises(KeyError):
        objects.compose("composed", stretches, "video/mp4")
    assert objects.size("composed") is None
