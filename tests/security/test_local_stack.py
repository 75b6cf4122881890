"""Of a local stack only S3 with keys can be used, and its data folder is its owner's alone."""

import stat
import time
from pathlib import Path
from typing import Any

import httpx
import psutil

from cli.stack import running_stack
from tests.security.house import House

KEY, CONTENT = "accounts/ada/private", b"a private song"


def test_no_port_of_the_object_store_gives_or_takes_without_keys(house: House) -> None:
    """All ports that it listens on, whatever they are for, with what its parts would answer to anyone."""
    objects = house.stores.objects
    objects.put_bytes(KEY, CONTENT, "text/plain")
    bucket = house.settings.s3_bucket
    state = running_stack(house.settings)
    assert state is not None
    process = psutil.Process(state.parts["s3"].pid)
    ports = sorted({c.laddr.port for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN})
    assert {c.laddr.ip for c in process.net_connections("tcp") if c.status == psutil.CONN_LISTEN} == {"127.0.0.1"}
    assert len(ports) > 5
    tries: list[tuple[str, str, Any]] = [
        *(("GET", path, None) for path in ("/", f"/buckets/{bucket}/", f"/buckets/{bucket}/{KEY}", f"/{bucket}/{KEY}")),
        *(("GET", path, None) for path in (f"/{bucket}?list-type=2", "/dir/status", "/vol/status", "/dir/assign")),
        *(("GET", path, None) for path in ("/dir/lookup?volumeId=1", "/1,01", "/cluster/status", "/status")),
        *(("POST", path, {"file": b"planted"}) for path in (f"/buckets/{bucket}/planted", "/submit", "/1,0112345678")),
        ("PUT", f"/{bucket}/planted", None),
        ("DELETE", f"/buckets/{bucket}/{KEY}", None),
        ("DELETE", f"/{bucket}/{KEY}", None),
        ("DELETE", f"/buckets/{bucket}/?recursive=true", None),
        ("GET", f"/col/delete?collection={bucket}", None),
    ]
    told = {}
    for port in ports:
        for method, path, files in tries:
            try:
                with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as anybody:
                    answer = anybody.request(method, path, files=files, headers={"Origin": "https://evil.example"})
            except httpx.HTTPError:
                continue  # gRPC, which is no HTTP/1.1
            says = [word for word in (CONTENT.decode(), KEY, "fid", "private") if word in answer.text]
            if says or (answer.is_success and method != "GET"):
                told[port, method, path] = answer.status_code, answer.text[:200]
    assert {use: answer for use, answer in told.items() if answer[0] < 400} == {}
    assert objects.get_bytes(KEY) == CONTENT
    assert [key for key in objects.list_keys("") if "planted" in key] == []


def test_the_data_folder_is_its_owners_alone(house: House) -> None:
    """Within a moment also what SeaweedFS opens to all users by itself."""
    for _ in range(1_000):
        found = open_to_others(house.settings.home)
        if not found:
            return
        time.sleep(0.2)
    raise AssertionError(found)


def open_to_others(home: Path) -> dict[str, str]:
    """What others may read, with its permissions."""
    found = {}
    for path in (home, *home.rglob("*")):
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            continue  # a journal that was closed, a file that was renamed
        if not stat.S_ISLNK(mode) and mode & 0o077:
            found[str(path.relative_to(home))] = oct(stat.S_IMODE(mode))
    return found
