"""The local S3 server's keys: made once per data folder, kept in it, readable by its owner alone."""

import os
import secrets
from pathlib import Path

from pydantic import SecretStr

from models.base import Model


class S3Keys(Model):
    """A key pair. Only `local_s3_keys` writes the secret down."""

    access_key: str
    secret_key: SecretStr


class _KeyFile(Model):
    access_key: str
    secret_key: str


def local_s3_keys(home: Path) -> S3Keys:
    """The keys of the data folder `home`, which exists; the first call makes them."""
    path = home / "s3-keys.json"
    if not path.exists():
        made = _KeyFile(access_key=f"echonos{secrets.token_hex(6)}", secret_key=secrets.token_urlsafe(30))
        draft = home / f"s3-keys.{os.getpid()}.{secrets.token_hex(4)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made.to_bytes())
        try:
            os.link(draft, path)  # unlike a rename, this never replaces keys that another process made meanwhile
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    kept = _KeyFile.from_bytes(path.read_bytes())
    return S3Keys(access_key=kept.access_key, secret_key=SecretStr(kept.secret_key))
