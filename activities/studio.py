"""Studio's steps around one operation: accepting it, preparing its take, and ending it.

Side effects: ledger entries and operations in SQL; prompts and shots in the object store; what the director was paid on
the run. Idempotency: the operation's key, and keys from the inputs. Main queue.
"""

import asyncio

from activities.imagery import prompt_of
from activities.ports import Director, ObjectStore, Operations, RunPlanners, RunRegistry, SpendingBook, Vault
from activities.spending import paid_by
from activities.steps import load, pulse, save, step
from activities.wording import as_made, keep_words
from models.brief import Brief
from models.failures import InvalidInput, NotStored
from models.media_models import PromptLimits
from models.progress import FailureNote, StageName
from models.routing import (
    digest_of,
    regenerate_workflow_id,
    segment_key,
    still_key,
    studio_operation_key,
    video_prefix,
)
from models.storyboard import PromptList, ScenePrompt, SequencePlan, Shot, ShotList, framing_named
from models.studio import (
    EndStep,
    MadeStep,
    OpenOperation,
    OperationRef,
    Outcome,
    Retake,
    SceneEdit,
    SceneTake,
    StudioKind,
    StudioOperation,
    StudioOrder,
    StudioReady,
    StudioState,
    Ticket,
    VideoStep,
)
from models.timeline import CLIP_STALE, DIRECTED_LOCALLY, FALLBACK, Timeline
from models.treatment import Casting, Treatment

AWAIT_POLL_S = 0.5
_LOST = FailureNote(type="Lost", sentence="Its work was ended from outside; the credits are back.")


class StudioActivities:
    """Steps on Studio operations.

    Args:
        objects: Where documents and pictures lie.
        vault: Versions.
        operations: The rows of operations.
        director: Words who, where and how.
        spending: What the director was paid.
        runs: Which runs are open.
        limits: Of the prompts that bought pictures and clips are made from; None: nothing is bought.
        planners: Know what the models of a video take that has its own.
    """

    def __init__(
        self,
        objects: ObjectStore,
        vault: Vault,
        operations: Operations,
        director: Director,
        spending: SpendingBook,
        runs: RunRegistry,
        limits: PromptLimits | None = None,
        planners: RunPlanners | None = None,
    ) -> None:
        self._objects = objects
        self._vault = vault
        self._operations = operations
        self._director = director
        self._spending = spending
        self._runs = runs
        self._limits = limits
        self._planners = planners

    @step
    def open_studio(self, video: VideoStep) -> StudioReady:
        """What a run must know of a video; refused where the Vault has no version 1."""
        account_id, video_id = video.account_id, video.video_id
        try:
            newest = self._vault.timeline(account_id, video_id)
        except NotStored:
            raise InvalidInput(f"There is no finished video {video_id} in the Vault.", code="no_video") from None
        operations = [one for one in self._operations.of_video(account_id, video_id) if one.is_open]
        return StudioReady(
            version=newest.version,
            scene_count=len(newest.scenes),
            credits_charged=self._operations.generation_cost(account_id, video_id),
            operations=tuple(
                OpenOperation(
                    operation_id=one.order.operation_id, kind=one.order.kind, scene_index=one.order.scene_index
                )
                for one in operations
            ),
        )

    @step
    def accept_operation(self, order: StudioOrder) -> Ticket:
        """Check an order against the video, hold its price, and write it down."""
        edit = order.edit
        self._check_length(order)
        if edit.character_ids is not None or edit.location_id is not None:
            self._check_cast(order)
        return self._operations.accept(order)

    @step
    def prepare_take(self, ref: OperationRef) -> Retake:
        """The scene's prompt and shot as the operation wants them, and the still that it shows."""
        order, timeline = self._base(self._operation(ref))
        scene = timeline.scenes[order.scene_index or 0]
        prefix = video_prefix(ref.account_id, ref.video_id)
        stem = f"{scene.index:03d}-{digest_of(order, scene)}"
        prompts_key, shots_key = f"{prefix}studio/prompts-{stem}.json", f"{prefix}studio/shots-{stem}.json"
        if self._objects.size(prompts_key) is None:
            shots = load(self._objects, scene.shots_key, ShotList).shots
            shot = _edited_shot(next(one for one in shots if one.scene_index == scene.index), order.edit)
            prompt = self._prompt(order, timeline, shot)
            save(self._objects, shots_key, ShotList(shots=(shot,)))
            save(self._objects, prompts_key, PromptList(prompts=(prompt,)))
        return Retake(
            kind=order.kind,
            profile=timeline.profile,
            scene_index=scene.index,
            scene_count=len(timeline.scenes),
            plan_key=timeline.plan_key,
            analysis_key=timeline.analysis_key,
            prompts_key=prompts_key,
            shots_key=shots_key,
            still_scene=scene.still_scene,
            still=scene.still,
            profile_revision=timeline.profile_revision,
            still_model=timeline.still_model,
            clip_model=timeline.clip_model,
        )

    @step
    def record_take(self, made: MadeStep) -> Outcome:
        """Write the finished take into the Vault, under its operation."""
        ref = made.operation
        order, timeline = self._base(self._operation(ref))
        scene = timeline.scenes[order.scene_index or 0]
        asked, prompts_key = prompt_of(self._objects, made.prompts_key, scene.index), made.prompts_key
        prompt = as_made(self._objects, asked, made.image_words, made.motion_words)
        if prompt != asked:
            prompts_key = keep_words(self._objects, ref.account_id, ref.video_id, prompt)
        (shot,) = load(self._objects, made.shots_key, ShotList).shots
        if order.kind is StudioKind.IMAGE:
            marks: tuple[str, ...] = (CLIP_STALE,)
        else:
            # A clip over a neighbour's still is still not the scene's own picture.
            borrowed = made.still_scene not in (scene.index, scene.reprise_of)
            marks = (FALLBACK,) if borrowed else ()
        if prompt.filled_locally:
            marks = (*marks, DIRECTED_LOCALLY)
        take = SceneTake(
            scene_index=scene.index,
            take_id=order.operation_id,
            prompt=prompt.image_prompt,
            motion_prompt=prompt.motion_prompt,
            seed=prompt.seed,
            camera_move=prompt.camera_move,
            character_ids=shot.character_ids,
            location_id=shot.location_id,
            still_scene=made.still_scene,
            still=made.still,
            still_key=still_key(ref.account_id, ref.video_id, made.still_scene, made.still),
            segment_key=segment_key(ref.account_id, ref.video_id, scene.index, made.segment),
            prompts_key=prompts_key,
            shots_key=made.shots_key,
            marks=marks,
        )
        return _outcome(self._operations.record_take(ref.account_id, _key(ref), take))

    @step
    async def await_operation(self, ref: OperationRef) -> Outcome:
        """Wait while another run's child works on the operation; one that was lost is given up."""
        child = regenerate_workflow_id(ref.video_id, ref.operation_id)
        while True:
            running = await self._runs.is_open(child)
            # Read after asking: a child that ended in between has recorded its take before.
            operation = await asyncio.to_thread(self._operation, ref)
            if operation.state is not StudioState.ACCEPTED:
                return _outcome(operation)
            if not running:
                return _outcome(await asyncio.to_thread(self._operations.give_up, ref.account_id, _key(ref), _LOST))
            pulse()
            await asyncio.sleep(AWAIT_POLL_S)

    @step
    def end_operation(self, end: EndStep) -> Outcome:
        """End an operation without a version; a delivered one stays delivered."""
        ref = end.operation
        return _outcome(self._operations.give_up(ref.account_id, _key(ref), end.note))

    def _operation(self, ref: OperationRef) -> StudioOperation:
        return self._operations.operation(ref.account_id, ref.video_id, ref.operation_id)

    def _base(self, operation: StudioOperation) -> tuple[StudioOrder, Timeline]:
        """The order, and the version that the artist saw: a version that came since must not change the answer."""
        order = operation.order
        return order, self._vault.timeline(order.account_id, order.video_id, operation.base_version)

    def _prompt(self, order: StudioOrder, timeline: Timeline, shot: Shot) -> ScenePrompt:
        """The shown take's prompt with the order's changes; who, where and how is worded by the director."""
        edit, index = order.edit, shot.scene_index
        prompt = prompt_of(self._objects, timeline.scenes[index].prompts_key, index)
        changes: dict[str, object] = {
            "seed": int(digest_of(order.operation_id)[:8], 16) if edit.seed is None else edit.seed
        }
        if edit.camera_move or edit.character_ids is not None or edit.location_id:
            scenes = load(self._objects, timeline.plan_key, SequencePlan).scenes[index : index + 1]
            story = (
                load(self._objects, timeline.brief_key, Brief),
                load(self._objects, timeline.treatment_key, Treatment),
                load(self._objects, timeline.casting_key, Casting),
            )
            with paid_by(self._spending, order.account_id, order.video_id, StageName.PROMPTS):
                (worded,) = self._directed(timeline).write_prompts(*story, scenes, ShotList(shots=(shot,))).prompts
            changes |= {"motion_prompt": worded.motion_prompt, "camera_move": worded.camera_move}
            if edit.character_ids is not None or edit.location_id:
                kept = {"scene_index", "seed", "motion_prompt", "camera_move"}
                changes |= {name: getattr(worded, name) for name in type(worded).model_fields if name not in kept}
                # A director words who is seen; whose references the still carries is the shot's.
                changes["character_ids"] = shot.character_ids
        if edit.prompt is not None:
            if order.kind is StudioKind.IMAGE:
                changes |= {"image_prompt": edit.prompt, "framing": framing_named(edit.prompt) or prompt.framing}
            else:
                changes["motion_prompt"] = edit.prompt
        return prompt.model_copy(update=changes)

    def _check_length(self, order: StudioOrder) -> None:
        """An artist's own words go to the model as they are: what it would not take is said before it is paid for."""
        length = len(order.edit.prompt or "")
        if self._limits is None or not length:
            return
        try:
            limits = self._own_limits(self._vault.timeline(order.account_id, order.video_id)) or self._limits
        except NotStored:
            return  # `accept` says so
        most = limits.image_max_chars if order.kind is StudioKind.IMAGE else limits.motion_max_chars
        if length > most:
            raise InvalidInput(
                f"This prompt has {length:,} characters; the {order.kind.value} model takes {most:,}: shorten it.",
                code="prompt_too_long",
            )

    def _own_limits(self, timeline: Timeline) -> PromptLimits | None:
        """What the models of a video take that was bought from models of its own; None: what the house's take."""
        if self._planners is None or not (timeline.still_model or timeline.clip_model):
            return None
        return self._planners(timeline.still_model, timeline.clip_model).prompt_limits

    def _directed(self, timeline: Timeline) -> Director:
        limits = self._own_limits(timeline)
        return self._director if limits is None else self._director.within(limits)

    def _check_cast(self, order: StudioOrder) -> None:
        try:
            timeline = self._vault.timeline(order.account_id, order.video_id)
        except NotStored:
            return  # `accept` says so
        treatment = load(self._objects, timeline.treatment_key, Treatment)
        people = {one.character_id for one in treatment.characters}
        places = {one.location_id for one in treatment.locations}
        strangers = set(order.edit.character_ids or ()) - people
        if strangers:
            known = ", ".join(sorted(people)) or "none"
            raise InvalidInput(f"{sorted(strangers)[0]!r} is not in this video; it has {known}.", code="no_character")
        if order.edit.location_id is not None and order.edit.location_id not in places:
            known = ", ".join(sorted(places)) or "none"
            raise InvalidInput(f"There is no place {order.edit.location_id!r}; it has {known}.", code="no_location")


def _edited_shot(shot: Shot, edit: SceneEdit) -> Shot:
    changes = {"camera_move": edit.camera_move, "character_ids": edit.character_ids, "location_id": edit.location_id}
    return shot.model_copy(update={name: value for name, value in changes.items() if value is not None})


def _key(ref: OperationRef) -> str:
    return studio_operation_key(ref.video_id, ref.operation_id)


def _outcome(operation: StudioOperation) -> Outcome:
    return Outcome(
        operation_id=operation.order.operation_id,
        state=operation.state,
        version=operation.version,
        failure=operation.failure,
    )
