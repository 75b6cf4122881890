"""The object store against a real S3 server."""

import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from activities.ports.stores import ObjectStore
from models.failures import Misconfigured, ProviderUnavailable
from settings import Settings
from stores.objects import S3Objects

LARGE = 40_000_000
"""Over two multipart thresholds, and the largest song."""


def test_it_is_what_the_activities_ask_for(objects: S3Objects) -> None:
    store: ObjectStore = objects
    store.put_bytes("a/b.json", b"{}", "application/json")
    assert store.get_bytes("a/b.json") == b"{}"
    store.put_bytes("a/b.json", b"[1]", "application/json")
    assert (store.get_bytes("a/b.json"), store.size("a/b.json")) == (b"[1]", 3)


def test_files_small_and_in_parts(objects: S3Objects, tmp_path: Path) -> None:
    for name, size in (("small", 11), ("large", LARGE), ("empty", 0)):
        source, target = tmp_path / name, tmp_path / f"{name} again"
        source.write_bytes(bytes(range(256)) * (size // 256) + b"x" * (size % 256))
        objects.put_file(name, source, "audio/flac")
        assert objects.size(name) == size
        objects.get_file(name, target)
        assert target.read_bytes() == source.read_bytes()


def test_what_is_missing(objects: S3Objects, tmp_path: Path) -> None:
    assert objects.size("nothing") is None
    with pytest.raises(KeyError, match="nothing"):
        objects.get_bytes("nothing")
    (tmp_path / "file").write_bytes(b"what was there")
    with pytest.raises(KeyError):
        objects.get_file("nothing", tmp_path / "file")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"what was there"]
    assert objects.delete_prefix("nothing/") == 0


def test_a_prefix_is_listed_and_deleted_whole(objects: S3Objects, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several pages, and several orders to delete."""
    monkeypatch.setattr("stores.objects._PAGE", 10)
    keys = [f"videos/1/{n:02}" for n in range(25)]
    for key in [*keys, "videos/10"]:
        objects.put_bytes(key, b"x", "text/plain")
    assert list(objects.list_keys("videos/1/")) == keys
    assert objects.delete_prefix("videos/1/") == 25
    assert list(objects.list_keys("")) == ["videos/10"]
    with pytest.raises(ValueError, match="whole bucket"):
        objects.delete_prefix("")


def test_names_in_any_language(objects: S3Objects) -> None:
    key = "songs/Ænima – 夜/ü & ?#%+ .flac"
    objects.put_bytes(key, b"1", "audio/flac")
    assert list(objects.list_keys("songs/")) == [key]
    assert objects.get_bytes(key) == b"1"


def test_a_link_reads_one_object_and_names_the_download(objects: S3Objects) -> None:
    objects.put_bytes("video.mp4", b"0123456789", "video/mp4")
    url = objects.presigned_get("video.mp4", 60, 'Neon "夜".mp4')
    request = urllib.request.Request(url, headers={"Range": "bytes=2-4"})
    with urllib.request.urlopen(request) as answer:
        assert (answer.status, answer.read()) == (206, b"234")
        disposition = answer.headers["Content-Disposition"]
    assert disposition == "attachment; filename=\"Neon ___.mp4\"; filename*=UTF-8''Neon%20%22%E5%A4%9C%22.mp4"
    with urllib.request.urlopen(objects.presigned_get("video.mp4", 60)) as answer:
        assert answer.headers["Content-Type"] == "video/mp4"
        assert answer.headers["Content-Disposition"] is None
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(url.replace("video.mp4", "other.mp4", 1))


def test_a_bucket_is_made_once_by_many(object_server: str) -> None:
    stores = [S3Objects(object_server, "us-east-1", "test-key-id", "test-secret", "shared") for _ in range(4)]
    threads = [threading.Thread(target=store.ensure_bucket) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stores[0].put_bytes("k", b"1", "text/plain")
    assert stores[3].get_bytes("k") == b"1"


def test_wrong_keys_and_wrong_buckets_are_not_worth_a_retry(object_server: str) -> None:
    stranger = S3Objects(object_server, "us-east-1", "test-key-id", "wrong", "test")
    with pytest.raises(Misconfigured):
        stranger.put_bytes("k", b"", "text/plain")
    with pytest.raises(Misconfigured):
        stranger.ensure_bucket()
    nowhere = S3Objects(object_server, "us-east-1", "test-key-id", "test-secret", "no-such-bucket")
    with pytest.raises(Misconfigured):
        nowhere.get_bytes("k")


def test_a_store_that_is_away_is_worth_a_retry(tmp_path: Path) -> None:
    away = S3Objects("http://127.0.0.1:1", "us-east-1", "a", "b", "test")
    source = tmp_path / "file"
    source.write_bytes(b"1")
    with pytest.raises(ProviderUnavailable):
        away.put_bytes("k", b"", "text/plain")
    with pytest.raises(ProviderUnavailable):
        away.put_file("k", source, "text/plain")
    with pytest.raises(ProviderUnavailable):
        away.get_file("k", tmp_path / "target")


def test_a_proxy_for_the_internet_has_no_say_over_a_store_on_this_machine(
    s3: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    options = s3.store_options()
    objects = S3Objects(
        options["s3_endpoint"], "us-east-1", options["s3_access_key"], options["s3_secret_key"], options["s3_bucket"]
    )
    assert objects.keeps("proxied/probe")
