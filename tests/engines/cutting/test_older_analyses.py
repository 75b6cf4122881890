"""Songs keep their analysis: one of the first version is read, drawn, planned and directed as before."""

import json
from itertools import pairwise
from typing import Any

from engines.cutting import BeatPlanner
from engines.providers.local.director import LocalDirector
from models.brief import Brief
from models.profiles import PROFILES, ProfileName
from models.song import SongAnalysis
from models.waveform import Waveform, waveform_of

DURATION_S = 64.3
BARS = 32


def document() -> bytes:
    """An analysis with the fields of its first version only, written out so that no current model helps.

    Returns:
        JSON, as stored.
    """
    edges_s = [0.0, 16.3, 32.3, 48.3, DURATION_S]
    names = [("intro", "A", False), ("verse", "B", False), ("chorus", "C", True), ("outro", "A", False)]
    old: dict[str, Any] = {
        "analysis_version": 1,
        "duration_s": DURATION_S,
        "sample_rate_hz": 44_100,
        "channels": 2,
        "tempo_bpm": 120.0,
        "beats_per_bar": 4,
        "grid": "heard",
        "beats": [
            {"time_s": round(0.3 + beat / 2, 2), "position": beat % 4 + 1, "confidence": 0.9}
            for beat in range(4 * BARS)
        ],
        "bars": [
            {"start_s": 0.3 + 2 * bar, "end_s": 2.3 + 2 * bar, "beats": 4, "energy": 0.5, "cut_strength": 0.5}
            for bar in range(BARS)
        ],
        "sections": [
            {
                "start_s": start,
                "end_s": end,
                "letter": letter,
                "label": label,
                "energy": 0.5,
                "confidence": 0.8,
                "strongest_chorus": strongest,
            }
            for (label, letter, strongest), (start, end) in zip(names, pairwise(edges_s), strict=True)
        ],
        "energy": {"hop_s": 0.5, "values": [0.5] * 128},
        "tempo_curve": [{"time_s": 2.3, "bpm": 120.0}],
        "meter_changes": [{"time_s": 0.3, "beats_per_bar": 4}],
        "drops_s": [32.3],
        "breaks_s": [],
        "loudness_lufs": -12.5,
        "true_peak_dbtp": -0.8,
        "key": "A minor",
        "beat_confidence": 0.9,
        "waveform": [0.1, 0.7] * 200,
    }
    return json.dumps(old).encode()


def test_the_first_version_says_no_more_than_it_heard() -> None:
    analysis = SongAnalysis.from_bytes(document())
    assert (analysis.analysis_version, analysis.tempo_changes, analysis.vocals) == (1, (), None)
    # Nothing is known of voices, so singing is neither forbidden nor required.
    assert analysis.is_sung(0, DURATION_S) is None
    assert SongAnalysis.from_bytes(analysis.to_bytes()) == analysis


def test_the_first_version_is_drawn() -> None:
    drawing = waveform_of(SongAnalysis.from_bytes(document()))
    assert (len(drawing.beats), len(drawing.peaks), drawing.vocals) == (4 * BARS, 400, None)
    older = {name: value for name, value in drawing.model_dump().items() if name not in ("tempo_changes", "vocals")}
    assert Waveform.model_validate(older) == drawing


def test_the_first_version_is_planned_and_directed() -> None:
    analysis, profile = SongAnalysis.from_bytes(document()), PROFILES[ProfileName.PREVIEW]
    plan = BeatPlanner().plan(analysis, profile, 120, 7)
    downbeats = {round(bar.start_s * profile.fps) for bar in analysis.bars}
    assert len(plan.scenes) > 4
    assert plan.scenes[-1].end_frame == plan.frame_count
    assert sum(scene.start_frame in downbeats for scene in plan.scenes[1:]) > len(plan.scenes) / 2
    cues = BeatPlanner().cues(analysis, profile, plan.scenes[1].start_frame, plan.scenes[1].end_frame)
    assert cues.beats

    director, brief = LocalDirector(), Brief(prompt="a red car", style="cinematic-realism", seed=7)
    treatment = director.envision(brief, analysis, "First Light")
    casting = director.cast(brief, analysis, treatment)
    shots = director.specify_shots(brief, analysis, treatment, casting, plan.scenes)
    prompts = director.write_prompts(brief, treatment, casting, plan.scenes, shots)
    assert len(prompts.prompts) == len(plan.scenes)
