"""What the recorded data folder was made with; the code of then and the code of today both run it.

`folder.json` was recorded with commit 629d711, the last one before the tree was laid out anew: this file and its
dependants were copied there. It holds the objects (all small: engines of the tests made them) and the database as SQL.
"""

from pathlib import Path

from models.brief import Brief
from models.credits import GrantRequest, GrantSource
from models.exports import ExportRequest
from models.generation import GenerateRequest
from models.ids import video_id_for
from models.profiles import ProfileName
from models.progress import RunStatus
from models.queues import QUEUE
from models.song import AudioFacts
from models.studio import SceneEdit, StudioKind
from models.vault import ExportKind
from tests.fakes.desk import Desk
from tests.fakes.world import QUICK, World

ACCOUNT = "account-recorded"
SONG = b"sixteen bytes of music"


def add_song(world: World, folder: Path) -> str:
    """The same song each time; its id."""
    path, sha256 = folder / "song", "5" * 64
    path.write_bytes(SONG)
    facts = AudioFacts(
        container="wav",
        codec="pcm",
        duration_s=64,
        sample_rate_hz=44_100,
        channels=2,
        size_bytes=len(SONG),
        sha256=sha256,
    )
    key = f"accounts/{ACCOUNT}/songs/source-{sha256}.wav"
    world.stores.objects.put_file(key, path, "audio/wav")
    return world.stores.vault.add_song(ACCOUNT, facts, "Song", key).song_id


async def make_folder(world: World, folder: Path) -> Desk:
    """A video, a take, a choice among takes, and an export."""
    world.account_id = ACCOUNT
    world.stores.ledger.open_account(ACCOUNT)
    world.stores.ledger.grant(GrantRequest(account_id=ACCOUNT, key="grant-1", amount=500, source=GrantSource.GOODWILL))
    request = GenerateRequest(
        account_id=ACCOUNT,
        video_id=video_id_for(ACCOUNT, "order-1"),
        song_id=add_song(world, folder),
        song_title="Song",
        brief=Brief(prompt="a fox", style="film-noir", seed=1),
        profile=ProfileName.TINY,
        profile_revision=2,
        limits=QUICK,
    )
    handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    desk = Desk(world, request.video_id, handle, QUICK)
    await desk.do(StudioKind.IMAGE, 2, operation_id="image-1", edit=SceneEdit(prompt="a red fox", seed=7))
    await desk.do(StudioKind.VIDEO, 3, operation_id="video-1", edit=SceneEdit(seed=8))
    export = ExportRequest(
        account_id=ACCOUNT,
        video_id=request.video_id,
        version=3,
        kind=ExportKind.CANVAS,
        title="Song",
        style="film-noir",
    )
    await world.client.execute_workflow("ExportVideo", export, id=f"export-{request.video_id}", task_queue=QUEUE)
    return desk


def objects_of(world: World) -> dict[str, bytes]:
    """The objects of the account by key, without MP4s of versions: an older one is removed, and joined when played."""
    objects = world.stores.objects
    keys = (key for key in objects.list_keys(f"accounts/{ACCOUNT}/") if not is_joined(key))
    return {key: objects.get_bytes(key) for key in sorted(keys)}


def is_joined(key: str) -> bool:
    """Whether a key is that of a version's MP4."""
    return "/versions/" in key and key.endswith(".mp4")
