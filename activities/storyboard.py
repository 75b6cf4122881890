"""Scenes, shots and prompts.

Side effects: documents in the object store, and the director's cost on the run's bill. Idempotency: keys are derived
from the inputs. Provide queue.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby

from activities.ports.engines import Director, Estimator, Planner, RunPlanner, RunPlanners
from activities.ports.stores import ObjectStore, SpendingBook
from activities.spending import paid_by
from activities.steps import load, save, step
from models.brief import Brief
from models.directing_costs import DirectingCosts
from models.failures import InvalidInput
from models.generation import DocumentRef, GenerateRequest, PlannedSection, PlanRef, PromptsRef, StoryStep
from models.ids import digest_of
from models.object_keys import video_prefix
from models.paid_media import SpendingPlan
from models.profiles import PROFILES
from models.progress import StageName
from models.song import SongAnalysis
from models.storyboard import PromptList, Scene, ScenePrompt, SequencePlan, ShotList
from models.treatment import Casting, Treatment


class StoryboardActivities:
    """Steps from the plan to the prompts.

    Args:
        objects: The store of documents.
        planner: Plans scenes for the default models.
        director: Decides what is seen.
        spending: Records the director's cost.
        estimator: Estimates a plan's cost; None: nothing is bought.
        planners: For runs that chose their own models; None: nothing is bought.
    """

    def __init__(
        self,
        objects: ObjectStore,
        planner: Planner,
        director: Director,
        spending: SpendingBook,
        estimator: Estimator | None = None,
        planners: RunPlanners | None = None,
        costs: DirectingCosts | None = None,
    ) -> None:
        self._costs = costs
        self._objects = objects
        self._estimator = estimator
        self._planners = planners
        self._planner = planner
        self._director = director
        self._spending = spending

    @step
    def plan_sequence(self, story: StoryStep) -> PlanRef:
        """The song as scenes on exact frames."""
        request = story.request
        own = self._own(request)
        named = (request.still_model, request.clip_model) if own is not None else ()
        digest = digest_of(story.analysis_key, request.profile, request.limits.max_scenes, request.brief.seed, *named)
        key = f"{video_prefix(request.account_id, request.video_id)}plan-{digest}.json"
        if self._objects.size(key) is None:
            analysis = load(self._objects, story.analysis_key, SongAnalysis)
            profile, limits = PROFILES[request.profile], request.limits
            plan = (own or self._planner).plan(analysis, profile, limits.max_scenes, request.brief.seed)
            save(self._objects, key, plan)
        plan = load(self._objects, key, SequencePlan)
        if not plan.scenes:
            raise InvalidInput("No scenes could be planned for this song; it may be too short.", code="no_scenes")
        sections = runs_of(plan.scenes)
        return PlanRef(
            key=key,
            frame_count=plan.frame_count,
            sections=tuple(
                PlannedSection(label=run[0].section, first_scene=run[0].index, end_scene=run[-1].index + 1)
                for run in sections
            ),
            reprise_of=tuple(scene.reprise_of for scene in plan.scenes),
            spending=self._estimate(plan, story),
            lengths=tuple(scene.frame_count for scene in plan.scenes) if self._films(request) else (),
        )

    @step
    def specify_shots(self, story: StoryStep) -> DocumentRef:
        """Camera, lens, movement, framing, light and action for the scenes of one section."""
        key = self._key("shots", story, story.casting_key)
        if self._objects.size(key) is None:
            brief, treatment, casting = self._story(story)
            analysis = load(self._objects, story.analysis_key, SongAnalysis)
            scenes, request = self._scenes(story), story.request
            with paid_by(
                self._spending, request.account_id, request.video_id, StageName.SHOTS, story.allowance_micro_usd
            ):
                shots = self._director.specify_shots(brief, analysis, treatment, casting, scenes)
            save(self._objects, key, shots)
        return DocumentRef(key=key)

    @step
    def write_prompts(self, story: StoryStep) -> PromptsRef:
        """Model-ready prompts for the scenes of one section."""
        key = self._key("prompts", story, story.shots_key)
        if self._objects.size(key) is None:
            brief, treatment, casting = self._story(story)
            shots, scenes, request = load(self._objects, story.shots_key, ShotList), self._scenes(story), story.request
            own = self._own(request)
            director = self._director if own is None else self._director.within(own.prompt_limits)
            with paid_by(
                self._spending, request.account_id, request.video_id, StageName.PROMPTS, story.allowance_micro_usd
            ):
                prompts = director.write_prompts(brief, treatment, casting, scenes, shots)
            cast = {shot.scene_index: shot.character_ids for shot in shots.shots}
            named = [one.model_copy(update={"character_ids": cast.get(one.scene_index, ())}) for one in prompts.prompts]
            save(self._objects, key, PromptList(prompts=tuple(self._pointed(story, named))))
        stored = load(self._objects, key, PromptList).prompts
        return PromptsRef(key=key, with_cast=tuple(one.scene_index for one in stored if one.character_ids))

    def _pointed(self, story: StoryStep, prompts: Sequence[ScenePrompt]) -> Iterator[ScenePrompt]:
        """Reprises with the key of their picture's words, which a concurrent section may not have written yet."""
        scenes = load(self._objects, story.plan_key, SequencePlan).scenes
        sections = {run[0].index: run[-1].index + 1 for run in runs_of(scenes)}
        for prompt in prompts:
            shown = scenes[prompt.scene_index].reprise_of
            if shown is None:
                yield prompt
                continue
            first = max(first for first in sections if first <= shown)
            there = story.model_copy(update={"first_scene": first, "end_scene": sections[first]})
            key = self._key("prompts", there, self._key("shots", there, story.casting_key))
            yield prompt.model_copy(update={"shown_scene": shown, "shown_prompts_key": key})

    def _paying(self, story: StoryStep, stage: StageName) -> AbstractContextManager[None]:
        request, allowance = story.request, story.allowance_micro_usd
        return paid_by(self._spending, request.account_id, request.video_id, stage, allowance)

    def _estimate(self, plan: SequencePlan, story: StoryStep) -> SpendingPlan | None:
        estimator = self._own(story.request) or self._estimator
        spending = None
        if estimator is not None:
            treatment = load(self._objects, story.treatment_key, Treatment)
            spending = estimator.estimate(plan, PROFILES[story.request.profile], treatment)
        if self._costs is None:
            return spending
        made = sum(scene.reprise_of is None for scene in plan.scenes)
        asked = self._costs.estimate_micro_usd(len(runs_of(plan.scenes)), made)
        if spending is None:
            reprises = len(plan.scenes) - made
            return SpendingPlan(estimate_micro_usd=asked, made=made, reprises=reprises, park_at=self._costs.park_at)
        return spending.model_copy(update={"estimate_micro_usd": spending.estimate_micro_usd + asked})

    def _films(self, request: GenerateRequest) -> bool:
        """Whether this installation makes a run's pictures itself."""
        return (self._own(request) or self._estimator) is None

    def _own(self, request: GenerateRequest) -> RunPlanner | None:
        """The planner of a run that chose its own models; None: the default one."""
        if self._planners is None or not (request.still_model or request.clip_model):
            return None
        return self._planners(request.still_model, request.clip_model)

    def _scenes(self, story: StoryStep) -> tuple[Scene, ...]:
        return load(self._objects, story.plan_key, SequencePlan).scenes[story.first_scene : story.end_scene]

    def _story(self, story: StoryStep) -> tuple[Brief, Treatment, Casting]:
        return (
            load(self._objects, story.brief_key, Brief),
            load(self._objects, story.treatment_key, Treatment),
            load(self._objects, story.casting_key, Casting),
        )

    def _key(self, kind: str, story: StoryStep, basis: str) -> str:
        request = story.request
        digest = digest_of(basis, story.analysis_key, story.brief_key, story.plan_key)
        scenes = f"{story.first_scene:03d}-{story.end_scene:03d}"
        return f"{video_prefix(request.account_id, request.video_id)}{kind}-{scenes}-{digest}.json"


def runs_of(scenes: Sequence[Scene]) -> list[list[Scene]]:
    """Scenes that are directed together: those of one section."""
    return [list(group) for _, group in groupby(scenes, key=lambda scene: scene.section_index)]
