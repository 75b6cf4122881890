"""An account's data as a whole: taken out as one ZIP, or erased for good."""

from datetime import datetime, timedelta

from pydantic import Field

from models.base import Model
from models.generation import Limits

TAKEOUT_KEPT = timedelta(days=7)
"""Then the ZIP is removed; another one can be asked for."""


class TakeoutRequest(Model):
    """Input of `ExportAccount`."""

    account_id: str
    takeout_id: str
    limits: Limits = Limits()


class Takeout(Model):
    """A ZIP with everything that an account has."""

    takeout_id: str
    object_key: str
    size_bytes: int
    files: int
    made_at: datetime


class ErasureRequest(Model):
    """Input of `EraseAccount`: somebody has confirmed that it is meant."""

    account_id: str
    limits: Limits = Limits()


class Closed(Model):
    """Answer of `close_account`: nobody gets in any more; these runs were asked to end."""

    runs: int


class Erased(Model):
    """What an erasure removed. The ledger's journal stays, under an id that leads to no person."""

    objects: int
    executions: int
    rows: int = Field(description="in tables outside of the ledger")


class SettledHolds(Model):
    """Answer of `settle_account`."""

    settled: int
