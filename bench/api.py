"""The web backend under load: progress reads, event streams, memory.

    python -m bench.api [--seconds 20] [--rate 300] [--streams 500]

By itself it serves the API from a process of its own on a real stack with four tiny generations at work, their children
niced, and prints latencies. The client runs on the same cores: on a small machine it takes its share of them.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import httpx
import psutil

from cli.stack import StackState, ensure_stack, settings_for
from engines.demo_song.rendering import render_demo_song
from models.access import Scope
from models.credits import GrantRequest, GrantSource
from settings import Settings
from stores.access import open_access
from stores.opening import open_stores

RUNS = 4
OPENING_PER_S = 50


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rate", type=int, default=300)
    parser.add_argument("--streams", type=int, default=500)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="echonos-bench-") as folder:
        base = Settings(home=Path(folder) / "home")
        with ensure_stack(base, say=print, api=True) as state:
            await measure(state, base, args)


async def measure(state: StackState, base: Settings, args: argparse.Namespace) -> None:
    """Order the videos, then read and stream while they are made."""
    url, token = state.api_url or "", prepared(state, base)
    process = psutil.Process(state.parts["api"].pid)
    limits = httpx.Limits(max_connections=args.streams + 200, max_keepalive_connections=200)
    async with httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60, limits=limits, trust_env=False
    ) as http:
        videos = await ordered(http, Path(base.home))
        before = process.memory_info().rss
        took, failed = await reads(http, videos, args.rate, args.seconds)
        print(
            f"progress reads: {len(took) / args.seconds:.0f}/s of {args.rate}/s asked, {failed} failed, "
            f"p50 {1000 * statistics.median(took):.1f} ms, p99 {1000 * quantile(took, 0.99):.1f} ms"
        )
        late = await streams(http, videos, args.streams, args.seconds)
        print(f"event streams: {args.streams} open, {len(late)} events, median delay {statistics.median(late):.3f} s")
        after = process.memory_info().rss
        print(f"memory of the API: {before / 1e6:.0f} MB before, {after / 1e6:.0f} MB after")


def prepared(state: StackState, base: Settings) -> str:
    """An account with credits enough, and its token."""
    stores = open_stores(**settings_for(state, base).store_options())
    access = open_access(stores.database)
    person = access.profiles.sign_up(f"{uuid4().hex}@example.org", "a bench has no secrets")
    source = GrantSource.GOODWILL
    stores.ledger.grant(GrantRequest(account_id=person.account_id, key=uuid4().hex, amount=10_000, source=source))
    _, token = access.tokens.issue(person.account_id, "bench", tuple(Scope))
    stores.database.close()
    return token


async def ordered(http: httpx.AsyncClient, home: Path) -> list[str]:
    """A song, and four videos of it on their way."""
    path = home / "demo.flac"
    await asyncio.to_thread(render_demo_song, path)
    song = await http.post("/api/v1/songs", params={"filename": path.name}, content=path.read_bytes())
    song.raise_for_status()
    videos = []
    for number in range(RUNS):
        wish = {"song_id": song.json()["song_id"], "profile": "preview", "seed": number}
        answer = await http.post("/api/v1/videos", json=wish, headers={"Idempotency-Key": str(number)})
        answer.raise_for_status()
        videos.append(answer.json()["video_id"])
    return videos


async def reads(http: httpx.AsyncClient, videos: list[str], rate: int, seconds: float) -> tuple[list[float], int]:
    """Ask at a steady rate, whether or not answers come; returns how long each took, and how many failed."""
    took: list[float] = []
    failed = 0

    async def read(video_id: str) -> None:
        nonlocal failed
        began = time.perf_counter()
        try:
            answer = await http.get(f"/api/v1/videos/{video_id}/progress")
        except httpx.HTTPError:
            failed += 1
            return
        took.append(time.perf_counter() - began)
        failed += answer.status_code != 200

    began, tasks = time.perf_counter(), []
    for number in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(read(videos[number % len(videos)])))
    await asyncio.gather(*tasks)
    return took, failed


async def streams(http: httpx.AsyncClient, videos: list[str], count: int, seconds: float) -> list[float]:
    """How long after a change of the run each watcher heard of it.

    The moment of a change is the earliest at which any watcher heard of it: what is measured is the spread.
    """
    heard: dict[str, list[float]] = {}

    async def watch(number: int) -> None:
        await asyncio.sleep(number / OPENING_PER_S)
        first = True
        try:
            async with (
                asyncio.timeout(count / OPENING_PER_S - number / OPENING_PER_S + seconds),
                http.stream("GET", f"/api/v1/videos/{videos[number % len(videos)]}/events") as response,
            ):
                async for line in response.aiter_lines():
                    if not line.startswith("data: "):
                        continue
                    shown = json.loads(line[6:])
                    if not first:  # the first tells what was there before
                        heard.setdefault(f"{shown['video_id']} {shown['updated_at']}", []).append(time.perf_counter())
                    first = False
        except (TimeoutError, httpx.HTTPError):
            return

    await asyncio.gather(*(watch(number) for number in range(count)))
    return [moment - min(moments) for moments in heard.values() for moment in moments] or [float("nan")]


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of all lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    asyncio.run(main())
