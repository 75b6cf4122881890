"""Words, shots and places for a scene that is made anew: for Studio's operations, and on a storyboard.

Side effects: the director's cost on the run's bill; a plan in the object store. Idempotency: keys derived from the
inputs.
"""

from activities.imagery import prompt_of
from activities.ports.engines import Director, RunPlanners
from activities.ports.stores import ObjectStore, SpendingBook
from activities.spending import paid_by
from activities.steps import load, save
from activities.take_rules import TakeRules
from models.brief import Brief
from models.failures import InvalidInput
from models.ids import digest_of
from models.media_models import PromptLimits
from models.progress import StageName
from models.storyboard import Scene, ScenePrompt, SequencePlan, Shot, ShotList, framing_named
from models.studio import SceneEdit, StudioKind, StudioOrder
from models.timeline import Timeline, TimelineScene
from models.treatment import Casting, Treatment


class Retakes(TakeRules):
    """Prepares scenes to be made anew.

    Args:
        objects: The store of documents.
        director: Words who is seen, where and how.
        spending: Records the director's cost.
        limits: Limits on prompts for bought pictures and clips; None: nothing is bought.
        planners: Know the prompt limits of a video's own models.
    """

    def __init__(
        self,
        objects: ObjectStore,
        director: Director,
        spending: SpendingBook,
        limits: PromptLimits | None,
        planners: RunPlanners | None,
    ) -> None:
        super().__init__(objects, limits, planners)
        self._director = director
        self._spending = spending

    def shot(self, timeline: Timeline, scene: TimelineScene, edit: SceneEdit) -> Shot:
        """The shown take's shot with an edit's changes, under the scene's own number."""
        shot = self._shown(scene)
        changes = {
            "camera_move": edit.camera_move,
            "character_ids": edit.character_ids,
            "location_id": edit.location_id,
        }
        made = {name: value for name, value in changes.items() if value is not None}
        shot = shot.model_copy(update=made)
        if edit.like is not None:
            shot = _as_in(self._shot_of(timeline, edit.like), shot)
        return shot.model_copy(update={"scene_index": scene.identity})

    def prompt(self, order: StudioOrder, timeline: Timeline, scene: TimelineScene, shot: Shot) -> ScenePrompt:
        """The shown take's prompt with the order's changes; the director words who is seen, where and how."""
        edit = order.edit
        shown = prompt_of(self._objects, scene.prompts_key, scene.words_id)
        prompt = shown.model_copy(update={"scene_index": scene.identity})
        changes: dict[str, object] = {
            "seed": int(digest_of(order.operation_id)[:8], 16) if edit.seed is None else edit.seed
        }
        if edit.camera_move or edit.character_ids is not None or edit.location_id or edit.like is not None:
            scenes = (self.place(timeline, scene),)
            story = (
                load(self._objects, timeline.brief_key, Brief),
                load(self._objects, timeline.treatment_key, Treatment),
                load(self._objects, timeline.casting_key, Casting),
            )
            with paid_by(self._spending, order.account_id, order.video_id, StageName.PROMPTS):
                (worded,) = self._directed(timeline).write_prompts(*story, scenes, ShotList(shots=(shot,))).prompts
            changes |= {"motion_prompt": worded.motion_prompt, "camera_move": worded.camera_move}
            if edit.character_ids is not None or edit.location_id or edit.like is not None:
                kept = {"scene_index", "seed", "motion_prompt", "camera_move"}
                changes |= {name: getattr(worded, name) for name in type(worded).model_fields if name not in kept}
                # The director words who is seen; the still carries the references of the shot's characters.
                changes["character_ids"] = shot.character_ids
        if edit.prompt is not None:
            if order.kind is StudioKind.IMAGE:
                changes |= {"image_prompt": edit.prompt, "framing": framing_named(edit.prompt) or prompt.framing}
            else:
                changes["motion_prompt"] = edit.prompt
        return prompt.model_copy(update=changes)

    def place(self, timeline: Timeline, scene: TimelineScene) -> Scene:
        """A scene as the planner would describe it where it is now."""
        planned = load(self._objects, timeline.plan_key, SequencePlan).scenes
        frames = (scene.start_frame, scene.end_frame)
        known = next((one for one in planned if one.index == scene.identity), None)
        if known is not None and (known.start_frame, known.end_frame) == frames:
            return known
        return Scene(
            index=scene.identity,
            section_index=scene.section_index,
            section=scene.section,
            letter=scene.letter,
            start_frame=scene.start_frame,
            end_frame=scene.end_frame,
            energy=scene.energy,
            reprise_of=scene.reprise_of,
        )

    def plan_key(self, timeline: Timeline, place: Scene, own_key: str) -> str:
        """The plan that has a place's frames: the video's, or one of its own, because an edit moved its cuts."""
        if place in load(self._objects, timeline.plan_key, SequencePlan).scenes:
            return timeline.plan_key
        return save(self._objects, own_key, SequencePlan(scenes=(place,), frame_count=timeline.frame_count))

    def _shown(self, scene: TimelineScene) -> Shot:
        shots = load(self._objects, scene.shots_key, ShotList).shots
        return next(one for one in shots if one.scene_index == scene.words_id)

    def _shot_of(self, timeline: Timeline, scene_id: int) -> Shot:
        """The shot of what a scene shows."""
        scene = timeline.find(scene_id)
        if scene is None:
            raise InvalidInput(f"There is no scene with the id {scene_id} to be like.", code="no_scene")
        return self._shown(scene)

    def _directed(self, timeline: Timeline) -> Director:
        limits = self._own_limits(timeline)
        return self._director if limits is None else self._director.within(limits)


def _as_in(model: Shot, shot: Shot) -> Shot:
    """A shot in another one's setting: its place, hour, weather and light. Who is seen, doing what, and how stays."""
    setting = {name: getattr(model, name) for name in ("location_id", "time_of_day", "weather", "light")}
    return shot.model_copy(update=setting)
