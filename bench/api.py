"""The web backend under load: progress reads, event streams, memory.

    python -m bench.api [--seconds 30] [--rate 300] [--streams 500] [--minutes 0] [--scenes 60] [--local]

Serves the API from a process of its own on a real stack, with four generations in the making all the time: each
delivered one is followed by a new order. Their engines answer at once, or with `--local` they are the real ones, with
niced children. Readers and watchers run in one more process, on bare sockets; all share the same cores. A read is timed
from the moment at which it was due. A stream's delay runs from the moment at which the server recorded a scene's
finished still or clip until a watcher has the event, over all watchers and all scenes. `--minutes` continues with reads
and streams together and watches the memory of the API. Prints one JSON object.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import psutil
from temporalio.client import Client, WorkflowUpdateFailedError

from bench.servers.audience import OPENING_PER_S
from bootstrap import Application
from cli.output import Output
from cli.stack import StackState, ensure_stack, settings_for
from cli.stack.processes import Child
from engines.demo_song.rendering import render_demo_song
from models.access import Scope
from models.brief import Brief
from models.credits import GrantRequest, GrantSource
from models.failures import NotStored
from models.generation import AnalyzeRequest, GenerateRequest, Reason
from models.ids import video_id_for
from models.orders import Order
from models.profiles import NEWEST_REVISION, ProfileName
from services.songs import add_song, check_song
from settings import Settings
from stores.access import open_access
from stores.database import utc_now
from stores.opening import Stores, open_stores
from temporal.analysis import start_analysis
from temporal.connection import connect
from temporal.generation import generation, start_generation
from workflows.generate_video import GenerateVideo

RUNS = 4
READS_BAR_S, STREAMS_BAR_S = 0.100, 1.0
WARM_S = 10.0
LOOK_EVERY_S = 5.0
TELLING = {"paint_still", "animate_still", "move_over_still"}
"""Steps that advance a scene."""


class Makers:
    """Keeps generations in the making."""

    def __init__(self, client: Client, stores: Stores, account_id: str, song_id: str) -> None:
        self._client, self._stores = client, stores
        self._account_id, self._song_id = account_id, song_id
        self.videos: list[str] = []
        self.every: list[str] = []

    async def begin(self) -> None:
        """Order the first ones."""
        for _ in range(RUNS):
            self.videos.append(await self._order())

    async def go_on(self) -> bool:
        """Order another for each delivered one; returns whether any was delivered."""
        changed = False
        for place, video_id in enumerate(self.videos):
            try:
                self._stores.vault.video(self._account_id, video_id)
                await generation(self._client, video_id).execute_update(GenerateVideo.close, Reason(reason="bench"))
            except (NotStored, WorkflowUpdateFailedError):
                continue  # in the making, or stored and about to report it
            changed, self.videos[place] = True, await self._order()
        return changed

    async def end(self) -> None:
        """Stop all work."""
        for video_id in self.videos:
            await generation(self._client, video_id).terminate()

    async def told(self, video_id: str) -> list[float]:
        """When the server recorded each advance of a run's scenes, in seconds of the epoch."""
        names: dict[int, str] = {}
        moments = []
        async for event in generation(self._client, video_id).fetch_history_events():
            if event.HasField("activity_task_scheduled_event_attributes"):
                names[event.event_id] = event.activity_task_scheduled_event_attributes.activity_type.name
            elif event.HasField("activity_task_completed_event_attributes"):
                step = names[event.activity_task_completed_event_attributes.scheduled_event_id]
                if step in TELLING:
                    moments.append(event.event_time.ToNanoseconds() / 1e9)
        return moments

    async def _order(self) -> str:
        operation_id = uuid4().hex
        video_id = video_id_for(self._account_id, operation_id)
        brief = Brief(prompt="a fox", style="film-noir", seed=len(self.every))
        named = {"account_id": self._account_id, "video_id": video_id, "song_id": self._song_id, "song_title": "Bench"}
        profile = ProfileName.TINY
        self._stores.orders.add(Order(**named, brief=brief, profile=profile, ordered_at=utc_now()))
        await start_generation(
            self._client,
            GenerateRequest(**named, brief=brief, profile=profile, profile_revision=NEWEST_REVISION),
            operation_id,
            timedelta(seconds=120),
        )
        self.every.append(video_id)
        return video_id


class Audience:
    """The process of readers and watchers."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def come(cls, url: str, token: str) -> "Audience":
        """Start it."""
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-m", "bench.servers.audience")
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, limit=1 << 30)
        audience = cls(process)
        audience.tell(url=url, token=token)
        return audience

    def tell(self, **order: Any) -> None:
        """Give an order."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")

    async def seen(self) -> dict[str, Any]:
        """Stop, and return what was seen."""
        self.tell(stop=True)
        assert self._process.stdout is not None
        seen: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return seen

    async def leave(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()


class Bench:
    """One API, its makers and its audience."""

    def __init__(self, makers: Makers, audience: Audience, api: psutil.Process, scenes_are_real: bool) -> None:
        self._makers, self._audience, self._api = makers, audience, api
        self._local = scenes_are_real

    async def look(self, reads: int, streams: int, seconds: float) -> dict[str, Any]:
        """The audience's figures over some time, and the API's cost."""
        audience, makers = self._audience, self._makers
        audience.tell(videos=makers.videos, reads=reads, streams=streams)
        cpu, loop = sum(self._api.cpu_times()[:2]), asyncio.get_running_loop()
        made, memory = len(makers.every), [self._api.memory_info().rss]
        end, look = loop.time() + seconds, loop.time() + LOOK_EVERY_S
        while loop.time() < end:
            await asyncio.sleep(0.2)
            if await makers.go_on():
                audience.tell(videos=makers.videos)
            if loop.time() > look:
                look += LOOK_EVERY_S
                memory.append(self._api.memory_info().rss)
        seen = await audience.seen()
        report: dict[str, Any] = {"seconds": round(seconds), "drafts_delivered": len(makers.every) - made}
        report["api_cpu_cores"] = round((sum(self._api.cpu_times()[:2]) - cpu) / seconds, 2)
        if reads:
            report["reads"] = self._reads(seen, seconds)
        if streams:
            report["streams"] = await self._streams(seen)
        report["memory_mb"] = [round(rss / 1e6) for rss in (memory[0], max(memory), memory[-1])]
        if len(memory) > 12:
            # In the middle of each quarter: single moments hold whatever is in flight just then.
            report["memory_mb_by_quarter"] = [round(float(np.median(q)) / 1e6, 1) for q in np.array_split(memory, 4)]
        return report

    def _reads(self, seen: dict[str, Any], seconds: float) -> dict[str, Any]:
        took = np.array(seen["took"])
        p50, p95, p99 = np.quantile(took, (0.5, 0.95, 0.99))
        shown = {"per_s": round(len(took) / seconds), "failed": seen["failed"]}
        shown |= {name: round(1000 * q, 1) for name, q in (("p50_ms", p50), ("p95_ms", p95), ("p99_ms", p99))}
        return shown if self._local else shown | {"p99_by_bar": round(p99 / READS_BAR_S, 2)}

    async def _streams(self, seen: dict[str, Any]) -> dict[str, Any]:
        changed = {video_id: np.array(await self._makers.told(video_id)) for video_id in self._makers.every}
        late = np.concatenate([late_of(one, changed[one["video_id"]]) for one in seen["watched"]])
        p50, p95, p99 = np.quantile(late, (0.5, 0.95, 0.99))
        shown = {name: round(q, 3) for name, q in (("p50_s", p50), ("p95_s", p95), ("p99_s", p99))}
        events = sum(len(one["seen"]) for one in seen["watched"])
        return {"most_open": seen["most_open"], "events": events, "told": len(late), **shown} | {
            "p50_by_bar": round(p50 / STREAMS_BAR_S, 2)
        }


def late_of(watched: dict[str, Any], changed: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """How long after each change of its run one watcher had an event that includes it, float64 seconds."""
    events = [(epoch_of(updated_at), heard) for updated_at, heard in watched["seen"]]
    if not events:
        return np.array([])
    states, heard = np.array(events).T
    mine = changed[(changed > watched["since"]) & (changed <= states[-1])]
    late: np.ndarray[Any, Any] = heard[np.searchsorted(states, mine)] - mine
    return late


def epoch_of(text: str) -> float:
    """A moment in ISO 8601 as seconds of the epoch."""
    return datetime.fromisoformat(text).timestamp()


async def measure(state: StackState, base: Settings, arguments: argparse.Namespace) -> dict[str, Any]:
    """Run the requested measurements."""
    settings = settings_for(state, base)
    stores = open_stores(**settings.store_options())
    access = open_access(stores.database)
    account_id = access.profiles.sign_up(f"{uuid4().hex}@example.org", "a bench has no secrets").account_id
    source = GrantSource.GOODWILL
    stores.ledger.grant(GrantRequest(account_id=account_id, key=uuid4().hex, amount=10_000_000, source=source))
    _, token = access.tokens.issue(account_id, "bench", tuple(Scope))
    client = await connect(settings)
    song = base.home / "demo.flac"
    await asyncio.to_thread(render_demo_song, song)
    song_id = add_song(
        Application(settings, client, stores), account_id, await asyncio.to_thread(check_song, song, settings)
    ).song_id
    await (await start_analysis(client, AnalyzeRequest(account_id=account_id, song_id=song_id))).result()
    makers = Makers(client, stores, account_id, song_id)
    await makers.begin()
    audience = await Audience.come(state.api_url or "", token)
    bench = Bench(makers, audience, psutil.Process(state.parts["api"].pid), arguments.local)
    await bench.look(arguments.rate, 0, WARM_S)
    opening_s = arguments.streams / OPENING_PER_S
    report = {
        "engines": "local" if arguments.local else "instant",
        "reading": await bench.look(arguments.rate, 0, arguments.seconds),
        "watching": await bench.look(0, arguments.streams, arguments.seconds + opening_s),
    }
    if arguments.minutes:
        report["both"] = await bench.look(arguments.rate, arguments.streams, 60 * arguments.minutes)
    await audience.leave()
    await makers.end()
    stores.database.close()
    return report


@contextmanager
def instant_worker(state: StackState, base: Settings, scenes: int) -> Iterator[None]:
    """A worker with engines that answer at once, for the duration of a block."""
    settings = settings_for(state, base)
    options = settings.store_options()
    ready = base.home / "instant.ready"
    env = os.environ | {f"ECHONOS_{name.upper()}": str(value) for name, value in options.items()}
    env |= {"ECHONOS_HOME": str(base.home), "ECHONOS_TEMPORAL_ADDRESS": state.temporal_address}
    env |= {"ECHONOS_TEMPORAL_NAMESPACE": state.temporal_namespace, "ECHONOS_READY_FILE": str(ready)}
    command = (sys.executable, "-m", "bench.servers.instant", str(scenes))
    worker = Child(command, env=env, cwd=Path.cwd(), log=base.home / "instant.log")
    try:
        while not ready.exists():
            assert worker.exit_code is None, worker.log.read_text()
            asyncio.run(asyncio.sleep(0.1))
        yield
    finally:
        worker.stop(20)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rate", type=int, default=300)
    parser.add_argument("--streams", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--scenes", type=int, default=60)
    parser.add_argument("--local", action="store_true")
    arguments = parser.parse_args()
    # All watchers share one account and one address.
    os.environ["ECHONOS_API_CONNECTIONS_PER_ADDRESS"] = str(2 * arguments.streams + 1_000)
    with tempfile.TemporaryDirectory(prefix="echonos-bench-") as folder:
        base = Settings(home=Path(folder) / "home")
        with ensure_stack(base, say=Output(as_json=True).say, worker=arguments.local, api=True) as state:
            if arguments.local:
                report = asyncio.run(measure(state, base, arguments))
            else:
                with instant_worker(state, base, arguments.scenes):
                    report = asyncio.run(measure(state, base, arguments))
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
