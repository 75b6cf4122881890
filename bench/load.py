"""Many generations at once beside the raw Temporal floor of the same shape.

    python -m bench.load [--runs 100] [--workers 2] [--scenes 40] [--piece-s 0]

Worker processes with engines that answer at once make one draft alone, then all drafts of one account at once, and
behind them those of another account, one after the other. The floor is the same number of no-op workflows in a draft's
shape, on as many worker processes with the same slots, on the same server, in the same benchmark run. With `--piece-s`
each still and clip takes so many seconds without computing, in the floor, too: a machine that is busy otherwise
changes these figures least.

Prints one JSON object. `throughput_ratio` (floor / measured, all at once; 0.55 or more holds), `lone_ratio` (measured
/ floor, alone; 1.5 or less holds) and `fairness_ratio` (the median of the small account's drafts behind the others,
less one slot, divided by alone; 2 or less holds) are ratios of one run on one machine. A slot is the time in which the
deployment makes a draft. Other work on the machine matters less to two of them: `cpu_ratio` is the throughput's ratio
in seconds of CPU (Temporal, S3 and workers), and `fairness_steps_ratio` compares work instead of time: the steps of the
others that were done while a draft behind them was made, divided by its own (2 or less holds). Costs are per
generation: seconds of CPU by process, requests to S3, SQL transactions, Temporal actions and history. `memory_mb` has
each worker's resident memory at the end of each tenth of the time: flat holds.
"""

import argparse
import asyncio
import json
import signal
import statistics
import sys
import tempfile
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
from temporalio.client import Client

from bench.accounts import Account, Deliveries, Moments, seconds_of
from bench.orchestration import shape_of
from bench.servers.floor import Shape, run_floor
from cli.output import Output
from cli.stack import ensure_stack, settings_for
from settings import CHECKOUT, Settings
from stores.opening import open_stores
from temporal.connection import connect
from temporal.generation import GenerateHandle
from tests.fakes.machines import environment_of
from tests.fakes.world import RENDER_SLOTS

THROUGHPUT_BAR, LONE_BAR, FAIRNESS_BAR, MEMORY_BAR_MB = 0.55, 1.5, 2.0, 700
LONE_ROUNDS = 3
MOST_BEHIND = 50
"""Drafts that the small account can pay for behind the others."""
START_S = 300.0
"""The longest wait until the processes serve, also on a busy machine."""
_ACTIONS = (
    "workflow_execution_started",
    "activity_task_scheduled",
    "timer_started",
    "workflow_execution_signaled",
    "workflow_execution_update_accepted",
    "start_child_workflow_execution_initiated",
    "upsert_workflow_search_attributes",
    "marker_recorded",
)
"""Events that Temporal Cloud bills as an action; retries and queries come on top."""


class Workers:
    """Worker processes and what they cost."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._folder = folder
        self._env = environment_of(settings)

    @asynccontextmanager
    async def serving(self, count: int, module: str, *arguments: str) -> Any:
        """`count` processes of a module, until the block ends; yields them."""
        started, ready = [], [self._folder / uuid4().hex for _ in range(count)]
        for number in range(count):
            command = (sys.executable, "-m", module, *(one.replace("NUMBER", str(number)) for one in arguments))
            env = self._env | {"ECHONOS_READY_FILE": str(ready[number])}
            started.append(await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT, env=env))
        async with asyncio.timeout(START_S):
            while not all(path.exists() for path in ready):
                await asyncio.sleep(0.1)
        try:
            yield [psutil.Process(one.pid) for one in started]
        finally:
            for one in started:
                one.send_signal(signal.SIGTERM)
            await asyncio.gather(*(one.wait() for one in started))


async def watch_memory(processes: list[psutil.Process], peaks: list[list[int]]) -> None:
    """Note resident memory twice a second."""
    while True:
        for process, seen in zip(processes, peaks, strict=True):
            seen.append(round(process.memory_info().rss / 1e6))
        await asyncio.sleep(0.5)


def tenths(seen: list[int]) -> list[int]:
    """Every tenth value, and the last."""
    return [seen[len(seen) * part // 10 - 1] for part in range(1, 11)]


def cpu_s(processes: dict[str, list[psutil.Process]]) -> dict[str, float]:
    """Seconds of CPU so far, by kind of process."""
    return {name: sum(sum(one.cpu_times()[:2]) for one in some) for name, some in processes.items()}


@dataclass(frozen=True)
class Together:
    """Drafts of two accounts at once.

    Attributes:
        big: Beginning and end of each draft of the big account; all were ordered at once.
        behind: Of each draft of the small account that was made meanwhile, one after the other.
        steps_ratio: Steps of the big account that ended while a draft behind it was made, divided by that draft's own
            steps; the median.
    """

    big: list[Moments]
    behind: list[Moments]
    steps_ratio: float

    @property
    def whole_s(self) -> float:
        """From the first start to the last delivery of the big account's drafts."""
        return (max(end for _, end in self.big) - min(begin for begin, _ in self.big)).total_seconds()

    @property
    def slot_s(self) -> float:
        """The time in which the deployment makes a draft."""
        return self.whole_s / (len(self.big) + len(self.behind))


def lasting_s(drafts: list[Moments]) -> list[float]:
    """How long each took, in seconds."""
    return [(end - begin).total_seconds() for begin, end in drafts]


async def all_at_once(big: Account, small: Account, runs: int) -> Together:
    """The big account's drafts at once, the small one's behind them."""
    handles = await asyncio.gather(*(big.order() for _ in range(runs)))
    others = asyncio.gather(*(big.made(handle) for handle in handles))
    behind: list[Moments] = []
    while not behind or not (others.done() or len(behind) == MOST_BEHIND):
        behind.append(await small.made(await small.order()))
    moments = await others
    # The last one outlived the others, in part.
    behind = behind[:-1] or behind
    steps = [moment for handle in handles for moment in await ends_of_steps(handle)]
    own = len(steps) / runs
    shares = [sum(begin <= moment <= end for moment in steps) / own for begin, end in behind]
    return Together(moments, behind, statistics.median(shares))


async def ends_of_steps(handle: GenerateHandle) -> list[datetime]:
    """When each step of a run ended."""
    return [
        event.event_time.ToDatetime(UTC)
        async for event in handle.fetch_history_events()
        if event.HasField("activity_task_completed_event_attributes")
    ]


@dataclass(frozen=True)
class FloorTimes:
    """Seconds of the floor.

    Attributes:
        alone_s: Of one alone.
        whole_s: From the first start to the last end of all at once.
        cpu_s: Of CPU for each of those, over all processes.
    """

    alone_s: float
    whole_s: float
    cpu_s: float


async def floors(
    client: Client, workers: Workers, shape: Shape, runs: int, count: int, servers: dict[str, list[psutil.Process]]
) -> FloorTimes:
    """The floor on as many workers."""
    name = f"floor-{uuid4().hex}"
    async with workers.serving(count, "bench.servers.floor", name, str(RENDER_SLOTS)) as processes:
        alone = statistics.median([await run_floor(client, name, shape) for _ in range(LONE_ROUNDS)])
        before = cpu_s(servers | {"workers": processes})
        begun = asyncio.get_running_loop().time()
        await asyncio.gather(*(run_floor(client, name, shape) for _ in range(runs)))
        whole_s = asyncio.get_running_loop().time() - begun
        after = cpu_s(servers | {"workers": processes})
        return FloorTimes(alone, whole_s, sum(after[kind] - before[kind] for kind in after) / runs)


async def measure(folder: Path, runs: int, count: int, scenes: int, piece_s: float) -> dict[str, Any]:
    base = Settings(home=folder / "home")
    with ensure_stack(base, say=Output(as_json=True).say, worker=False) as state:
        settings = settings_for(state, base)
        client, stores = await connect(settings), open_stores(**settings.store_options())
        workers = Workers(settings, folder)
        deliveries = Deliveries(stores)
        big, small = (
            Account(client, stores, deliveries, drafts) for drafts in (runs + 1, 2 * LONE_ROUNDS + MOST_BEHIND)
        )
        servers = {name: [psutil.Process(state.parts[name].pid)] for name in ("temporal", "s3")}
        counts = str(folder / "counts-NUMBER.json")
        async with workers.serving(count, "bench.servers.instant", str(scenes), counts, str(piece_s)) as processes:
            for account in (big, small):
                await account.upload(folder)
            first = await big.order()
            await big.made(first)
            alone = [await seconds_of(small) for _ in range(LONE_ROUNDS)]
            peaks: list[list[int]] = [[] for _ in processes]
            watching = asyncio.create_task(watch_memory(processes, peaks))
            before = cpu_s(servers | {"workers": processes})
            together = await all_at_once(big, small, runs)
            after = cpu_s(servers | {"workers": processes})
            watching.cancel()
            # Before and after: other work on the machine comes and goes.
            lone_s = statistics.median([*alone, *[await seconds_of(small) for _ in range(LONE_ROUNDS)]])
            events = list((await first.fetch_history()).events)
            size = (await first.describe()).raw_description.workflow_execution_info.history_size_bytes
        shape = replace(shape_of(events, scenes), piece_s=piece_s)
        floor = await floors(client, workers, shape, runs, count, servers)
        stores.database.close()
    made, at_once = Counter[str](), runs + len(together.behind)
    drafts, behind_s = at_once + 2 + 2 * LONE_ROUNDS, lasting_s(together.behind)
    cpu = {name: (after[name] - before[name]) / at_once for name in after}
    for path in folder.glob("counts-*.json"):
        made.update(json.loads(path.read_text()))
    transactions = made.pop("transactions", 0)
    kinds = Counter(str(event.WhichOneof("attributes")).removesuffix("_event_attributes") for event in events)
    return {
        "runs": runs,
        "workers": count,
        "scenes": scenes,
        "piece_s": piece_s,
        "throughput": {"drafts": at_once, "measured_s": round(together.whole_s, 2), "floor_s": round(floor.whole_s, 2)},
        # The small account's drafts were made in the same time.
        "throughput_ratio": round(floor.whole_s / runs / together.slot_s, 3),
        "throughput_bar": THROUGHPUT_BAR,
        "cpu": {"measured_s": round(sum(cpu.values()), 3), "floor_s": round(floor.cpu_s, 3)},
        "cpu_ratio": round(floor.cpu_s / sum(cpu.values()), 3),
        "lone": {"measured_s": round(lone_s, 3), "floor_s": round(floor.alone_s, 3)},
        "lone_ratio": round(lone_s / floor.alone_s, 3),
        "lone_bar": LONE_BAR,
        "fairness": {
            "small_behind_s": {
                "drafts": len(behind_s),
                "median": round(statistics.median(behind_s), 2),
                "most": round(max(behind_s), 2),
            },
            "slot_s": round(together.slot_s, 2),
            "median_of_others_s": round(statistics.median(lasting_s(together.big)), 2),
        },
        "fairness_ratio": round((statistics.median(behind_s) - together.slot_s) / lone_s, 2),
        "fairness_steps_ratio": round(together.steps_ratio, 2),
        "fairness_bar": FAIRNESS_BAR,
        "memory_mb": {"most": [max(seen) for seen in peaks], "tenths": [tenths(seen) for seen in peaks]},
        "memory_bar_mb": MEMORY_BAR_MB,
        "per_generation": {
            "cpu_s": {name: round(seconds, 3) for name, seconds in cpu.items()},
            "s3_requests": {name: round(number / drafts, 1) for name, number in sorted(made.items())},
            "s3_requests_in_all": round(sum(made.values()) / drafts, 1),
            "sql_transactions": round(transactions / drafts, 1),
            "temporal_actions": sum(kinds[kind] for kind in _ACTIONS),
            "history_events": len(events),
            "history_bytes": size,
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--scenes", type=int, default=40)
    parser.add_argument("--piece-s", type=float, default=0.0, help="of each still and clip, without computing")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        print(
            json.dumps(
                asyncio.run(measure(Path(name), asked.runs, asked.workers, asked.scenes, asked.piece_s)), indent=2
            )
        )


if __name__ == "__main__":
    main()
