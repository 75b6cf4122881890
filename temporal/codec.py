"""The payload codec: what artists write is encrypted before it reaches the Temporal server.

Covers payloads, failures' texts, summaries and details; ids, types and search attributes stay readable. AES-256-GCM
with random nonces (NIST SP 800-38D) allows 2³² messages a key, which 100,000 generations a day would use up in weeks.
So a process encrypts under a subkey of its own: HKDF-SHA256 (RFC 5869) of the key and a random salt that travels along.
"""

import os
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from models.codec_keys import KEY_BYTES, CodecKey
from models.failures import EchonosError, ProviderUnavailable
from models.wire import SEALED

CIPHER = b"AES-256-GCM"
SALT_BYTES, NONCE_BYTES = 16, 12
MOST_PER_SALT = 2**30
SUBKEYS_KEPT = 4_096
"""Each process that wrote into the histories at hand has one."""

REREAD_S = 5.0
"""How often an unknown key id makes a process read its keys again."""

WORTH_COMPRESSING_BYTES = 256
MOST_BYTES = 64 * 1024 * 1024
"""Of one decompressed payload; the server takes 2 MB of a compressed one."""

_PAYLOAD = b"payload"
_PLAIN, _DEFLATED = b"\0", b"\1"


class Keyring:
    """Encrypts with the first key, decrypts with any.

    Args:
        read: Returns the keys; called again when data names an unknown one, so that a key that was added to the file
            works without a restart.
    """

    def __init__(self, read: Callable[[], Sequence[CodecKey]]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._sealed = 0
        self._read_at = 0.0
        self._take(read())

    def seal(self, data: bytes, purpose: bytes) -> tuple[str, bytes]:
        """Encrypt.

        Args:
            data: Anything.
            purpose: What it is; it opens for the same purpose only.

        Returns:
            The key's id, and salt, nonce and ciphertext with its tag.
        """
        with self._lock:
            if self._sealed >= MOST_PER_SALT:
                self._salt, self._sealed = os.urandom(SALT_BYTES), 0
            self._sealed += 1
            key_id, salt, subkey = self._first, self._salt, self._subkey
        nonce = os.urandom(NONCE_BYTES)
        return key_id, salt + nonce + subkey(key_id, salt).encrypt(nonce, data, _bound(key_id, purpose))

    def open(self, key_id: str, sealed: bytes, purpose: bytes) -> bytes:
        """Decrypt. Raises `ProviderUnavailable`: the key is missing here, or is another one of the same id."""
        salt, rest = sealed[:SALT_BYTES], sealed[SALT_BYTES:]
        subkey = self._subkey_of(key_id)
        try:
            opened = subkey(key_id, salt).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], _bound(key_id, purpose))
        except (InvalidTag, ValueError) as error:
            raise ProviderUnavailable(
                f"Data encrypted with the codec key “{key_id}” does not open: the key of that id is another one here, "
                "or the data is damaged."
            ) from error
        return opened

    def _subkey_of(self, key_id: str) -> Callable[[str, bytes], AESGCM]:
        with self._lock:
            if key_id not in self._ids and time.monotonic() - self._read_at > REREAD_S:
                self._reread()
            if key_id not in self._ids:
                raise ProviderUnavailable(
                    f"The codec key “{key_id}” is missing here: add it to ECHONOS_CODEC_KEYS, or to the file of keys."
                )
            return self._subkey

    def _reread(self) -> None:
        """Keep the keys that are known where the file cannot be read now: it may be half written."""
        self._read_at = time.monotonic()
        with suppress(EchonosError):
            self._take(self._read())

    def _take(self, keys: Sequence[CodecKey]) -> None:
        secrets = {key.key_id: key.secret for key in keys}

        @lru_cache(SUBKEYS_KEPT)
        def subkey(key_id: str, salt: bytes) -> AESGCM:
            derived = HKDF(SHA256(), KEY_BYTES, salt, b"echonos codec").derive(secrets[key_id])
            return AESGCM(derived)

        self._first, self._ids, self._subkey = keys[0].key_id, frozenset(secrets), subkey
        self._salt, self._sealed, self._read_at = os.urandom(SALT_BYTES), 0, time.monotonic()


class SealingCodec(PayloadCodec):
    """Compresses and encrypts payloads; leaves payloads from before it was switched on as they are."""

    def __init__(self, keyring: Keyring) -> None:
        self.keyring = keyring

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt each payload as a whole, its metadata included."""
        return [self.sealed(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt what is encrypted. Raises `ProviderUnavailable`: a key is missing."""
        return [self.opened(payload) for payload in payloads]

    def sealed(self, payload: Payload) -> Payload:
        """One payload, encrypted."""
        plain = payload.SerializeToString()
        deflated = zlib.compress(plain) if len(plain) >= WORTH_COMPRESSING_BYTES else plain
        shorter = _DEFLATED + deflated if len(deflated) < len(plain) else _PLAIN + plain
        key_id, data = self.keyring.seal(shorter, _PAYLOAD)
        metadata = {"encoding": SEALED.encode(), "encryption-cipher": CIPHER, "encryption-key-id": key_id.encode()}
        return Payload(metadata=metadata, data=data)

    def opened(self, payload: Payload) -> Payload:
        """One payload, decrypted. Raises `ProviderUnavailable`: its key is missing."""
        if payload.metadata.get("encoding") != SEALED.encode():
            return payload
        key_id = payload.metadata.get("encryption-key-id", b"").decode("utf-8", "replace")
        opened = self.keyring.open(key_id, payload.data, _PAYLOAD)
        plain = opened[1:]
        if opened[:1] == _DEFLATED:
            plain = zlib.decompressobj().decompress(plain, MOST_BYTES)
        return Payload.FromString(plain)


def _bound(key_id: str, purpose: bytes) -> bytes:
    """What is authenticated beside the data."""
    return purpose + b"\0" + key_id.encode()
