"""The part of a video that an export shows. Pure: timeline and analysis in, frames out."""

from collections.abc import Sequence
from itertools import pairwise

from models.exports import ExportBasis, ExportPlan
from models.failures import InvalidInput
from models.song import SongAnalysis
from models.storyboard import Framing
from models.timeline import FALLBACK, Timeline, TimelineScene
from models.vault import ExportKind

CANVAS_S = (3.0, 8.0)
CANVAS_WANTED_S = 6.0
CANVAS_WIDTH = 720
OVERLAP_S = 1.0
LEAST_SHOT_S = 1.0
TEASER_S = (15.0, 30.0)
TEASER_WANTED_S = 24.0
_POSTER_CANDIDATES = 6
_PORTRAIT_VALUE = {
    Framing.CLOSE_UP: 1.0,
    Framing.MEDIUM: 0.95,
    Framing.FULL: 0.85,
    Framing.LOW_ANGLE: 0.8,
    Framing.WIDE: 0.7,
    Framing.EXTREME_WIDE: 0.55,
    Framing.AERIAL: 0.4,
    Framing.DETAIL: 0.2,
}


def plan_export(kind: ExportKind, basis: ExportBasis) -> ExportPlan:
    """Choose the part of the video that an export shows.

    Args:
        kind: The kind of export.
        basis: The version, its song's analysis, and how each scene is framed.

    Returns:
        The plan.

    Raises:
        InvalidInput: The video is too short for the export.
    """
    timeline = basis.timeline
    width, height = timeline.width, timeline.height
    whole = tuple(scene.index for scene in timeline.scenes)
    full = ExportPlan(
        kind=kind, width=width, height=height, start_frame=0, end_frame=timeline.frame_count, scenes=whole,
        with_sound=True,
    )  # fmt: skip
    match kind:
        case ExportKind.CANVAS:
            return _plan_canvas(timeline)
        case ExportKind.TEASER:
            return _plan_teaser(timeline, basis.analysis)
        case ExportKind.POSTER:
            return _plan_poster(timeline, basis.framings)
        case ExportKind.SQUARE:
            return full.model_copy(update={"height": width})
        case ExportKind.PORTRAIT:
            return full.model_copy(update={"height": even(width * 5 / 4)})
        case ExportKind.WIDE:
            # The picture is as wide as the source; a modest enlargement gives the usual 1280 for 1080.
            wide = even(width * 32 / 27)
            return full.model_copy(update={"width": wide, "height": even(wide * 9 / 16)})
        case ExportKind.LYRICS:
            return full


def even(length: float) -> int:
    """The nearest even number of pixels: chroma has half of them."""
    return round(length / 2) * 2


def teaser_window(analysis: SongAnalysis) -> tuple[float, float]:
    """The 15 to 30 seconds around the strongest chorus, from one bar line to another.

    Args:
        analysis: The song.

    Returns:
        Start and end in seconds; both are bar lines if the song has fitting bars.
    """
    lines = _bar_lines(analysis)
    chorus = _strongest(analysis)
    begin, end = chorus
    least, most = TEASER_S
    best: tuple[float, float, float] | None = None
    for i, start_s in enumerate(lines):
        for j in range(i + 1, len(lines)):
            length_s = lines[j] - start_s
            if length_s > most:
                break
            if length_s < least:
                continue
            inside = max(0.0, min(end, lines[j]) - max(begin, start_s))
            lead_s = begin - start_s
            # As much chorus as fits; a lead-in of a bar or two makes its entry felt; whole phrases sound finished.
            value = inside / min(most, max(least, end - begin)) - abs(length_s - TEASER_WANTED_S) / 60
            value += 0.12 if 0 < lead_s <= 5 else -0.02 * abs(lead_s)
            value += 0.05 if (j - i) % 4 == 0 else 0.0
            if best is None or value > best[0] + 1e-9:
                best = (value, start_s, lines[j])
    if best is None:
        start_s = max(0.0, min(begin, analysis.duration_s - TEASER_WANTED_S))
        return start_s, min(analysis.duration_s, start_s + TEASER_WANTED_S)
    return best[1], best[2]


def _bar_lines(analysis: SongAnalysis) -> list[float]:
    lines = [bar.start_s for bar in analysis.bars] + ([analysis.bars[-1].end_s] if analysis.bars else [])
    return lines or [beat.time_s for beat in analysis.beats if beat.position == 1]


def _strongest(analysis: SongAnalysis) -> tuple[float, float]:
    """The strongest chorus; without one the most energetic section."""
    sections = analysis.sections
    marked = [s for s in sections if s.strongest_chorus] or [s for s in sections if s.label == "chorus"] or sections
    chosen = max(marked, key=lambda section: section.energy)
    return chosen.start_s, chosen.end_s


def _plan_teaser(timeline: Timeline, analysis: SongAnalysis) -> ExportPlan:
    start_s, end_s = teaser_window(analysis)
    start = round(start_s * float(timeline.fps))
    end = min(timeline.frame_count, round(end_s * float(timeline.fps)))
    return ExportPlan(
        kind=ExportKind.TEASER, width=timeline.width, height=timeline.height, start_frame=start, end_frame=end,
        scenes=_scenes_in(timeline, start, end), with_sound=True,
    )  # fmt: skip


def _scenes_in(timeline: Timeline, start: int, end: int) -> tuple[int, ...]:
    return tuple(s.index for s in timeline.scenes if s.start_frame < end and s.end_frame > start)


def _plan_canvas(timeline: Timeline) -> ExportPlan:
    """The calmest passage that can loop: one long enough shot, else calm shots in a row."""
    fps = float(timeline.fps)
    overlap = round(OVERLAP_S * fps)
    most = int(CANVAS_S[1] * fps) + overlap
    least = round(CANVAS_S[0] * fps) + overlap
    wanted = round(CANVAS_WANTED_S * fps) + overlap
    height = max(even(CANVAS_WIDTH * timeline.height / timeline.width), CANVAS_WIDTH * 16 // 9)
    width = CANVAS_WIDTH
    if timeline.width > CANVAS_WIDTH:
        width, height = timeline.width, timeline.height
    scenes = timeline.scenes
    runs: list[tuple[float, int, int]] = []
    for first in range(len(scenes)):
        calm = 0.0
        for last in range(first, len(scenes)):
            start, length = scenes[first].start_frame, scenes[last].end_frame - scenes[first].start_frame
            calm, cuts = max(calm, _calm(scenes[last])), last - first
            if (cuts and length > most) or _shortest_s(scenes[first : last + 1], fps) < LEAST_SHOT_S:
                break
            # The last shot dissolves into the first: it must be visible for a while before that.
            if length < least or (cuts and _shortest_s(scenes[last : last + 1], fps) < OVERLAP_S + LEAST_SHOT_S):
                continue
            used = length if cuts else min(length, wanted)
            runs.append((calm + 0.12 * cuts + 0.1 * abs(wanted - used) / wanted, start, start + used))
            break
    if runs:
        _, start, end = min(runs)
        return ExportPlan(
            kind=ExportKind.CANVAS, width=width, height=height, start_frame=start, end_frame=end,
            scenes=_scenes_in(timeline, start, end), overlap_frames=overlap,
        )  # fmt: skip
    # All shots are short: play the calmest of the longest forwards and backwards.
    longest = max(scenes, key=lambda scene: (min(scene.end_frame - scene.start_frame, 2 * fps), -_calm(scene)))
    end = min(longest.end_frame, longest.start_frame + int(CANVAS_S[1] / 2 * fps))
    if end - longest.start_frame < 2:
        raise InvalidInput("No scene of this video is long enough for a loop.", code="too_short")
    return ExportPlan(
        kind=ExportKind.CANVAS, width=width, height=height, start_frame=longest.start_frame, end_frame=end,
        scenes=(longest.index,), there_and_back=True,
    )  # fmt: skip


def _calm(scene: TimelineScene) -> float:
    """A scene's restlessness, 0…1, and more for a fallback."""
    return scene.energy + (0.5 if FALLBACK in scene.marks else 0.0)


def _shortest_s(scenes: Sequence[TimelineScene], fps: float) -> float:
    return min((scene.end_frame - scene.start_frame) / fps for scene in scenes)


def _plan_poster(timeline: Timeline, framings: Sequence[Framing]) -> ExportPlan:
    """A few promising stills, the likeliest first; measurements decide among them."""
    own: dict[str, TimelineScene] = {}
    for scene in timeline.scenes:
        if FALLBACK not in scene.marks:
            own.setdefault(scene.still_key, scene)
    scenes = list(own.values()) or list(timeline.scenes[:1])
    scenes.sort(key=lambda s: (-_PORTRAIT_VALUE[framings[s.index]] - 0.35 * s.energy, s.index))
    chosen = tuple(scene.index for scene in scenes[:_POSTER_CANDIDATES])
    width = max(1080, timeline.width)
    return ExportPlan(
        kind=ExportKind.POSTER, width=width, height=even(width * 3 / 2), start_frame=0, end_frame=0, scenes=(),
        stills=chosen,
    )  # fmt: skip


def shot_lengths_s(timeline: Timeline, plan: ExportPlan) -> list[float]:
    """The length of each shot inside a plan's window."""
    cuts = [plan.start_frame, *(timeline.scenes[i].start_frame for i in plan.scenes[1:]), plan.end_frame]
    return [(after - before) / float(timeline.fps) for before, after in pairwise(cuts)]
