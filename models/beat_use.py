"""What follows for a video from its song's corrected beats: offered as edits, which the artist applies or not."""

from bisect import bisect_left
from collections.abc import Sequence
from statistics import median

from pydantic import Field

from models.base import Model
from models.cut_grid import Grid
from models.edits import MOST_EDITS, MoveCut, Snap, TimelineEdit, UseBeats
from models.failures import InvalidInput
from models.timeline import Timeline, TimelineScene

OTHER_SECTIONS = (
    "The song was analysed again after this video was made, and has other sections now: the video keeps its own beats. "
    "New videos use the new ones."
)

_ROUNDED = 1
"""Frames between two moments that mean the same beat: both are rounded."""


class BeatsOffer(Model):
    """The edits that bring a video onto its song's corrected beats, none of them done."""

    revision: int | None = Field(
        description="the song's `analysis_revision`; null: the song is gone or not analysed", examples=[2]
    )
    is_used: bool = Field(description="whether the newest version follows it already", examples=[False])
    edits: tuple[TimelineEdit, ...] = Field(
        default=(),
        description="`use_beats`, then a `move_cut` for each cut",
        examples=[[{"kind": "use_beats", "revision": 2}]],
    )
    off_beat: int = Field(default=0, description="the cuts that lie off the corrected beats", examples=[7])
    stuck: int = Field(
        default=0, description="those of them that cannot move, or do not fit into one version", examples=[0]
    )
    sentence: str = Field(
        default="", description="all of it in words", examples=["7 cuts lie off the corrected beats: move them."]
    )


def grounded(timeline: Timeline, grid: Grid, corrected: Grid | None) -> tuple[Timeline, Grid]:
    """A timeline that follows a corrected analysis, and its grid. Cuts and pictures stay.

    Scenes keep the index of their section, by which the treatment speaks about it, and take its new name.

    Raises:
        InvalidInput: There is none, or it has other sections.
    """
    if corrected is None:
        raise InvalidInput("There are no corrected beats for this video.", code="no_beats")
    if not _has_same_sections(timeline, grid, corrected):
        raise InvalidInput(OTHER_SECTIONS, code="other_sections")

    def named(scene: TimelineScene) -> TimelineScene:
        now = corrected.sections[scene.section_index][1:]
        if grid.sections and grid.sections[scene.section_index][1:] == now:
            return scene
        return scene.model_copy(update=dict(zip(("section", "letter"), now, strict=True)))

    scenes = tuple(map(named, timeline.scenes))
    return timeline.model_copy(update={"scenes": scenes, "analysis_key": corrected.analysis_key}), corrected


def beats_offer(timeline: Timeline, grid: Grid, corrected: Grid, revision: int) -> BeatsOffer:
    """What a video's artist is offered after a correction.

    Args:
        timeline: The newest version.
        grid: Its grid.
        corrected: The grid of the song's newest analysis.
        revision: Of that analysis.
    """
    if timeline.analysis_key == corrected.analysis_key:
        return BeatsOffer(revision=revision, is_used=True, sentence="The video follows the song's beats.")
    if not _has_same_sections(timeline, grid, corrected):
        return BeatsOffer(revision=revision, is_used=False, sentence=OTHER_SECTIONS)
    wanted = _wanted(timeline, grid, corrected)
    moves = _possible(timeline, corrected, wanted)[: MOST_EDITS - 1]
    stuck = len(wanted) - len(moves)
    return BeatsOffer(
        revision=revision,
        is_used=False,
        edits=(UseBeats(revision=revision), *moves),
        off_beat=len(wanted),
        stuck=stuck,
        sentence=_sentence(len(wanted), stuck),
    )


def _has_same_sections(timeline: Timeline, grid: Grid, corrected: Grid) -> bool:
    last = max((scene.section_index for scene in timeline.scenes), default=-1)
    return len(grid.sections) in (0, len(corrected.sections)) and last < len(corrected.sections)


def _wanted(timeline: Timeline, grid: Grid, corrected: Grid) -> dict[int, int]:
    """By place the new frame of each cut that followed the old beats and does not follow the new ones.

    A cut at a section's start goes with it, one on a bar's start goes to a bar's start, any other to the nearest beat.
    """
    begins = {old[0]: new[0] for old, new in zip(grid.sections, corrected.sections, strict=False)}
    steps = [new - old for old, new in begins.items() if new != old]
    later = not steps or median(steps) > 0
    wanted: dict[int, int] = {}
    for place, scene in enumerate(timeline.scenes[1:], 1):
        frame = scene.start_frame
        if (section := _nearest(sorted(begins), frame, later)) is not None and abs(section - frame) <= _ROUNDED:
            to: int | None = begins[section]
        elif _lies_on(grid.downbeats, frame):
            to = _nearest(corrected.downbeats, frame, later)
        elif _lies_on(grid.beats, frame):
            to = _nearest(corrected.beats, frame, later)
        else:
            to = None
        if to is not None and abs(to - frame) > _ROUNDED:
            wanted[place] = to
    return wanted


def _possible(timeline: Timeline, grid: Grid, wanted: dict[int, int]) -> list[MoveCut]:
    """Moves in an order in which each can be done; those that leave a scene too short or too long are left out."""
    edges = [scene.start_frame for scene in timeline.scenes] + [timeline.scenes[-1].end_frame]
    left, moves = dict(wanted), list[MoveCut]()
    while left:
        possible = [place for place, frame in left.items() if _fits(edges, place, frame, grid)]
        if not possible:
            break
        for place in possible:
            frame = left[place]
            if not _fits(edges, place, frame, grid):
                continue  # a neighbour has moved
            edges[place] = frame
            del left[place]
            moves.append(MoveCut(scene_id=timeline.scenes[place].identity, frame=frame, snap=Snap.FRAME))
    return moves


def _fits(edges: Sequence[int], place: int, frame: int, grid: Grid) -> bool:
    """Whether both scenes of a cut keep their bounds; one that is beyond them already may stay so."""
    begin, cut, end = edges[place - 1 : place + 2]
    return all(
        min(grid.shortest, before) <= after <= max(grid.longest, before)
        for before, after in ((cut - begin, frame - begin), (end - cut, end - frame))
    )


def _lies_on(frames: Sequence[int], frame: int) -> bool:
    near = _nearest(frames, frame, True)
    return near is not None and abs(near - frame) <= _ROUNDED


def _nearest(frames: Sequence[int], frame: int, later: bool) -> int | None:
    """The nearest of ascending frames; of two that are equally near the later or the earlier one."""
    at = bisect_left(frames, frame)
    near = frames[max(0, at - 1) : at + 1]
    if len(near) == 2 and abs((frame - near[0]) - (near[1] - frame)) <= 2 * _ROUNDED:
        return near[1] if later else near[0]
    return min(near, key=lambda one: abs(one - frame), default=None)


def _sentence(wanted: int, stuck: int) -> str:
    if not wanted:
        return "All cuts that lay on beats lie on the corrected ones, too."
    said = "1 cut lies off the corrected beats" if wanted == 1 else f"{wanted} cuts lie off the corrected beats"
    if stuck == wanted:
        return f"{said}, and cannot move there: scenes would be too short."
    rest = f" {stuck} of them cannot: scenes would be too short, or it is more than one version takes." if stuck else ""
    return f"{said}: move {'it' if wanted == 1 else 'them'}.{rest}"
