"""The visible properties of an ordinary song's plan."""

from itertools import pairwise
from statistics import mean

import pytest

from engines.cutting import BeatPlanner
from engines.cutting.pace import CHORUS_FACTOR
from models.failures import InvalidInput
from models.profiles import PROFILES, ProfileName
from models.storyboard import Scene, SequencePlan
from tests.engines.cutting.conftest import SongMaker

PREVIEW = PROFILES[ProfileName.PREVIEW]
TEMPI = (66, 74, 85, 97, 103.5, 115.48, 128, 140, 174)


def lengths_s(plan: SequencePlan, label: str) -> list[float]:
    return [scene.frame_count / 24 for scene in plan.scenes if scene.section == label]


@pytest.mark.parametrize("bpm", TEMPI)
@pytest.mark.parametrize("beats_per_bar", [3, 4, 5])
def test_pace_follows_energy(song: SongMaker, bpm: float, beats_per_bar: int) -> None:
    plan = BeatPlanner().plan(song(bpm, beats_per_bar), PREVIEW, 200, 1)
    assert mean(lengths_s(plan, "chorus")) <= CHORUS_FACTOR * mean(lengths_s(plan, "verse"))
    assert 3.9 <= mean(lengths_s(plan, "intro")) <= 8
    by_section = {i: [s for s in plan.scenes if s.section_index == i] for i in range(10)}
    weakest, strongest = by_section[3], by_section[8]
    assert len(strongest) >= len(weakest)


@pytest.mark.parametrize("bpm", TEMPI)
def test_cuts_are_on_downbeats_unless_energy_asks_for_beats(song: SongMaker, bpm: float) -> None:
    analysis = song(bpm)
    plan = BeatPlanner().plan(analysis, PREVIEW, 200, 1)
    downbeats = {PREVIEW.frame_at(beat.time_s) for beat in analysis.beats if beat.position == 1} | {0}
    assert all(scene.on_downbeat == (scene.start_frame in downbeats) for scene in plan.scenes)
    assert all(scene.on_downbeat for scene in plan.scenes if scene.section != "chorus")
    assert mean(scene.on_downbeat for scene in plan.scenes) > 0.6


def test_a_song_of_three_and_a_half_minutes_has_fifty_to_seventy_five_scenes(song: SongMaker) -> None:
    for bpm in TEMPI:
        analysis = song(bpm)
        count = len(BeatPlanner().plan(analysis, PREVIEW, 200, 1).scenes)
        assert 45 <= count * 210 / analysis.duration_s <= 80, bpm


def test_sections_and_drops_land_on_cuts(song: SongMaker) -> None:
    plain = song(128)
    drop_s = plain.sections[6].start_s + 4 * 4 * 60 / 128
    plan = BeatPlanner().plan(song(128, drops_s=(drop_s + 0.11,)), PREVIEW, 120, 3)
    cuts = {scene.start_frame for scene in plan.scenes}
    assert {PREVIEW.frame_at(section.start_s) for section in plain.sections} <= cuts
    assert PREVIEW.frame_at(drop_s) in cuts
    after = next(scene for scene in plan.scenes if scene.start_frame == PREVIEW.frame_at(drop_s))
    assert after.frame_count / 24 <= 2.5


def test_rounding_does_not_drift(song: SongMaker) -> None:
    analysis = song(97.3)
    for name in ProfileName:
        profile = PROFILES[name]
        times = [beat.time_s for beat in analysis.beats]
        for scene in BeatPlanner().plan(analysis, profile, 200, 1).scenes[1:]:
            nearest = min(abs(scene.start_frame / float(profile.fps) - time_s) for time_s in times)
            assert nearest <= 0.5 / float(profile.fps) + 1e-6


def test_another_seed_cuts_elsewhere_and_the_same_seed_the_same(song: SongMaker) -> None:
    analysis, planner = song(120), BeatPlanner()
    assert planner.plan(analysis, PREVIEW, 120, 5) == planner.plan(analysis, PREVIEW, 120, 5)
    assert planner.plan(analysis, PREVIEW, 120, 5) != planner.plan(analysis, PREVIEW, 120, 6)


def test_returning_sections_reprise_when_scenes_are_few(song: SongMaker) -> None:
    analysis = song(120)
    whole = BeatPlanner().plan(analysis, PREVIEW, 200, 1)
    plan = BeatPlanner().plan(analysis, PREVIEW, len(whole.scenes) - 15, 1)
    assert [s.end_frame for s in plan.scenes] == [s.end_frame for s in whole.scenes]
    reprises = [scene for scene in plan.scenes if scene.reprise_of is not None]
    assert len(reprises) == 15
    assert {scene.section_index for scene in reprises} <= {4, 5, 6, 8}
    assert all(plan.scenes[scene.reprise_of or 0].letter == scene.letter for scene in reprises)


def test_shots_lengthen_before_new_music_is_reprised(song: SongMaker) -> None:
    form = tuple(("verse", letter, 12, 0.5) for letter in "ABCDEFGHIJ")
    analysis = song(120, form=form)
    whole = BeatPlanner().plan(analysis, PREVIEW, 200, 1)
    plan = BeatPlanner().plan(analysis, PREVIEW, len(whole.scenes) - 10, 1)
    assert len(plan.scenes) < len(whole.scenes)
    assert all(scene.reprise_of is None for scene in plan.scenes)


def test_neighbours_never_show_the_same_take(song: SongMaker) -> None:
    def picture(scene: Scene) -> int:
        return scene.index if scene.reprise_of is None else scene.reprise_of

    scenes = BeatPlanner().plan(song(140), PREVIEW, 24, 1).scenes
    assert any(scene.reprise_of is not None for scene in scenes)
    assert all(picture(a) != picture(b) for a, b in pairwise(scenes))


def test_a_song_without_beats_is_cut_too(song: SongMaker) -> None:
    analysis = song(120).model_copy(update={"beats": (), "bars": ()})
    plan = BeatPlanner().plan(analysis, PREVIEW, 120, 1)
    assert len(plan.scenes) > 30
    assert mean(lengths_s(plan, "chorus")) <= CHORUS_FACTOR * mean(lengths_s(plan, "verse"))


def test_limits_that_cannot_be_are_refused(song: SongMaker) -> None:
    with pytest.raises(InvalidInput, match="longest shot"):
        BeatPlanner(longest_shot_s=1.0)
    with pytest.raises(InvalidInput, match="At least one scene"):
        BeatPlanner().plan(song(), PREVIEW, 0, 1)
