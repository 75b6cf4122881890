"""Secrets that let somebody in: made here, handed out once, kept as digests."""

import hashlib
import secrets


def new_secret(prefix: str = "") -> str:
    """A secret of 256 random bits, as text that fits into a URL."""
    return prefix + secrets.token_urlsafe(32)


def digest_secret(secret: str) -> str:
    """What is kept of a secret: enough to recognise it, nothing to use."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
