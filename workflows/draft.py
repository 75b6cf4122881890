"""The pipeline of a draft: nine stages from the song to a joined MP4.

Sections are specified and prompted in parallel. From prompts on each scene flows on its own: its clip starts as soon as
its own still is ready.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, WorkflowAlreadyStartedError, is_cancelled_exception
from temporalio.workflow import ChildWorkflowCancellationType, ParentClosePolicy

with workflow.unsafe.imports_passed_through():
    from activities.analysis import AnalysisActivities
    from activities.assembly import AssemblyActivities
    from activities.direction import DirectionActivities
    from activities.storyboard import StoryboardActivities
    from models.boards import BoardClip
    from models.generation import (
        AnalyzeRequest,
        AssembleStep,
        ClipStep,
        DocumentRef,
        GenerateRequest,
        OtherWords,
        PlannedSection,
        PlanRef,
        PromptsRef,
        SceneTakes,
        SectionPrompts,
        SongReady,
        SongStep,
        StillStep,
        StoryStep,
        VisionStep,
    )
    from models.ids import analyze_workflow_id
    from models.paid_media import SpendingPlan
    from models.progress import SceneStatus, StageName
    from models.search_attributes import SearchAttribute, keywords
    from models.takes import Take
    from models.timeline import FALLBACK, FREE_RETRY
    from workflows.analyze_song import AnalyzeSong
    from workflows.board import Board
    from workflows.failure_policy import SCENES_PER_FALLBACK, scene_cannot_be_made
    from workflows.flow import all_or_none
    from workflows.making import Making
    from workflows.steps import Steps


Asking = TypeVar("Asking", VisionStep, StoryStep)
Made = TypeVar("Made")


class Draft:
    """One draft in the making."""

    def __init__(self, request: GenerateRequest, steps: Steps) -> None:
        self._request = request
        self._steps = steps
        self._policies = steps.policies
        self._making = Making(steps)
        self._making.wish(request.still_model, request.clip_model)
        self.board = Board(request, steps, self._making)
        self._stills: dict[int, asyncio.Future[Take]] = {}
        self._fallen: set[int] = set()
        self._other_words: list[OtherWords] = []
        self._count = 0

    async def make(self) -> DocumentRef | None:
        """Run all stages; returns the timeline of the joined video, not yet delivered; None: continue as new."""
        if self._steps.state.board is not None:
            return await self._withdrawing(self._approved(None))
        song = await self._hear()
        story = await self._envision(song)
        # Characters are drawn while scenes are planned, shots specified and prompts written.
        return (await self._withdrawing(all_or_none([self._cast(story), self._film(song, story)])))[-1]

    async def _withdrawing(self, work: Coroutine[Any, Any, Made]) -> Made:
        """Do `work`; where it fails, cancel the run's queued jobs."""
        try:
            return await work
        except (Exception, asyncio.CancelledError):
            await self._making.withdraw()
            raise

    async def _cast(self, story: StoryStep) -> DocumentRef | None:
        await self._making.cast(story)
        return DocumentRef(key=story.casting_key)

    async def _film(self, song: SongReady, story: StoryStep) -> DocumentRef | None:
        plan = await self._plan(story)
        self._making.plan_spending(plan.spending, clips=plan.reprise_of.count(None))
        story = story.model_copy(update={"plan_key": plan.key})
        sections = await all_or_none([self._film_section(story, plan, section) for section in plan.sections])
        parts = self._parts(song, story, plan, sections)
        return await (self._approved(parts, plan.spending) if self._request.storyboard else self._assemble(parts))

    async def _hear(self) -> SongReady:
        steps, stage = self._steps, StageName.ANALYSIS
        song = SongStep(account_id=self._request.account_id, song_id=self._request.song_id)
        steps.begin(stage, "Looking for the song's analysis.")
        look_up = AnalysisActivities.look_up_song
        ready = await steps.do(stage, look_up, song, self._policies.light, "song in the Vault")
        if not ready.ready:
            steps.begin(stage, "Listening to the song.")
            if workflow.patched("running-analysis-first"):
                ready = await self._running_analysis(song)
        while not ready.ready:
            ready = await self._analysis(song)
        steps.advance(stage, "The song has been heard.")
        return ready

    async def _analysis(self, song: SongStep) -> SongReady:
        """Run the song's analysis, or wait for the one that runs already."""
        try:
            return await self._steps.attempt(StageName.ANALYSIS, lambda: self._run_analysis(song))
        except WorkflowAlreadyStartedError:
            return await self._running_analysis(song)

    async def _running_analysis(self, song: SongStep) -> SongReady:
        """Wait for an analysis that runs already: a child whose start is refused reads as a failure in the history."""
        wait, policy = AnalysisActivities.await_analysis, self._policies.await_analysis
        return await self._steps.do(StageName.ANALYSIS, wait, song, policy, "await the running analysis")

    async def _run_analysis(self, song: SongStep) -> SongReady:
        analysis = workflow.execute_child_workflow(
            AnalyzeSong.run,
            AnalyzeRequest(account_id=song.account_id, song_id=song.song_id, limits=self._request.limits),
            id=analyze_workflow_id(song.song_id),
            # Other runs may wait for it too, and its result outlives this run.
            parent_close_policy=ParentClosePolicy.ABANDON,
            cancellation_type=ChildWorkflowCancellationType.ABANDON,
            static_summary=f"Analysis of {self._request.song_title}",
            search_attributes=keywords({SearchAttribute.ACCOUNT: song.account_id, SearchAttribute.SONG: song.song_id}),
        )
        # It is never cancelled. If a child ends in the same workflow task in which its cancellation arrives, the
        # cancellation is lost with the child's answer, or that task keeps failing (SDK 1.35).
        return await asyncio.shield(asyncio.create_task(analysis))

    async def _envision(self, song: SongReady) -> StoryStep:
        steps, light = self._steps, self._policies.direct
        steps.begin(StageName.VISION, "Writing the treatment.")
        vision = VisionStep(request=self._request, analysis_key=song.analysis_key, title=song.title)
        envision, cast_video = DirectionActivities.envision_video, DirectionActivities.cast_video
        made = await steps.do_anew(StageName.VISION, envision, lambda: self._paying(vision), light, "treatment")
        steps.advance(StageName.VISION, "The treatment is written.")
        steps.begin(StageName.CASTING, "Choosing who appears where.")
        story = StoryStep(
            request=self._request,
            analysis_key=song.analysis_key,
            brief_key=made.brief_key,
            treatment_key=made.treatment_key,
        )
        cast = await steps.do_anew(StageName.CASTING, cast_video, lambda: self._paying(story), light, "casting")
        steps.advance(StageName.CASTING, "The cast is chosen.")
        return story.model_copy(update={"casting_key": cast.key})

    async def _plan(self, story: StoryStep) -> PlanRef:
        steps, state = self._steps, self._steps.state
        steps.begin(StageName.PLANNING, "Laying scenes on the beats.")
        plan_sequence = StoryboardActivities.plan_sequence
        plan = await steps.do(StageName.PLANNING, plan_sequence, story, self._policies.direct, "scenes on frames")
        self._count = len(plan.reprise_of)
        state.scenes = [SceneStatus.PENDING] * self._count
        state.lengths = list(plan.lengths)
        made = [index for index, original in enumerate(plan.reprise_of) if original is None]
        self._stills = {index: asyncio.Future() for index in made}
        steps.advance(StageName.PLANNING, f"{self._count} scenes.")
        for stage in (StageName.SHOTS, StageName.PROMPTS, StageName.CLIPS):
            state.stage(stage).total = self._count
        state.stage(StageName.STILLS).total = len(made)
        return plan

    async def _film_section(self, story: StoryStep, plan: PlanRef, section: PlannedSection) -> "FilmedSection":
        steps, policy = self._steps, self._policies.direct
        first, end = section.first_scene, section.end_scene
        label = f"{section.label} · scenes {first + 1}-{end}"
        story = story.model_copy(update={"first_scene": first, "end_scene": end})
        steps.begin(StageName.SHOTS, "Setting up the shots.")
        specify, write = StoryboardActivities.specify_shots, StoryboardActivities.write_prompts
        asked = partial(self._paying, story)
        shots = await steps.do_anew(StageName.SHOTS, specify, asked, policy, f"{label} · shots")
        steps.advance(StageName.SHOTS, "Setting up the shots.", end - first)
        steps.begin(StageName.PROMPTS, "Writing the prompts.")
        story = story.model_copy(update={"shots_key": shots.key})
        asked = partial(self._paying, story)
        prompts = await steps.do_anew(StageName.PROMPTS, write, asked, policy, f"{label} · prompts")
        steps.advance(StageName.PROMPTS, "Writing the prompts.", end - first)
        indices = range(first, end)
        takes = await all_or_none([self._film_scene(story, prompts, i, plan.reprise_of[i]) for i in indices])
        return FilmedSection(
            SectionPrompts(first_scene=first, end_scene=end, key=prompts.key, shots_key=shots.key), takes
        )

    def _paying(self, step: Asking) -> Asking:
        """A step that asks the director, with the most that the video may have cost by now."""
        changes = {"openings": self._steps.gates.openings, "allowance_micro_usd": self._making.allowance()}
        return step.model_copy(update=changes)

    async def _film_scene(
        self, story: StoryStep, prompts: PromptsRef, index: int, reprise_of: int | None
    ) -> SceneTakes:
        if reprise_of is None:
            await self._paint(prompts, index)
        still = await self._stills[index if reprise_of is None else reprise_of]
        own_words = still.words_key if still.scene_index == index else ""
        steps, request = self._steps, self._request
        steps.state.scenes[index] = SceneStatus.STILL
        if request.storyboard:
            return self._painted(index, reprise_of, still, own_words)
        steps.begin(StageName.CLIPS, "Filming the scenes.")
        clip = ClipStep(
            account_id=request.account_id,
            video_id=request.video_id,
            profile=request.profile,
            scene_index=index,
            plan_key=story.plan_key,
            prompts_key=own_words or prompts.key,
            analysis_key=story.analysis_key,
            still_scene=still.scene_index,
            still=still.digest,
            footage_of=reprise_of,
            profile_revision=request.profile_revision,
        )
        take = await self._animate(clip)
        steps.state.scenes[index] = SceneStatus.CLIP
        steps.advance(StageName.CLIPS, f"Scene {index + 1} is filmed.")
        return self._painted(index, reprise_of, still, own_words, take)

    def _painted(
        self, index: int, reprise_of: int | None, still: Take, own_words: str, take: Take | None = None
    ) -> SceneTakes:
        """What is kept of a scene: its still, its clip if it has one yet, and the words that both were made from."""
        marks = (FALLBACK, FREE_RETRY) if index in self._fallen or self._falls_along(reprise_of, still) else ()
        motion_words = "" if take is None else take.words_key
        if own_words or motion_words:
            words = OtherWords(scene_index=index, image_words=own_words, motion_words=motion_words)
            self._other_words.append(words)
        segment = "" if take is None else take.digest
        return SceneTakes(still_scene=still.scene_index, still=still.digest, segment=segment, marks=marks)

    async def _animate(self, clip: ClipStep) -> Take:
        """A scene's clip, or a plain camera move over its still if no clip can be made."""
        index = clip.scene_index
        try:
            return await self._making.clip(clip, self._name(index, "clip"))
        except ActivityError as error:
            self._fall_back(index, error)
            return await self._making.move(clip, self._name(index, "camera move"))

    async def _paint(self, prompts: PromptsRef, index: int) -> None:
        """A scene's still, or a neighbour's if none can be made."""
        steps, request = self._steps, self._request
        steps.begin(StageName.STILLS, "Painting the stills.")
        still = StillStep(
            account_id=request.account_id,
            video_id=request.video_id,
            profile=request.profile,
            scene_index=index,
            prompts_key=prompts.key,
            with_cast=index in prompts.with_cast,
        )
        try:
            take = await self._making.still(still, self._name(index, "still"))
        except ActivityError as error:
            self._fall_back(index, error)
            take = await self._neighbour(index, error)
        self._stills[index].set_result(take)
        steps.advance(StageName.STILLS, f"Scene {index + 1} is painted.")

    def _falls_along(self, reprise_of: int | None, still: Take) -> bool:
        """Whether a reprise repeats the fallback of its first showing; both count as one fallback."""
        return reprise_of is not None and (
            still.scene_index != reprise_of or self._making.goes_without_footage(reprise_of)
        )

    def _fall_back(self, index: int, error: ActivityError) -> None:
        """Let a scene go on with a fallback; one fallback too many, or any other failure, ends the run."""
        self._fallen.add(index)
        allowed = max(1, self._count // SCENES_PER_FALLBACK)
        if is_cancelled_exception(error) or not scene_cannot_be_made(error) or len(self._fallen) > allowed:
            raise error

    async def _neighbour(self, index: int, error: ActivityError) -> Take:
        """The nearest still that its scene did not borrow, earlier ones first."""
        for other in sorted(self._stills, key=lambda other: (abs(other - index), other)):
            if other == index:
                continue
            await workflow.wait_condition(partial(self._decided, other))
            if other not in self._fallen:
                return self._stills[other].result()
        raise error

    def _decided(self, index: int) -> bool:
        return index in self._fallen or self._stills[index].done()

    async def _approved(self, parts: AssembleStep | None, spending: SpendingPlan | None = None) -> DocumentRef | None:
        """Join what the artist approved on the storyboard, once it is filmed; None: continue as new."""
        if not await self.board.serve(parts, self._film_approved, spending):
            return None
        return await self._assemble(self.board.parts())

    async def _film_approved(self, step: ClipStep, clip: BoardClip, name: str) -> tuple[Take, tuple[str, ...]]:
        """A clip as for any draft, with the marks that say where there is none."""
        self._count = len(self._steps.state.scenes)
        index = clip.scene_id
        try:
            take = await self._making.clip(step, f"{name} · clip", clip.film_plan_key, clip.first_frame)
        except ActivityError as error:
            self._fall_back(index, error)
            take = await self._making.move(step, f"{name} · camera move")
        falls = index in self._fallen or (
            clip.footage_of is not None and self._making.goes_without_footage(clip.footage_of)
        )
        return take, (FALLBACK, FREE_RETRY) if falls else ()

    async def _assemble(self, parts: AssembleStep) -> DocumentRef:
        self._steps.begin(StageName.ASSEMBLY, "Joining the scenes with the song.")
        assemble = AssemblyActivities.assemble_video
        return await self._steps.do(StageName.ASSEMBLY, assemble, parts, self._policies.assemble, "join and mux")

    def _parts(
        self, song: SongReady, story: StoryStep, plan: PlanRef, sections: Sequence["FilmedSection"]
    ) -> AssembleStep:
        request = self._request
        return AssembleStep(
            account_id=request.account_id,
            video_id=request.video_id,
            song_id=request.song_id,
            profile=request.profile,
            version=1,
            plan_key=plan.key,
            soundtrack_key=song.soundtrack_key,
            prompts=tuple(section.prompts for section in sections),
            takes=tuple(takes for section in sections for takes in section.takes),
            analysis_key=song.analysis_key,
            brief_key=story.brief_key,
            treatment_key=story.treatment_key,
            casting_key=story.casting_key,
            other_words=tuple(sorted(self._other_words, key=lambda words: words.scene_index)),
            profile_revision=request.profile_revision,
            still_model=self._making.media.still_model,
            clip_model=self._making.media.clip_model,
        )

    def _name(self, index: int, piece: str) -> str:
        return f"scene {index + 1}/{self._count} · {piece}"


@dataclass(frozen=True)
class FilmedSection:
    """A section's prompts and its takes, in order."""

    prompts: SectionPrompts
    takes: list[SceneTakes]
