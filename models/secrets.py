"""Credentials: made here, shown once, stored as digests; and placeholders for secrets, which are none."""

import hashlib
import re
import secrets
from urllib.parse import urlsplit

SHORTEST_SECRET = 8
_PLACEHOLDERS = re.compile(
    r"changeme|change(this|it)|placeholder|(top|my|your|test|dev)?(secret|password)|(your|insert)?(api)?key(here)?"
    r"|example|replaceme|todo|fixme|test(test)*|default|development"
)


def new_secret(prefix: str = "") -> str:
    """A secret of 256 random bits, as text that fits into a URL."""
    return prefix + secrets.token_urlsafe(32)


def digest_secret(secret: str) -> str:
    """The stored form of a secret: enough to recognise it, useless as a credential."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def secret_part(text: str) -> str:
    """Of a URL its password; anything else is a secret as a whole."""
    return (urlsplit(text).password if "://" in text else None) or text


def is_placeholder(secret: str) -> bool:
    """Whether a secret is too short, or a word that stands for one."""
    plain = re.sub(r"[^a-z]", "", secret.lower())
    return len(secret) < SHORTEST_SECRET or _PLACEHOLDERS.fullmatch(plain) is not None or len(set(secret)) <= 2
