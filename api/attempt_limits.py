"""Limits of log-ins, codes and e-mails, by known device or stranger.

Strangers are counted by the e-mail address that they name, so many of them together are limited, too. A known device
and an owner's session have their own counts: strangers cannot lock the owner out.
"""

from dataclasses import dataclass

from starlette.requests import Request

from api.cookies import device_sent
from api.deps import Backend, address_of, limit
from api.problems import too_often
from models.access import Profile
from models.secrets import digest_secret


@dataclass(frozen=True)
class Asker:
    """A client that names an e-mail address."""

    email: str
    client: str
    device: str = ""
    owner: Profile | None = None
    """The account with that address that this device has signed in to before."""

    @property
    def who(self) -> str:
        """The counted key: the device where it is known, otherwise the connection's address."""
        return f"device {self.device}" if self.owner is not None else self.client


def asker_of(request: Request, backend: Backend, email: str) -> Asker:
    """Identify the client by its device cookie. Blocks on the database.

    Args:
        request: The request with the browser's cookies.
        email: The named address, in lower case; only a device that signed in to its account is known.
    """
    client, secret = address_of(request), device_sent(request, backend.settings)
    known = backend.access.devices.find(secret) if secret else None
    if secret is None or known is None or known.email != email:
        return Asker(email=email, client=client)
    return Asker(email=email, client=client, device=digest_secret(secret), owner=known)


def count_device(backend: Backend, asker: Asker) -> None:
    """Count an attempt to log in from a known device. Raises `Problem`: 429, too often from this device."""
    limit(backend, backend.settings.rates.log_in_per_account, "log-in-device", asker.who)


def count_stranger(backend: Backend, asker: Asker) -> None:
    """Count an attempt to log in by connection, by named address, and by both. Raises `Problem`: 429, too often."""
    rates = backend.settings.rates
    limit(backend, rates.log_in, "log-in", asker.client)
    limit(backend, rates.log_in_per_account, "log-in-account", f"{asker.email} {asker.client}")
    limit(backend, rates.log_in_strangers, "log-in-strangers", asker.email)


def forgive(backend: Backend, asker: Asker) -> None:
    """Take back one attempt, whose password was right. Earlier ones stay: they may have aimed at another claim."""
    rates, access = backend.settings.rates, backend.access
    access.rates.give_back(rates.log_in_per_account, "log-in-account", f"{asker.email} {asker.client}")
    access.rates.give_back(rates.log_in_strangers, "log-in-strangers", asker.email)


def count_email(backend: Backend, reason: str, asker: Asker) -> None:
    """Count an e-mail to the address that a request names.

    Args:
        reason: The e-mail's purpose; each has its own limit for strangers.
        asker: The client. The address's verified owner, on a known device, has a limit of their own.

    Raises:
        Problem: 429, too many for this address.
    """
    wait_s = email_wait_s(backend, reason, asker)
    if wait_s is not None:
        raise too_often(wait_s)


def email_wait_s(backend: Backend, reason: str, asker: Asker) -> float | None:
    """As `count_email`: None where the e-mail may be sent, otherwise the seconds until the next one."""
    rates, hit = backend.settings.rates, backend.access.rates.hit
    if asker.owner is not None and asker.owner.verified:
        return hit(rates.mail_owner, "mail-owner", asker.email)
    # Per client first: one stranger's refused attempts do not count against the others.
    wait_s = hit(rates.mail, "mail", reason, asker.email, asker.who)
    return wait_s if wait_s is not None else hit(rates.mail_strangers, "mail-strangers", reason, asker.email)


def count_code(backend: Backend, account_id: str, asker: Asker) -> None:
    """Count an attempt at a second factor. Raises `Problem`: 429, too often."""
    rates = backend.settings.rates
    limit(backend, rates.code, "code", f"{account_id} {asker.who}")
    if asker.owner is None:
        limit(backend, rates.code_strangers, "code-strangers", account_id)
