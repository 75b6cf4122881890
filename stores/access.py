"""What the web backend keeps about who comes in, on the same database as ledger and Vault."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from stores.address_changes import AddressChanges
from stores.database import Database, utc_now
from stores.devices import Devices
from stores.idempotency import Idempotency
from stores.profiles import Profiles
from stores.rate_limits import RateLimits
from stores.second_factors import SecondFactors
from stores.security_events import SecurityEvents
from stores.sessions import Sessions
from stores.tokens import Tokens


class Sweeper(Protocol):
    """Has rows that expire."""

    def sweep(self) -> int:
        """Remove them; returns how many."""
        ...


@dataclass(frozen=True)
class Access:
    """People, their ways in, and what was answered to them."""

    profiles: Profiles
    sessions: Sessions
    tokens: Tokens
    idempotency: Idempotency
    rates: RateLimits
    devices: Devices
    factors: SecondFactors
    events: SecurityEvents
    addresses: AddressChanges

    @property
    def sweepers(self) -> tuple[Sweeper, ...]:
        """All that has rows which expire."""
        return (self.sessions, self.idempotency, self.rates, self.devices, self.events, self.addresses)


def open_access(database: Database, clock: Callable[[], datetime] = utc_now) -> Access:
    """All of it, on a migrated database.

    Args:
        database: Migrated.
        clock: Tells the moment, aware; tests bring their own.
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
    )
