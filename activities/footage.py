"""Bought clips become segments.

Side effects: one MP4 in the object store. Idempotency: its key comes from the clip's content, the scene's length and
the profile. Render queue.
"""

from activities.ports import Conformer, ObjectStore
from activities.steps import load, pulse, scratch, step
from models.paid_media import ConformStep
from models.profiles import profile_of
from models.routing import digest_of, footage_key, segment_key
from models.storyboard import SequencePlan
from models.takes import Take


class FootageActivities:
    """Steps that cut bought clips to length and format."""

    def __init__(self, objects: ObjectStore, conformer: Conformer) -> None:
        self._objects = objects
        self._conformer = conformer

    @step
    def conform_clip(self, conform: ConformStep) -> Take:
        """Make a scene's segment from footage, unless it is there already."""
        scene = load(self._objects, conform.plan_key, SequencePlan).scenes[conform.scene_index]
        profile = profile_of(conform.profile, conform.profile_revision)
        digest = digest_of("conform", conform.footage, scene.frame_count, profile, type(self._conformer).__name__)
        key = segment_key(conform.account_id, conform.video_id, scene.index, digest)
        size_bytes = self._objects.size(key)
        if size_bytes is None:
            with scratch() as folder:
                clip, out = folder / "clip.mp4", folder / "segment.mp4"
                source = footage_key(conform.account_id, conform.video_id, conform.footage_scene, conform.footage)
                self._objects.get_file(source, clip)
                self._conformer.conform(clip, profile, scene.frame_count, out, pulse)
                self._objects.put_file(key, out, "video/mp4")
                size_bytes = out.stat().st_size
        return Take(scene_index=scene.index, digest=digest, size_bytes=size_bytes)
