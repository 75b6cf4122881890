"""What artists may ask of a scene: words that the models take, people and places of the video. No side effects."""

from activities.ports.engines import RunPlanners
from activities.ports.stores import ObjectStore
from activities.steps import load
from models.failures import InvalidInput
from models.media_models import PromptLimits
from models.studio import SceneEdit, StudioKind
from models.timeline import Timeline
from models.treatment import Treatment


class TakeRules:
    """Checks wishes before they are paid for, or shown in a preview.

    Args:
        objects: The store of documents.
        limits: Limits on prompts for bought pictures and clips; None: nothing is bought.
        planners: Know the prompt limits of a video's own models.
    """

    def __init__(self, objects: ObjectStore, limits: PromptLimits | None, planners: RunPlanners | None) -> None:
        self._objects = objects
        self._limits = limits
        self._planners = planners

    def check_length(self, timeline: Timeline, kind: StudioKind, prompt: str | None) -> None:
        """Check the artist's own words before they are paid for: they go to the model unchanged.

        Raises:
            InvalidInput: The model of the video takes fewer characters.
        """
        limits = self._own_limits(timeline) or self._limits
        if limits is None or not prompt:
            return
        most = limits.image_max_chars if kind is StudioKind.IMAGE else limits.motion_max_chars
        if len(prompt) > most:
            raise InvalidInput(
                f"This prompt has {len(prompt):,} characters; the {kind.value} model takes {most:,}: shorten it.",
                code="prompt_too_long",
            )

    def check_cast(self, timeline: Timeline, edit: SceneEdit) -> None:
        """Check that people and place are of this video. Raises `InvalidInput`: one is not."""
        treatment = load(self._objects, timeline.treatment_key, Treatment)
        people = {one.character_id for one in treatment.characters}
        places = {one.location_id for one in treatment.locations}
        strangers = set(edit.character_ids or ()) - people
        if strangers:
            known = ", ".join(sorted(people)) or "none"
            raise InvalidInput(f"{sorted(strangers)[0]!r} is not in this video; it has {known}.", code="no_character")
        if edit.location_id is not None and edit.location_id not in places:
            known = ", ".join(sorted(places)) or "none"
            raise InvalidInput(f"There is no place {edit.location_id!r}; it has {known}.", code="no_location")

    def check_like(self, timeline: Timeline, like: int, scene_id: int | None) -> None:
        """Check that a scene can be made like another one. Raises `InvalidInput`: it cannot."""
        other = timeline.find(like)
        if other is None or other.identity == scene_id or not other.shots_key:
            raise InvalidInput(
                "The scene that this one shall be like is not another one of this video.", code="no_scene"
            )

    def _own_limits(self, timeline: Timeline) -> PromptLimits | None:
        """The prompt limits of the video's own models; None: those of the default models."""
        if self._planners is None or not (timeline.still_model or timeline.clip_model):
            return None
        return self._planners(timeline.still_model, timeline.clip_model).prompt_limits
