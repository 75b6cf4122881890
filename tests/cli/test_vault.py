"""`songs`, `characters`, `videos` and `generate --like/--character`, on a stack that stays up between commands."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cli.app import main
from cli.stack import ensure_stack
from settings import Settings
from tests.fakes.live import write_beats

Starter = Callable[..., Any]
SHORTEST_S = 60.0
"""Of what may become a song: nothing here depends on its length."""


@pytest.fixture
def starter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Starter]:
    """Commands in this process: a new one would spend seconds on imports, each time."""
    home = tmp_path / "home"
    monkeypatch.setenv("ECHONOS_HOME", str(home))

    def run(*arguments: str, code: int = 0) -> Any:
        monkeypatch.setattr(sys, "argv", ["starter.py", *arguments, "--json"])
        capfd.readouterr()
        ended = main()
        said = capfd.readouterr()
        assert ended == code, said.out + said.err
        return json.loads(said.out)

    with ensure_stack(Settings(home=home), say=print):
        yield run


def test_songs_characters_and_videos_like_others(starter: Starter, tmp_path: Path) -> None:
    song, face, drawing = tmp_path / "First Light.flac", tmp_path / "face.png", tmp_path / "face.svg"
    write_beats(song, SHORTEST_S)
    Image.new("RGB", (400, 400), "teal").save(face)
    drawing.write_text("<svg/>")

    added = starter("songs", "add", str(song), "--title", "Demo 3")
    assert starter("songs", "rename", added["song_id"], "Neon Nights")["title"] == "Neon Nights"
    assert [s["title"] for s in starter("songs", "search", "NIGHTS")["songs"]] == ["Neon Nights"]
    assert (
        "not a PNG"
        in starter("characters", "add", "Mara", str(drawing), "--description", "a woman", code=2)["error"]["sentence"]
    )
    mara = starter("characters", "add", "Mara", str(face), "--description", "a tall woman in a red coat")

    options = ["--character", "mara", "--profile", "tiny", "--yes"]
    starter("grant", "400", "--reason", "test")
    first = starter("generate", added["song_id"], "--style", "Film Noir", "--prompt", "Rain.", *options)
    again = starter("generate", "--like", first["video_id"], "--style", "Neo Noir", "--profile", "tiny", "--yes")
    videos = {v["video_id"]: v for v in starter("videos", "list")["videos"]}
    assert videos[again["video_id"]]["style"] == "neo-noir"
    assert videos[again["video_id"]]["song_id"] == added["song_id"]
    scenes = starter("timeline", again["video_id"])["scenes"]
    assert any("woman" in scene["in_picture"] for scene in scenes)
    prompts = [scene["prompt"] for scene in scenes]
    assert any("a tall woman in a red coat" in prompt for prompt in prompts), "the brief's character came along"
    starter("characters", "delete", mara["name"], "--yes")

    loop, poster = tmp_path / "loop.mp4", tmp_path / "poster.png"
    canvas = starter("export", first["video_id"], "--as", "canvas", "--out", str(loop))
    assert (canvas["width"], canvas["height"]) == (720, 1280)
    assert 3 <= canvas["duration_s"] <= 8
    assert loop.stat().st_size == canvas["size_bytes"]
    starter("export", first["video_id"], "--as", "poster", "--out", str(poster))
    with Image.open(poster) as made:
        assert made.size == (1080, 1620)
    words = tmp_path / "words.lrc"
    words.write_text("[00:01.00]One\nTwo")
    wrong = starter("export", first["video_id"], "--as", "lyrics", "--lyrics", str(words), code=2)
    assert "Line 2 of the lyrics has no time" in wrong["error"]["sentence"]

    deleted = starter("songs", "delete", added["song_id"], "--yes")
    assert "2 videos made of it stay" in deleted["sentence"]
    starter("videos", "delete", first["video_id"], "--yes")
    assert [v["video_id"] for v in starter("videos", "list")["videos"]] == [again["video_id"]]
    assert starter("songs", "list")["songs"] == []
    assert starter("videos", "delete", first["video_id"], "--yes", code=2)["error"]["type"] == "InvalidInput"
    assert starter("ledger", "verify")["differences"] == []
