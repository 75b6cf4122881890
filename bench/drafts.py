"""The memory of a worker with its children while many drafts are made at once, with the real engines.

    python -m bench.drafts [SONG] [--drafts 20] [--profile tiny]

Each draft belongs to an account of its own, so that none waits for its turn, and each account's song is analysed, too.
Without a song the demo song is taken. A stack of its own is started in a temporary data folder; its one worker serves
all kinds of work. Prints one JSON object; `worker_peak_ratio` is measured / bar, and 1.0 or less holds.
"""

import argparse
import asyncio
import json
import tempfile
import time
from pathlib import Path
from uuid import uuid4

from bench.accounts import PATIENCE_S, Deliveries
from bench.draft import MEMORY_BAR_BYTES, MemoryWatch
from bootstrap import Application
from cli.output import Output
from cli.stack import StackState, connect, ensure_stack, settings_for
from engines.demo_song.rendering import render_demo_song
from models.brief import Brief
from models.generation import GenerateRequest
from models.ids import video_id_for
from models.profiles import NEWEST_REVISION, ProfileName
from services.songs import CheckedSong, add_song, check_song
from settings import Settings
from temporal.generation import start_generation


async def order(app: Application, song: CheckedSong, profile: ProfileName) -> str:
    """A draft of a new account; returns the video's id once its credits are held."""
    account_id, operation_id = f"account-{uuid4().hex}", uuid4().hex
    app.stores.ledger.open_account(account_id)
    kept = await asyncio.to_thread(add_song, app, account_id, song)
    request = GenerateRequest(
        account_id=account_id,
        video_id=video_id_for(account_id, operation_id),
        song_id=kept.song_id,
        song_title=kept.title,
        brief=Brief(prompt="A courier crosses a rainy neon city at night.", style="cyberpunk"),
        profile=profile,
        profile_revision=NEWEST_REVISION,
    )
    await start_generation(app.client, request, operation_id)
    return request.video_id


async def measure(song: CheckedSong, drafts: int, profile: ProfileName, settings: Settings, stack: StackState) -> str:
    client = await connect(settings)
    app = Application(settings, client)
    deliveries = Deliveries(app.stores)
    begun = time.monotonic()
    with MemoryWatch(stack.parts["worker"].pid) as memory:
        video_ids = await asyncio.gather(*(order(app, song, profile) for _ in range(drafts)))
        async with asyncio.timeout(PATIENCE_S):
            for video_id in video_ids:
                await deliveries.wait_for(video_id)
    answer = {
        "drafts": drafts,
        "profile": profile.value,
        "all_s": round(time.monotonic() - begun, 1),
        "worker_peak_bytes": memory.peak_bytes,
        "worker_peak_ratio": round(memory.peak_bytes / MEMORY_BAR_BYTES, 3),
    }
    return json.dumps(answer, indent=2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("song", nargs="?", type=Path)
    parser.add_argument("--drafts", type=int, default=20)
    parser.add_argument("--profile", type=ProfileName, default=ProfileName.TINY)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = asked.song or Path(folder) / "demo.flac"
        if asked.song is None:
            render_demo_song(path)
        base = Settings(home=Path(folder) / "home")
        with ensure_stack(base, say=Output(as_json=True).say) as stack:
            settings = settings_for(stack, base)
            song = check_song(path, settings)
            print(asyncio.run(measure(song, asked.drafts, asked.profile, settings, stack)))


if __name__ == "__main__":
    main()
