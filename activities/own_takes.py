"""Takes of an artist's own pictures and clips: copied beside the video, so that they outlive the Vault's.

Side effects: the clip's copy, a still, a segment and the scene's words in the object store. Idempotency: their keys
come from the file, the part that is shown, and the profile.
"""

from dataclasses import dataclass
from pathlib import Path

from activities.imagery import prompt_of
from activities.ports.engines import OwnFilmer
from activities.ports.stores import FootageShelf, ObjectStore
from activities.recutting import Recutter
from activities.steps import load, pulse, save, scratch
from models.cut_grid import has_short_clip
from models.failures import InvalidInput, NotStored
from models.footage import Focus, FootageKind, FootageRef, OwnCut, OwnShot, clip_frames, refuse_unfit
from models.ids import digest_of
from models.object_keys import own_clip_key, segment_key, still_key, video_prefix
from models.profiles import Profile, profile_of
from models.recutting import show_take
from models.storyboard import PromptList, ShotList
from models.stretches import ObjectStretch
from models.studio import SceneTake, StudioOperation
from models.takes import Take
from models.timeline import FREE_RETRY, OWN, Timeline, TimelineScene


@dataclass(frozen=True)
class _Work:
    """One take to make: what is shown where."""

    account_id: str
    timeline: Timeline
    scene: TimelineScene
    shot: OwnShot
    footage: FootageRef
    profile: Profile

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture, and no clip."""
        return self.footage.kind is FootageKind.PICTURE

    @property
    def clip_frames(self) -> int:
        """How many frames the clip has."""
        return clip_frames(self.footage, self.profile)

    @property
    def in_frame(self) -> int:
        """The clip's first frame that is shown."""
        return 0 if self.is_picture else self.profile.frame_at(self.shot.in_s)


class OwnTakes:
    """Makes takes of own pictures and clips."""

    def __init__(self, objects: ObjectStore, footage: FootageShelf, filmer: OwnFilmer, recutter: Recutter) -> None:
        self._objects = objects
        self._footage = footage
        self._filmer = filmer
        self._recutter = recutter

    def made(self, operation: StudioOperation, timeline: Timeline, scene: TimelineScene) -> SceneTake:
        """The take of an operation, for a scene as it is in a version.

        Raises:
            InvalidInput: The picture or clip was deleted meanwhile.
            MediaCorrupt: It cannot be read.
        """
        order = operation.order
        assert order.own is not None, "checked when it was accepted"
        work = self._work(order.account_id, order.own, timeline, scene)
        take = self._described(work, order.operation_id)
        if not work.is_picture and work.clip_frames < scene.frame_count:
            return take.model_copy(update={"segment_key": self._filled(work)})
        take = self._with_clip(work, take)
        shown = self._recutter.made(order.account_id, show_take(timeline, take, scene_id=scene.identity))
        made = shown.find(scene.identity)
        assert made is not None
        return take.model_copy(update={"segment_key": made.segment_key})

    def placed(
        self, account_id: str, take_id: str, shot: OwnShot, timeline: Timeline, scene: TimelineScene
    ) -> SceneTake:
        """A take for a scene of a storyboard: everything but the segment, which its last cuts will decide on.

        Raises:
            InvalidInput: The picture or clip is not in the Vault, or it begins too late for the scene.
            MediaCorrupt: It cannot be read.
        """
        work = self._work(account_id, shot, timeline, scene)
        refuse_unfit(work.footage, shot, work.profile, scene.frame_count, scene.index + 1)
        return self._with_clip(work, self._described(work, take_id))

    def segment(self, account_id: str, timeline: Timeline, scene: TimelineScene) -> Take:
        """The segment of a placed take, from the video's own copy; a clip that is too short is filled, as in `made`."""
        profile = profile_of(timeline.profile, timeline.profile_revision)
        if has_short_clip(scene):
            digest = digest_of("own", scene.clip_key, scene.focus, scene.frame_count, profile, self._filmer.method)
            key = segment_key(account_id, timeline.video_id, scene.identity, digest)
            if self._objects.size(key) is None:
                with scratch() as folder:
                    clip = folder / f"own{Path(scene.clip_key).suffix}"
                    self._objects.get_file(scene.clip_key, clip)
                    length_s = float(scene.clip_frames / profile.fps)
                    self._fill(key, clip, length_s, scene.focus, scene.frame_count, profile)
        else:
            (made,) = self._recutter.made(account_id, timeline.model_copy(update={"scenes": (scene,)})).scenes
            key = made.segment_key
        digest = key.rpartition("/")[2].partition("-")[2].removesuffix(".mp4")
        return Take(scene_index=scene.identity, digest=digest, size_bytes=self._objects.size(key) or 0)

    def _work(self, account_id: str, shot: OwnShot, timeline: Timeline, scene: TimelineScene) -> _Work:
        try:
            footage = self._footage.get(account_id, shot.footage_id)
        except NotStored:
            sentence = "This picture or clip is no longer in your Vault: upload it again."
            raise InvalidInput(sentence, "no_footage") from None
        profile = profile_of(timeline.profile, timeline.profile_revision)
        return _Work(account_id, timeline, scene, shot, footage, profile)

    def _with_clip(self, work: _Work, take: SceneTake) -> SceneTake:
        return take.model_copy(
            update={
                "clip_key": take.still_key if work.is_picture else self._copied(work),
                "clip_frames": work.clip_frames,
                "in_frame": work.in_frame,
                # The oldest videos keep no plan of the camera.
                "frozen": work.shot.stands_still or (work.is_picture and not work.scene.prompts_key),
            }
        )

    def _described(self, work: _Work, take_id: str) -> SceneTake:
        """The take with its still and its words, without a segment."""
        scene, account_id, video_id = work.scene, work.account_id, work.timeline.video_id
        still = self._still(work)
        take = SceneTake.of(scene).model_copy(
            update={
                "take_id": take_id,
                "still_scene": scene.identity,
                "still": still,
                "still_key": still_key(account_id, video_id, scene.identity, still),
                "segment_key": "",
                "clip_key": "",
                "clip_frames": 0,
                "in_frame": 0,
                "frozen": False,
                "marks": (OWN, *(mark for mark in scene.marks if mark == FREE_RETRY)),
                "footage_id": work.footage.footage_id,
                "focus": work.shot.focus,
            }
        )
        return take.model_copy(update=self._words(work)) if scene.prompts_key else take

    def _words(self, work: _Work) -> dict[str, str]:
        """The scene's words under its own id: those of a part of a split scene stand under another one's."""
        scene = work.scene
        prompt = prompt_of(self._objects, scene.prompts_key, scene.words_id)
        prompts = PromptList(prompts=(prompt.model_copy(update={"scene_index": scene.identity}),))
        prefix = f"{video_prefix(work.account_id, work.timeline.video_id)}studio/"
        prompts_key = f"{prefix}prompts-{scene.identity:03d}-{digest_of(prompts)}.json"
        words = {"prompts_key": save(self._objects, prompts_key, prompts)}
        if scene.shots_key:  # old videos keep none
            shots = load(self._objects, scene.shots_key, ShotList).shots
            shot = next(one for one in shots if one.scene_index == scene.words_id)
            shown = ShotList(shots=(shot.model_copy(update={"scene_index": scene.identity}),))
            shots_key = f"{prefix}shots-{scene.identity:03d}-{digest_of(shown)}.json"
            words["shots_key"] = save(self._objects, shots_key, shown)
        return words

    def _still(self, work: _Work) -> str:
        """The digest of the picture that stands for the scene; a bought clip begins with it, too."""
        frame, focus, profile = work.in_frame, work.shot.focus, work.profile
        size = f"{profile.width}x{profile.height}@{profile.fps}"
        digest = digest_of("own", work.footage.sha256, frame, focus, size, self._filmer.method)
        key = still_key(work.account_id, work.timeline.video_id, work.scene.identity, digest)
        if self._objects.size(key) is None:
            with scratch() as folder:
                source, out = self._fetched(work, folder), folder / "still.png"
                self._filmer.still(source, profile, focus, frame, out, pulse)
                self._objects.put_file(key, out, "image/png")
        return digest

    def _filled(self, work: _Work) -> str:
        """The segment of a clip that is shorter than the scene: slowed a little, and its last picture moves on."""
        footage, scene, profile = work.footage, work.scene, work.profile
        digest = digest_of("own", footage.sha256, work.shot.focus, scene.frame_count, profile, self._filmer.method)
        key = segment_key(work.account_id, work.timeline.video_id, scene.identity, digest)
        if self._objects.size(key) is None:
            with scratch() as folder:
                clip = self._fetched(work, folder)
                self._fill(key, clip, footage.duration_s, work.shot.focus, scene.frame_count, profile)
        return key

    def _fill(self, key: str, clip: Path, clip_s: float, focus: Focus, frame_count: int, profile: Profile) -> None:
        out = clip.with_name("segment.mp4")
        cut = OwnCut(
            clip=str(clip),
            clip_s=clip_s,
            profile=profile,
            focus=focus,
            first_frame=0,
            frame_count=frame_count,
            out=str(out),
        )
        self._filmer.cut(cut, pulse)
        self._objects.put_file(key, out, "video/mp4")

    def _copied(self, work: _Work) -> str:
        """The clip beside the video."""
        footage = work.footage
        key = own_clip_key(work.account_id, work.timeline.video_id, footage.footage_id, footage.format)
        if self._objects.size(key) is None:
            whole = ObjectStretch(key=footage.file_key, start=0, size_bytes=footage.size_bytes)
            self._objects.compose(key, (whole,), f"video/{footage.format}")
        return key

    def _fetched(self, work: _Work, folder: Path) -> Path:
        path = folder / f"own{Path(work.footage.file_key).suffix}"
        if not path.exists():
            self._objects.get_file(work.footage.file_key, path)
        return path
