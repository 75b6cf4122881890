"""The worker: settings become engines and stores, those become activities, and Temporal workers serve them.

`worker.py --queues orchestrate,provide,render,analyse` serves these kinds of work; without it, all four.

Environment: `ECHONOS_*` (see settings.py); `ECHONOS_READY_FILE` names a file to create once the queues are polled.
"""

import argparse
import asyncio
import atexit
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NoReturn

import structlog

from activities.steps import scratch, sweep_scratch
from bootstrap import build_activities, observed, open_engines, set_up_logs, watch_disk, worker_telemetry
from models.beat_trackers import MADMOM_REFUSED, BeatTrackerName
from models.composition import Composition
from models.failures import EchonosError, InvalidInput
from models.loopback import keep_loopback_direct
from models.queues import Work
from settings import Settings
from stores.local_cache import LocalCache
from stores.opening import open_stores
from temporal.connection import connect
from temporal.schedules import ensure_schedules
from temporal.workers import Tuning, build_workers

log = structlog.get_logger()


def write_composition(path: Path, used: Composition) -> None:
    """Write, atomically, that this worker is ready, and its engines: `starter.py doctor` compares them."""
    draft = path.with_suffix(".draft")
    draft.write_bytes(used.to_bytes())
    draft.replace(path)


def check_tracker(settings: Settings) -> None:
    """Refuse, outside development, a beat tracker without a licence. Raises `InvalidInput`; it names the choices."""
    is_free = settings.beat_tracker is not BeatTrackerName.MADMOM or settings.madmom_licence
    if Work.ANALYSE in settings.works and settings.environment != "development" and not is_free:
        raise InvalidInput(MADMOM_REFUSED, code="settings")


def keep_bytecode(folder: Path) -> None:
    """Keep bytecode in a folder of this process, where the environment keeps none.

    The sandbox imports a workflow's file for every run. Compiling it each time was a third of a run's start.
    """
    if sys.dont_write_bytecode:
        sys.pycache_prefix, sys.dont_write_bytecode = str(folder), False


async def serve(settings: Settings) -> None:
    """Serve the queues of the settings until SIGTERM or SIGINT.

    Raises:
        InvalidInput: This is no developer's machine, and a secret is a placeholder, payloads would not be encrypted, or
            the beat tracker has no licence.
    """
    settings.check_secrets()
    check_tracker(settings)
    watch_disk(settings)
    settings.check_private()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    sweep_scratch()
    async with AsyncExitStack() as serving:
        stores = open_stores(
            **settings.store_options(), local_cache=LocalCache(serving.enter_context(scratch(checked=False)))
        )
        keep_bytecode(serving.enter_context(scratch(checked=False)))
        telemetry = worker_telemetry(settings)
        serving.callback(telemetry.close)
        client = await connect(settings, **observed(telemetry))
        if Work.ORCHESTRATE in settings.works:
            await ensure_schedules(client)
        engines = open_engines(settings, settings.works)
        activities = build_activities(stores, engines, client, settings.drafts_at_once)
        resting = frozenset(one.strip() for one in settings.resting_patches.split(",") if one.strip())
        tuning = Tuning(settings.render_slots, settings.memory_share, settings.cached_runs, settings.pollers, resting)
        workers = build_workers(client, activities, tuning, settings.works)
        for worker in workers:
            await serving.enter_async_context(worker)
        if settings.ready_file is not None:
            write_composition(settings.ready_file, settings.composition())
        log.info(
            "worker serves",
            queues=[worker.task_queue for worker in workers],
            render_slots=settings.render_slots,
            build_id=settings.build_id,
        )
        await stop.wait()
    log.info("worker stopped")


def read_settings(arguments: Sequence[str] | None = None) -> Settings:
    """The settings from the environment and the command line. Raises `InvalidInput`: a value makes no sense."""
    parser = argparse.ArgumentParser(prog="worker.py", description="Serves the task queues until SIGTERM.")
    parser.add_argument("--queues", help=f"kinds of work with commas; all: {','.join(Work)}")
    named = parser.parse_args(arguments)
    return Settings() if named.queues is None else Settings(queues=named.queues)


def main() -> int:
    """Serve until SIGTERM or SIGINT; returns the exit code."""
    keep_loopback_direct(os.environ)
    try:
        settings = read_settings()
        set_up_logs(settings)
        asyncio.run(serve(settings))
    except EchonosError as error:
        print(error.message, file=sys.stderr)
        return 1
    return 0


def leave(code: int) -> NoReturn:
    """End this process in order, but without Python's finalization.

    Threads of Temporal's client may still call into a finalizing interpreter, which then aborts with a dump instead of
    an exit code (temporalio/sdk-python#300).
    """
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    leave(main())
