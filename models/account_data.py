"""A whole account's data: exported as one ZIP, or erased for good."""

from datetime import datetime, timedelta

from pydantic import Field

from models.base import Model
from models.generation import Limits

TAKEOUT_KEPT = timedelta(days=7)
"""How long the ZIP is kept; another one can be requested after that."""


class TakeoutRequest(Model):
    """Input of `ExportAccount`."""

    account_id: str
    takeout_id: str
    limits: Limits = Limits()


class Takeout(Model):
    """A ZIP with all data of an account."""

    takeout_id: str
    object_key: str
    size_bytes: int
    files: int
    made_at: datetime


class ErasureRequest(Model):
    """Input of `EraseAccount`: a confirmed erasure."""

    account_id: str
    limits: Limits = Limits()


class Closed(Model):
    """Answer of `close_account`: all access is revoked; these runs were cancelled."""

    runs: int


class Erased(Model):
    """What an erasure removed. The ledger's journal stays, under an id that identifies no person."""

    objects: int
    executions: int
    rows: int = Field(description="in tables outside of the ledger")


class SettledHolds(Model):
    """Answer of `settle_account`."""

    settled: int
