"""Versions after the first: some scenes replaced or cut anew, everything else copied; and older versions joined again.

Side effects: an MP4 and its timeline in the object store, the version in the Vault, segments of edited scenes; MP4s of
versions between the first and the newest are removed, because the same bytes can be made again. Idempotency: the MP4's
key comes from its parts, the version from the operation. Render queue.
"""

from activities.joining import Joiner
from activities.own_takes import OwnTakes
from activities.ports.engines import Assembler
from activities.ports.stores import ObjectStore, Operations, Vault
from activities.recutting import Recutter, corrected_grid, grid_of
from activities.steps import save, step
from models.cut_grid import ClipOf
from models.failures import InvalidInput, NotStored
from models.generation import DocumentRef
from models.ids import digest_of, studio_operation_key
from models.object_keys import video_prefix
from models.recutting import apply_edits, show_take
from models.studio import Joined, OperationRef, SceneTake, StudioKind, StudioOperation, VersionStep, takes_of
from models.timeline import FREE_RETRY, Timeline, TimelineScene


class VersionActivities:
    """Steps that make versions of a video that is in the Vault."""

    def __init__(
        self,
        objects: ObjectStore,
        vault: Vault,
        operations: Operations,
        assembler: Assembler,
        recutter: Recutter,
        own_takes: OwnTakes,
    ) -> None:
        self._objects = objects
        self._vault = vault
        self._operations = operations
        self._joiner = Joiner(objects, assembler)
        self._recutter = recutter
        self._own_takes = own_takes

    @step
    def join_version(self, ref: OperationRef) -> Joined:
        """Join an operation's version on top of the newest one and store it; one at a time per video."""
        operation = self._operations.operation(ref.account_id, ref.video_id, ref.operation_id)
        version = operation.version
        if operation.is_open:
            edited = self._recutter.made(ref.account_id, self._edited(operation))
            timeline = self._joiner.addressed(ref.account_id, edited)
            self._joiner.join(timeline, self._vault.timeline(ref.account_id, ref.video_id))
            save(self._objects, _timeline_key(ref.account_id, timeline), timeline)
            key = studio_operation_key(ref.video_id, ref.operation_id)
            version = self._operations.deliver(ref.account_id, key, timeline)
        if version is None:
            return Joined(version=0)
        self._prune(ref)
        stored = self._vault.timeline(ref.account_id, ref.video_id, version)
        key = _timeline_key(ref.account_id, stored)
        return Joined(version=version, timeline_key=key, scene_count=len(stored.scenes))

    @step
    def rebuild_version(self, asked: VersionStep) -> DocumentRef:
        """Join a version's MP4 again, unless it is stored."""
        try:
            timeline = self._vault.timeline(asked.account_id, asked.video_id, asked.version)
        except NotStored:
            raise InvalidInput(f"There is no version {asked.version} of {asked.video_id}.", code="no_version") from None
        self._joiner.join(timeline, self._vault.timeline(asked.account_id, asked.video_id))
        return DocumentRef(key=timeline.video_key)

    def _edited(self, operation: StudioOperation) -> Timeline:
        """The next version's timeline, without the key of its MP4."""
        order = operation.order
        account_id, video_id = order.account_id, order.video_id
        newest = self._vault.timeline(account_id, video_id)
        clip_of = self._recutter.clips_of(account_id, newest)
        if order.kind is StudioKind.RESTORE:
            edited = self._vault.timeline(account_id, video_id, order.version)
        elif order.kind is StudioKind.EDIT:
            # On top of the newest version: a take that was under way may have been delivered meanwhile.
            takes = self._operations.takes(account_id, video_id)
            grid, corrected = grid_of(self._objects, newest), corrected_grid(self._objects, newest, order.analysis_key)
            edited = apply_edits(newest, order.edits, grid, takes, clip_of, corrected=corrected)
        else:
            edited = self._with_take(newest, operation, clip_of)
        spent = self._operations.spent_retries(account_id, video_id)
        scenes = tuple(
            scene.model_copy(update={"marks": tuple(mark for mark in scene.marks if mark != FREE_RETRY)})
            if scene.identity in spent
            else scene
            for scene in edited.scenes
        )
        next_id = max(edited.next_id, newest.next_id)
        changes = {"version": newest.version + 1, "scenes": scenes}
        return edited.model_copy(update=changes | {"next_scene_id": 0 if next_id == len(scenes) else next_id})

    def _with_take(self, newest: Timeline, operation: StudioOperation, clip_of: ClipOf) -> Timeline:
        scene = newest.find(operation.order.scene or 0)
        if scene is None:
            raise InvalidInput(
                "The scene is no longer in the video: it was merged, or a version without it is shown again.",
                "no_scene",
            )
        return show_take(newest, self._take(operation, newest, scene), clip_of, scene.identity)

    def _take(self, operation: StudioOperation, newest: Timeline, scene: TimelineScene) -> SceneTake:
        order = operation.order
        if order.kind is StudioKind.OWN and operation.take is None:
            take = self._own_takes.made(operation, newest, scene)
            self._operations.record_take(order.account_id, operation.operation_key, take)
            return take
        if order.kind is not StudioKind.CHOOSE:
            if operation.take is None:
                raise NotStored(operation.operation_key)
            return operation.take.measured(self._vault.timeline(order.account_id, order.video_id, 1))
        for take in takes_of(scene, self._operations.takes(order.account_id, order.video_id)):
            if take.take_id == order.take_id:
                return take
        raise InvalidInput(f"Scene {scene.index + 1} has no take {order.take_id!r} any more.", "no_take")

    def _prune(self, ref: OperationRef) -> None:
        first, newest = (self._vault.timeline(ref.account_id, ref.video_id, version) for version in (1, None))
        for key in list(self._objects.list_keys(f"{video_prefix(ref.account_id, ref.video_id)}versions/")):
            if key.endswith(".mp4") and key not in (first.video_key, newest.video_key):
                self._objects.delete_prefix(key)


def _timeline_key(account_id: str, timeline: Timeline) -> str:
    return f"{video_prefix(account_id, timeline.video_id)}versions/{timeline.version}-{digest_of(timeline)}.json"
