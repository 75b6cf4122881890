import pytest

from engines.cutting import BeatPlanner, music_cues
from models.profiles import PROFILES, ProfileName
from models.song import EnergyCurve
from tests.engines.cutting.conftest import SongMaker

PREVIEW = PROFILES[ProfileName.PREVIEW]


def test_cues_of_neighbours_share_no_beat_and_miss_none(song: SongMaker) -> None:
    analysis, planner = song(117), BeatPlanner()
    plan = planner.plan(analysis, PREVIEW, 120, 1)
    frames = []
    for scene in plan.scenes:
        cues = planner.cues(analysis, PREVIEW, scene.start_frame, scene.end_frame)
        assert len(cues.energy) == scene.frame_count
        frames += [scene.start_frame + cue.frame for cue in cues.beats]
    assert frames == [PREVIEW.frame_at(beat.time_s) for beat in analysis.beats]


def test_downbeats_and_loud_music_are_stronger(song: SongMaker) -> None:
    analysis = song(120)

    def first_bar(section: int) -> tuple[float, float]:
        start = PREVIEW.frame_at(analysis.sections[section].start_s)
        one, two = music_cues(analysis, PREVIEW, start, start + 24).beats
        assert one.downbeat
        assert not two.downbeat
        return one.strength, two.strength

    verse, chorus = first_bar(1), first_bar(3)
    assert verse[0] > verse[1]
    assert chorus[0] > verse[0]
    assert chorus[0] > chorus[1]


def test_a_grid_that_nobody_heard_pulses_half(song: SongMaker) -> None:
    heard = song(120)
    even = heard.model_copy(update={"grid": "regular"})
    for one, other in zip(
        music_cues(heard, PREVIEW, 100, 400).beats, music_cues(even, PREVIEW, 100, 400).beats, strict=True
    ):
        assert other.strength == pytest.approx(one.strength / 2, abs=1e-3)


def test_energy_lies_between_the_values_of_the_curve(song: SongMaker) -> None:
    analysis = song(120).model_copy(update={"energy": EnergyCurve(hop_s=1.0, values=(0.0, 1.0, 0.0))})
    energy = music_cues(analysis, PREVIEW, 0, 60).energy
    assert energy[12] == pytest.approx(12.5 / 24, abs=1e-3)
    assert max(energy[:24]) == energy[23]
    assert energy[-1] == 0
    silent = analysis.model_copy(update={"energy": EnergyCurve(hop_s=1.0, values=())})
    assert set(music_cues(silent, PREVIEW, 0, 24).energy) == {0.5}
