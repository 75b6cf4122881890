"""Joining a version's segments with its soundtrack, and the key of the result."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from activities.ports.engines import Assembler
from activities.ports.stores import ObjectStore
from activities.steps import pulse, scratch
from models.failures import NotStored
from models.object_keys import joined_key
from models.profiles import profile_of
from models.stretches import ChangedScene
from models.timeline import Timeline

PARALLEL_DOWNLOADS = 8
INDEX_BYTES = 2_000_000
"""Bytes at the start of an MP4 that always include its index: twenty minutes at 30 fps need 0.4 MB."""


class Joiner:
    """Makes a timeline's MP4. The same segments and soundtrack give the same bytes under the same key."""

    def __init__(self, objects: ObjectStore, assembler: Assembler) -> None:
        self._objects = objects
        self._assembler = assembler

    def addressed(self, account_id: str, timeline: Timeline) -> Timeline:
        """The timeline with the key of its MP4, derived from all parts."""
        segments = [scene.segment_key for scene in timeline.scenes]
        parts = (self._assembler.method, timeline.profile, timeline.soundtrack_key, *segments)
        return timeline.model_copy(update={"video_key": joined_key(account_id, timeline.video_id, *parts)})

    def join(self, timeline: Timeline, base: Timeline | None = None) -> None:
        """Write the MP4 unless it is stored.

        If the MP4 of `base` is stored, only the scenes that differ are uploaded.
        """
        if self._objects.size(timeline.video_key) is not None:
            return
        with scratch() as folder:
            if base is None or not self._splice(timeline, base, folder):
                self._join(timeline, folder)

    def _splice(self, timeline: Timeline, base: Timeline, folder: Path) -> bool:
        """Splice onto `base`; False if the base cannot serve, and all segments must be joined."""
        if (base.soundtrack_key, base.profile, base.profile_revision, base.frame_count) != (
            timeline.soundtrack_key,
            timeline.profile,
            timeline.profile_revision,
            timeline.frame_count,
        ):
            return False
        same = {(old.start_frame, old.end_frame, old.segment_key) for old in base.scenes}
        changed = [
            ChangedScene(
                index=scene.index,
                start_frame=scene.start_frame,
                end_frame=scene.end_frame,
                segment=folder / f"{scene.index:04d}.mp4",
            )
            for scene in timeline.scenes
            if (scene.start_frame, scene.end_frame, scene.segment_key) not in same
        ]
        soundtrack = folder / "soundtrack.m4a"
        wanted = [(timeline.scenes[scene.index].segment_key, scene.segment) for scene in changed]
        self._fetch([*wanted, (timeline.soundtrack_key, soundtrack)])
        profile, out = profile_of(timeline.profile, timeline.profile_revision), folder / "changed.bin"
        try:
            beginning = self._objects.get_range(base.video_key, 0, INDEX_BYTES)
            stretches = self._assembler.splice(
                base.video_key, beginning, changed, soundtrack, profile, timeline.frame_count, out
            )
            if stretches is None:
                return False
            pulse()
            self._objects.compose(timeline.video_key, stretches, "video/mp4")
        except NotStored:
            return False  # removed a moment ago
        return True

    def _join(self, timeline: Timeline, folder: Path) -> None:
        segments = [folder / f"{scene.index:04d}.mp4" for scene in timeline.scenes]
        soundtrack, out = folder / "soundtrack.m4a", folder / "video.mp4"
        wanted = [(scene.segment_key, path) for scene, path in zip(timeline.scenes, segments, strict=True)]
        self._fetch([*wanted, (timeline.soundtrack_key, soundtrack)])
        profile = profile_of(timeline.profile, timeline.profile_revision)
        self._assembler.assemble(segments, soundtrack, profile, timeline.frame_count, out, pulse)
        self._objects.put_file(timeline.video_key, out, "video/mp4")

    def _fetch(self, wanted: list[tuple[str, Path]]) -> None:
        with ThreadPoolExecutor(PARALLEL_DOWNLOADS) as pool:
            for _ in pool.map(lambda pair: self._objects.get_file(*pair), wanted):
                pulse()
