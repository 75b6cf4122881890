"""Diagnosis of this machine: disk, proxies in the environment, clock."""

import os
import shutil
import tempfile
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from models.failures import InvalidInput, ProviderUnavailable
from models.loopback import proxies_in

DRAFT_BYTES = 1_500_000_000
"""A full draft of five minutes: 60 segments, stills and the MP4 in the store, and as much in scratch."""

CLOCK_MAY_DIFFER_S = 30.0
"""S3 refuses requests that differ by 15 minutes; one-time passwords by half a minute."""

_GB = 1e9


def disk(home: Path, *, local_store: bool) -> str:
    """The free space where a draft is made, in a sentence.

    Args:
        home: The data folder.
        local_store: Whether objects are stored below it, too.

    Raises:
        ProviderUnavailable: A draft needs more.
    """
    places = {"scratch": Path(tempfile.gettempdir())} | ({"data folder": home} if local_store else {})
    told = []
    for name, place in places.items():
        usage = shutil.disk_usage(next(one for one in (place, *place.parents) if one.exists()))
        if not usage.total:  # some file systems (ramfs, some of FUSE) count nothing
            told.append(f"the file system of the {name} at {place} does not say how much is free")
            continue
        told.append(f"{usage.free / _GB:.1f} GB free for the {name} at {place}")
        if usage.free < DRAFT_BYTES:
            raise ProviderUnavailable(
                f"The disk is nearly full: {told[-1]}, and a draft needs up to {DRAFT_BYTES / _GB:.1f} GB. Free some, "
                f"or {'set TMPDIR' if name == 'scratch' else 'let ECHONOS_HOME name a folder on another disk'}: "
                "docs/runbooks/full-disk.md."
            )
    return f"{'; '.join(told)}; a draft needs up to {DRAFT_BYTES / _GB:.1f} GB."


def proxies() -> str:
    """The proxies in the environment, in a sentence, without their passwords.

    Raises:
        InvalidInput: One of them cannot be used.
    """
    named = proxies_in(os.environ)
    if not named:
        return "None in the environment."
    shown = {name: _without_password(url) for name, url in named.items()}
    unreadable = [name for name, url in shown.items() if not url]
    if unreadable:
        raise InvalidInput(
            f"{', '.join(unreadable)} is no proxy's address: set it to http://HOST:PORT, or unset it.", code="settings"
        )
    told = ", ".join(f"{name}={url}" for name, url in shown.items())
    if any(url.lower().startswith("socks") for url in named.values()) and find_spec("socksio") is None:
        raise InvalidInput(
            f"{told}: a SOCKS proxy cannot be used here. Name an HTTP proxy, or unset it.", code="settings"
        )
    excepted = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or "this machine"
    return f"{told}; not for {excepted}. Providers are reached through them, this machine's own servers never."


def clock(other: datetime, whose: str) -> str:
    """This machine's clock against another one, in a sentence.

    Args:
        other: The other one's time now, to the second.
        whose: Who said it.

    Raises:
        InvalidInput: They differ by too much.
    """
    off_s = (datetime.now(UTC) - other).total_seconds()
    if abs(off_s) > CLOCK_MAY_DIFFER_S:
        way = "ahead of" if off_s > 0 else "behind"
        raise InvalidInput(
            f"This machine's clock is {abs(off_s):.0f} s {way} that of {whose}: set it by NTP "
            "(`timedatectl set-ntp true`). S3 refuses what is 15 minutes off, and one-time passwords half a minute.",
            code="clock",
        )
    return f"Agrees with that of {whose}."


def _without_password(url: str) -> str:
    """A proxy's address; empty where it is none."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.hostname}{port}" if parts.hostname else ""
