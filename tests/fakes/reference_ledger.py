"""What a ledger must answer, without tables, locks or laziness: it acts at the moment at which something is due."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from models.credits import HoldRequest, Unit

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(eq=False)
class Pot:
    """Units that came in together."""

    unit: Unit
    begins: datetime
    ends: datetime
    priority: int
    free: int
    held: int = 0
    purchase: str = ""

    def order(self) -> tuple[datetime, int, datetime]:
        return (self.ends, self.priority, self.begins)


@dataclass
class Reserved:
    """A hold, and the pots it came from."""

    request: HoldRequest
    receipt: Any
    parts: list[tuple[Pot, int]]
    ended: str = ""
    credits: int = 0


@dataclass
class Reference:
    """The expected ledger."""

    now: datetime
    pots: list[Pot] = field(default_factory=list)
    owed: int = 0

    def usable(self, unit: Unit) -> list[Pot]:
        pots = [p for p in self.pots if p.unit is unit and p.begins <= self.now < p.ends and p.free]
        return sorted(pots, key=Pot.order)

    def available(self, unit: Unit = Unit.CREDIT) -> int:
        return sum(pot.free for pot in self.usable(unit))

    def held(self) -> int:
        return sum(pot.held for pot in self.pots if pot.unit is Unit.CREDIT)

    def take(self, pots: list[Pot], amount: int) -> list[tuple[Pot, int]]:
        parts = []
        for pot in pots:
            part = min(pot.free, amount)
            pot.free -= part
            amount -= part
            if part:
                parts.append((pot, part))
        assert amount == 0
        return parts

    def pay_debts(self) -> None:
        due = min(self.owed, self.available())
        self.take(self.usable(Unit.CREDIT), due)
        self.owed -= due

    def give(self, pot: Pot) -> None:
        self.pots.append(pot)
        self.pay_debts()

    def hold(self, unit: Unit, amount: int) -> list[tuple[Pot, int]]:
        parts = self.take(self.usable(unit), amount)
        for pot, part in parts:
            pot.held += part
        return parts

    def end(self, parts: list[tuple[Pot, int]], taken: int) -> None:
        for pot, part in parts:
            pot.held -= part
            spent = min(part, taken)
            taken -= spent
            back = part - spent
            if back and pot.ends <= self.now:
                week_more = self.now + timedelta(days=7)
                self.pots.append(Pot(pot.unit, self.now, week_more, pot.priority, back, purchase=pot.purchase))
            else:
                pot.free += back
        self.pay_debts()

    def take_back(self, purchase: str, amount: int) -> None:
        pots = sorted(self.usable(Unit.CREDIT), key=lambda pot: pot.purchase != purchase)
        there = min(amount, self.available())
        self.take(pots, there)
        self.owed += amount - there

    def forward(self, by: timedelta) -> None:
        until = self.now + by
        dates = {d for pot in self.pots for d in (pot.begins, pot.ends) if self.now < d <= until}
        for moment in [*sorted(dates), until]:
            self.now = moment
            for pot in self.pots:
                if pot.ends <= moment:
                    pot.free = 0
            self.pay_debts()

    def by_date(self) -> Counter[tuple[Unit, datetime, str]]:
        """Open units by their date; an owner cannot tell pots with the same date apart."""
        sums: Counter[tuple[Unit, datetime, str]] = Counter()
        for pot in self.pots:
            sums[pot.unit, pot.ends, "available"] += pot.free
            sums[pot.unit, pot.ends, "held"] += pot.held
        return +sums
