"""The cost of orchestration beside the raw Temporal floor, with fakes that answer at once.

    python -m bench.orchestration [--scenes 40] [--rounds 3] [--profile tiny]

Three kinds of runs: local engines that answer at once; a provider that sells at once (https is not measured) and a
picture engine that returns ready segments; and the same provider with real clips, really conformed. The floor is a
workflow of no-op activities in the run's shape: as many in sequence, as many at once, on queues with the same slots, on
the same server, in the same benchmark run. The song is analysed before, as after an upload.

Prints one JSON object. `orchestration_ratio` is measured / floor, and 1.5 or less holds; with real conforming it is
measured / (floor + the same conforms back to back on as many cores), and 1.15 or less holds.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bench.servers.floor import Shape, floor_s
from bench.servers.paid import SCENE_S, PaidHouse, paid_house
from engines.jobs import no_pulse
from engines.picture.conform import ClipConformer
from models.generation import AnalyzeRequest
from models.profiles import PROFILES, ProfileName
from models.progress import RunStatus
from models.queues import PROVIDER_QUEUE, RENDER_QUEUE
from temporal.analysis import start_analysis
from tests.engines.picture.clips import make_clip
from tests.fakes.instant_provider import InstantProvider
from tests.fakes.world import RENDER_SLOTS, World

BAR = 1.5
BAR_CONFORMING = 1.15
PIECES = ("order_piece", "collect_piece", "conform_clip", "paint_still", "animate_still")


def shape_of(events: list[Any], scenes: int) -> Shape:
    """The shape of a run, from its history: activities outside scenes are in sequence, before or after."""
    scheduled = [
        event.activity_task_scheduled_event_attributes
        for event in events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    names = [one.activity_type.name for one in scheduled]
    queues = [one.task_queue.name for one in scheduled]
    of_pieces = Counter(queue for name, queue in zip(names, queues, strict=True) if name in PIECES)
    each = [queue for queue in (PROVIDER_QUEUE, RENDER_QUEUE) for _ in range(of_pieces[queue] // scenes)]
    last = max(index for index, name in enumerate(names) if name in PIECES)
    # Sections are worked on at once: their shots and prompts count as one pair in the chain.
    extra = 2 * (names.count("specify_shots") - 1)
    before = [queue for name, queue in zip(names[:last], queues, strict=False) if name not in PIECES]
    return Shape(before[extra:], scenes, each, queues[last + 1 :])


async def one_run(house: PaidHouse, world: World, folder: Path, profile: ProfileName) -> tuple[float, list[Any]]:
    """A draft from start to delivery by the run's own clock, in seconds, and its history."""
    song_id = world.add_song(folder, heard=False)
    await (await start_analysis(house.client, AnalyzeRequest(account_id=world.account_id, song_id=song_id))).result()
    request = world.request(song_id).model_copy(update={"profile": profile})
    handle, _ = await world.start(request)
    # Each query costs a workflow task: ask rarely, and take the time from the run's own clock.
    progress = await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY, 300, most_pause_s=1.0)
    assert progress.started_at is not None
    assert progress.updated_at is not None
    taken_s = (progress.updated_at - progress.started_at).total_seconds()
    return taken_s, list((await handle.fetch_history()).events)


async def measure(
    scenes: int, rounds: int, folder: Path, house: PaidHouse, media: str, profile: ProfileName = ProfileName.TINY
) -> dict[str, Any]:
    clip = None
    if media == "conformed":
        clip = make_clip(folder / "clip.mp4", width=720, height=1280, duration_s=SCENE_S + 1)
    provider = None if media == "local" else InstantProvider(clip)
    ours: list[float] = []
    floors: list[float] = []
    for _ in range(rounds):
        async with house.making(scenes, provider, conforming=clip is not None) as world:
            taken_s, events = await one_run(house, world, folder, profile)
            ours.append(taken_s)
        shape = shape_of(events, scenes)
        floors.append(await floor_s(house.client, shape, RENDER_SLOTS))
    answer = {
        "media": media,
        "activities": len(shape.before) + scenes * len(shape.each) + len(shape.after),
        "run_s": round(statistics.median(ours), 3),
        "floor_s": round(statistics.median(floors), 3),
    }
    under = statistics.median(floors)
    if clip is not None:
        conforms_s = await asyncio.to_thread(conform_all, clip, scenes, profile, folder)
        under += conforms_s
        answer |= {"profile": profile.value, "conforms_s": round(conforms_s, 3)}
    ratio = round(statistics.median(ours) / under, 3)
    return answer | {"orchestration_ratio": ratio, "bar": BAR if clip is None else BAR_CONFORMING}


def conform_all(clip: Path, scenes: int, profile: ProfileName, folder: Path) -> float:
    """The same conforms back to back, with the worker's concurrency; in seconds."""
    conformer, frames = ClipConformer(), round(SCENE_S * PROFILES[profile].fps)

    def conform(number: int) -> None:
        conformer.conform(clip, PROFILES[profile], frames, folder / f"conformed-{number}.mp4", no_pulse)

    begun = time.monotonic()
    with ThreadPoolExecutor(RENDER_SLOTS) as pool:
        list(pool.map(conform, range(scenes)))
    return time.monotonic() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", type=ProfileName, default=ProfileName.PREVIEW, help="of the conforms")
    parser.add_argument("--media", choices=("local", "bought", "conformed"), nargs="*", default=None)
    arguments = parser.parse_args()
    kinds = arguments.media or ["local", "bought", "conformed"]

    async def run(folder: Path) -> dict[str, Any]:
        async with paid_house(folder) as house:
            parts = []
            for media in kinds:
                profile = arguments.profile if media == "conformed" else ProfileName.TINY
                rounds = arguments.rounds if media != "conformed" else 1  # long enough to need no median
                parts.append(await measure(arguments.scenes, rounds, folder, house, media, profile))
            return {"scenes": arguments.scenes, "runs": parts}

    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(asyncio.run(run(Path(name))), indent=2))


if __name__ == "__main__":
    main()
