"""A video on its song's corrected beats: what is offered, and what the edits do."""

import pytest

from models.beat_corrections import BeatCorrection, DoubleTempo, HalveTempo, RenameSection, ShiftOne
from models.beat_use import OTHER_SECTIONS, BeatsOffer, beats_offer
from models.correcting import corrected
from models.cut_grid import Grid
from models.edits import MOST_EDITS, Merge, MoveCut, Snap, UseBeats, edits_sentence
from models.failures import InvalidInput
from models.profiles import profile_of
from models.recutting import apply_edits
from models.song import SongAnalysis
from models.timeline import Timeline, TimelineScene
from tests.fakes.engines import made_analysis
from tests.models.test_recutting import TIMELINE

FPS = TIMELINE.fps
BEAT = int(FPS / 2)
NEW_KEY = "analysis-r2"
TIMELINE_PROFILE = profile_of(TIMELINE.profile, TIMELINE.profile_revision)


def song(duration_s: float = 64.0) -> SongAnalysis:
    """A song of 120 bpm in four sections that begin with bars."""
    return made_analysis(duration_s)


def video(frames: list[int], analysis: SongAnalysis) -> Timeline:
    """A video with cuts on these frames."""
    last = int(analysis.duration_s * FPS)
    starts = [section.start_s for section in analysis.sections]

    def scene(index: int, begin: int, end: int) -> TimelineScene:
        at = max(place for place, start_s in enumerate(starts) if start_s * FPS <= (begin + end) / 2)
        section = analysis.sections[at]
        facts = {"index": index, "section_index": at, "section": section.label, "letter": section.letter}
        times = {"start_s": begin / FPS, "end_s": end / FPS, "segment_key": f"segments/{index}.mp4"}
        return TIMELINE.scenes[0].model_copy(update=facts | times | {"start_frame": begin, "end_frame": end})

    edges = [0, *frames, last]
    scenes = tuple(scene(index, edges[index], edges[index + 1]) for index in range(len(edges) - 1))
    return TIMELINE.model_copy(update={"scenes": scenes, "frame_count": last, "analysis_key": "analysis-1"})


def grid_of(timeline: Timeline, analysis: SongAnalysis, key: str = NEW_KEY) -> Grid:
    return Grid.of(timeline.model_copy(update={"analysis_key": key}), analysis)


def offered(timeline: Timeline, analysis: SongAnalysis, *corrections: BeatCorrection) -> tuple[BeatsOffer, Grid, Grid]:
    old, new = Grid.of(timeline, analysis), grid_of(timeline, corrected(analysis, corrections))
    return beats_offer(timeline, old, new, 2), old, new


BARS = [4 * BEAT * bar for bar in range(1, 32)]


def test_cuts_go_with_the_bars_in_one_version() -> None:
    analysis = song()
    timeline = video(BARS, analysis)
    offer, old, new = offered(timeline, analysis, ShiftOne(beats=1))
    assert (offer.off_beat, offer.stuck, offer.is_used) == (31, 0, False)
    assert offer.sentence == "31 cuts lie off the corrected beats: move them."
    after = apply_edits(timeline, offer.edits, old, corrected=new)
    assert [scene.start_frame for scene in after.scenes][1:] == [frame + BEAT for frame in BARS]
    assert after.analysis_key == NEW_KEY
    assert beats_offer(after, new, new, 2) == BeatsOffer(
        revision=2, is_used=True, sentence="The video follows the song's beats."
    )


@pytest.mark.parametrize("beats", [2, -2])
def test_half_a_bar_away_all_cuts_go_the_same_way(beats: int) -> None:
    analysis = song()
    timeline = video(BARS[2:-2], analysis)
    offer, old, new = offered(timeline, analysis, ShiftOne(beats=beats))
    after = apply_edits(timeline, offer.edits, old, corrected=new)
    assert [scene.start_frame for scene in after.scenes][1:] == [frame + beats * BEAT for frame in BARS[2:-2]]


def test_only_cuts_that_followed_the_beats_are_offered() -> None:
    analysis = song()
    free = BARS[4] + 3
    timeline = video([BARS[0], BARS[1] + BEAT, free, BARS[9]], analysis)
    offer, _, _ = offered(timeline, analysis, ShiftOne(beats=1))
    assert [(one.scene_id, one.frame) for one in offer.edits if isinstance(one, MoveCut)] == [
        (1, BARS[0] + BEAT),
        (4, BARS[9] + BEAT),
    ], "a cut on another beat lies on a beat still, and one between beats was put there on purpose"
    assert all(one.snap is Snap.FRAME for one in offer.edits if isinstance(one, MoveCut))


def test_nothing_moves_where_all_cuts_lie_on_beats_still() -> None:
    analysis = song()
    timeline = video(BARS, analysis)
    offer, old, new = offered(timeline, analysis, DoubleTempo())
    assert offer.edits == (UseBeats(revision=2),)
    assert offer.sentence.startswith("All cuts")
    after = apply_edits(timeline, offer.edits, old, corrected=new)
    assert after.scenes == timeline.scenes
    assert after.analysis_key == NEW_KEY, "later edits snap to the corrected beats"


def test_what_would_leave_a_scene_too_short_stays_and_is_counted() -> None:
    analysis = song()
    timeline = video([BARS[0], BARS[0] + BEAT * 2, BARS[0] + BEAT * 3 + 1, BARS[9]], analysis)
    fast, old, new = offered(timeline, analysis, HalveTempo())
    apply_edits(timeline, fast.edits, old, corrected=new)
    crowded = video([BARS[0], BARS[0] + 3 * BEAT, BARS[1], BARS[9], BARS[20]], analysis)
    offer, old, new = offered(crowded, analysis, ShiftOne(beats=-1))
    assert (offer.off_beat, offer.stuck) == (4, 1)
    assert "1 of them cannot" in offer.sentence
    after = apply_edits(crowded, offer.edits, old, corrected=new)
    assert min(scene.frame_count for scene in after.scenes) == BEAT, "that scene was this short before"


def test_two_cuts_that_want_the_same_beat_are_one_move() -> None:
    analysis = song()
    timeline = video([20, 40, 120], analysis)
    sections = Grid.of(timeline, analysis).sections
    old = Grid(TIMELINE_PROFILE, (0, 20, 40, 120), sections, (), timeline.analysis_key)
    new = Grid(TIMELINE_PROFILE, (0, 30, 120), sections, (), NEW_KEY)
    offer = beats_offer(timeline, old, new, 2)
    assert offer.edits == (UseBeats(revision=2), MoveCut(scene_id=1, frame=30, snap=Snap.FRAME))
    assert (offer.off_beat, offer.stuck) == (2, 1)
    apply_edits(timeline, offer.edits, old, corrected=new)


def test_one_version_takes_a_bounded_number_of_edits() -> None:
    analysis = song(600.0)
    timeline = video([4 * BEAT * bar for bar in range(1, 290)], analysis)
    offer, old, new = offered(timeline, analysis, ShiftOne(beats=1))
    assert len(offer.edits) == MOST_EDITS
    assert offer.off_beat == 289
    assert offer.stuck == 289 - (MOST_EDITS - 1)
    apply_edits(timeline, offer.edits, old, corrected=new)


def test_scenes_take_the_new_names_of_their_sections() -> None:
    analysis = song()
    timeline = video(BARS, analysis)
    offer, old, new = offered(timeline, analysis, RenameSection(section_index=1, label="bridge"))
    assert offer.edits == (UseBeats(revision=2),)
    told: list[str] = []
    after = apply_edits(timeline, offer.edits, old, told=told, corrected=new)
    assert {scene.section for scene in after.scenes if scene.section_index == 1} == {"bridge"}
    unnamed = [
        scene.model_copy(update={"section": "verse"}) if scene.section_index == 1 else scene for scene in after.scenes
    ]
    assert tuple(unnamed) == timeline.scenes
    assert told == ["The video follows the song's corrected beats and sections."]
    assert edits_sentence(offer.edits) == "Corrected beats"


def test_a_song_with_other_sections_leaves_the_video_alone() -> None:
    analysis = song()
    timeline = video(BARS, analysis)
    old, new = Grid.of(timeline, analysis), grid_of(timeline, made_analysis(64.0, sections=3))
    offer = beats_offer(timeline, old, new, 2)
    assert (offer.edits, offer.sentence) == ((), OTHER_SECTIONS)
    with pytest.raises(InvalidInput) as refused:
        apply_edits(timeline, (UseBeats(revision=2),), old, corrected=new)
    assert refused.value.code == "other_sections"


def test_corrected_beats_need_a_correction() -> None:
    analysis = song()
    timeline = video(BARS, analysis)
    old = Grid.of(timeline, analysis)
    for edits in ((UseBeats(revision=2),), (Merge(scene_id=0), UseBeats(revision=2))):
        with pytest.raises(InvalidInput) as refused:
            apply_edits(timeline, edits, old)
        assert refused.value.code == "no_beats"
    same = grid_of(timeline, analysis, timeline.analysis_key)
    with pytest.raises(InvalidInput, match="changes nothing"):
        apply_edits(timeline, (UseBeats(revision=1),), old, corrected=same)
