"""Which part of a video a piece shows, for any song and any cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.picture.exports.windows import LEAST_SHOT_S, OVERLAP_S, plan_export, shot_lengths_s, teaser_window
from models.exports import ExportBasis
from models.storyboard import Framing
from models.timeline import Timeline
from models.vault import ExportKind
from tests.engines.picture.exports.conftest import FPS, made_analysis, made_timeline


def basis_of(timeline: Timeline) -> ExportBasis:
    count = len(timeline.scenes)
    return ExportBasis(
        timeline=timeline, analysis=made_analysis(), framings=(Framing.WIDE,) * count, subjects=(None,) * count
    )


@given(
    bar_s=st.floats(0.8, 4.0),
    bars=st.integers(26, 90),
    begin=st.floats(0, 1),
    share=st.floats(0.05, 0.6),
)
def test_a_teaser_lies_on_bar_lines_around_the_strongest_chorus(
    bar_s: float, bars: int, begin: float, share: float
) -> None:
    duration_s = bars * bar_s
    chorus = (begin * duration_s * (1 - share), begin * duration_s * (1 - share) + duration_s * share)
    analysis = made_analysis(duration_s, bar_s, chorus)
    start_s, end_s = teaser_window(analysis)
    lines = {bar.start_s for bar in analysis.bars} | {analysis.bars[-1].end_s}
    assert {start_s, end_s} <= lines
    assert 15 <= end_s - start_s <= 30
    inside = min(chorus[1], end_s) - max(chorus[0], start_s)
    # Bars lie apart: no window can promise more than the chorus, or its own length, less a bar at each end.
    assert inside >= min(chorus[1] - chorus[0], 15) - 2 * bar_s


def test_a_teaser_of_a_song_without_bars_still_has_its_length() -> None:
    analysis = made_analysis(60.0).model_copy(update={"bars": (), "beats": ()})
    start_s, end_s = teaser_window(analysis)
    assert 0 <= start_s < end_s <= 60
    assert 15 <= end_s - start_s <= 30


@given(st.lists(st.tuples(st.floats(0.3, 9.0), st.floats(0, 1)), min_size=2, max_size=25))
def test_a_canvas_has_no_cut_faster_than_a_second(scenes: list[tuple[float, float]]) -> None:
    timeline = made_timeline(tuple(s[0] for s in scenes), tuple(s[1] for s in scenes))
    basis = basis_of(timeline)
    plan = plan_export(ExportKind.CANVAS, basis)
    length_s = (plan.end_frame - plan.start_frame - plan.overlap_frames) / FPS
    assert (plan.width, plan.height) == (720, 1280)
    if plan.there_and_back:
        assert len(plan.scenes) == 1
        assert length_s <= 4
        return
    assert 3 <= length_s <= 8
    lengths = shot_lengths_s(timeline, plan)
    assert min(lengths) >= LEAST_SHOT_S
    assert len(lengths) == 1 or lengths[-1] >= OVERLAP_S + LEAST_SHOT_S, "the last shot dissolves into the first"


def test_the_calmest_long_shot_is_looped() -> None:
    basis = ExportBasis(
        timeline=made_timeline(), analysis=made_analysis(), framings=(Framing.WIDE,) * 8, subjects=(None,) * 8
    )
    assert plan_export(ExportKind.CANVAS, basis).scenes == (5,)


@pytest.mark.parametrize(
    ("kind", "size"), [("square", (90, 90)), ("portrait", (90, 112)), ("wide", (106, 60)), ("lyrics", (90, 160))]
)
def test_reframes_show_the_whole_song_in_their_shape(kind: str, size: tuple[int, int]) -> None:
    basis = ExportBasis(
        timeline=made_timeline(), analysis=made_analysis(), framings=(Framing.WIDE,) * 8, subjects=(None,) * 8
    )
    plan = plan_export(ExportKind(kind), basis)
    assert (plan.width, plan.height) == size
    assert (plan.start_frame, plan.end_frame, len(plan.scenes)) == (0, 160, 8)
