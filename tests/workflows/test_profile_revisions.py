"""A video keeps the encoder settings that it was started with, in Studio, too; new videos get the newest ones."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from engines.jobs import run_job
from engines.picture import soundtrack as aac
from engines.picture.assemble import SegmentAssembler, join
from models.profiles import FIRST_REVISION, NEWEST_REVISION, PROFILES, Profile, ProfileName, profile_of
from models.progress import RunStatus
from models.stretches import ChangedScene, Stretch
from models.studio import StudioKind, StudioState
from models.takes import AnimationRequest
from models.timeline import Timeline
from temporal.studio import rebuild
from tests.fakes.desk import Desk
from tests.fakes.engines import InstantEngines, Pulse
from tests.fakes.grain import film
from tests.fakes.world import QUICK, World

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
        # As the product films: among other threads libx264 makes other bytes now and then.
        seed = request.prompt.seed + request.prompt.scene_index
        run_job(film, request.profile, request.frame_count, seed, out, pulse=pulse)

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


def rate_kbit_s(world: World, timeline: Timeline, folder: Path) -> float:
    """Of a version's picture."""
    size = sum(map(len, frames_in(stored(world, timeline.video_key, folder))))
    return size * 8 / float(Fraction(timeline.frame_count) / timeline.fps) / 1000


async def test_scenes_of_an_old_video_are_made_anew_with_its_old_settings_and_join(
    encoding: World, tmp_path: Path
) -> None:
    """A clip, and a camera move over a new image."""
    desk = await made_with(encoding, tmp_path, FIRST_REVISION)
    encoding.grant(50)
    before = desk.timeline(1)
    old = stored(encoding, before.video_key, tmp_path)
    assert rate_kbit_s(encoding, before, tmp_path) > 1.8 * MOST_KBIT_S, "noise costs more with the first settings"
    for version, (kind, scene) in enumerate(((StudioKind.VIDEO, 2), (StudioKind.IMAGE, 1)), start=2):
        operation = await desk.do(kind, scene)
        assert operation.state is StudioState.DELIVERED, operation.failure
        after = desk.timeline(version)
        assert (before.profile_revision, after.profile_revision) == (FIRST_REVISION, FIRST_REVISION)
        start, end = after.scenes[scene].start_frame, after.scenes[scene].end_frame
        settings, seed = profile_of(ProfileName.TINY, FIRST_REVISION), after.scenes[scene].seed + scene
        run_job(film, settings, end - start, seed, tmp_path / "as-before.mp4")
        made = stored(encoding, after.scenes[scene].segment_key, tmp_path)
        assert made.read_bytes() == (tmp_path / "as-before.mp4").read_bytes()
        new = stored(encoding, after.video_key, tmp_path)
        assert frames_in(new) == frames_in(old)[:start] + frames_in(made) + frames_in(old)[end:]
        segments = [str(stored(encoding, one.segment_key, tmp_path)) for one in after.scenes]
        sound, whole = stored(encoding, after.soundtrack_key, tmp_path), tmp_path / f"whole-{version}.mp4"
        join(segments, str(sound), TINY, after.frame_count, str(whole))
        assert whole.read_bytes() == new.read_bytes()
        before, old = after, new
    first = desk.timeline(2)
    assert encoding.stores.objects.size(first.video_key) is None, "between the first and the newest none is kept"
    await rebuild(encoding.client, encoding.account_id, first)
    assert stored(encoding, first.video_key, tmp_path).read_bytes() == (tmp_path / "whole-2.mp4").read_bytes()


async def test_a_new_video_has_the_newest_settings_and_its_scenes_stay_below_their_rate(
    encoding: World, tmp_path: Path
) -> None:
    timeline = (await made_with(encoding, tmp_path, NEWEST_REVISION)).timeline(1)
    assert timeline.profile_revision == NEWEST_REVISION
    assert rate_kbit_s(encoding, timeline, tmp_path) < MOST_KBIT_S
