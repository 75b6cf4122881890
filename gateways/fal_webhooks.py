"""fal's webhooks: signed with Ed25519; fal publishes the keys as a JWKS.

The signature covers the request's id, the account's id, a timestamp, and the SHA-256 of the raw body, one per line.
"""

import base64
import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gateways.published_keys import PublishedKeys, fetch_object
from models.failures import InvalidInput, ProviderUnavailable
from models.paid_media import Job
from stores.provider_jobs import JobBook

JWKS_URL = "https://rest.fal.ai/.well-known/jwks.json"
MOST_SKEW_S = 300.0
MOST_ID_CHARS = 200
_STATUS_CODE = re.compile(r"status code:? *(\d{3})\b", re.IGNORECASE)
KEYS_HOLD_S = 6 * 3600.0
KEYS_AGE_S = 30.0
"""Keys younger than this are not fetched again: forged calls must not make us flood fal."""

TIMEOUT_S = 10
_AWAY = "fal's webhook keys cannot be read"


class FalWebhooks:
    """Receives fal's calls. They only shorten the wait, so a call may come early, twice or never."""

    def __init__(self, jobs: JobBook, verifier: "WebhookVerifier") -> None:
        self._jobs = jobs
        self._verifier = verifier

    def read_keys_early(self) -> None:
        """Fetch fal's keys before it calls, without waiting."""
        self._verifier.read_keys_early()

    def receive(self, job_key: str, headers: Mapping[str, str], body: bytes) -> Job | None:
        """Verify a call and record its answer.

        Args:
            job_key: From the URL that we gave with the submission.
            headers: A case-insensitive mapping.

        Returns:
            The job as it is now; None for an unknown key.

        Raises:
            InvalidInput: The call is not fal's, or names no job.
            ProviderUnavailable: fal's keys cannot be read; fal will call again.
        """
        request_id = self._verifier.verify(headers, body)
        try:
            call = json.loads(body)
            named, told, payload = str(call["request_id"]), call.get("status"), call.get("payload")
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise _refused("it says nothing about a job") from None
        if named != request_id:
            raise _refused("it is about another job than its signature")
        if told == "ERROR":
            return self._jobs.answered(job_key, request_id, json.dumps(_failed(call)))
        if told == "OK" and payload is not None:
            return self._jobs.answered(job_key, request_id, json.dumps(payload))
        # fal could not deliver the result (`payload_error`), or reports no end: fetch the result ourselves.
        return self._jobs.found(job_key, request_id)

    def receive_unread(self, job_key: str, headers: Mapping[str, str], digest: str) -> Job | None:
        """Verify a call whose body is too large to keep: the job exists, and its result is fetched.

        Args:
            digest: The SHA-256 of the raw body, in hexadecimal.

        Raises:
            InvalidInput: The call is not fal's.
            ProviderUnavailable: fal's keys cannot be read; fal will call again.
        """
        return self._jobs.found(job_key, self._verifier.verify_digest(headers, digest))


def _failed(call: dict[str, Any]) -> dict[str, Any]:
    """A failed job's call, in the form that `engines.providers.fal.job_errors.read_answer` reads."""
    payload, error = call.get("payload"), call.get("error") or call.get("payload_error")
    code = _STATUS_CODE.search(str(error)[:500])
    if payload is None:
        payload = {"detail": str(error or "no payload")[:500]}
        if isinstance(call.get("error_type"), str):
            payload["error_type"] = call["error_type"][:100]
        if code is None:
            return payload
    return {"status_code": int(code[1]) if code else None, "payload": payload}


class WebhookVerifier:
    """Verifies the signatures of fal's calls.

    Args:
        jwks_url: The URL of the keys.
        clock: Returns seconds since 1970.
        user_id: Our account at fal. fal signs for all its customers: without this check another customer who knew
            one of our job keys could answer in fal's name.
    """

    def __init__(
        self, jwks_url: str = JWKS_URL, clock: Callable[[], float] = time.time, user_id: str | None = None
    ) -> None:
        self._jwks_url = jwks_url
        self._user_id = user_id
        self._clock = clock
        self._keys = PublishedKeys(self._read, _AWAY)

    def verify(self, headers: Mapping[str, str], body: bytes) -> str:
        """Check a call's signature.

        Args:
            headers: With lower-case names, or a case-insensitive mapping.

        Raises:
            InvalidInput: The call is not signed, too old, or not fal's.
            ProviderUnavailable: fal's keys cannot be read; fal will call again.
        """
        return self.verify_digest(headers, hashlib.sha256(body).hexdigest())

    def verify_digest(self, headers: Mapping[str, str], digest: str) -> str:
        """As `verify`, with the SHA-256 of the raw body, in hexadecimal."""
        names = ("request-id", "user-id", "timestamp", "signature")
        request_id, user_id, timestamp, signature = (headers.get(f"x-fal-webhook-{name}", "") for name in names)
        try:
            at, signed = float(timestamp), bytes.fromhex(signature)
        except ValueError:
            raise _refused("its signature cannot be read") from None
        if not (request_id and user_id and signed):
            raise _refused("it is not signed")
        if abs(self._clock() - at) > MOST_SKEW_S:
            raise _refused("it is too old")
        if len(request_id) > MOST_ID_CHARS:
            raise _refused("its request id is too long")
        message = "\n".join((request_id, user_id, timestamp, digest)).encode()
        if not self._is_signed(signed, message):
            raise _refused("its signature is not fal's")
        if self._user_id is not None and user_id != self._user_id:
            raise _refused("it is about another customer's job")
        return request_id

    def read_keys_early(self) -> None:
        """Fetch the keys before they are needed, without waiting."""
        self._keys.refresh()

    def _is_signed(self, signature: bytes, message: bytes) -> bool:
        def fits(keys: list[Ed25519PublicKey]) -> Literal[True] | None:
            return True if any(_fits(key, signature, message) for key in keys) else None

        return self._keys.find(fits, lifetime_s=KEYS_HOLD_S, unknown_every_s=KEYS_AGE_S) is not None

    def _read(self) -> list[Ed25519PublicKey]:
        try:
            with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False) as http:
                published = fetch_object(http, self._jwks_url)["keys"]
            found = [key["x"] for key in published if key.get("crv", "Ed25519") == "Ed25519"]
            return [
                Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(x + "=" * (-len(x) % 4))) for x in found
            ]
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ProviderUnavailable(_AWAY) from error


def _fits(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _refused(why: str) -> InvalidInput:
    return InvalidInput(f"This call is not accepted: {why}.", code="webhook_signature")
