"""How long Studio needs to make one scene's video anew, against libx264 on the same frames with the profile's settings.

    python -m bench.studio [SONG] [--profile full] [--rounds 3] [--home FOLDER]

Without a song the demo song is played until it is 3.5 minutes long. A stack of its own is started in a temporary data
folder and makes the draft first; a data folder that is named is kept, and its draft is used again. Then the video of
the scene nearest to 4 s is made anew, from the order to the moment at which the new version's MP4 can be fetched.
Prints one JSON object; the bar is 1.5 times libx264's time plus 2 s.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import av
from av.video.frame import VideoFrame

from bench.draft import long_song
from cli.output import Output
from cli.stack import connect, ensure_stack, settings_for
from cli.upload import upload_song
from cli.watching import watch
from engines.picture.encode import SegmentWriter
from models.brief import Brief
from models.credits import PRICES, GrantRequest, GrantSource, Operation
from models.generation import GenerateRequest
from models.profiles import NEWEST_REVISION, PROFILES, Profile, ProfileName
from models.routing import LOCAL_ACCOUNT, video_id_for
from models.studio import StudioKind, StudioOrder
from settings import Settings
from stores.opening import Stores, open_stores
from workflows.clients import generation, start_generation
from workflows.studio_clients import operate

SCENE_S = 4.0
BAR_RATIO, BAR_EXTRA_S = 1.5, 2.0
POLL_S = 0.02


async def run(song: Path, profile: ProfileName, rounds: int, settings: Settings) -> dict[str, object]:
    client = await connect(settings)
    stores = open_stores(**settings.store_options())
    stores.ledger.open_account(LOCAL_ACCOUNT)
    price = rounds * PRICES[Operation.REGENERATE_VIDEO]
    stores.ledger.grant(
        GrantRequest(account_id=LOCAL_ACCOUNT, key=uuid4().hex, amount=price, source=GrantSource.GOODWILL)
    )
    kept = upload_song(song, settings).keep(stores, LOCAL_ACCOUNT)
    request = GenerateRequest(
        account_id=LOCAL_ACCOUNT,
        video_id=video_id_for(LOCAL_ACCOUNT, "bench"),
        song_id=kept.song_id,
        song_title=kept.title,
        brief=Brief(style="cyberpunk", prompt="A courier crosses a rainy neon city at night."),
        profile=profile,
        profile_revision=NEWEST_REVISION,
    )
    if not stores.vault.is_delivered(LOCAL_ACCOUNT, request.video_id):
        await start_generation(client, request, "bench")
        async for _ in watch(generation(client, request.video_id)):
            pass
    video = stores.vault.video(LOCAL_ACCOUNT, request.video_id)
    draft = stores.vault.timeline(LOCAL_ACCOUNT, request.video_id)
    scene = min(draft.scenes, key=lambda one: abs(one.end_s - one.start_s - SCENE_S))
    took_s, encode_s = [], []
    for _ in range(rounds):
        ordered = StudioOrder(
            account_id=LOCAL_ACCOUNT,
            video_id=request.video_id,
            operation_id=uuid4().hex,
            kind=StudioKind.VIDEO,
            scene_index=scene.index,
        )
        begun = time.monotonic()
        await operate(client, video, ordered)
        while stores.operations.operation(LOCAL_ACCOUNT, request.video_id, ordered.operation_id).is_open:
            await asyncio.sleep(POLL_S)
        took_s.append(time.monotonic() - begun)
        newest = stores.vault.timeline(LOCAL_ACCOUNT, request.video_id)
        assert stores.objects.size(newest.video_key)
        encode_s.append(encode_time(stores, newest.scenes[scene.index].segment_key, PROFILES[profile]))
    took, encode = statistics.median(took_s), statistics.median(encode_s)
    bar_s = BAR_RATIO * encode + BAR_EXTRA_S
    return {
        "profile": profile.value,
        "song_s": round(kept.duration_s, 1),
        "scenes": len(draft.scenes),
        "scene_s": round(scene.end_s - scene.start_s, 2),
        "regeneration_s": round(took, 2),
        "libx264_s": round(encode, 2),
        "bar_s": round(bar_s, 2),
        "regeneration_ratio": round(took / bar_s, 3),
        "rounds_s": [round(one, 2) for one in took_s],
    }


def encode_time(stores: Stores, segment_key: str, profile: Profile) -> float:
    """The seconds that libx264 needs for a segment's frames, which lie decoded in memory."""
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "segment.mp4", Path(folder) / "again.mp4"
        stores.objects.get_file(segment_key, source)
        frames = list(frames_of(source))
        begun = time.monotonic()
        with SegmentWriter(out, profile) as writer:
            for frame in frames:
                writer.write(frame)
        return time.monotonic() - begun


def frames_of(path: Path) -> Iterator[VideoFrame]:
    with av.open(path) as container:
        yield from container.decode(video=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("song", nargs="?", type=Path)
    parser.add_argument("--profile", type=ProfileName, default=ProfileName.FULL)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        song = options.song or long_song(Path(folder))
        base = Settings(home=(options.home or Path(folder) / "home").resolve())
        with ensure_stack(base, say=Output(as_json=True).say) as stack:
            answer = asyncio.run(run(song, options.profile, options.rounds, settings_for(stack, base)))
    print(json.dumps(answer, indent=2))


if __name__ == "__main__":
    main()
