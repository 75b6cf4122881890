"""What orchestration costs beside the raw Temporal floor, with fakes that answer at once.

    python -m bench.orchestration [--scenes 40] [--rounds 3]

Once with local engines that answer at once, and once with a shop that sells at once (what https costs is the shop's
own business) and a picture engine that returns ready segments. The floor is a workflow of no-op activities in the same
shape as the run: as many in sequence, as many at once, on the same server, in the same benchmark run. Prints one JSON
object; `orchestration_ratio` is measured / floor, and 1.5 or less holds.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from temporalio.worker import Worker

from bench.servers.floor import Floor, nothing
from bench.servers.paid import PaidHouse, paid_house
from models.progress import RunStatus
from tests.fakes.instant_shop import InstantShop

BAR = 1.5


def shape_of(events: list[Any], scenes: int) -> list[int]:
    """The same shape out of a run's history: activities that are no scene's are in sequence, before or after."""
    names = [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for event in events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    pieces = ("order_piece", "collect_piece", "conform_clip", "paint_still", "animate_still")
    each = sum(name in pieces for name in names) // scenes
    after = names[::-1].index(next(name for name in names[::-1] if name in pieces))
    # Sections are worked on at once: their shots and prompts count as one pair in the chain.
    sections = names.count("specify_shots")
    before = sum(name not in pieces for name in names) - after - 2 * (sections - 1)
    return [before, scenes, each, after]


async def measure(scenes: int, rounds: int, folder: Path, house: PaidHouse, bought: bool) -> dict[str, Any]:
    ours: list[float] = []
    floors: list[float] = []
    shape: list[int] = []
    client = house.client
    for _ in range(rounds):
        async with house.making(scenes, InstantShop() if bought else None) as world:
            request = world.request(world.add_song(folder))
            handle, _ = await world.start(request)
            # Every question costs a workflow task: few of them, and the run's own clock says when it was done.
            progress = await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY, 300, every_s=1.0)
            assert progress.started_at is not None
            assert progress.updated_at is not None
            ours.append((progress.updated_at - progress.started_at).total_seconds())
            shape = shape_of(list((await handle.fetch_history()).events), scenes)
        queue = f"floor-{uuid4().hex}"
        async with Worker(
            client, task_queue=queue, workflows=[Floor], activities=[nothing], max_concurrent_activities=1000
        ):
            begun = time.monotonic()
            await client.execute_workflow(Floor.run, shape, id=queue, task_queue=queue)
            floors.append(time.monotonic() - begun)
    ratio = statistics.median(ours) / statistics.median(floors)
    return {
        "media": "bought" if bought else "local",
        "shape": shape,
        "run_s": round(statistics.median(ours), 3),
        "floor_s": round(statistics.median(floors), 3),
        "orchestration_ratio": round(ratio, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()

    async def run(folder: Path) -> dict[str, Any]:
        async with paid_house(folder) as house:
            parts = [
                await measure(arguments.scenes, arguments.rounds, folder, house, bought) for bought in (False, True)
            ]
            return {"scenes": arguments.scenes, "bar": BAR, "runs": parts}

    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(asyncio.run(run(Path(name))), indent=2))


if __name__ == "__main__":
    main()
