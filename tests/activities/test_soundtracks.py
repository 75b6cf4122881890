"""The key of a song's soundtrack: the old one, or another if the level was reduced."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities.analysis import AnalysisActivities
from models.generation import SongStep


class Objects:
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {"source": b"song"}

    def size(self, key: str) -> int | None:
        return len(self.kept[key]) if key in self.kept else None

    def get_file(self, key: str, path: Path) -> None:
        path.write_bytes(self.kept[key])

    def put_file(self, key: str, path: Path, media_type: str) -> None:
        self.kept[key] = path.read_bytes()


class Maker:
    """Reports a reduced level for every song, or for none."""

    def __init__(self, quieter: bool) -> None:
        self.quieter, self.calls = quieter, 0

    def encode_soundtrack(self, source: Path, out: Path, pulse: object) -> bool:
        self.calls += 1
        out.write_bytes(b"sound")
        return self.quieter


@pytest.mark.parametrize(("quieter", "name"), [(False, "soundtrack-1.m4a"), (True, "soundtrack-2.m4a")])
def test_the_name_says_whether_the_song_was_made_quieter(quieter: bool, name: str) -> None:
    objects, maker = Objects(), Maker(quieter)
    for _ in range(2):
        assert soundtrack_key(objects, maker) == f"accounts/a/songs/s/{name}"
    assert maker.calls == 1


def test_a_soundtrack_that_videos_have_is_kept() -> None:
    objects, maker = Objects(), Maker(quieter=True)
    objects.kept["accounts/a/songs/s/soundtrack-1.m4a"] = b"clipped"
    assert soundtrack_key(objects, maker) == "accounts/a/songs/s/soundtrack-1.m4a"
    assert maker.calls == 0


def soundtrack_key(objects: Objects, maker: Maker) -> str:
    song = SimpleNamespace(account_id="a", song_id="s", source_key="source", soundtrack_key=None, copy_bytes=0)
    parts: Any = (objects, SimpleNamespace(song=lambda *_: song), None, maker, None, None)
    activities = AnalysisActivities(*parts)
    return ActivityEnvironment().run(activities.encode_soundtrack, SongStep(account_id="a", song_id="s")).key
