"""Segments and soundtrack become a video, and the video becomes a version.

Side effects: the MP4 and its timeline in the object store; the version in the Vault. Idempotency: keys are derived from
all parts; the Vault inserts a version once. Render queue for joining, orchestrate for the rest.
"""

from activities.drafting import Drafted
from activities.joining import Joiner
from activities.ports.engines import Assembler
from activities.ports.stores import ObjectStore, Vault
from activities.steps import load, save, step
from models.generation import (
    AssembleStep,
    DeliverStep,
    Delivery,
    Discarded,
    DiscardStep,
    DocumentRef,
)
from models.ids import digest_of
from models.object_keys import video_prefix
from models.timeline import Timeline


class AssemblyActivities:
    """Steps that join and deliver."""

    def __init__(self, objects: ObjectStore, vault: Vault, assembler: Assembler) -> None:
        self._objects = objects
        self._vault = vault
        self._drafted = Drafted(objects)
        self._joiner = Joiner(objects, assembler)

    @step
    def assemble_video(self, parts: AssembleStep) -> DocumentRef:
        """Join all segments with the soundtrack by stream copy, and write the timeline."""
        prefix = video_prefix(parts.account_id, parts.video_id)
        # Left out of the digest, so that keys from before runs chose their own models stay the same.
        models = {"still_model", "clip_model"}
        timeline_key = f"{prefix}versions/{parts.version}-{digest_of(parts.model_dump_json(exclude=models))}.json"
        if self._objects.size(timeline_key) is None:
            timeline = self._joiner.addressed(parts.account_id, self._drafted.timeline(parts))
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
        """Remove all objects of a draft that failed or was cancelled; a delivered video is never touched."""
        if self._vault.is_delivered(draft.account_id, draft.video_id):
            return Discarded(count=0)
        return Discarded(count=self._objects.delete_prefix(video_prefix(draft.account_id, draft.video_id)))
