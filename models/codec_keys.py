"""Keys of the payload codec as people write them down: `ID:BASE64`, the first one encrypts, the others only decrypt."""

import base64
import binascii
import re
from dataclasses import dataclass, field

KEY_BYTES = 32
FEWEST_DIFFERENT_BYTES = 16
"""A random key of 32 bytes has fewer with a probability below 10⁻¹⁰; a repeated or typed one usually has."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True)
class CodecKey:
    """One key. Its id stands in clear beside everything that it encrypts."""

    key_id: str
    secret: bytes = field(repr=False)


def parse_codec_keys(text: str) -> tuple[CodecKey, ...]:
    """Read keys.

    Args:
        text: `ID:BASE64` each, separated by commas, blanks or line ends; from `#` to a line's end is a comment.

    Returns:
        The keys; the first one encrypts.

    Raises:
        ValueError: Something is no key; the sentence does not repeat it.
    """
    entries = re.sub(r"#.*", "", text).replace(",", " ").split()
    keys = tuple(_key(number, entry) for number, entry in enumerate(entries, 1))
    if not keys:
        raise ValueError("There is no key: one is `ID:BASE64`, with 32 random bytes (`openssl rand -base64 32`)")
    if len({key.key_id for key in keys}) < len(keys):
        raise ValueError("Two keys have the same id: each new key needs a new one")
    return keys


def _key(number: int, entry: str) -> CodecKey:
    key_id, colon, encoded = entry.partition(":")
    if not colon or not _ID.fullmatch(key_id):
        raise ValueError(f"Key {number} is not `ID:BASE64`; ids have letters, digits, `-` and `_`, 40 at most")
    try:
        secret = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise ValueError(f"Key {number} is not {KEY_BYTES} bytes in base64 (`openssl rand -base64 {KEY_BYTES}`)")
    if len(set(secret)) < FEWEST_DIFFERENT_BYTES:
        raise ValueError(f"Key {number} is not random (`openssl rand -base64 {KEY_BYTES}` makes one that is)")
    return CodecKey(key_id, secret)
