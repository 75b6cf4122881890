"""Properties of a plan for any analysis."""

from fractions import Fraction
from itertools import pairwise
from math import ceil

from hypothesis import given, settings
from hypothesis import strategies as st

from engines.cutting import BeatPlanner
from models.profiles import PROFILES, Profile, ProfileName
from models.song import Beat, EnergyCurve, Section, SongAnalysis
from models.storyboard import SequencePlan
from tests.fakes.amounts import examples

LABELS = ("intro", "verse", "pre-chorus", "chorus", "bridge", "instrumental", "breakdown", "outro")


@st.composite
def beats_of_any_song(draw: st.DrawFn, duration_s: float) -> tuple[Beat, ...]:
    """Steady, ramping, changing its meter, falling silent, or without beats."""
    if draw(st.integers(0, 7)) == 0:
        return ()
    bpm, ramp = draw(st.floats(30, 300)), draw(st.floats(0.5, 2.0))
    meter, other_meter = draw(st.sampled_from([3, 4, 5, 7])), draw(st.sampled_from([2, 3, 4, 6]))
    change_s = draw(st.floats(0, 2)) * duration_s
    silence_from_s = draw(st.floats(0, 1.5)) * duration_s
    silence_to_s = silence_from_s + draw(st.floats(0, 120))
    beats: list[Beat] = []
    time_s, position = draw(st.floats(0, 10)), draw(st.integers(1, meter))
    while time_s < duration_s:
        if not silence_from_s <= time_s < silence_to_s:
            beats.append(Beat(time_s=time_s, position=position))
        in_bar = meter if time_s < change_s else other_meter
        position = position + 1 if position < in_bar else 1
        local_bpm = min(300.0, max(30.0, bpm * ramp ** (time_s / duration_s)))
        time_s += 60 / local_bpm
    return tuple(beats)


@st.composite
def any_song(draw: st.DrawFn) -> SongAnalysis:
    duration_s = draw(st.one_of(st.floats(60, 260), st.floats(60, 1200)))
    beats = draw(beats_of_any_song(duration_s))
    downbeats = [beat.time_s for beat in beats if beat.position == 1 and beat.time_s > 0]
    inner = draw(st.lists(st.sampled_from(downbeats), max_size=14, unique=True)) if downbeats else []
    if draw(st.booleans()):
        inner += draw(st.lists(st.floats(0.01, duration_s - 0.01), max_size=4, unique=True))
    edges = [0.0, *sorted(set(inner)), duration_s]
    sections = tuple(
        Section(
            start_s=start,
            end_s=end,
            letter=draw(st.sampled_from("ABCD")),
            label=draw(st.sampled_from(LABELS)),
            energy=draw(st.floats(0, 1)),
            strongest_chorus=draw(st.integers(0, 9)) == 0,
        )
        for start, end in pairwise(edges)
    )
    return SongAnalysis(
        duration_s=duration_s,
        sample_rate_hz=44_100,
        channels=2,
        tempo_bpm=120,
        beats_per_bar=4,
        beats=beats,
        sections=sections,
        energy=EnergyCurve(hop_s=1.0, values=tuple(draw(st.lists(st.floats(0, 1), max_size=40)))),
        drops_s=tuple(draw(st.lists(st.floats(0, duration_s), max_size=3))),
    )


def assert_sound(plan: SequencePlan, analysis: SongAnalysis, profile: Profile, longest_s: float) -> None:
    duration = Fraction(analysis.duration_s) * profile.fps
    assert plan.frame_count == ceil(duration)
    assert [s.start_frame for s in plan.scenes] == [0, *(s.end_frame for s in plan.scenes[:-1])]
    assert plan.scenes[-1].end_frame == plan.frame_count
    assert [s.index for s in plan.scenes] == list(range(len(plan.scenes)))
    for scene in plan.scenes:
        assert scene.frame_count >= Fraction(7, 10) * profile.fps
        assert scene.frame_count <= Fraction(longest_s) * profile.fps
        assert analysis.sections[scene.section_index].letter == scene.letter
        assert 0 <= scene.energy <= 1
    for before, after in pairwise(plan.scenes):
        assert before.section_index <= after.section_index
        continues = before.section_index == after.section_index
        assert after.place == (before.place + 1 if continues else 0)


@settings(max_examples=examples(30))
@given(any_song(), st.sampled_from(list(PROFILES)), st.integers(1, 120), st.integers(0, 2**32 - 1), st.floats(2, 12))
def test_scenes_tile_any_song(
    analysis: SongAnalysis, name: ProfileName, max_scenes: int, seed: int, longest_s: float
) -> None:
    profile = PROFILES[name]
    plan = BeatPlanner(longest_s).plan(analysis, profile, max_scenes, seed)
    assert_sound(plan, analysis, profile, longest_s)
    made = [scene for scene in plan.scenes if scene.reprise_of is None]
    assert 1 <= len(made) <= max_scenes
    assert len(made) == min(max_scenes, len(plan.scenes))
    by_index = {scene.index: scene for scene in made}
    for scene in plan.scenes:
        if scene.reprise_of is None:
            assert scene.reprise_section is None
            continue
        source = by_index[scene.reprise_of]
        assert source.index < scene.index
        assert (scene.reprise_section, scene.reprise_place) == (source.section_index, source.place)
        same_letter = any(other.letter == scene.letter and other.index < scene.index for other in made)
        assert source.letter == scene.letter or not same_letter


@settings(max_examples=examples(12))
@given(any_song(), st.sampled_from(list(PROFILES)))
def test_cuts_lie_on_the_frame_nearest_a_beat_wherever_there_are_beats(
    analysis: SongAnalysis, name: ProfileName
) -> None:
    profile = PROFILES[name]
    beats = analysis.beats
    plan = BeatPlanner().plan(analysis, profile, 120, 0)
    on_beats = {profile.frame_at(beat.time_s) for beat in beats}
    on_sections = {profile.frame_at(section.start_s) for section in analysis.sections}
    on_drops = {profile.frame_at(drop_s) for drop_s in analysis.drops_s}
    anchored = sorted(on_sections | on_drops | {0, plan.frame_count})
    for scene in plan.scenes[1:]:
        if scene.start_frame in on_beats | on_sections | on_drops:
            continue
        # Only a stretch whose beats allow no path may be cut elsewhere: it has a gap, or it is short.
        left = max(frame for frame in anchored if frame < scene.start_frame)
        right = min(frame for frame in anchored if frame > scene.start_frame)
        inside = sorted({left, right} | {frame for frame in on_beats if left < frame < right})
        assert not tiles(inside, profile)


def tiles(frames: list[int], profile: Profile) -> bool:
    """Whether some of the frames, the first and last among them, are between 0.7 s and 8 s apart."""
    reached = {frames[0]}
    for frame in frames[1:]:
        if any(Fraction(7, 10) * profile.fps <= frame - other <= 8 * profile.fps for other in reached):
            reached.add(frame)
    return frames[-1] in reached
