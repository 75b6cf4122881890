"""How much an account may store and keep open at once."""

from pydantic import PositiveInt

from models.base import Model

GIGABYTE = 1_000_000_000


class Quotas(Model):
    """Limits on what costs no credits."""

    storage_bytes: PositiveInt = 50 * GIGABYTE
    unverified_storage_bytes: PositiveInt = GIGABYTE // 2
    streams: PositiveInt = 20
