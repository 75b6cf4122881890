"""The time to change one scene in Studio, against libx264 on the same frames with the profile's settings.

    python -m bench.studio [SONG] [--profile full] [--rounds 3] [--home FOLDER]

Without a song the demo song is played until it is 3.5 minutes long. A stack of its own is started in a temporary data
folder and makes the draft first; a data folder that is named is kept, and its draft is used again. Then the video of
the scene nearest to 4 s is regenerated, from the order to the moment at which the new version's MP4 can be fetched, and
it is split, which cuts two segments from its clip. Prints one JSON object; the bar is 1.5 times libx264 plus 2 s.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import av
from av.video.frame import VideoFrame

from bench.draft import long_song
from bootstrap import Application
from cli.output import Output
from cli.stack import connect, ensure_stack, settings_for
from engines.picture.encode import SegmentWriter
from models.brief import Brief
from models.credits import GrantRequest, GrantSource, Operation
from models.edits import Snap, Split
from models.generation import GenerateRequest
from models.ids import LOCAL_ACCOUNT, video_id_for
from models.prices import PRICES
from models.profiles import NEWEST_REVISION, PROFILES, Profile, ProfileName
from models.studio import StudioKind, StudioOrder
from services.progress import follow
from services.songs import add_song, check_song
from settings import Settings
from stores.opening import Stores
from temporal.generation import start_generation
from temporal.studio import operate

SCENE_S = 4.0
BAR_RATIO, BAR_EXTRA_S = 1.5, 2.0
POLL_S = 0.02


async def run(song: Path, profile: ProfileName, rounds: int, settings: Settings) -> dict[str, object]:
    client = await connect(settings)
    app = Application(settings, client)
    stores = app.stores
    stores.ledger.open_account(LOCAL_ACCOUNT)
    price = rounds * PRICES[Operation.REGENERATE_VIDEO]
    stores.ledger.grant(
        GrantRequest(account_id=LOCAL_ACCOUNT, key=uuid4().hex, amount=price, source=GrantSource.GOODWILL)
    )
    kept = add_song(app, LOCAL_ACCOUNT, check_song(song, settings))
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
        async for _ in follow(app, LOCAL_ACCOUNT, request.video_id):
            pass
    video = stores.vault.video(LOCAL_ACCOUNT, request.video_id)
    draft = stores.vault.timeline(LOCAL_ACCOUNT, request.video_id)
    scene = min(draft.scenes, key=lambda one: abs(one.end_s - one.start_s - SCENE_S))

    async def timed(kind: StudioKind, **more: Any) -> tuple[float, float]:
        """The seconds of an operation, and those of libx264 on the segments that it made."""
        before = {one.segment_key for one in stores.vault.timeline(LOCAL_ACCOUNT, request.video_id).scenes}
        ordered = StudioOrder(
            account_id=LOCAL_ACCOUNT, video_id=request.video_id, operation_id=uuid4().hex, kind=kind, **more
        )
        begun = time.monotonic()
        await operate(client, video, ordered)
        while stores.operations.operation(LOCAL_ACCOUNT, request.video_id, ordered.operation_id).is_open:
            await asyncio.sleep(POLL_S)
        took = time.monotonic() - begun
        newest = stores.vault.timeline(LOCAL_ACCOUNT, request.video_id)
        assert stores.objects.size(newest.video_key)
        new = {one.segment_key for one in newest.scenes} - before
        return took, sum(encode_time(stores, key, PROFILES[profile]) for key in new)

    made, split = [], []
    for number in range(rounds):
        made.append(await timed(StudioKind.VIDEO, scene_index=scene.index))
        # Another place in each round: segments that are stored are not cut again.
        frame = (scene.start_frame + scene.end_frame) // 2 + number
        edit = Split(scene_id=scene.identity, frame=frame, snap=Snap.FRAME)
        whole = stores.vault.timeline(LOCAL_ACCOUNT, request.video_id).version
        split.append(await timed(StudioKind.EDIT, edits=(edit,), base_version=whole))
        await timed(StudioKind.RESTORE, version=whole)
    took, encode = (statistics.median(one) for one in zip(*made, strict=True))
    edit_took, edit_encode = (statistics.median(one) for one in zip(*split, strict=True))
    bar_s, edit_bar_s = (BAR_RATIO * one + BAR_EXTRA_S for one in (encode, edit_encode))
    return {
        "profile": profile.value,
        "song_s": round(kept.duration_s, 1),
        "scenes": len(draft.scenes),
        "scene_s": round(scene.end_s - scene.start_s, 2),
        "regeneration_s": round(took, 2),
        "libx264_s": round(encode, 2),
        "bar_s": round(bar_s, 2),
        "regeneration_ratio": round(took / bar_s, 3),
        "rounds_s": [round(one, 2) for one, _ in made],
        "split_s": round(edit_took, 2),
        "split_libx264_s": round(edit_encode, 2),
        "split_bar_s": round(edit_bar_s, 2),
        "split_ratio": round(edit_took / edit_bar_s, 3),
        "split_rounds_s": [round(one, 2) for one, _ in split],
    }


def encode_time(stores: Stores, segment_key: str, profile: Profile) -> float:
    """The seconds that libx264 needs for a segment's frames, already decoded in memory."""
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
