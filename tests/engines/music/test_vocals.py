"""Voices as spans: what two networks agree on, in windows that stay where they belong, whatever the file is like."""

import wave
from pathlib import Path

import numpy as np
import pytest

from engines.music.vocals import FPS, RATE_HZ, WINDOW_S, Odds, OmniVocals, Samples, find_vocals, spans_of
from engines.providers.local.director.actions import action_for
from models.song import SongAnalysis, VocalSpan
from models.storyboard import Framing
from tests.engines.local.director.conftest import made_song


class Loud:
    """Takes whatever is loud for a voice, and leaves out the last frames as the network does."""

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def odds(self, samples: Samples) -> Odds:
        self.lengths.append(len(samples))
        frames = samples[: len(samples) // 160 * 160].reshape(-1, 160)
        return np.asarray(np.abs(frames).max(axis=1) > 0.05, np.float32)[:-2]


def written(path: Path, left: np.ndarray, right: np.ndarray, rate: int = 16_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        both = np.stack([left, right], axis=1)
        file.writeframes((both * 32_000).astype("<i2").tobytes())
    return path


def tone(seconds: float, loud: tuple[tuple[float, float], ...], rate: int = 16_000) -> np.ndarray:
    t = np.arange(int(seconds * rate)) / rate
    on = sum(((t >= start) & (t < end)).astype(float) for start, end in loud)
    return 0.5 * np.sin(2 * np.pi * 330 * t) * on


LOUD = ((3.0, 9.0), (28.0, 33.0), (61.0, 64.0))


@pytest.mark.parametrize("rate", [16_000, 44_100])
@pytest.mark.parametrize("sign", [1, -1], ids=["in phase", "out of phase"])
def test_spans_lie_where_the_voice_is_also_over_the_edges_of_windows(tmp_path: Path, rate: int, sign: int) -> None:
    left, heard = tone(70, LOUD, rate), Loud()
    spans = find_vocals(written(tmp_path / "a.wav", left, sign * left, rate), heard)
    assert spans is not None
    assert len(heard.lengths) == 3
    assert max(heard.lengths) == WINDOW_S * RATE_HZ
    assert len(spans) == len(LOUD)
    for span, (start, end) in zip(spans, LOUD, strict=True):
        assert abs(span.start_s - start) <= 0.1
        assert abs(span.end_s - end) <= 0.1
        assert span.confidence > 0.9


def test_breaths_are_bridged_and_shouts_left_out() -> None:
    odds = np.zeros(60 * FPS, np.float32)
    for start, end in ((5.0, 8.0), (8.6, 12.0), (30.0, 30.6)):
        odds[int(start * FPS) : int(end * FPS)] = 0.9
    (span,) = spans_of(odds)
    assert (round(span.start_s), round(span.end_s)) == (5, 12)
    assert spans_of(np.zeros(0, np.float32)) == ()


def test_no_voice_is_not_the_same_as_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = written(tmp_path / "a.wav", np.zeros(RATE_HZ * 5), np.zeros(RATE_HZ * 5))
    assert find_vocals(silent, OmniVocals()) == ()

    def missing(self: OmniVocals) -> None:
        raise OSError("no such library")

    monkeypatch.setattr(OmniVocals, "__init__", missing)
    assert find_vocals(silent) is None
    song = made_song()
    assert SongAnalysis.from_bytes(song.to_bytes()).vocals is None
    assert song.is_sung(0, 10) is None
    assert song.model_copy(update={"vocals": ()}).is_sung(0, 10) is False
    sung = song.model_copy(update={"vocals": (VocalSpan(start_s=2, end_s=8, confidence=0.9),)})
    assert (sung.is_sung(0, 10), sung.is_sung(20, 30)) == (True, False)
    doubtful = song.model_copy(update={"vocals": (VocalSpan(start_s=2, end_s=8, confidence=0.5),)})
    assert doubtful.is_sung(0, 10) is False


def test_a_chord_of_sines_is_no_voice(tmp_path: Path) -> None:
    t = np.arange(RATE_HZ * 8) / RATE_HZ
    chord = np.sum([0.2 * np.sin(2 * np.pi * hertz * t) for hertz in (220.0, 277.2, 329.6)], axis=0)
    assert find_vocals(written(tmp_path / "a.wav", chord, chord), OmniVocals()) == ()


@pytest.mark.parametrize("framing", list(Framing))
def test_nobody_sings_where_no_voice_is_heard(framing: Framing) -> None:
    def told(may_sing: bool) -> set[str]:
        return {action_for(None, framing, "peak", 0.9, "", n, may_sing=may_sing) for n in range(400)}

    assert not any("sing" in one or "scream" in one for one in told(may_sing=False) if "rising" not in one)
    if framing is Framing.CLOSE_UP:
        assert any("singing" in one for one in told(may_sing=True))
