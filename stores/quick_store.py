"""The everyday requests to an S3 store through obstore: a sixth of boto3's time each, and most of it outside Python.

A worker makes dozens of them for each draft. What is rare stays with boto3: large files, copies of parts, links, forms,
lists and deletions.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from models.failures import EchonosError, NotStored, ProviderUnavailable
from models.loopback import is_loopback
from stores.s3_client import ATTEMPTS, CONNECT_TIMEOUT_S, READ_TIMEOUT_S, failure_of

if TYPE_CHECKING:
    from obstore.store import ClientConfig, S3Config, S3Credential

WHOLE_TIMEOUT_S = 600
"""For a whole request; a store that stalls is noticed by the read time-out."""

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")
"""obstore writes other characters in its own way, so such a key would name another object than it does for boto3."""

_DOTS = re.compile(r"(^|/)\.{1,2}(/|$)")

_ANSWER = re.compile(r"status code: (?P<status>\d{3})[^<]*(?:<(?!Code>)[^<]*)*(?:<Code>(?P<code>\w+)</Code>)?")
"""In obstore's text: the HTTP status, and S3's code where the answer has a body."""


def takes(key: str) -> bool:
    """Whether a key means the same object here as for boto3."""
    return _PLAIN_KEY.fullmatch(key) is not None and _DOTS.search(key) is None


class QuickStore:
    """One bucket of an S3 store; threads may share it.

    Args:
        endpoint: The store's URL; None: AWS.
        region: Its region; any name for a local store.
        access_key: Key id.
        secret_key: Secret.
        bucket: The bucket.
    """

    def __init__(self, endpoint: str | None, region: str, access_key: str, secret_key: str, bucket: str) -> None:
        # Variables of the environment join what is not named here. The keys are given by a function, because a session
        # token of the environment would join them.
        keys: S3Credential = {
            "access_key_id": access_key,
            "secret_access_key": secret_key,
            "token": None,
            "expires_at": None,
        }
        named: S3Config = {
            "skip_signature": False,
            "unsigned_payload": False,
            "request_payer": False,
            "s3_express": False,
        }
        if endpoint is not None:
            # The second one is what the environment may name, and it would go first.
            named |= {"endpoint": endpoint, "aws_endpoint_url_s3": endpoint}
        self._store = S3Store(  # type: ignore[misc]  # `named` has no bucket
            bucket,
            region=region,
            virtual_hosted_style_request=False,
            credential_provider=lambda: keys,
            client_options=_client_options(endpoint),
            retry_config={
                "max_retries": ATTEMPTS - 1,
                "retry_timeout": timedelta(seconds=ATTEMPTS * READ_TIMEOUT_S),
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=5),
                    "base": 2,
                },
            },
            **named,
        )

    def put(self, key: str, data: bytes, content_type: str) -> None:
        """Store bytes in one request."""
        with _translated(key):
            obstore.put(self._store, key, data, attributes={"Content-Type": content_type}, use_multipart=False)

    def get(self, key: str, smaller_than: int | None = None) -> bytes | None:
        """An object's bytes; None if it is not smaller than this. Raises `NotStored`: it is missing."""
        with _translated(key):
            found = obstore.get(self._store, key)
            if smaller_than is not None and found.meta["size"] >= smaller_than:
                return None
            return found.bytes().to_bytes()

    def get_range(self, key: str, start: int, size_bytes: int) -> bytes:
        """A part of an object, shorter at its end. Raises `NotStored`: it is missing."""
        with _translated(key):
            return obstore.get_range(self._store, key, start=start, length=size_bytes).to_bytes()

    def size(self, key: str) -> int:
        """An object's size in bytes. Raises `NotStored`: it is missing."""
        with _translated(key):
            return obstore.head(self._store, key)["size"]


def _client_options(endpoint: str | None) -> "ClientConfig":
    options: ClientConfig = {
        "allow_http": True,
        "connect_timeout": timedelta(seconds=CONNECT_TIMEOUT_S),
        "read_timeout": timedelta(seconds=READ_TIMEOUT_S),
        "timeout": timedelta(seconds=WHOLE_TIMEOUT_S),
        "user_agent": "echonos",
    }
    if endpoint is not None and is_loopback(endpoint):
        # A proxy of the environment is for the world outside. A proxy that is named, and never used, replaces it.
        options |= {"proxy_url": "http://127.0.0.1:9", "proxy_excludes": urlsplit(endpoint).hostname or ""}
    # As for boto3: a store may have a certificate of its own authority.
    authorities = os.environ.get("AWS_CA_BUNDLE") or os.environ.get("REQUESTS_CA_BUNDLE")
    if authorities and Path(authorities).is_file():
        options["root_certificate"] = Path(authorities).read_bytes()
    return options


@contextmanager
def _translated(key: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, BaseError) as error:
        raise _failure_of(error, key) from error


def _failure_of(error: FileNotFoundError | BaseError, key: str) -> EchonosError | NotStored:
    """The text alone has S3's code; the types group codes that mean different things to us."""
    if answer := _ANSWER.search(str(error)):
        return failure_of(answer["code"] or answer["status"], key)
    if isinstance(error, FileNotFoundError):
        return NotStored(key)
    if isinstance(error, PermissionDeniedError | UnauthenticatedError):
        return failure_of("403", key)
    why = "it keeps this bucket elsewhere; check the region" if "LOCATION" in str(error) else type(error).__name__
    return ProviderUnavailable(f"the object store does not answer: {why}")
