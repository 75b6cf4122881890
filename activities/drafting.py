"""A draft's parts as a timeline: its plan, its words as they were made, and its takes.

Side effects: documents with words that no section has, in the object store. Idempotency: keys derived from the words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from activities.imagery import prompt_of
from activities.ports.stores import ObjectStore
from activities.steps import load
from activities.wording import as_made, keep_words, with_own_words
from models.boards import STILL_STALE, Board
from models.cut_grid import has_short_clip
from models.generation import AssembleStep, OtherWords, SceneTakes, SectionPrompts
from models.object_keys import segment_key, still_key
from models.profiles import profile_of
from models.storyboard import PromptList, Scene, ScenePrompt, SequencePlan, Shot, ShotList
from models.timeline import CLIP_SHORT, DIRECTED_LOCALLY, Timeline, TimelineScene


class Drafted:
    """Puts timelines together."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    def timeline(self, parts: AssembleStep) -> Timeline:
        """The timeline of a draft's parts, without the key of its MP4; a take without a clip has no segment."""
        if parts.board_key:
            return self._approved(parts)
        profile = profile_of(parts.profile, parts.profile_revision)
        plan = load(self._objects, parts.plan_key, SequencePlan)
        asked = [direction for section in parts.prompts for direction in self._directions(section)]
        others = {words.scene_index: words for words in parts.other_words}
        written = [self._as_made(one, others.get(one.prompt.scene_index)) for one in asked]
        directions = [self._kept(parts, direction.with_words_of(written)) for direction in written]
        return Timeline(
            video_id=parts.video_id,
            version=parts.version,
            song_id=parts.song_id,
            profile=parts.profile,
            fps=profile.fps,
            width=profile.width,
            height=profile.height,
            frame_count=plan.frame_count,
            soundtrack_key=parts.soundtrack_key,
            plan_key=parts.plan_key,
            analysis_key=parts.analysis_key,
            brief_key=parts.brief_key,
            treatment_key=parts.treatment_key,
            casting_key=parts.casting_key,
            profile_revision=parts.profile_revision,
            still_model=parts.still_model,
            clip_model=parts.clip_model,
            scenes=tuple(
                _timeline_scene(parts, *scene) for scene in zip(plan.scenes, parts.takes, directions, strict=True)
            ),
        )

    def _approved(self, parts: AssembleStep) -> Timeline:
        """An approved storyboard with the clips that were made for it; their takes are in the board's order."""
        timeline = load(self._objects, parts.board_key, Board).timeline
        others = {words.scene_index: words for words in parts.other_words}
        scenes = [
            self._filmed(parts, scene, takes, others.get(scene.identity))
            for scene, takes in zip(timeline.scenes, parts.takes, strict=True)
        ]
        models = {"still_model": parts.still_model, "clip_model": parts.clip_model}
        return timeline.model_copy(update=models | {"version": parts.version, "scenes": tuple(scenes)})

    def _filmed(
        self, parts: AssembleStep, scene: TimelineScene, takes: SceneTakes, words: OtherWords | None
    ) -> TimelineScene:
        account_id, video_id = parts.account_id, parts.video_id
        scene = with_own_words(self._objects, account_id, video_id, scene)
        marks = [*(mark for mark in scene.marks if mark != STILL_STALE), *takes.marks]
        changes: dict[str, object] = {"segment_key": segment_key(account_id, video_id, scene.identity, takes.segment)}
        if has_short_clip(scene):
            # Its segment has been filled, so that it is the clip.
            changes |= {"clip_key": "", "clip_frames": 0, "in_frame": 0}
            marks = [mark for mark in marks if mark != CLIP_SHORT]
        elif not scene.footage_id:
            # A scene that goes on with another one's clip has that part of it as its segment.
            changes["in_frame"] = 0
        if words is not None and words.motion_words:
            asked = prompt_of(self._objects, scene.prompts_key, scene.identity)
            prompt = as_made(self._objects, asked, "", words.motion_words)
            changes |= {
                "motion_prompt": prompt.motion_prompt,
                "prompts_key": keep_words(self._objects, account_id, video_id, prompt),
            }
            marks += [DIRECTED_LOCALLY] if prompt.filled_locally else []
        return scene.model_copy(update=changes | {"marks": tuple(dict.fromkeys(marks))})

    def _directions(self, section: SectionPrompts) -> list["_Direction"]:
        prompts = load(self._objects, section.key, PromptList).prompts
        shots = {shot.scene_index: shot for shot in load(self._objects, section.shots_key, ShotList).shots}
        return [_Direction(section, prompt, shots[prompt.scene_index], section.key) for prompt in prompts]

    def _as_made(self, direction: "_Direction", words: OtherWords | None) -> "_Direction":
        if words is None:
            return direction
        prompt = as_made(self._objects, direction.prompt, words.image_words, words.motion_words)
        shot = direction.shot
        if prompt.character_ids != direction.prompt.character_ids:  # the last rewrite may have removed every character
            shot = shot.model_copy(update={"character_ids": prompt.character_ids})
        return replace(direction, prompt=prompt, shot=shot, prompts_key="")

    def _kept(self, parts: AssembleStep, direction: "_Direction") -> "_Direction":
        if direction.prompts_key:
            return direction
        key = keep_words(self._objects, parts.account_id, parts.video_id, direction.prompt)
        return replace(direction, prompts_key=key)


@dataclass(frozen=True)
class _Direction:
    """How one scene was directed, and the keys of the documents that say so."""

    section: SectionPrompts
    prompt: ScenePrompt
    shot: Shot
    prompts_key: str

    def with_words_of(self, written: Sequence["_Direction"]) -> "_Direction":
        """A reprise with the words, people and place of the picture that it shows; any other scene unchanged."""
        if self.prompt.shown_scene is None:
            return self
        shown = written[self.prompt.shown_scene]
        key = self.prompts_key if shown.prompts_key else ""
        return replace(self, prompt=self.prompt.over(shown.prompt), shot=shown.shot, prompts_key=key)


def _timeline_scene(parts: AssembleStep, scene: Scene, takes: SceneTakes, direction: _Direction) -> TimelineScene:
    account_id, video_id = parts.account_id, parts.video_id
    profile = profile_of(parts.profile, parts.profile_revision)
    prompt, shot = direction.prompt, direction.shot
    return TimelineScene(
        index=scene.index,
        section_index=scene.section_index,
        section=scene.section,
        letter=scene.letter,
        start_frame=scene.start_frame,
        end_frame=scene.end_frame,
        start_s=profile.time_of(scene.start_frame),
        end_s=profile.time_of(scene.end_frame),
        energy=scene.energy,
        prompt=prompt.image_prompt,
        motion_prompt=prompt.motion_prompt,
        still_key=still_key(account_id, video_id, takes.still_scene, takes.still),
        segment_key=segment_key(account_id, video_id, scene.index, takes.segment) if takes.segment else "",
        reprise_of=scene.reprise_of,
        marks=takes.marks + ((DIRECTED_LOCALLY,) if prompt.filled_locally else ()),
        seed=prompt.seed,
        camera_move=prompt.camera_move,
        character_ids=shot.character_ids,
        location_id=shot.location_id,
        still_scene=takes.still_scene,
        still=takes.still,
        prompts_key=direction.prompts_key,
        shots_key=direction.section.shots_key,
    )
