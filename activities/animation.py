"""A moving segment for each scene.

Side effects: one MP4 in the object store. Idempotency: its key comes from the prompt, the still, the music under the
scene, the profile and the animator's method. Render queue.
"""

from activities.finished import finished_size
from activities.imagery import prompt_of
from activities.ports.engines import Animator, Planner
from activities.ports.stores import ObjectStore
from activities.steps import load, pulse, scratch, step
from models.generation import ClipStep
from models.ids import digest_of
from models.object_keys import segment_key, still_key, video_prefix
from models.profiles import profile_of
from models.song import SongAnalysis
from models.storyboard import SequencePlan
from models.takes import AnimationRequest, Take


class AnimationActivities:
    """Steps that make segments."""

    def __init__(self, objects: ObjectStore, planner: Planner, animator: Animator, mover: Animator) -> None:
        self._objects = objects
        self._planner = planner
        self._animator = animator
        self._mover = mover

    @step
    def animate_still(self, clip: ClipStep) -> Take:
        """Render one scene's segment from its still, unless it is stored."""
        return self._film(clip, self._animator)

    @step
    def move_over_still(self, clip: ClipStep) -> Take:
        """A plain camera move over the still, for a scene whose clip cannot be made."""
        return self._film(clip, self._mover)

    def _film(self, clip: ClipStep, animator: Animator) -> Take:
        profile = profile_of(clip.profile, clip.profile_revision)
        scene = load(self._objects, clip.plan_key, SequencePlan).scene(clip.scene_index)
        analysis = load(self._objects, clip.analysis_key, SongAnalysis)
        request = AnimationRequest(
            prompt=prompt_of(self._objects, clip.prompts_key, scene.index),
            profile=profile,
            frame_count=scene.frame_count,
            cues=self._planner.cues(analysis, profile, scene.start_frame, scene.end_frame),
            variation=0 if scene.reprise_of is None else scene.index,
        )
        digest = digest_of(request, clip.still_scene, clip.still, animator.method)
        key = segment_key(clip.account_id, clip.video_id, scene.index, digest)
        size_bytes = finished_size(self._objects, key, video_prefix(clip.account_id, clip.video_id))
        if size_bytes is None:
            with scratch() as folder:
                still, out = folder / "still.png", folder / "segment.mp4"
                source = still_key(clip.account_id, clip.video_id, clip.still_scene, clip.still)
                self._objects.get_file(source, still)
                animator.animate(request, still, out, pulse)
                self._objects.put_file(key, out, "video/mp4")
                size_bytes = out.stat().st_size
        return Take(scene_index=scene.index, digest=digest, size_bytes=size_bytes)
