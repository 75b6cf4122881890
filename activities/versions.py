"""Versions after the first: one scene replaced, everything else copied; and older versions joined again on demand.

Side effects: an MP4 and its timeline in the object store, the version in the Vault; MP4s of versions between the first
and the newest are removed, because the same bytes can be made again. Idempotency: the MP4's key comes from its parts,
the version from the operation. Render queue.
"""

from activities.joining import Joiner
from activities.ports import Assembler, ObjectStore, Operations, Vault
from activities.steps import save, step
from models.failures import InvalidInput, NotStored
from models.generation import DocumentRef
from models.routing import digest_of, studio_operation_key, video_prefix
from models.studio import Joined, OperationRef, SceneTake, StudioKind, StudioOperation, VersionStep
from models.timeline import FREE_RETRY, Timeline


class VersionActivities:
    """Steps that make versions of a video that is in the Vault."""

    def __init__(self, objects: ObjectStore, vault: Vault, operations: Operations, assembler: Assembler) -> None:
        self._objects = objects
        self._vault = vault
        self._operations = operations
        self._joiner = Joiner(objects, assembler)

    @step
    def join_version(self, ref: OperationRef) -> Joined:
        """Join an operation's version on top of the newest one and store it; runs of one video do so one at a time."""
        operation = self._operations.operation(ref.account_id, ref.video_id, ref.operation_id)
        version = operation.version
        if operation.is_open:
            timeline = self._joiner.addressed(ref.account_id, self._edited(operation))
            self._joiner.join(timeline, self._vault.timeline(ref.account_id, ref.video_id))
            save(self._objects, _timeline_key(ref.account_id, timeline), timeline)
            key = studio_operation_key(ref.video_id, ref.operation_id)
            version = self._operations.deliver(ref.account_id, key, timeline)
        if version is None:
            return Joined(version=0)
        self._prune(ref)
        stored = self._vault.timeline(ref.account_id, ref.video_id, version)
        return Joined(version=version, timeline_key=_timeline_key(ref.account_id, stored))

    @step
    def rebuild_version(self, asked: VersionStep) -> DocumentRef:
        """Join a version's MP4 again, unless it is there."""
        try:
            timeline = self._vault.timeline(asked.account_id, asked.video_id, asked.version)
        except NotStored:
            raise InvalidInput(f"There is no version {asked.version} of {asked.video_id}.", code="no_version") from None
        self._joiner.join(timeline, self._vault.timeline(asked.account_id, asked.video_id))
        return DocumentRef(key=timeline.video_key)

    def _edited(self, operation: StudioOperation) -> Timeline:
        """The next version's timeline, not yet addressed."""
        order = operation.order
        account_id, video_id = order.account_id, order.video_id
        newest = self._vault.timeline(account_id, video_id)
        if order.kind is StudioKind.RESTORE:
            edited = self._vault.timeline(account_id, video_id, order.version)
        else:
            edited = self._take(operation).shown_in(newest)
        spent = self._operations.spent_retries(account_id, video_id)
        scenes = tuple(
            scene.model_copy(update={"marks": tuple(mark for mark in scene.marks if mark != FREE_RETRY)})
            if scene.index in spent
            else scene
            for scene in edited.scenes
        )
        return edited.model_copy(update={"version": newest.version + 1, "scenes": scenes})

    def _take(self, operation: StudioOperation) -> SceneTake:
        order = operation.order
        if order.kind is not StudioKind.CHOOSE:
            if operation.take is None:
                raise NotStored(operation.operation_key)
            return operation.take
        takes = self._operations.takes(order.account_id, order.video_id)
        return next(t for t in takes if t.scene_index == order.scene_index and t.take_id == order.take_id)

    def _prune(self, ref: OperationRef) -> None:
        first, newest = (self._vault.timeline(ref.account_id, ref.video_id, version) for version in (1, None))
        for key in list(self._objects.list_keys(f"{video_prefix(ref.account_id, ref.video_id)}versions/")):
            if key.endswith(".mp4") and key not in (first.video_key, newest.video_key):
                self._objects.delete_prefix(key)


def _timeline_key(account_id: str, timeline: Timeline) -> str:
    return f"{video_prefix(account_id, timeline.video_id)}versions/{timeline.version}-{digest_of(timeline)}.json"
