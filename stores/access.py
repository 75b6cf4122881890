"""What the web backend keeps about who comes in, on the same database as ledger and Vault."""

from dataclasses import dataclass

from stores.database import Database
from stores.idempotency import Idempotency
from stores.profiles import Profiles
from stores.rate_limits import RateLimits
from stores.sessions import Sessions
from stores.tokens import Tokens


@dataclass(frozen=True)
class Access:
    """People, their ways in, and what was answered to them."""

    profiles: Profiles
    sessions: Sessions
    tokens: Tokens
    idempotency: Idempotency
    rates: RateLimits


def open_access(database: Database) -> Access:
    """All of it, on a migrated database."""
    return Access(
        profiles=Profiles(database),
        sessions=Sessions(database),
        tokens=Tokens(database),
        idempotency=Idempotency(database),
        rates=RateLimits(database),
    )
