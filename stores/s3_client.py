"""boto3's client, set up as the object store needs it."""

from threading import Lock
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from models.failures import EchonosError, Misconfigured, NotStored, ProviderUnavailable
from models.loopback import is_loopback

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

READ_TIMEOUT_S = 40
"""Longer than the local store's first write after a crash, which stalled for 15 to 19 s."""

CONNECT_TIMEOUT_S = 5
ATTEMPTS = 4

MISSING = {"404", "NoSuchKey", "NotFound"}
_DENIED = {"401", "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "NoSuchBucket"}

_session = boto3.session.Session()
"""Holds S3's parsed description: a client takes 3 ms from one session, and 60 ms from a session of its own."""

_turn = Lock()
"""Threads may share clients, but not a session."""


def s3_client(endpoint: str | None, region: str, access_key: str, secret_key: str) -> "S3Client":
    """A client of an S3 store. It connects at its first call.

    Args:
        endpoint: The store's URL; None: AWS.
        region: Its region; any name for a local store.
        access_key: Key id.
        secret_key: Secret.

    Returns:
        The client; threads may share it.
    """
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=32,
        # A proxy for the internet cannot reach a store on this machine. None: what the environment says.
        proxies={} if endpoint is not None and is_loopback(endpoint) else None,
        # The default session is rebuilt for each request, which takes an eighth of its time.
        user_agent="echonos",
    )
    with _turn:
        return _session.client(
            "s3",
            endpoint_url=endpoint,
            region_name=region,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            config=config,
        )


def failure_of(code: str, key: str) -> EchonosError | NotStored:
    """What a store's answer means.

    Args:
        code: S3's error code, or the HTTP status of an answer without one.
        key: The key or prefix that was asked for.
    """
    if code in MISSING:
        return NotStored(key)
    if code in _DENIED:
        return Misconfigured(f"the object store refuses us ({code}); check its keys and bucket")
    return ProviderUnavailable(f"the object store answered {code}")
