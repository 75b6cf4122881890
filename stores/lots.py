"""Grants and what is left of them, in spending order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.credits import GRANT_PRIORITIES, GrantInfo, GrantSource, Unit


@dataclass
class Lot:
    """A grant and what is left of it.

    `number` counts the account's grants in order of arrival. `returned_from` names the grant that the units first came
    in with, if a hold released them after that grant's expiry.
    """

    grant_id: str
    unit: Unit
    source: GrantSource
    amount: int
    priority: int
    effective_at: datetime
    expires_at: datetime | None
    available: int
    held: int
    number: int = 0
    returned_from: str | None = None
    is_new: bool = False

    @property
    def spend_order(self) -> tuple[bool, float, int, float, int]:
        """Sort key: expiry first, then priority, age, and arrival so that the order is total."""
        expires = self.expires_at.timestamp() if self.expires_at else 0.0
        return (self.expires_at is None, expires, self.priority, self.effective_at.timestamp(), self.number)

    def is_effective(self, now: datetime) -> bool:
        """Whether its units count at `now`."""
        return self.effective_at <= now and not self.is_expired(now)

    def is_expired(self, now: datetime) -> bool:
        """Whether its date has passed; held units stay valid."""
        return self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True)
class Portion:
    """Units of one grant."""

    grant_id: str | None
    unit: Unit
    amount: int


def take(lots: Sequence[Lot], amount: int) -> Iterator[tuple[Lot, int]]:
    """`amount` units taken from lots in their order; the caller has checked that enough are left."""
    for lot in lots:
        part = min(lot.available, amount)
        if part > 0:
            amount -= part
            yield lot, part
    assert amount == 0, "the caller checks that there is enough"


def priority_of(source: GrantSource, asked: int | None) -> int:
    """A grant's rank among those that expire at the same time."""
    return GRANT_PRIORITIES[source] if asked is None else asked


def grant_info(lot: Lot) -> GrantInfo:
    """A grant as its owner sees it."""
    return GrantInfo(
        grant_id=lot.grant_id,
        unit=lot.unit,
        source=lot.source,
        amount=lot.amount,
        available=lot.available,
        held=lot.held,
        effective_at=lot.effective_at,
        expires_at=lot.expires_at,
    )


def lot_of(row: Any) -> Lot:
    """A lot from its row."""
    return Lot(
        grant_id=row.grant_id,
        unit=Unit(row.unit),
        source=GrantSource(row.source),
        amount=row.amount,
        priority=row.priority,
        effective_at=row.effective_at,
        expires_at=row.expires_at,
        available=row.available,
        held=row.held,
        number=row.number,
        returned_from=row.returned_from,
    )


def row_of(lot: Lot, account_id: str) -> dict[str, Any]:
    """A lot's row."""
    return {
        "grant_id": lot.grant_id,
        "account_id": account_id,
        "unit": lot.unit.value,
        "source": lot.source.value,
        "amount": lot.amount,
        "priority": lot.priority,
        "number": lot.number,
        "effective_at": lot.effective_at,
        "expires_at": lot.expires_at,
        "returned_from": lot.returned_from,
        "available": lot.available,
        "held": lot.held,
    }
