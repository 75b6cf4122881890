"""Who asks, where that decides how often one may: a device from which an account was signed in to, or a stranger.

Strangers are counted at the address that they name, so many of them together are limited too. A known device counts for
itself, and so does an owner's session: what strangers use up is not taken from an account's own person.
"""

from dataclasses import dataclass

from starlette.requests import Request

from api.cookies import device_sent
from api.deps import Backend, address_of, limit
from models.access import Profile
from stores.secrets import digest_secret


@dataclass(frozen=True)
class Asker:
    """Who asks about an e-mail address."""

    email: str
    client: str
    device: str = ""
    owner: Profile | None = None
    """The account with that address which this device has signed in to before."""

    @property
    def who(self) -> str:
        """What is counted: the device where it is known, the connection's address otherwise."""
        return f"device {self.device}" if self.owner is not None else self.client


def asker_of(request: Request, backend: Backend, email: str) -> Asker:
    """Who asks about an address. Blocks while the database is asked.

    Args:
        request: With the cookies of the browser.
        backend: Of this process.
        email: In lower case; whether any account has it shows only to a device that has signed in to one.
    """
    client, secret = address_of(request), device_sent(request, backend.settings)
    known = backend.access.devices.find(secret) if secret else None
    if secret is None or known is None or known.email != email:
        return Asker(email=email, client=client)
    return Asker(email=email, client=client, device=digest_secret(secret), owner=known)


def count_device(backend: Backend, asker: Asker) -> None:
    """Count an attempt to log in from a known device.

    Raises:
        Problem: 429, too often from this device.
    """
    limit(backend, backend.settings.rates.log_in_per_account, "log-in-device", asker.who)


def count_stranger(backend: Backend, asker: Asker) -> None:
    """Count an attempt to log in by its connection, by the address it names, and by both.

    Raises:
        Problem: 429, too often.
    """
    rates = backend.settings.rates
    limit(backend, rates.log_in, "log-in", asker.client)
    limit(backend, rates.log_in_per_account, "log-in-account", f"{asker.email} {asker.client}")
    limit(backend, rates.log_in_strangers, "log-in-strangers", asker.email)


def forgive(backend: Backend, asker: Asker) -> None:
    """Take an attempt with the right password back. Only that one: it may have opened another claim to the address."""
    rates, access = backend.settings.rates, backend.access
    access.rates.give_back(rates.log_in_per_account, "log-in-account", f"{asker.email} {asker.client}")
    access.rates.give_back(rates.log_in_strangers, "log-in-strangers", asker.email)


def count_code(backend: Backend, account_id: str, asker: Asker) -> None:
    """Count an attempt at a second factor.

    Raises:
        Problem: 429, too often.
    """
    rates = backend.settings.rates
    limit(backend, rates.code, "code", f"{account_id} {asker.who}")
    if asker.owner is None:
        limit(backend, rates.code_strangers, "code-strangers", account_id)
