"""Payloads stay under 100 KB for the longest accepted song with the fastest possible cuts."""

from datetime import UTC, datetime

from engines.cutting import BeatPlanner
from models.generation import (
    AssembleStep,
    OtherWords,
    PlannedSection,
    PlanRef,
    SceneTakes,
    SectionPrompts,
)
from models.ids import digest_of
from models.profiles import PROFILES, ProfileName
from models.progress import SceneStatus
from models.song import Beat, EnergyCurve, Section, SongAnalysis
from models.timeline import FALLBACK, FREE_RETRY
from workflows.state import RunState

PAYLOAD_LIMIT_BYTES = 100_000
SONG_S = 1200.0
BPM = 180.0


def loudest_song() -> SongAnalysis:
    sections = 60
    length_s = SONG_S / sections
    return SongAnalysis(
        duration_s=SONG_S,
        sample_rate_hz=44_100,
        channels=2,
        tempo_bpm=BPM,
        beats_per_bar=4,
        beats=tuple(Beat(time_s=i * 60 / BPM, position=i % 4 + 1) for i in range(int(SONG_S * BPM / 60))),
        sections=tuple(
            Section(start_s=i * length_s, end_s=(i + 1) * length_s, letter="C", label="chorus", energy=1.0)
            for i in range(sections)
        ),
        energy=EnergyCurve(hop_s=1.0, values=(1.0,) * int(SONG_S)),
    )


def test_the_longest_song_stays_small() -> None:
    plan = BeatPlanner().plan(loudest_song(), PROFILES[ProfileName.FULL], 120, 0)
    count = len(plan.scenes)
    assert count > 200, "a test of size needs size"
    digest = digest_of("x")
    key = f"accounts/{digest}/videos/video-{digest}/prompts-000-000-{digest}.json"
    ref = PlanRef(
        key=key,
        frame_count=plan.frame_count,
        sections=tuple(PlannedSection(label="pre-chorus", first_scene=i, end_scene=i) for i in range(60)),
        reprise_of=tuple(scene.reprise_of for scene in plan.scenes),
    )
    parts = AssembleStep(
        account_id=digest,
        video_id=f"video-{digest}",
        song_id=f"song-{digest}",
        profile=ProfileName.FULL,
        version=1,
        plan_key=key,
        soundtrack_key=key,
        prompts=tuple(SectionPrompts(first_scene=i, end_scene=i, key=key) for i in range(60)),
        takes=tuple(
            SceneTakes(still_scene=100, still=digest, segment=digest, marks=(FALLBACK, FREE_RETRY))
            for _ in range(count)
        ),
        other_words=tuple(OtherWords(scene_index=i, image_words=key) for i in range(40)),
    )

    state = RunState.new("video", datetime.now(UTC))
    state.scenes = [SceneStatus.PENDING] * count
    sizes = [len(model.to_bytes()) for model in (ref, parts, state.progress())]
    assert max(sizes) < PAYLOAD_LIMIT_BYTES, sizes
