"""Segments and soundtrack become a video, and the video becomes a version.

Side effects: the MP4 and its timeline in the object store; the version in the Vault. Idempotency: keys from all the
parts; the Vault inserts a version once. Render queue for joining, the main one for the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from activities.joining import Joiner
from activities.ports import Assembler, ObjectStore, Vault
from activities.steps import load, save, step
from activities.wording import as_made, keep_words
from models.generation import (
    AssembleStep,
    DeliverStep,
    Delivery,
    Discarded,
    DiscardStep,
    DocumentRef,
    OtherWords,
    SceneTakes,
    SectionPrompts,
)
from models.profiles import profile_of
from models.routing import digest_of, segment_key, still_key, video_prefix
from models.storyboard import PromptList, Scene, ScenePrompt, SequencePlan, Shot, ShotList
from models.timeline import DIRECTED_LOCALLY, Timeline, TimelineScene


class AssemblyActivities:
    """Steps that join and deliver."""

    def __init__(self, objects: ObjectStore, vault: Vault, assembler: Assembler) -> None:
        self._objects = objects
        self._vault = vault
        self._joiner = Joiner(objects, assembler)

    @step
    def assemble_video(self, parts: AssembleStep) -> DocumentRef:
        """Join all segments with the soundtrack by stream copy, and write the timeline."""
        prefix = video_prefix(parts.account_id, parts.video_id)
        models = {"still_model", "clip_model"}  # named by the same key as before runs had models of their own
        timeline_key = f"{prefix}versions/{parts.version}-{digest_of(parts.model_dump_json(exclude=models))}.json"
        if self._objects.size(timeline_key) is None:
            timeline = self._joiner.addressed(parts.account_id, self._timeline(parts))
            self._joiner.join(timeline)
            save(self._objects, timeline_key, timeline)
        return DocumentRef(key=timeline_key)

    @step
    def deliver_version(self, delivery: DeliverStep) -> Delivery:
        """Commit the version, provided that its credits still stand."""
        timeline = load(self._objects, delivery.timeline_key, Timeline)
        delivered = self._vault.deliver_version(
            delivery.account_id,
            delivery.operation_key,
            timeline,
            delivery.title,
            delivery.style,
            delivery.brief,
        )
        return Delivery(delivered=delivered)

    @step
    def discard_draft(self, draft: DiscardStep) -> Discarded:
        """Remove everything that was made for a draft that will not be; a delivered video is never touched."""
        if self._vault.is_delivered(draft.account_id, draft.video_id):
            return Discarded(count=0)
        return Discarded(count=self._objects.delete_prefix(video_prefix(draft.account_id, draft.video_id)))

    def _timeline(self, parts: AssembleStep) -> Timeline:
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

    def _directions(self, section: SectionPrompts) -> list["_Direction"]:
        prompts = load(self._objects, section.key, PromptList).prompts
        shots = {shot.scene_index: shot for shot in load(self._objects, section.shots_key, ShotList).shots}
        return [_Direction(section, prompt, shots[prompt.scene_index], section.key) for prompt in prompts]

    def _as_made(self, direction: "_Direction", words: OtherWords | None) -> "_Direction":
        if words is None:
            return direction
        prompt = as_made(self._objects, direction.prompt, words.image_words, words.motion_words)
        shot = direction.shot
        if prompt.character_ids != direction.prompt.character_ids:  # the last resort of other words shows nobody
            shot = shot.model_copy(update={"character_ids": prompt.character_ids})
        return replace(direction, prompt=prompt, shot=shot, prompts_key="")

    def _kept(self, parts: AssembleStep, direction: "_Direction") -> "_Direction":
        if direction.prompts_key:
            return direction
        key = keep_words(self._objects, parts.account_id, parts.video_id, direction.prompt)
        return replace(direction, prompts_key=key)


@dataclass(frozen=True)
class _Direction:
    """How one scene was directed, and where that is written."""

    section: SectionPrompts
    prompt: ScenePrompt
    shot: Shot
    prompts_key: str

    def with_words_of(self, written: Sequence["_Direction"]) -> "_Direction":
        """A reprise with the words, people and place of the picture that it shows; any other scene as it is."""
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
        segment_key=segment_key(account_id, video_id, scene.index, takes.segment),
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
