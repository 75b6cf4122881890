"""Bought clips become segments.

Side effects: one MP4 in the object store. Idempotency: its key comes from the clip's content, the scene's length and
the profile. Render queue.
"""

from activities.finished import finished_size
from activities.ports.engines import Conformer
from activities.ports.stores import ObjectStore
from activities.steps import load, pulse, scratch, step
from models.bought_clips import conformed_digest
from models.object_keys import footage_key, segment_key, video_prefix
from models.paid_media import ConformStep
from models.profiles import profile_of
from models.storyboard import SequencePlan
from models.takes import ClipCut, Take


class FootageActivities:
    """Steps that cut bought clips to length and format."""

    def __init__(self, objects: ObjectStore, conformer: Conformer) -> None:
        self._objects = objects
        self._conformer = conformer

    @step
    def conform_clip(self, conform: ConformStep) -> Take:
        """Make a scene's segment from footage, unless it is stored."""
        scene = load(self._objects, conform.plan_key, SequencePlan).scene(conform.scene_index)
        profile = profile_of(conform.profile, conform.profile_revision)
        digest = conformed_digest(
            conform.footage, scene.frame_count, profile, self._conformer.method, conform.first_frame
        )
        key = segment_key(conform.account_id, conform.video_id, scene.index, digest)
        size_bytes = finished_size(self._objects, key, video_prefix(conform.account_id, conform.video_id))
        if size_bytes is None:
            with scratch() as folder:
                clip, out = folder / "clip.mp4", folder / "segment.mp4"
                source = footage_key(conform.account_id, conform.video_id, conform.footage_scene, conform.footage)
                self._objects.get_file(source, clip)
                begin, frames = conform.first_frame, scene.frame_count
                if begin and self._conformer.length(clip, profile, pulse) >= begin + frames:
                    self._conformer.cut(
                        [ClipCut(clip=clip, first_frame=begin, frame_count=frames, out=out)], profile, pulse
                    )
                else:
                    self._conformer.conform(clip, profile, frames, out, pulse)
                self._objects.put_file(key, out, "video/mp4")
                size_bytes = out.stat().st_size
        return Take(scene_index=scene.index, digest=digest, size_bytes=size_bytes)
