"""The duration of forty scenes if a still takes 10 s, a clip 60 s, and forty jobs may be in flight.

    python -m bench.pipelining [--scenes 40]

From the first prompt to the last clip stored, in real time, against a local server that speaks the provider's queue. A
still and a clip in sequence are 70 s; what is above is ours. Prints one JSON object; `pipelining_ratio` is measured /
85 s, and 1.0 or less holds.
"""

import argparse
import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

from bench.servers.paid import PaidHouse, paid_house
from engines.providers.fal import FalClient, choose
from models.progress import RunStatus, StageName
from tests.fakes.fal_server import KEY

BAR_S = 85.0
STILL_S, CLIP_S = 10.0, 60.0


async def measure(scenes: int, folder: Path, house: PaidHouse) -> dict[str, Any]:
    async with house.making(scenes, FalClient(KEY, choose())) as world:
        house.server.behaviour.still_s, house.server.behaviour.clip_s = STILL_S, CLIP_S
        handle, _ = await world.start(world.request(world.add_song(folder, heard=False)))
        progress = await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY, 600, most_pause_s=1.0)
    stages = {stage.name: stage for stage in progress.stages}
    stills, clips = stages[StageName.STILLS], stages[StageName.CLIPS]
    assert stills.started_at is not None
    assert clips.finished_at is not None
    taken_s = (clips.finished_at - stills.started_at).total_seconds()
    return {
        "scenes": scenes,
        "prompts_to_last_clip_s": round(taken_s, 2),
        "bar_s": BAR_S,
        "pipelining_ratio": round(taken_s / BAR_S, 3),
        "bought": house.server.bought,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=40)
    arguments = parser.parse_args()

    async def run(folder: Path) -> dict[str, Any]:
        async with paid_house(folder) as house:
            return await measure(arguments.scenes, folder, house)

    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(asyncio.run(run(Path(name))), indent=2))


if __name__ == "__main__":
    main()
