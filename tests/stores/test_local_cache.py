"""The local cache of scenes' files, in front of a real S3 server."""

import shutil
from pathlib import Path

import pytest

from models.failures import NotStored
from models.object_keys import footage_key, portrait_key, segment_key, still_key, video_prefix
from stores.local_cache import LocalCache
from stores.objects import S3Objects

SEGMENT = segment_key("a", "v", 1, "d1")


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_piece_that_was_written_or_read_does_not_travel_again(
    beside: S3Objects, objects: S3Objects, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    beside.put_file(SEGMENT, written(tmp_path / "piece", b"segment"), "video/mp4")
    still = still_key("a", "v", 2, "d2")
    objects.put_bytes(still, b"still", "image/png")
    beside.get_file(still, out)
    assert objects.get_bytes(SEGMENT) == b"segment"
    objects.delete_prefix(video_prefix("a", "v"))
    beside.get_file(SEGMENT, out)
    assert (out.read_bytes(), beside.get_bytes(still)) == (b"segment", b"still")
    assert beside.size(SEGMENT) is None, "what is asked of the store is answered by the store"
    with pytest.raises(NotStored):
        objects.get_file(SEGMENT, out)


def test_what_changes_under_its_name_is_never_kept(beside: S3Objects, objects: S3Objects, tmp_path: Path) -> None:
    key = portrait_key("a", "v", "fox")
    beside.put_file(key, written(tmp_path / "piece", b"one"), "image/png")
    objects.put_bytes(key, b"two", "image/png")
    assert beside.get_bytes(key) == b"two"


def test_a_deleted_video_leaves_nothing(beside: S3Objects, local_cache: Path, tmp_path: Path) -> None:
    for key in (SEGMENT, footage_key("a", "v", 1, "d"), segment_key("a", "other", 1, "d")):
        beside.put_file(key, written(tmp_path / "piece", key.encode()), "video/mp4")
    beside.delete_prefix(video_prefix("a", "v"))
    with pytest.raises(NotStored):
        beside.get_file(SEGMENT, tmp_path / "out")
    assert [path.read_bytes() for path in local_cache.iterdir()] == [segment_key("a", "other", 1, "d").encode()]


def test_the_least_recently_used_goes_first(local_cache: Path, tmp_path: Path) -> None:
    copies = LocalCache(local_cache, most_bytes=10)
    keys = [segment_key("a", "v", number, "d") for number in range(4)]
    for key in keys[:2]:
        copies.keep(key, written(tmp_path / "piece", b"12345"))
    assert copies.read(keys[0]) == b"12345"
    copies.keep(keys[2], written(tmp_path / "piece", b"123"))
    copies.keep(keys[3], written(tmp_path / "piece", b"too much by far"))
    assert [copies.read(key) for key in keys] == [b"12345", None, b"123", None]
    copies.keep(keys[0], written(tmp_path / "piece", b"12345"))
    assert sum(path.stat().st_size for path in local_cache.iterdir()) == 8


def test_nothing_is_kept_for_long(local_cache: Path, tmp_path: Path) -> None:
    now = [0.0]
    copies = LocalCache(local_cache, kept_s=60, clock=lambda: now[0])
    copies.keep(SEGMENT, written(tmp_path / "piece", b"1"))
    now[0] = 60.0
    assert copies.copy_to(SEGMENT, tmp_path / "out")
    now[0] = 60.1
    assert not copies.copy_to(SEGMENT, tmp_path / "out")
    assert list(local_cache.iterdir()) == []


def test_a_folder_that_is_gone_is_only_slower(beside: S3Objects, local_cache: Path, tmp_path: Path) -> None:
    beside.put_file(SEGMENT, written(tmp_path / "piece", b"segment"), "video/mp4")
    shutil.rmtree(local_cache)
    beside.get_file(SEGMENT, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == beside.get_bytes(SEGMENT) == b"segment"
    beside.put_file(SEGMENT, tmp_path / "piece", "video/mp4")
