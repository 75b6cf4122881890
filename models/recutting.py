"""An artist's edits applied to a timeline: pure arithmetic on whole frames.

A scene's place (its frames and section) stays where it is on the song; what the scene shows may move to another place,
and shows there as much of its clip as fits. Scenes that an edit leaves as they were stay equal in every field. Scenes
to be encoded have no `segment_key`.
"""

from collections.abc import Sequence

from models.beat_use import grounded
from models.cut_grid import PLACE, SECTION, SHOWN, ClipOf, Grid, is_longer, own_segment, recipe, settled
from models.edit_words import told_edit
from models.edits import (
    Freeze,
    Merge,
    MoveCut,
    Reorder,
    Repeat,
    ShowTake,
    Snap,
    Split,
    Swap,
    TimelineEdit,
    Trim,
    UseBeats,
)
from models.failures import InvalidInput
from models.object_keys import is_still
from models.studio import SceneTake, takes_of
from models.timeline import CLIP_SHORT, CLIP_STALE, FREE_RETRY, Timeline, TimelineScene


def apply_edits(
    timeline: Timeline,
    edits: Sequence[TimelineEdit],
    grid: Grid,
    takes: Sequence[SceneTake] = (),
    clip_of: ClipOf = own_segment,
    told: list[str] | None = None,
    corrected: Grid | None = None,
) -> Timeline:
    """A timeline after edits, in their order.

    Args:
        timeline: The version that is edited.
        edits: At least one.
        grid: The video's beats, sections and bounds.
        takes: All takes of the video.
        clip_of: Finds a scene's clip where the timeline does not name it.
        told: Gets a sentence about each edit.
        corrected: The grid that `UseBeats` stands for; it holds for all of the edits.

    Returns:
        The scenes, which tile the same frames. Scenes without `segment_key` are to be encoded.

    Raises:
        InvalidInput: An edit cannot be done; the sentence names it, its bound, and what to do.
    """
    base = timeline
    if any(isinstance(edit, UseBeats) for edit in edits):
        timeline, grid = grounded(timeline, grid, corrected)
    editor = _Editor(timeline, grid, takes, clip_of)
    for number, edit in enumerate(edits, 1):
        before = editor.scenes
        try:
            editor.apply(edit)
        except InvalidInput as error:
            if len(edits) == 1:
                raise
            raise InvalidInput(f"Edit {number}: {error.message}", error.code) from None
        if told is not None:
            told.append(told_edit(edit, before, editor.scenes, timeline.fps))
    edited = editor.result()
    if edited == base:
        raise InvalidInput("This changes nothing.", code="edit")
    return edited


def show_take(
    timeline: Timeline, take: SceneTake, clip_of: ClipOf = own_segment, scene_id: int | None = None
) -> Timeline:
    """A timeline with a take in a scene; a take that was made for another length is cut again.

    Args:
        timeline: The version that gets the take.
        take: The take.
        clip_of: Finds the take's clip.
        scene_id: The scene that shows it; None: the one that it was made for.

    Returns:
        The timeline; the scene has no `segment_key` where it is to be encoded.

    Raises:
        InvalidInput: The scene is no longer in the video.
    """
    editor = _Editor(timeline, Grid.of(timeline, None), (take,), clip_of)
    editor.show(editor.at(take.scene_index if scene_id is None else scene_id), take)
    return editor.result()


class _Editor:
    """A timeline while edits are applied to it."""

    def __init__(self, timeline: Timeline, grid: Grid, takes: Sequence[SceneTake], clip_of: ClipOf) -> None:
        self._timeline, self._grid, self._takes, self._clip_of = timeline, grid, takes, clip_of
        self._scenes = list(timeline.scenes)
        self._places = {(one.start_frame, one.end_frame): one for one in timeline.scenes}
        self._next_id = timeline.next_id
        self._cut: set[int] = set()
        """Ids of scenes whose clip is known, because an edit reached them."""

    @property
    def scenes(self) -> tuple[TimelineScene, ...]:
        """The scenes as they are now; those that an edit reached may have old indices and times."""
        return tuple(self._scenes)

    def apply(self, edit: TimelineEdit) -> None:
        """Apply one edit."""
        match edit:
            case MoveCut():
                self._move_cut(edit)
            case Split():
                self._split(edit)
            case Merge():
                self._merge(edit)
            case Swap():
                here, there = self.at(edit.scene_id), self.at(edit.other_id)
                if here == there:
                    raise _refused(f"Scene {here + 1} cannot change places with itself: name another one.")
                order = list(range(len(self._scenes)))
                order[here], order[there] = there, here
                self._rearrange(order)
            case Reorder():
                here, count = self.at(edit.scene_id), len(self._scenes)
                if edit.position >= count:
                    raise _refused(f"There is no place {edit.position + 1}; the video has {count} scenes.")
                order = list(range(count))
                order.insert(edit.position, order.pop(here))
                self._rearrange(order)
            case Repeat():
                self._repeat(edit)
            case Trim():
                self._trim(edit)
            case Freeze():
                self._freeze(edit)
            case ShowTake():
                self._show_take(edit)

    def result(self) -> Timeline:
        """The edited timeline."""
        known = {scene.identity: scene for scene in self._timeline.scenes}
        scenes = tuple(
            self._finished(index, scene, known.get(scene.identity)) for index, scene in enumerate(self._scenes)
        )
        next_id = 0 if self._next_id == len(scenes) else self._next_id
        return self._timeline.model_copy(update={"scenes": scenes, "next_scene_id": next_id})

    def at(self, scene_id: int) -> int:
        """A scene's place now."""
        for place, scene in enumerate(self._scenes):
            if scene.identity == scene_id:
                return place
        raise InvalidInput(
            f"The scene with the id {scene_id} is not in this version: load the timeline again.", code="no_scene"
        )

    def show(self, place: int, take: SceneTake) -> None:
        """Show a take from its first frame."""
        scene = self._scenes[place]
        marks = tuple(m for m in take.marks if m != FREE_RETRY or take.scene_index == scene.identity)
        shown = scene.model_copy(
            update={name: getattr(take, name) for name in SHOWN}
            | {
                "words_scene": None if take.scene_index == scene.identity else take.scene_index,
                "shows_scene": None if take.scene_index == scene.identity else take.scene_index,
                "marks": marks,
            }
        )
        self._scenes[place] = shown
        self._cut.discard(scene.identity)
        frames = take.frames or scene.frame_count
        if frames != scene.frame_count:
            made_for = shown.model_copy(update={"end_frame": shown.start_frame + frames})
            part = {} if take.clip_key else self._part_of(made_for)
            self._scenes[place] = shown.model_copy(update={**part, "segment_key": ""})
            self._cut.add(scene.identity)
            self._fit(place)

    def _move_cut(self, edit: MoveCut) -> None:
        place = self.at(edit.scene_id)
        if place == 0:
            raise _refused("The first scene begins with the song: move another cut.")
        before, after = self._scenes[place - 1], self._scenes[place]
        shortest, longest = self._grid.shortest, self._grid.longest
        # A scene that is beyond the bounds already may stay so.
        first = max(
            before.start_frame + min(shortest, before.frame_count), after.end_frame - max(longest, after.frame_count)
        )
        last = min(
            after.end_frame - min(shortest, after.frame_count), before.start_frame + max(longest, before.frame_count)
        )
        frame = self._within(edit.frame, edit.snap, first, last, f"The cut before scene {place + 1}")
        if frame == after.start_frame:
            return
        before, after = self._known(place - 1), self._known(place)
        # Pictures stay where they are in time: a cut that comes later hides the beginning of the scene after it.
        begun = after.in_frame if after.frozen else max(0, after.in_frame + frame - after.start_frame)
        self._scenes[place - 1] = before.model_copy(update={"end_frame": frame})
        self._scenes[place] = after.model_copy(update={"start_frame": frame, "in_frame": begun})
        self._fit(place - 1)
        self._fit(place)

    def _split(self, edit: Split) -> None:
        place = self.at(edit.scene_id)
        scene, shortest = self._known(place), self._grid.shortest
        if scene.frame_count < 2 * shortest:
            raise _refused(
                f"Scene {place + 1} lasts {self._said(scene.frame_count)} and each part needs "
                f"{self._said(shortest)}: split a longer one."
            )
        name = f"A cut in scene {place + 1}"
        frame = self._within(edit.frame, edit.snap, scene.start_frame + shortest, scene.end_frame - shortest, name)
        second = scene.model_copy(
            update={
                "scene_id": self._next_id,
                "start_frame": frame,
                "in_frame": scene.in_frame if scene.frozen else scene.in_frame + frame - scene.start_frame,
                "words_scene": scene.words_id,
                "shows_scene": scene.identity if scene.shows_scene is None else scene.shows_scene,
                "marks": _without(scene.marks, FREE_RETRY),
            }
        )
        self._cut.add(self._next_id)
        self._next_id += 1
        self._scenes[place : place + 1] = [scene.model_copy(update={"end_frame": frame}), second]
        self._fit(place)
        self._fit(place + 1)

    def _merge(self, edit: Merge) -> None:
        place = self.at(edit.scene_id)
        if place + 1 == len(self._scenes):
            raise _refused("The last scene has none after it: merge the one before with it.")
        scene, gone = self._known(place), self._scenes[place + 1]
        length, longest = gone.end_frame - scene.start_frame, self._grid.longest
        if length > longest:
            raise _refused(
                f"Scenes {place + 1} and {place + 2} last {self._said(length)} together; "
                f"a scene lasts at most {self._said(longest)}."
            )
        self._scenes[place : place + 2] = [scene.model_copy(update={"end_frame": gone.end_frame})]
        self._cut.discard(gone.identity)
        self._fit(place)

    def _rearrange(self, order: Sequence[int]) -> None:
        """Put pictures into other places: place `i` gets what place `order[i]` shows."""
        for place in (place for place, origin in enumerate(order) if place != origin):
            self._known(place)
        old = self._scenes
        self._scenes = [
            old[origin].model_copy(
                update={name: getattr(old[place], name) for name in PLACE} | {"scene_id": old[origin].identity}
            )
            for place, origin in enumerate(order)
        ]
        for place in (place for place, origin in enumerate(order) if place != origin):
            self._fit(place)

    def _repeat(self, edit: Repeat) -> None:
        place, origin = self.at(edit.scene_id), self.at(edit.other_id)
        if place == origin:
            raise _refused(f"Scene {place + 1} cannot repeat itself: name another one.")
        self._known(place)
        scene, other = self._scenes[place], self._known(origin)
        shows = other.identity if other.shows_scene is None else other.shows_scene
        marks = _without(other.marks, FREE_RETRY)
        kept = {name: getattr(scene, name) for name in PLACE} | {"scene_id": scene.identity}
        self._scenes[place] = other.model_copy(
            update=kept
            | {
                "reprise_of": scene.reprise_of,
                "words_scene": None if other.words_id == scene.identity else other.words_id,
                "shows_scene": None if shows == scene.identity else shows,
                "marks": (*marks, FREE_RETRY) if FREE_RETRY in scene.marks else marks,
            }
        )
        self._fit(place)

    def _trim(self, edit: Trim) -> None:
        place = self.at(edit.scene_id)
        scene = self._known(place)
        if is_still(scene.clip_key):
            raise _refused(f"Scene {place + 1} shows a picture, which begins nowhere: move its focus instead.")
        if is_longer(scene):
            raise _refused(
                f"Scene {place + 1} lasts longer than its clip of {self._said(scene.clip_frames)}: "
                "shorten it, or make its video again."
            )
        most = scene.clip_frames - scene.frame_count
        if edit.in_frame > most:
            raise _refused(
                f"Scene {place + 1} shows {self._said(scene.frame_count)} of a clip of "
                f"{self._said(scene.clip_frames)}: it may begin at frame {most} at the latest."
            )
        self._scenes[place] = scene.model_copy(update={"in_frame": edit.in_frame, "frozen": False})
        self._fit(place)

    def _freeze(self, edit: Freeze) -> None:
        place = self.at(edit.scene_id)
        scene = self._known(place)
        if edit.frame is None:
            self._scenes[place] = scene.model_copy(update={"frozen": False})
        elif not scene.start_frame <= edit.frame < scene.end_frame:
            raise _refused(
                f"Frame {edit.frame} is not in scene {place + 1}, "
                f"which has the frames {scene.start_frame} to {scene.end_frame - 1}."
            )
        elif not scene.frozen:
            held = min(scene.in_frame + edit.frame - scene.start_frame, scene.clip_frames - 1)
            self._scenes[place] = scene.model_copy(update={"in_frame": held, "frozen": True})
        self._fit(place)

    def _show_take(self, edit: ShowTake) -> None:
        place = self.at(edit.scene_id)
        scene = self._scenes[place]
        for take in takes_of(scene, self._takes):
            if take.take_id == edit.take:
                self.show(place, take)
                return
        raise InvalidInput(f"Scene {place + 1} has no take {edit.take!r}; `timeline` lists them.", "no_take")

    def _within(self, frame: int, snap: Snap, first: int, last: int, name: str) -> int:
        if not first <= frame <= last:
            raise _refused(
                f"{name} lies between {self._said(first)} and {self._said(last)} (frames {first} to {last}), because "
                f"a scene lasts {self._said(self._grid.shortest)} to {self._said(self._grid.longest)}."
            )
        return self._grid.near(frame, snap, first, last)

    def _known(self, place: int) -> TimelineScene:
        """A scene with its clip."""
        scene = self._scenes[place]
        if not scene.clip_key and scene.identity not in self._cut:
            self._scenes[place] = scene = scene.model_copy(update=self._part_of(scene))
        self._cut.add(scene.identity)
        return scene

    def _part_of(self, scene: TimelineScene) -> dict[str, object]:
        part = self._clip_of(scene)
        return {"clip_key": part.key, "clip_frames": part.frames, "in_frame": part.first_frame}

    def _fit(self, place: int) -> None:
        """Show as much of a scene's clip as its place holds; mark the scene where the clip is too short."""
        scene = self._scenes[place]
        marks = _without(scene.marks, CLIP_SHORT)
        if scene.frozen:
            begun = scene.in_frame
        elif is_longer(scene):
            begun = 0
            # A camera move over the still stays one: it says already that its video is to be made, or is the artist's.
            marks = marks if CLIP_STALE in marks or is_still(scene.clip_key) else (*marks, CLIP_SHORT)
        else:
            begun = min(scene.in_frame, scene.clip_frames - scene.frame_count)
        self._scenes[place] = scene.model_copy(update={"in_frame": begun, "marks": marks, "segment_key": ""})

    def _finished(self, place: int, scene: TimelineScene, before: TimelineScene | None) -> TimelineScene:
        """A scene in its final place: with its old segment where that still fits, without one otherwise."""
        identity = scene.identity
        numbered = {"index": place, "scene_id": None if identity == place else identity}
        scene = scene.model_copy(update=numbered | self._timed(scene))
        if identity not in self._cut:
            return scene
        if before is None:
            return settled(scene)
        as_before = before if before.clip_key else before.model_copy(update=self._part_of(before))
        if recipe(scene) == recipe(as_before):
            scene = scene.model_copy(update={"segment_key": before.segment_key})
        return settled(scene)

    def _timed(self, scene: TimelineScene) -> dict[str, object]:
        """Times and section of a scene's place: those of before, or by its frames and its middle if cuts have moved."""
        old = self._places.get((scene.start_frame, scene.end_frame))
        if old is not None:
            return {name: getattr(old, name) for name in ("start_s", "end_s", *SECTION)}
        time_of = self._grid.profile.time_of
        times: dict[str, object] = {"start_s": time_of(scene.start_frame), "end_s": time_of(scene.end_frame)}
        middle = (scene.start_frame + scene.end_frame) // 2
        begun = [(index, *facts[1:]) for index, facts in enumerate(self._grid.sections) if facts[0] <= middle]
        return times | (dict(zip(SECTION, begun[-1], strict=True)) if begun else {})

    def _said(self, frames: int) -> str:
        return f"{self._grid.profile.time_of(frames):.2f} s"


def _without(marks: tuple[str, ...], mark: str) -> tuple[str, ...]:
    return tuple(one for one in marks if one != mark)


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput(sentence, code="edit")
