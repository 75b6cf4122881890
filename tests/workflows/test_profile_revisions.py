"""A video keeps the encoder's settings that it was begun with, in Studio, too; new videos get the newest ones."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from engines.picture import soundtrack as aac
from engines.picture.assemble import SegmentAssembler, join
from engines.picture.encode import Bt709Converter, SegmentWriter
from models.profiles import FIRST_REVISION, NEWEST_REVISION, PROFILES, Profile, ProfileName, profile_of
from models.progress import RunStatus
from models.stretches import ChangedScene, Stretch
from models.studio import StudioKind, StudioState
from models.takes import AnimationRequest
from tests.fakes.desk import Desk
from tests.fakes.engines import InstantEngines, Pulse
from tests.fakes.world import QUICK, World
from workflows.studio_clients import rebuild

pytestmark = pytest.mark.timeout(300)

TINY = PROFILES[ProfileName.TINY]
SONG_S = 12.0
MOST_KBIT_S = 260


class EncodingEngines(InstantEngines):
    """Draws noise and encodes, joins and splices it with the product's own parts."""

    def encode_soundtrack(self, source: Path, out: Path, pulse: Pulse) -> bool:
        song = out.with_suffix(".wav")
        rng = np.random.default_rng(0)
        soundfile.write(song, rng.normal(0, 0.1, (round(SONG_S * aac.RATE_HZ), 2)), aac.RATE_HZ)
        aac.encode(str(song), str(out))
        return False

    def animate(self, request: AnimationRequest, still: Path, out: Path, pulse: Pulse) -> None:
        film(request.profile, request.frame_count, request.prompt.seed + request.prompt.scene_index, out)

    def assemble(
        self, segments: Sequence[Path], soundtrack: Path, profile: Profile, frame_count: int, out: Path, pulse: Pulse
    ) -> None:
        join([str(segment) for segment in segments], str(soundtrack), profile, frame_count, str(out))

    def splice(
        self,
        key: str,
        beginning: bytes,
        changed: Sequence[ChangedScene],
        soundtrack: Path,
        profile: Profile,
        frame_count: int,
        out: Path,
    ) -> list[Stretch] | None:
        return SegmentAssembler().splice(key, beginning, changed, soundtrack, profile, frame_count, out)


def film(profile: Profile, frame_count: int, seed: int, out: Path) -> None:
    """Grain that costs more bits than the newest settings allow."""
    rng, converter = np.random.default_rng(seed), Bt709Converter()
    with SegmentWriter(out, profile) as writer:
        for _ in range(frame_count):
            picture = rng.integers(0, 256, (profile.height, profile.width, 3), np.uint8)
            writer.write(converter.to_yuv(picture))


@pytest.fixture
async def encoding(world: World) -> World:
    await world.rest()
    world.engines = EncodingEngines(world.faults, scenes=4)
    world.mover = world.engines
    world.engines.duration_s = SONG_S
    await world.work()
    return world


async def made_with(world: World, folder: Path, revision: int) -> Desk:
    request = world.request(world.add_song(folder)).model_copy(update={"profile_revision": revision})
    handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    return Desk(world, request.video_id, handle, QUICK)


def stored(world: World, key: str, folder: Path) -> Path:
    path = folder / key.replace("/", "-")
    world.stores.objects.get_file(key, path)
    return path


def frames_in(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


@pytest.mark.parametrize("kind", [StudioKind.VIDEO, StudioKind.IMAGE])
async def test_a_scene_of_an_old_video_is_made_anew_with_its_old_settings_and_joins(
    encoding: World, tmp_path: Path, kind: StudioKind
) -> None:
    desk = await made_with(encoding, tmp_path, FIRST_REVISION)
    encoding.grant(50)
    operation = await desk.do(kind, 2)
    assert operation.state is StudioState.DELIVERED, operation.failure
    before, after = desk.timeline(1), desk.timeline(2)
    assert (before.profile_revision, after.profile_revision) == (FIRST_REVISION, FIRST_REVISION)
    seed = after.scenes[2].seed + 2
    length = after.scenes[2].end_frame - after.scenes[2].start_frame
    film(profile_of(ProfileName.TINY, FIRST_REVISION), length, seed, tmp_path / "as-before.mp4")
    made = stored(encoding, after.scenes[2].segment_key, tmp_path)
    assert made.read_bytes() == (tmp_path / "as-before.mp4").read_bytes()
    old, new = (stored(encoding, one.video_key, tmp_path) for one in (before, after))
    start, end = after.scenes[2].start_frame, after.scenes[2].end_frame
    assert frames_in(new) == frames_in(old)[:start] + frames_in(made) + frames_in(old)[end:]
    segments = [str(stored(encoding, scene.segment_key, tmp_path)) for scene in after.scenes]
    sound, whole = stored(encoding, after.soundtrack_key, tmp_path), tmp_path / "whole.mp4"
    join(segments, str(sound), TINY, after.frame_count, str(whole))
    assert whole.read_bytes() == new.read_bytes()
    await desk.do(StudioKind.IMAGE, 1)
    assert encoding.stores.objects.size(after.video_key) is None, "between the first and the newest none is kept"
    await rebuild(encoding.client, encoding.account_id, after)
    assert stored(encoding, after.video_key, tmp_path).read_bytes() == whole.read_bytes()


async def test_a_new_video_has_the_newest_settings_and_its_scenes_stay_below_their_rate(
    encoding: World, tmp_path: Path
) -> None:
    """The same noise is far above that rate with the first settings."""
    encoding.grant(200)
    rates = {}
    for revision in (FIRST_REVISION, NEWEST_REVISION):
        folder = tmp_path / str(revision)
        folder.mkdir()
        desk = await made_with(encoding, folder, revision)
        timeline = desk.timeline(1)
        assert timeline.profile_revision == revision
        size = sum(map(len, frames_in(stored(encoding, timeline.video_key, folder))))
        rates[revision] = size * 8 / float(Fraction(timeline.frame_count) / timeline.fps) / 1000
    assert rates[NEWEST_REVISION] < MOST_KBIT_S, rates
    assert rates[FIRST_REVISION] > 1.8 * MOST_KBIT_S, rates
