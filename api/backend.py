"""The parts of one web backend process, and its short caches.

It holds no durable state: processes can be stopped, started or added at any moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.concurrency_limits import ConcurrencyLimits
from api.ttl_cache import TtlCache
from api.watching import Watchtower
from bootstrap import Application
from settings import Settings

if TYPE_CHECKING:
    from api.permissions import Caller

RIGHTS_KNOWN_S, RIGHTS_KNOWN = 2.0, 10_000
"""For how long, and for how many watchers, the right to watch a run is cached."""


class Backend(Application):
    """The parts of one API process."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.tower = Watchtower()
        self.concurrency = ConcurrencyLimits()
        self.rights: TtlCache[Caller] = TtlCache(RIGHTS_KNOWN_S, RIGHTS_KNOWN)

    def close(self) -> None:
        """End all watching and close the database."""
        self.tower.close()
        super().close()
