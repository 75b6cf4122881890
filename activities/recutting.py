"""Segments for the scenes of an edited timeline: cut from the clip that is stored, or a camera move where it is short.

Side effects: one MP4 per segment in the object store. Idempotency: its key comes from the clip, the part that is shown,
and the profile; so the same edit, undone and done again, finds its segments.
"""

from collections.abc import Sequence
from pathlib import Path

from activities.imagery import prompt_of
from activities.ports.engines import Animator, Conformer, OwnFilmer, Planner
from activities.ports.stores import ObjectStore
from activities.steps import load, pulse, scratch
from models.bought_clips import conformed_digest, digest_in, part_behind
from models.cut_grid import ClipOf, ClipPart, Grid, is_longer, own_segment, settled
from models.footage import OwnCut
from models.ids import digest_of
from models.object_keys import is_footage, is_own_clip, is_still, segment_key, video_prefix
from models.profiles import Profile, profile_of
from models.song import SongAnalysis
from models.takes import AnimationRequest, ClipCut
from models.timeline import Timeline, TimelineScene

CUTS_AT_ONCE = 8
"""Segments cut in one child process: what is stored of them survives a lost worker."""


class Recutter:
    """Finds the clips behind segments, and makes segments of them."""

    def __init__(
        self, objects: ObjectStore, conformer: Conformer, planner: Planner, mover: Animator, own: OwnFilmer
    ) -> None:
        self._objects = objects
        self._conformer = conformer
        self._planner = planner
        self._mover = mover
        self._own = own

    def clips_of(self, account_id: str, timeline: Timeline) -> ClipOf:
        """A `ClipOf` for a video: the provider's clip where it is longer than the scene, otherwise the segment.

        A segment's key names its clip only by a digest, which is compared with those of all clips.
        """
        profile = profile_of(timeline.profile, timeline.profile_revision)
        prefix = f"{video_prefix(account_id, timeline.video_id)}footage/"
        footage: list[str] | None = None
        known: dict[tuple[str, int], ClipPart] = {}

        def clip_of(scene: TimelineScene) -> ClipPart:
            nonlocal footage
            if footage is None:
                footage = list(self._objects.list_keys(prefix))
            asked = scene.segment_key, scene.frame_count
            if asked not in known:
                known[asked] = self._clip_of(timeline, scene, profile, footage)
            return known[asked]

        return clip_of

    def made(self, account_id: str, timeline: Timeline) -> Timeline:
        """The timeline with a segment for each scene; stored segments are not made again."""
        wanted = [scene for scene in timeline.scenes if not scene.segment_key]
        if not wanted:
            return timeline
        profile = profile_of(timeline.profile, timeline.profile_revision)
        keys: dict[int, str] = {}
        cuts: dict[str, TimelineScene] = {}
        for scene in wanted:
            pulse()
            if is_longer(scene) and not scene.frozen:
                keys[scene.index] = self._moved(account_id, timeline, scene, profile)
            else:
                keys[scene.index] = key = self._cut_key(account_id, timeline.video_id, scene, profile)
                if self._objects.size(key) is None:
                    cuts[key] = scene
        for key, scene in list(cuts.items()):
            if is_own_clip(scene.clip_key) or is_still(scene.clip_key):
                self._cut_own(key, scene, profile)
                del cuts[key]
        left = list(cuts.items())
        while left:
            self._cut(left[:CUTS_AT_ONCE], profile)
            del left[:CUTS_AT_ONCE]
        scenes = tuple(
            settled(scene.model_copy(update={"segment_key": keys[scene.index]})) if scene.index in keys else scene
            for scene in timeline.scenes
        )
        return timeline.model_copy(update={"scenes": scenes})

    def _clip_of(self, timeline: Timeline, scene: TimelineScene, profile: Profile, footage: Sequence[str]) -> ClipPart:
        part = part_behind(timeline, scene, footage, self._conformer.method)
        if part is not None:
            key, begun = part
            with scratch() as folder:
                clip = folder / "clip.mp4"
                self._objects.get_file(key, clip)
                frames = self._conformer.length(clip, profile, pulse)
            # A clip that was slowed or held to fill its scene is cut as it was shown.
            if frames >= begun + scene.frame_count:
                return ClipPart(key, frames, begun)
        return own_segment(scene)

    def _cut_key(self, account_id: str, video_id: str, scene: TimelineScene, profile: Profile) -> str:
        frames, method = scene.frame_count, self._conformer.method
        if is_own_clip(scene.clip_key) or is_still(scene.clip_key):
            way = "freeze" if scene.frozen else "cut"
            digest = digest_of(way, scene.clip_key, scene.in_frame, frames, scene.focus, profile, self._own.method)
        elif is_footage(scene.clip_key) and not scene.in_frame and not scene.frozen:
            digest = conformed_digest(digest_in(scene.clip_key), frames, profile, method)
        else:
            way = "freeze" if scene.frozen else "cut"
            digest = digest_of(way, scene.clip_key, scene.in_frame, frames, profile, method)
        return segment_key(account_id, video_id, scene.identity, digest)

    def _cut(self, batch: Sequence[tuple[str, TimelineScene]], profile: Profile) -> None:
        with scratch() as folder:
            clips: dict[str, Path] = {}
            cuts: list[ClipCut] = []
            for number, (_, scene) in enumerate(batch):
                if scene.clip_key not in clips:
                    clips[scene.clip_key] = folder / f"clip-{len(clips)}.mp4"
                    self._objects.get_file(scene.clip_key, clips[scene.clip_key])
                cuts.append(
                    ClipCut(
                        clip=clips[scene.clip_key],
                        first_frame=scene.in_frame,
                        frame_count=scene.frame_count,
                        frozen=scene.frozen,
                        out=folder / f"segment-{number}.mp4",
                    )
                )
            self._conformer.cut(cuts, profile, pulse)
            for (key, _), cut in zip(batch, cuts, strict=True):
                self._objects.put_file(key, cut.out, "video/mp4")

    def _cut_own(self, key: str, scene: TimelineScene, profile: Profile) -> None:
        """Cut an own clip, or let an own picture stand still."""
        with scratch() as folder:
            clip, out = folder / f"clip{Path(scene.clip_key).suffix}", folder / "segment.mp4"
            self._objects.get_file(scene.clip_key, clip)
            cut = OwnCut(
                clip=str(clip),
                clip_s=float(scene.clip_frames / profile.fps),
                profile=profile,
                focus=scene.focus,
                first_frame=scene.in_frame,
                frame_count=scene.frame_count,
                frozen=scene.frozen,
                out=str(out),
            )
            self._own.cut(cut, pulse)
            self._objects.put_file(key, out, "video/mp4")

    def _moved(self, account_id: str, timeline: Timeline, scene: TimelineScene, profile: Profile) -> str:
        """A camera move over the scene's still, to the music of its place."""
        analysis = load(self._objects, timeline.analysis_key, SongAnalysis)
        request = AnimationRequest(
            prompt=prompt_of(self._objects, scene.prompts_key, scene.words_id),
            profile=profile,
            frame_count=scene.frame_count,
            cues=self._planner.cues(analysis, profile, scene.start_frame, scene.end_frame),
            variation=0 if scene.reprise_of is None else scene.identity,
        )
        digest = digest_of(request, scene.still_scene, scene.still, self._mover.method)
        key = segment_key(account_id, timeline.video_id, scene.identity, digest)
        if self._objects.size(key) is None:
            with scratch() as folder:
                still, out = folder / "still.png", folder / "segment.mp4"
                self._objects.get_file(scene.still_key, still)
                self._mover.animate(request, still, out, pulse)
                self._objects.put_file(key, out, "video/mp4")
        return key


def grid_of(objects: ObjectStore, timeline: Timeline) -> Grid:
    """Where cuts of a video may lie; without an analysis it has no beats.

    Raises:
        NotStored: The analysis is gone.
    """
    key = timeline.analysis_key
    return Grid.of(timeline, load(objects, key, SongAnalysis) if key else None)


def corrected_grid(objects: ObjectStore, timeline: Timeline, analysis_key: str) -> Grid | None:
    """Where cuts of a video may lie by a corrected analysis; None without one.

    Raises:
        NotStored: The analysis is gone.
    """
    if not analysis_key:
        return None
    return grid_of(objects, timeline.model_copy(update={"analysis_key": analysis_key}))
