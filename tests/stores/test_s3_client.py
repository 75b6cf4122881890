"""S3's clients: cheap to open, from any thread."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from stores.s3_client import s3_client


def open_one(_: int = 0) -> str:
    return s3_client("http://127.0.0.1:1", "us-east-1", "id", "secret").meta.endpoint_url


def test_only_the_first_client_reads_the_description_of_s3(monkeypatch: pytest.MonkeyPatch) -> None:
    open_one()
    read: list[str] = []
    monkeypatch.setattr("botocore.loaders.JSONFileLoader.load_file", lambda _self, path: read.append(path))
    assert open_one() == "http://127.0.0.1:1"
    assert read == []


def test_threads_open_clients_at_the_same_time() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(open_one, range(32))) == {"http://127.0.0.1:1"}
