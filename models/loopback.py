"""Addresses of this machine: a proxy in the environment has no say over them."""

from collections.abc import MutableMapping
from ipaddress import ip_address
from urllib.parse import urlsplit

_DIRECT = ("localhost", "127.0.0.1", "::1")
PROXIES = ("http_proxy", "https_proxy", "all_proxy")
"""The variables that name a proxy; each is read in capitals, too."""


def is_loopback(url: str) -> bool:
    """Whether a URL names this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def proxies_in(environment: MutableMapping[str, str]) -> dict[str, str]:
    """The proxies that an environment names, by variable."""
    names = (spelt for name in PROXIES for spelt in (name, name.upper()))
    return {name: environment[name] for name in names if environment.get(name)}


def keep_loopback_direct(environment: MutableMapping[str, str]) -> None:
    """Except this machine's own addresses from the proxies of an environment."""
    if not proxies_in(environment):
        return
    excepted = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    if excepted.strip() == "*":
        return
    known = [one.strip() for one in excepted.split(",") if one.strip()]
    environment["no_proxy"] = environment["NO_PROXY"] = ",".join(dict.fromkeys([*known, *_DIRECT]))
