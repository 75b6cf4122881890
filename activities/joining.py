"""Joining a version's segments with its soundtrack, and where the result lies."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from activities.ports import Assembler, ObjectStore
from activities.steps import pulse, scratch
from models.profiles import PROFILES
from models.routing import joined_key
from models.timeline import Timeline

PARALLEL_DOWNLOADS = 8


class Joiner:
    """Makes a timeline's MP4. The same segments and soundtrack give the same bytes under the same key."""

    def __init__(self, objects: ObjectStore, assembler: Assembler) -> None:
        self._objects = objects
        self._assembler = assembler

    def addressed(self, account_id: str, timeline: Timeline) -> Timeline:
        """The timeline with its MP4's key, which comes from all parts."""
        segments = [scene.segment_key for scene in timeline.scenes]
        parts = (type(self._assembler).__name__, timeline.profile, timeline.soundtrack_key, *segments)
        return timeline.model_copy(update={"video_key": joined_key(account_id, timeline.video_id, *parts)})

    def join(self, timeline: Timeline) -> None:
        """Write the MP4 unless it is there."""
        if self._objects.size(timeline.video_key) is not None:
            return
        with scratch() as folder:
            segments = [folder / f"{scene.index:04d}.mp4" for scene in timeline.scenes]
            soundtrack, out = folder / "soundtrack.m4a", folder / "video.mp4"
            wanted = [(scene.segment_key, path) for scene, path in zip(timeline.scenes, segments, strict=True)]
            self._fetch([*wanted, (timeline.soundtrack_key, soundtrack)])
            profile = PROFILES[timeline.profile]
            self._assembler.assemble(segments, soundtrack, profile, timeline.frame_count, out, pulse)
            self._objects.put_file(timeline.video_key, out, "video/mp4")

    def _fetch(self, wanted: list[tuple[str, Path]]) -> None:
        with ThreadPoolExecutor(PARALLEL_DOWNLOADS) as pool:
            for _ in pool.map(lambda pair: self._objects.get_file(*pair), wanted):
                pulse()
