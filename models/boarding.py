"""Edits and approvals applied to a storyboard: pure arithmetic, on top of Studio's own edits.

A scene that shows another's picture (a reprise, a repetition, the second half of a split scene) *follows* it: it shows
that scene's clip, buys none, and changes along with its picture until its own words, cast or still are changed.
"""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import floor

from models.board_edits import Appear, BoardEdit, Pace, Reword, SetPace
from models.boards import STILL_STALE, Board
from models.cut_grid import UNKNOWN_FRAMES, ClipPart, Grid, is_longer
from models.edits import MOST_EDITS, Freeze, Merge, MoveCut, Snap, Split, TimelineEdit, Trim
from models.failures import InvalidInput
from models.object_keys import is_still
from models.recutting import apply_edits, show_take
from models.storyboard import Scene, SequencePlan
from models.studio import SceneTake
from models.timeline import CLIP_SHORT, FREE_RETRY, Timeline, TimelineScene

Rewording = Callable[[TimelineScene, Reword | Appear], TimelineScene]
"""Gives a scene other words; where they are stored is the caller's matter."""

_PICTURE = (
    "prompt", "motion_prompt", "still_key", "take_id", "seed", "character_ids", "location_id", "still_scene", "still",
    "prompts_key", "shots_key", "marks",
)  # fmt: skip
"""What a scene takes over from the one that it follows; its camera move stays its own."""

CALM_SCENE_S = Fraction(10)
"""The longest scene that a calmer pace makes: every clip model on offer makes as much."""

_OWN_CLIP = ("clip_key", "clip_frames", "in_frame", "frozen", "footage_id", "focus")
"""What else it takes over of an own picture or clip."""


def apply_board_edits(
    board: Board,
    edits: Sequence[BoardEdit],
    grid: Grid,
    reword: Rewording,
    max_scenes: int = 0,
) -> Board:
    """The next revision of a board, after edits in their order.

    Args:
        board: The newest revision.
        edits: 1 to `MOST_EDITS`.
        grid: The song's beats, sections and bounds.
        reword: Gives a scene other words.
        max_scenes: The most scenes that may be left; 0: as many as there are.

    Raises:
        InvalidInput: An edit cannot be done, changes an approved scene, or all of them change nothing.
    """
    if not 1 <= len(edits) <= MOST_EDITS:
        raise InvalidInput(f"One revision is made of 1 to {MOST_EDITS} edits.", code="edit")
    timeline = board.timeline
    for number, edit in enumerate(edits, 1):
        try:
            before = timeline
            for one in _plain(board, timeline, edit, grid):
                timeline = _edited(board, timeline, one, grid, reword)
            timeline = _along(before, timeline, board.approved)
            _check_cuts(before, timeline, grid)
        except InvalidInput as error:
            if len(edits) == 1:
                raise
            raise InvalidInput(f"Edit {number}: {error.message}", error.code) from None
    _check_approved(board, timeline)
    most = max(max_scenes, len(board.timeline.scenes))
    if len(timeline.scenes) > most:
        raise InvalidInput(f"This makes {len(timeline.scenes)} scenes; a video has at most {most}.", code="edit")
    if timeline == board.timeline:
        raise InvalidInput("This changes nothing.", code="edit")
    return board.model_copy(update={"revision": board.revision + 1, "timeline": timeline})


def approve(
    board: Board, *, everything: bool = False, sections: Sequence[int] = (), scenes: Sequence[int] = ()
) -> tuple[Board, tuple[int, ...]]:
    """The next revision of a board, with more scenes approved, and the scenes that are approved along.

    A scene that follows another one shows its clip, so that one is approved along.

    Args:
        board: The newest revision.
        everything: All scenes.
        sections: All scenes of these sections, by index.
        scenes: These scenes, by id.

    Raises:
        InvalidInput: There is no such section or scene, or all of them are approved.
    """
    timeline = board.timeline
    known = {scene.section_index for scene in timeline.scenes}
    for index in sections:
        if index not in known:
            raise InvalidInput(f"There is no section {index} on this storyboard: load it again.", code="no_section")
    for scene_id in scenes:
        _scene(timeline, scene_id)
    wanted = {
        one.identity for one in timeline.scenes if everything or one.section_index in sections or one.identity in scenes
    }
    if not wanted:
        raise InvalidInput("Say what is approved: everything, sections or scenes.", code="edit")
    along = {
        shown.identity
        for one in timeline.scenes
        if one.identity in wanted and not one.footage_id
        for shown in _path(timeline, one)
    } - wanted
    new = (wanted | along) - set(board.approved)
    if not new:
        raise InvalidInput("This is approved already.", code="edit")
    approved = tuple(one.identity for one in timeline.scenes if one.identity in new or one.identity in board.approved)
    update = {"revision": board.revision + 1, "approved": approved}
    return board.model_copy(update=update), tuple(sorted(along & new))


def show_still(board: Board, take: SceneTake, before: SceneTake) -> Board:
    """The next revision of a board, with a still that was made anew.

    Args:
        board: The newest revision.
        take: The new still.
        before: What its scene shows until now: it stays to be chosen, also where it was another scene's.

    Raises:
        InvalidInput: Its scene is no longer on the board, or was approved.
    """
    scene = _scene(board.timeline, take.scene_index)
    if scene.identity in board.approved:
        raise approved_refusal(scene)
    timeline = _bare(show_take(board.timeline, take))
    own = {one.still_key for one in board.takes if one.scene_index == take.scene_index}
    kept = () if before.still_key in own else (before,)
    update = {
        "revision": board.revision + 1,
        "timeline": _along(board.timeline, timeline, board.approved),
        "takes": (*board.takes, *kept, take),
    }
    return board.model_copy(update=update)


def restored(board: Board, target: Board) -> Board:
    """The next revision of a board, with the scenes of an earlier one; stills and approvals stay.

    Args:
        board: The newest revision.
        target: The revision whose scenes are shown again.

    Raises:
        InvalidInput: `scene_approved`: a scene that was approved since is another one there.
    """
    for scene_id in board.approved:
        now, then = board.timeline.find(scene_id), target.timeline.find(scene_id)
        if now is not None and (then is None or _content(then) != _content(now)):
            raise approved_refusal(now, "this step cannot be taken back or done again, because ")
    # An id is never given twice: stills and prices are known by it.
    next_id, count = max(board.timeline.next_id, target.timeline.next_id), len(target.timeline.scenes)
    timeline = target.timeline.model_copy(update={"next_scene_id": 0 if next_id == count else next_id})
    return board.model_copy(update={"revision": board.revision + 1, "timeline": timeline})


def followed(timeline: Timeline, scene: TimelineScene) -> TimelineScene | None:
    """The scene whose clip another one shows; None where it gets a clip of its own, or shows one of the artist's."""
    return None if scene.footage_id else _shown(timeline, scene)


def frames_needed(timeline: Timeline, scene: TimelineScene) -> int:
    """How long a scene's clip must be, in frames: scenes that follow it may show more of it, or go on with it."""
    followers = (one for one in timeline.scenes if followed(timeline, one) == scene)
    return max([scene.frame_count, *(one.in_frame + one.frame_count for one in followers)])


def clips_of(timeline: Timeline) -> list[TimelineScene]:
    """The scenes for which a clip is made."""
    return [scene for scene in timeline.scenes if not scene.footage_id and followed(timeline, scene) is None]


def plan_of(timeline: Timeline) -> SequencePlan:
    """What is bought for a board, to estimate its cost: scenes that others go on with are as long as their clips."""
    scenes = [scene for scene in timeline.scenes if not scene.footage_id]
    shown = [followed(timeline, scene) for scene in scenes]
    return SequencePlan(
        frame_count=timeline.frame_count,
        scenes=tuple(
            Scene(
                index=scene.index,
                section_index=scene.section_index,
                section=scene.section,
                letter=scene.letter,
                start_frame=scene.start_frame,
                end_frame=scene.end_frame if one is not None else scene.start_frame + frames_needed(timeline, scene),
                energy=scene.energy,
                reprise_of=None if one is None else one.index,
            )
            for scene, one in zip(scenes, shown, strict=True)
        ),
    )


def of_its_own(scene: TimelineScene, **changes: object) -> TimelineScene:
    """A scene that follows no other any more, with changes."""
    own = {"shows_scene": None, "reprise_of": None, "in_frame": scene.in_frame if scene.footage_id else 0}
    return scene.model_copy(update=own | changes)


def decided(before: Board, after: Board) -> frozenset[int]:
    """The scenes whose picture an edit has changed or removed, or that were approved: no still may be in the making."""
    left = {scene.identity: scene for scene in after.timeline.scenes}
    changed = (
        old.identity
        for old in before.timeline.scenes
        if old.identity not in left or _picture(left[old.identity]) != _picture(old)
    )
    return frozenset(changed) | (frozenset(after.approved) - frozenset(before.approved))


def with_stale_still(marks: Iterable[str]) -> tuple[str, ...]:
    """Marks of a scene whose words have changed since its still was made."""
    return (*(mark for mark in marks if mark not in (STILL_STALE, FREE_RETRY)), STILL_STALE)


def approved_refusal(scene: TimelineScene, because: str = "") -> InvalidInput:
    """An approved scene stays as it is."""
    sentence = f"{because}scene {scene.index + 1} is approved: it stays as it is."
    return InvalidInput(sentence[0].upper() + sentence[1:], code="scene_approved")


def _shown(timeline: Timeline, scene: TimelineScene) -> TimelineScene | None:
    """The scene whose picture another one shows; None where it is its own."""
    path = _path(timeline, scene)
    return path[-1] if path else None


def _path(timeline: Timeline, scene: TimelineScene) -> list[TimelineScene]:
    """From a scene that shows another's picture to the one whose it is; empty where the picture is its own."""
    path: list[TimelineScene] = []
    seen, shown = {scene.identity}, scene
    while True:
        pointed = shown.reprise_of if shown.shows_scene is None else shown.shows_scene
        target = None if pointed is None or pointed in seen else timeline.find(pointed)
        if target is None or target.still_key != scene.still_key:
            return path
        seen.add(target.identity)
        path.append(target)
        shown = target


def _scene(timeline: Timeline, scene_id: int) -> TimelineScene:
    scene = timeline.find(scene_id)
    if scene is None:
        raise InvalidInput(f"The scene with the id {scene_id} is not on this storyboard: load it again.", "no_scene")
    return scene


def _plain(board: Board, timeline: Timeline, edit: BoardEdit, grid: Grid) -> list[TimelineEdit | Reword | Appear]:
    """An edit as edits of single scenes."""
    if isinstance(edit, Trim | Freeze) and not _scene(timeline, edit.scene_id).footage_id:
        raise InvalidInput("There is no clip to trim or freeze yet: Studio does this once it is filmed.", code="edit")
    if isinstance(edit, MoveCut | Split) and edit.snap is not Snap.BEAT:
        raise InvalidInput("On a storyboard cuts lie on beats: choose `beat`.", code="edit")
    if isinstance(edit, SetPace):
        return _paced(board, timeline, edit, grid)
    return [edit]


def _edited(
    board: Board, timeline: Timeline, edit: TimelineEdit | Reword | Appear, grid: Grid, reword: Rewording
) -> Timeline:
    if isinstance(edit, Reword | Appear):
        old = _scene(timeline, edit.scene_id)
        if old.identity in board.approved:
            raise approved_refusal(old)
        new = reword(old, edit)
        return timeline.model_copy(update={"scenes": tuple(new if one is old else one for one in timeline.scenes)})
    return _bare(apply_edits(timeline, (edit,), grid, board.takes, _no_clip))


def _no_clip(scene: TimelineScene) -> ClipPart:
    """A `ClipOf` for a timeline without clips: whatever is filmed will be long enough."""
    return ClipPart("", UNKNOWN_FRAMES, scene.in_frame)


def _bare(timeline: Timeline) -> Timeline:
    """A timeline without what edits note of clips that are not made yet; where a scene goes on with one is kept."""
    scenes = tuple(
        scene.model_copy(
            update={
                "clip_key": "",
                "clip_frames": 0,
                "segment_key": "",
                "in_frame": 0 if scene.shows_scene is None else scene.in_frame,
            }
        )
        if not scene.footage_id
        else scene.model_copy(update={"segment_key": ""})
        for scene in timeline.scenes
    )
    return timeline.model_copy(update={"scenes": scenes})


def _along(before: Timeline, after: Timeline, approved: Sequence[int]) -> Timeline:
    """Let scenes that followed another one follow it still, where its picture has changed."""
    scenes = list(after.scenes)
    for place, scene in enumerate(scenes):
        old = before.find(scene.identity)
        shown = None if old is None else _shown(before, old)
        target = None if shown is None else after.find(shown.identity)
        if old is None or shown is None or target is None or scene.identity in approved:
            continue
        if _picture(target) != _picture(shown) and _picture(scene) == _picture(old):
            taken = {name: getattr(target, name) for name in _PICTURE}
            if target.footage_id or shown.footage_id:
                taken |= {name: getattr(target, name) for name in _OWN_CLIP}
            taken |= {"words_scene": target.words_id, "shows_scene": target.identity}
            scenes[place] = _in_its_length(scene.model_copy(update=taken))
    return after.model_copy(update={"scenes": tuple(scenes)})


def _in_its_length(scene: TimelineScene) -> TimelineScene:
    """A scene that took an own clip over: as much of it as it is long."""
    if not scene.footage_id or scene.frozen or is_still(scene.clip_key):
        return scene
    marks = tuple(mark for mark in scene.marks if mark != CLIP_SHORT)
    if is_longer(scene):
        return scene.model_copy(update={"in_frame": 0, "marks": (*marks, CLIP_SHORT)})
    begun = min(scene.in_frame, scene.clip_frames - scene.frame_count)
    return scene.model_copy(update={"in_frame": begun, "marks": marks})


def _picture(scene: TimelineScene) -> tuple[object, ...]:
    return tuple(getattr(scene, name) for name in _PICTURE)


def _paced(board: Board, timeline: Timeline, edit: SetPace, grid: Grid) -> list[TimelineEdit | Reword | Appear]:
    scenes = [one for one in timeline.scenes if one.section_index == edit.section_index]
    if not scenes:
        raise InvalidInput(f"There is no section {edit.section_index} on this storyboard: load it again.", "no_section")
    made: list[TimelineEdit | Reword | Appear] = []
    if edit.pace is Pace.CALMER:
        place, longest = 0, min(grid.longest, floor(CALM_SCENE_S * grid.profile.fps))
        while place + 1 < len(scenes):
            first, second = scenes[place : place + 2]
            fits = second.end_frame - first.start_frame <= longest
            if fits and not {first.identity, second.identity} & set(board.approved):
                made.append(Merge(scene_id=first.identity))
                place += 1
            place += 1
    else:
        for scene in scenes:
            begin, end = scene.start_frame + grid.shortest, scene.end_frame - grid.shortest
            has_beat = any(begin <= beat <= end for beat in grid.beats)
            if has_beat and scene.identity not in board.approved:
                made.append(Split(scene_id=scene.identity, frame=(scene.start_frame + scene.end_frame) // 2))
    if not made:
        why = "its scenes are as long as they may be" if edit.pace is Pace.CALMER else "no beat lies within its scenes"
        raise InvalidInput(f"This section cannot be {edit.pace.value}: {why}, or they are approved.", code="edit")
    return made


def _check_cuts(before: Timeline, after: Timeline, grid: Grid) -> None:
    """New cuts lie on beats, where the song has any."""
    known = {scene.start_frame for scene in before.scenes}
    off = next(
        (one for one in after.scenes if one.start_frame not in known and one.start_frame not in grid.beats), None
    )
    if grid.beats and off is not None:
        raise InvalidInput(f"No beat lies where scene {off.index + 1} may begin: choose another place.", code="edit")


def _check_approved(board: Board, after: Timeline) -> None:
    for scene_id in board.approved:
        old, new = board.timeline.find(scene_id), after.find(scene_id)
        if old is not None and (new is None or _content(new) != _content(old)):
            raise approved_refusal(old)


def _content(scene: TimelineScene) -> dict[str, object]:
    """Everything of a scene but its number."""
    return scene.model_dump(exclude={"index", "scene_id"})
