"""Values of settings that are checked, and brought into one form, as they are read."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, TypedDict

from pydantic import AfterValidator, SecretStr

from models.codec_keys import parse_codec_keys
from models.queues import Work

NO_PROXY = "none"

FullPath = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]
"""A folder means the same to child processes, wherever they run."""


def _key(key: SecretStr) -> SecretStr:
    """A provider's key as it travels in a header; blanks around it came with copying."""
    bare = key.get_secret_value().strip()
    if not re.fullmatch(r"[!-~]+", bare):
        raise ValueError("This is not a key: it contains spaces or characters that no key has")
    return SecretStr(bare)


def _codec_keys(text: SecretStr) -> SecretStr:
    parse_codec_keys(text.get_secret_value())
    return text


def _proxies(text: str) -> str:
    """Addresses and networks, or the word that says that there are none."""
    if text.strip().lower() == NO_PROXY:
        return NO_PROXY
    try:
        return ",".join(str(ip_network(part.strip(), strict=False)) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError(
            f"Addresses or networks with commas, as in 10.0.0.0/8, or `{NO_PROXY}` where people reach us directly"
        ) from None


def _works(text: str) -> str:
    """Kinds of work, in their own order."""
    named = {part.strip().lower() for part in text.split(",") if part.strip()}
    if not named or named - set(Work):
        raise ValueError(f"Kinds of work with commas, of {', '.join(Work)}")
    return ",".join(work for work in Work if work in named)


ProviderKey = Annotated[SecretStr, AfterValidator(_key)]
CodecKeys = Annotated[SecretStr, AfterValidator(_codec_keys)]
Proxies = Annotated[str, AfterValidator(_proxies)]
KindsOfWork = Annotated[str, AfterValidator(_works)]


class StoreOptions(TypedDict):
    """The arguments of `stores.opening.open_stores`."""

    database_url: str
    s3_endpoint: str | None
    s3_region: str
    s3_access_key: str
    s3_secret_key: str
    s3_bucket: str
