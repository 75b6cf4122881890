"""Everyday requests agree with boto3's, whatever the key, the environment and the store say."""

import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import trustme

from models.failures import EchonosError, Misconfigured, NotStored, ProviderUnavailable
from settings import CHECKOUT, Settings
from stores.objects import S3Objects
from stores.quick_store import QuickStore, takes
from stores.s3_client import s3_client


def objects_of(settings: Settings, **changes: str) -> S3Objects:
    options = settings.store_options()
    named: dict[str, Any] = {
        "endpoint": str(options["s3_endpoint"]),
        "region": options["s3_region"],
        "access_key": options["s3_access_key"],
        "secret_key": options["s3_secret_key"],
        "bucket": options["s3_bucket"],
    }
    return S3Objects(**named | changes)


@pytest.mark.parametrize(
    "name",
    ["plain-1_a.json", "with space", "per%20cent", "a#b?c", "ünï/ø", "~tilde+plus", "q'uote", "a=b&c", "dots/..x"],
)
def test_an_object_has_the_same_key_for_both_clients(s3: Settings, name: str) -> None:
    key, objects, options = f"both/{uuid4().hex}/{name}", objects_of(s3), s3.store_options()
    theirs = s3_client(options["s3_endpoint"], options["s3_region"], options["s3_access_key"], options["s3_secret_key"])
    objects.put_bytes(key, b"bytes", "text/plain")
    stored = theirs.get_object(Bucket=options["s3_bucket"], Key=key)
    assert (stored["Body"].read(), stored["ContentType"]) == (b"bytes", "text/plain")
    assert (objects.get_bytes(key), objects.size(key), objects.get_range(key, 1, 99)) == (b"bytes", 5, b"ytes")
    assert list(objects.list_keys(key)) == [key]
    assert objects.delete_prefix(key) == 1
    assert objects.size(key) is None


@pytest.mark.parametrize("key", ["a/../b", "./a", "a/.", "/a", "a/", "a//b", "", "a b"])
def test_keys_that_would_be_rewritten_stay_with_boto(key: str) -> None:
    assert not takes(key)


def test_what_is_missing_is_missing(s3: Settings, tmp_path: Path) -> None:
    objects, key = objects_of(s3), f"missing/{uuid4().hex}"
    for ask in (
        objects.get_bytes,
        lambda key: objects.get_range(key, 0, 1),
        lambda key: objects.get_file(key, tmp_path),
    ):
        with pytest.raises(NotStored):
            ask(key)


@pytest.mark.parametrize(
    "changes", [{"secret_key": "w" * 40}, {"access_key": "stranger"}, {"bucket": "no-such-bucket"}]
)
def test_a_refusal_says_what_to_check(s3: Settings, changes: dict[str, str]) -> None:
    with pytest.raises(Misconfigured, match="check its keys and bucket"):
        objects_of(s3, **changes).get_bytes("any")


def test_a_store_that_is_away_may_come_back() -> None:
    away = S3Objects("http://127.0.0.1:9", "us-east-1", "a" * 20, "s" * 40, "echonos")
    with pytest.raises(ProviderUnavailable, match="does not answer"):
        away.get_bytes("any")


_PUTS = """
from settings import Settings
from stores.quick_store import QuickStore
o = Settings().store_options()
store = QuickStore(o["s3_endpoint"], o["s3_region"], o["s3_access_key"], o["s3_secret_key"], o["s3_bucket"])
store.put("probe/environment", b"kept", "text/plain")
print(store.get("probe/environment"))
"""


def test_the_environment_has_no_say(s3: Settings) -> None:
    """A proxy is for the world outside, and another program's session token is not ours."""
    options = s3.store_options()
    env = os.environ | {
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
        "AWS_SESSION_TOKEN": "another's",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "ECHONOS_S3_ENDPOINT": str(options["s3_endpoint"]),
        "ECHONOS_S3_ACCESS_KEY": options["s3_access_key"],
        "ECHONOS_S3_SECRET_KEY": options["s3_secret_key"],
        "ECHONOS_S3_BUCKET": options["s3_bucket"],
    }
    done = subprocess.run(
        [sys.executable, "-c", _PUTS], cwd=CHECKOUT, env=env, capture_output=True, text=True, check=False
    )
    assert done.stdout == "b'kept'\n", done.stderr[-500:]


@contextmanager
def store_that_answers(status: int, body: bytes = b"", certificate: trustme.LeafCert | None = None) -> Iterator[str]:
    """The URL of a store that answers every request so."""

    class Store(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"] or 0))
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", '"0"')
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Store) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (403, "AccessDenied", "refuses us (AccessDenied)"),
        (403, "RequestTimeTooSkewed", "answered RequestTimeTooSkewed"),
        (403, "", "refuses us (403)"),
        (404, "NoSuchBucket", "refuses us (NoSuchBucket)"),
        (400, "AuthorizationHeaderMalformed", "answered AuthorizationHeaderMalformed"),
        (413, "", "answered 413"),
        (409, "OperationAborted", "answered OperationAborted"),
    ],
)
def test_both_clients_say_the_same_of_an_answer(status: int, code: str, told: str) -> None:
    """A clock that is wrong, for one, is no wrong key, and what answers is not away."""
    body = f"<Error><Message>no</Message><Code>{code}</Code></Error>" if code else ""
    with store_that_answers(status, body.encode()) as url:
        objects = S3Objects(url, "us-east-1", "a" * 20, "s" * 40, "bucket")
        failures = []
        for key in ("plain", "for boto"):
            with pytest.raises(EchonosError) as failed:
                objects.put_bytes(key, b"x", "text/plain")
            failures.append((type(failed.value), failed.value.message))
    assert failures[0] == failures[1]
    assert told in failures[0][1]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
        ("AWS_S3_EXPRESS", "true"),
        ("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "true"),
    ],
)
def test_an_environment_for_other_programs_names_no_other_store(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """Objects of one client would be missing for the other."""
    monkeypatch.setenv(variable, value)
    with store_that_answers(200) as url:
        QuickStore(url, "us-east-1", "a" * 20, "s" * 40, "bucket").put("k", b"x", "text/plain")


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_a_store_may_have_a_certificate_of_its_own_authority(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    authority, bundle = trustme.CA(), tmp_path / "authorities.pem"
    bundle.write_bytes(trustme.CA().cert_pem.bytes() + authority.cert_pem.bytes())
    monkeypatch.setenv(variable, str(bundle))
    with store_that_answers(200, certificate=authority.issue_cert("127.0.0.1")) as url:
        QuickStore(url, "us-east-1", "a" * 20, "s" * 40, "bucket").put("k", b"x", "text/plain")
