"""No decoder opens what a file only names."""

from collections.abc import Callable
from pathlib import Path

import av
import pytest

from engines.films import open_film
from engines.song_file import read_song
from models.failures import InvalidInput
from tests.engines.intake.conftest import MakeSong, make_song

__all__ = ["make_song"]

SCRIPTS: dict[str, Callable[[str], bytes]] = {
    "playlist": lambda name: f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{name}\n#EXT-X-ENDLIST\n".encode(),
    "concat script": lambda name: f"ffconcat version 1.0\nfile {name}\n".encode(),
    "address": lambda _: b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n",
}


@pytest.mark.parametrize("what", SCRIPTS)
@pytest.mark.parametrize("ending", ["mp4", "mp3", "m3u8", "ffconcat"])
def test_what_names_other_files_is_neither_film_nor_song(
    what: str, ending: str, make_song: MakeSong, tmp_path: Path
) -> None:
    make_song(tmp_path / "other.m4a", "m4a", duration_s=0.2)
    path = tmp_path / f"script.{ending}"
    path.write_bytes(SCRIPTS[what]("other.m4a"))
    with pytest.raises(av.FFmpegError):
        open_film(path)
    with pytest.raises(InvalidInput):
        list(read_song(path))


def test_films_are_opened_by_content(make_song: MakeSong, tmp_path: Path) -> None:
    song = make_song(tmp_path / "a b: %d.m4a", "m4a", duration_s=0.2)
    with open_film(song) as container:
        assert container.streams.audio
