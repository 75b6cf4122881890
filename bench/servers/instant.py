"""A worker whose engines answer at once, as a process of its own.

    python -m bench.servers.instant SCENES [COUNTS [PIECE_S]]

Finds the stack through the environment, as `worker.py` does, and creates `ECHONOS_READY_FILE` once it polls. When it
stops it writes the numbers of its requests to S3 and of its SQL transactions into the file COUNTS, as JSON. Each still
and clip takes PIECE_S seconds, without computing.
"""

import asyncio
import json
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event

from settings import Settings
from stores.local_cache import LocalCache
from stores.opening import Stores, open_stores
from temporal.connection import connect
from tests.fakes.engines import Faults
from tests.fakes.world import World

_REQUESTS = ("put_bytes", "get_bytes", "get_file", "get_range", "size", "list_objects", "delete_prefix")


def counted(stores: Stores) -> Counter[str]:
    """Count calls of the object store that the local cache did not answer, and transactions, from now on."""
    counts: Counter[str] = Counter()
    objects, cache = stores.objects, stores.objects._local_cache

    def counting(name: str, call: Callable[..., Any], key: str, *arguments: Any) -> Any:
        if name not in ("get_bytes", "get_file") or cache is None or cache._find(key) is None:
            counts[name] += 1
        return call(key, *arguments)

    for name in _REQUESTS:
        setattr(objects, name, partial(counting, name, getattr(objects, name)))
    event.listen(stores.database.engine, "begin", lambda _: counts.update(transactions=1))
    return counts


async def serve(settings: Settings, scenes: int, report: Path | None, piece_s: float, folder: Path) -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    stores = open_stores(**settings.store_options(), local_cache=LocalCache(folder))
    counts = counted(stores)
    world = World(await connect(settings), stores, Faults())
    world.engines.scenes, world.engines.reprises = scenes, False
    world.drafts_at_once = settings.drafts_at_once
    if piece_s:
        world.faults.plans |= dict.fromkeys(("paint", "animate"), lambda _: time.sleep(piece_s))
    await world.work()
    if settings.ready_file is not None:
        settings.ready_file.touch()
    await stop.wait()
    await world.end()
    if report is not None:
        report.write_text(json.dumps(counts))


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        counts_file = Path(sys.argv[2]) if len(sys.argv) > 2 else None
        takes_s = float(sys.argv[3]) if len(sys.argv) > 3 else 0.0
        asyncio.run(serve(Settings(), int(sys.argv[1]), counts_file, takes_s, Path(name)))
