"""What the web backend stores about access, in the same database as ledger and Vault."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stores.address_changes import AddressChanges
from stores.database import Database, utc_now
from stores.devices import Devices
from stores.idempotency import Idempotency
from stores.notices import Notices
from stores.profiles import Profiles
from stores.rate_limits import RateLimits
from stores.second_factors import SecondFactors
from stores.security_events import SecurityEvents
from stores.sessions import Sessions
from stores.shares import Shares
from stores.tokens import Tokens


class Sweeper(Protocol):
    """A store whose rows expire."""

    def sweep(self) -> int:
        """Delete expired rows; returns their number."""
        ...


@dataclass(frozen=True)
class Access:
    """People, sessions, tokens, share links, and answers kept for repeated requests."""

    profiles: Profiles
    sessions: Sessions
    tokens: Tokens
    idempotency: Idempotency
    rates: RateLimits
    devices: Devices
    factors: SecondFactors
    events: SecurityEvents
    addresses: AddressChanges
    shares: Shares
    notices: Notices

    @property
    def sweepers(self) -> tuple[Sweeper, ...]:
        """All stores whose rows expire."""
        return (
            self.sessions,
            self.idempotency,
            self.rates,
            self.devices,
            self.events,
            self.addresses,
            self.shares,
            self.notices,
        )


def open_access(database: Database, clock: Callable[[], datetime] = utc_now) -> Access:
    """All access stores, on a migrated database.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware; tests pass their own.
    """
    return Access(
        profiles=Profiles(database, clock),
        sessions=Sessions(database, clock),
        tokens=Tokens(database, clock),
        idempotency=Idempotency(database, clock),
        rates=RateLimits(database, clock),
        devices=Devices(database, clock),
        factors=SecondFactors(database, clock),
        events=SecurityEvents(database, clock),
        addresses=AddressChanges(database, clock),
        shares=Shares(database, clock),
        notices=Notices(database, clock),
    )
