"""The time left: by the pace of the pictures, so that what was quick before them does not make it look short."""

from datetime import UTC, datetime, timedelta

import pytest

from models.progress import SceneStatus, StageName
from workflows.state import RunState
from workflows.time_left import expected_finish_at

BEGUN = datetime(2026, 11, 26, tzinfo=UTC)
QUICK = (StageName.ANALYSIS, StageName.VISION, StageName.CASTING, StageName.PLANNING, StageName.SHOTS)


def _painting(words_s: float) -> tuple[RunState, datetime]:
    """A run of twenty scenes that has begun to paint; its words took so long."""
    state, now = RunState.new("video-1", BEGUN), BEGUN
    for name in (*QUICK, StageName.PROMPTS):
        state.begin(name, now, "")
        now += timedelta(seconds=words_s / (len(QUICK) + 1))
        state.advance(name, now, 1, "")
    state.begin(StageName.STILLS, now, "", total=20)
    return state, now


@pytest.mark.parametrize("words_s", [1, 90])
def test_the_time_left_is_told_by_the_pace_of_the_pictures(words_s: float) -> None:
    state, painting_from = _painting(words_s)
    assert state.progress().expected_finish_at is None, "nothing is painted yet"
    state.begin(StageName.CLIPS, painting_from, "", total=20)
    for scene in range(1, 3):
        state.advance(StageName.STILLS, painting_from + timedelta(seconds=15 * scene), 1, "")
        state.advance(StageName.CLIPS, painting_from + timedelta(seconds=15 * scene), 1, "")
    # Two of twenty in thirty seconds: five minutes in all, and a little for joining.
    finish = state.progress().expected_finish_at
    assert finish is not None
    assert 270 < (finish - painting_from).total_seconds() < 340


def test_long_scenes_count_by_their_length_where_they_are_filmed_here() -> None:
    state, painting_from = _painting(10)
    # Five long scenes come first, then fifteen short ones.
    state.lengths = [120] * 5 + [40] * 15
    state.scenes = [SceneStatus.CLIP] * 5 + [SceneStatus.PENDING] * 15
    state.begin(StageName.CLIPS, painting_from, "", total=20)
    now = painting_from + timedelta(seconds=60)
    for stage in (StageName.STILLS, StageName.CLIPS):
        state.advance(stage, now, 5, "")
    counted = expected_finish_at(state.stages, now)
    by_length = state.progress().expected_finish_at
    assert counted is not None
    assert by_length is not None
    # Half of the frames are filmed: by their number, five of twenty would promise three minutes more.
    assert (counted - now).total_seconds() > 180
    assert 60 < (by_length - now).total_seconds() < 100


@pytest.mark.parametrize("scenes", [8, 20, 400])
def test_joining_takes_about_as_long_as_one_scene(scenes: int) -> None:
    state, begun = _painting(10)
    now = begun + timedelta(seconds=5 * scenes)
    for stage in (StageName.STILLS, StageName.CLIPS):
        state.begin(stage, begun, "", total=scenes)
        state.advance(stage, now, scenes, "")
    state.begin(StageName.ASSEMBLY, now + timedelta(seconds=1), "")
    finish = state.progress().expected_finish_at
    assert finish is not None
    assert abs((finish - now).total_seconds() - 5) < 0.01
