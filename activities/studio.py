"""Studio's steps around one operation: accept it, prepare its take, end it.

Side effects: ledger entries and operations in SQL; prompts and shots in the object store; the director's cost on the
run's bill. Idempotency: the operation's key, and keys derived from the inputs. Provide queue for accepting
and preparing, orchestrate for the rest.
"""

import asyncio

from activities.imagery import prompt_of
from activities.ports.engines import Director, RunPlanners
from activities.ports.runs import RunRegistry
from activities.ports.stores import ObjectStore, Operations, SpendingBook, Vault
from activities.recutting import corrected_grid, grid_of
from activities.retakes import Retakes
from activities.steps import load, pulse, save, step
from activities.wording import as_made, keep_words
from models.cut_grid import clips_among
from models.edits import MOST_EDITS
from models.failures import InvalidInput, NotStored
from models.ids import digest_of, regenerate_workflow_id, studio_operation_key
from models.media_models import PromptLimits
from models.object_keys import segment_key, still_key, video_prefix
from models.progress import FailureNote
from models.recutting import apply_edits
from models.storyboard import PromptList, ShotList
from models.studio import (
    AcceptedOperation,
    EndStep,
    MadeStep,
    OpenOperation,
    OperationRef,
    Outcome,
    Retake,
    SceneTake,
    StudioKind,
    StudioOperation,
    StudioOrder,
    StudioReady,
    StudioState,
    VideoStep,
)
from models.timeline import CLIP_STALE, DIRECTED_LOCALLY, FALLBACK, Timeline, TimelineScene

AWAIT_POLL_S = 0.5
_LOST = FailureNote(type="Lost", sentence="The work was terminated from outside. The credits are back.")


class StudioActivities:
    """Steps on Studio operations.

    Args:
        objects: The store of documents and pictures.
        vault: Versions.
        operations: The rows of operations.
        director: Words who is seen, where and how.
        spending: Records the director's cost.
        runs: The registry of open runs.
        limits: Limits on prompts for bought pictures and clips; None: nothing is bought.
        planners: Know the prompt limits of a video's own models.
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
        self._runs = runs
        self._retakes = Retakes(objects, director, spending, limits, planners)

    @step
    def open_studio(self, video: VideoStep) -> StudioReady:
        """What a run needs to know of a video; refused if the Vault has no version 1."""
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
                OpenOperation(operation_id=one.order.operation_id, kind=one.order.kind, scene_index=one.order.scene)
                for one in operations
            ),
        )

    @step
    def accept_operation(self, order: StudioOrder) -> AcceptedOperation:
        """Check an order against the video, hold its price, and record it."""
        self._check_words(order)
        is_new = order.kind is StudioKind.EDIT and not self._is_known(order)
        gone = self._tried(order) if is_new else frozenset()
        return self._operations.accept(order, gone)

    @step
    def prepare_take(self, ref: OperationRef) -> Retake:
        """The scene's prompt and shot with the operation's changes, and the still that the scene shows."""
        order, timeline, scene = self._base(self._operation(ref))
        prefix = video_prefix(ref.account_id, ref.video_id)
        stem = f"{scene.identity:03d}-{digest_of(order, scene)}"
        prompts_key, shots_key = f"{prefix}studio/prompts-{stem}.json", f"{prefix}studio/shots-{stem}.json"
        if self._objects.size(prompts_key) is None:
            shot = self._retakes.shot(timeline, scene, order.edit)
            prompt = self._retakes.prompt(order, timeline, scene, shot)
            save(self._objects, shots_key, ShotList(shots=(shot,)))
            save(self._objects, prompts_key, PromptList(prompts=(prompt,)))
        return Retake(
            kind=order.kind,
            profile=timeline.profile,
            scene_index=scene.identity,
            scene_count=len(timeline.scenes),
            plan_key=self._retakes.plan_key(
                timeline, self._retakes.place(timeline, scene), f"{prefix}studio/plan-{stem}.json"
            ),
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
        """Record the finished take in the Vault, under its operation."""
        ref = made.operation
        order, _, scene = self._base(self._operation(ref))
        asked, prompts_key = prompt_of(self._objects, made.prompts_key, scene.identity), made.prompts_key
        prompt = as_made(self._objects, asked, made.image_words, made.motion_words)
        if prompt != asked:
            prompts_key = keep_words(self._objects, ref.account_id, ref.video_id, prompt)
        (shot,) = load(self._objects, made.shots_key, ShotList).shots
        if order.kind is StudioKind.IMAGE:
            marks: tuple[str, ...] = (CLIP_STALE,)
        else:
            # A clip over a neighbour's still still does not make it the scene's own picture.
            own = (scene.identity, scene.reprise_of, scene.shows_scene)
            borrowed = FALLBACK in scene.marks and made.still_scene not in own
            marks = (FALLBACK,) if borrowed else ()
        if prompt.filled_locally:
            marks = (*marks, DIRECTED_LOCALLY)
        take = SceneTake(
            scene_index=scene.identity,
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
            segment_key=segment_key(ref.account_id, ref.video_id, scene.identity, made.segment),
            prompts_key=prompts_key,
            shots_key=made.shots_key,
            marks=marks,
            frames=scene.frame_count,
        )
        return _outcome(self._operations.record_take(ref.account_id, _key(ref), take))

    @step
    async def await_operation(self, ref: OperationRef) -> Outcome:
        """Wait while another run's child works on the operation; give up an operation whose child is gone."""
        child = regenerate_workflow_id(ref.video_id, ref.operation_id)
        while True:
            running = await self._runs.is_open(child)
            # Read after asking: a child that ended in between had recorded its take before it ended.
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

    def _base(self, operation: StudioOperation) -> tuple[StudioOrder, Timeline, TimelineScene]:
        """The order, and what the artist saw: a newer version must not change the answer."""
        order = operation.order
        timeline = self._vault.timeline(order.account_id, order.video_id, operation.base_version)
        scene = timeline.find(order.scene or 0)
        if scene is None:
            raise NotStored(operation.operation_key)
        return order, timeline, scene

    def _check_words(self, order: StudioOrder) -> None:
        edit = order.edit
        if not edit.prompt and edit.character_ids is None and edit.location_id is None and edit.like is None:
            return
        try:
            timeline = self._vault.timeline(order.account_id, order.video_id)
        except NotStored:
            return  # `accept` reports it
        self._retakes.check_length(timeline, order.kind, edit.prompt)
        if edit.character_ids is not None or edit.location_id is not None:
            self._retakes.check_cast(timeline, edit)
        if edit.like is not None:
            self._retakes.check_like(timeline, edit.like, order.scene)

    def _is_known(self, order: StudioOrder) -> bool:
        """Whether this order was accepted before: a repeated edit need not be possible twice."""
        try:
            self._operations.operation(order.account_id, order.video_id, order.operation_id)
        except NotStored:
            return False
        return True

    def _tried(self, order: StudioOrder) -> frozenset[int]:
        """Try edits: what cannot be done is refused before it is accepted. Clips' lengths are not known here.

        Returns:
            The ids of the scenes that vanish.
        """
        if not order.edits or len(order.edits) > MOST_EDITS:
            raise InvalidInput(f"One version is made of 1 to {MOST_EDITS} edits.", code="edit")
        try:
            timeline = self._vault.timeline(order.account_id, order.video_id)
        except NotStored:
            return frozenset()  # `accept` reports it
        if order.base_version not in (None, timeline.version):
            return frozenset()  # `accept` reports it
        grid = grid_of(self._objects, timeline)
        takes = self._operations.takes(order.account_id, order.video_id)
        footage = self._objects.list_keys(f"{video_prefix(order.account_id, order.video_id)}footage/")
        corrected = corrected_grid(self._objects, timeline, order.analysis_key)
        edited = apply_edits(timeline, order.edits, grid, takes, clips_among(footage, timeline), corrected=corrected)
        return frozenset(scene.identity for scene in timeline.scenes if edited.find(scene.identity) is None)


def _key(ref: OperationRef) -> str:
    return studio_operation_key(ref.video_id, ref.operation_id)


def _outcome(operation: StudioOperation) -> Outcome:
    return Outcome(
        operation_id=operation.order.operation_id,
        state=operation.state,
        version=operation.version,
        failure=operation.failure,
    )
