from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.picture.soundtrack import RATE_HZ, AacSoundtrackMaker, encode
from models.failures import InvalidInput

Heard = Callable[[Path], NDArray[np.float32]]
SYNC_S = 0.005


def lag_s(reference: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """How late `other` is, by cross-correlation."""
    size = 1 << (len(reference) + len(other) - 1).bit_length()
    product = np.conj(np.fft.rfft(reference, size)) * np.fft.rfft(other, size)
    lag = int(np.argmax(np.fft.irfft(product, size)))
    return (lag - size if lag > size // 2 else lag) / RATE_HZ


@pytest.mark.parametrize(
    ("name", "codec", "rate", "layout"),
    [
        ("a.wav", "pcm_s16le", 44_100, "stereo"),
        ("a.wav", "pcm_s24le", 96_000, "stereo"),
        ("a.wav", "pcm_s16le", 22_050, "mono"),
        ("a.wav", "pcm_f32le", 48_000, "5.1"),
        ("a.flac", "flac", 44_100, "stereo"),
        ("a.mp3", "libmp3lame", 44_100, "stereo"),
        ("a.m4a", "aac", 44_100, "stereo"),
        ("a.aac", "aac", 48_000, "stereo"),
        ("a.ogg", "libopus", 48_000, "stereo"),
    ],
)
def test_is_the_song_in_sync_and_as_long(
    make_song: Callable[..., Path], heard: Heard, tmp_path: Path, name: str, codec: str, rate: int, layout: str
) -> None:
    song, out = make_song(name, 2.5, codec, rate, layout), tmp_path / "out.m4a"
    samples = encode(str(song), str(out))
    source, encoded = heard(song), heard(out)
    assert abs(lag_s(source, encoded)) < SYNC_S
    assert samples == pytest.approx(len(source), abs=RATE_HZ * 0.002)
    with av.open(str(out)) as container:
        stream = container.streams.audio[0]
        context = stream.codec_context
        assert (context.name, context.sample_rate, context.layout.name) == ("aac", RATE_HZ, "stereo")
        assert stream.start_time == 0
        assert stream.duration == samples
        assert (next(container.demux(stream)).pts or 0) < 0  # the priming lies before the song


def test_the_first_sample_is_heard(heard: Heard, tmp_path: Path) -> None:
    """A click at the very start stays at the very start, and is not swallowed with the encoder's priming."""
    import soundfile

    samples = np.zeros(RATE_HZ, np.float32)
    samples[:240] = 0.8 * np.hanning(240)
    soundfile.write(tmp_path / "click.wav", samples, RATE_HZ)
    encode(str(tmp_path / "click.wav"), str(tmp_path / "out.m4a"))
    sound = heard(tmp_path / "out.m4a")
    assert abs(int(np.argmax(np.abs(sound))) - 120) / RATE_HZ < SYNC_S
    assert np.abs(sound[:480]).max() == pytest.approx(0.8, abs=0.1)


def test_mono_is_as_loud_on_both_sides(make_song: Callable[..., Path], heard: Heard, tmp_path: Path) -> None:
    song = make_song("a.wav", 1.0, "pcm_s16le", RATE_HZ, "mono")
    encode(str(song), str(tmp_path / "out.m4a"))
    with av.open(str(song)) as container:
        source = np.concatenate([f.to_ndarray().reshape(-1) for f in container.decode(audio=0)]) / 2**15
    assert float(heard(tmp_path / "out.m4a").std()) == pytest.approx(float(source.std()), rel=0.1)


def test_surround_at_full_scale_does_not_clip(heard: Heard, tmp_path: Path) -> None:
    import soundfile

    tone = 0.95 * np.sin(2 * np.pi * 440 * np.arange(RATE_HZ) / RATE_HZ)
    soundfile.write(tmp_path / "a.wav", np.tile(tone[:, None], (1, 6)), RATE_HZ)
    encode(str(tmp_path / "a.wav"), str(tmp_path / "out.m4a"))
    assert 0.6 < float(np.abs(heard(tmp_path / "out.m4a")[4096:-4096]).max()) < 1.0


def test_the_same_song_gives_the_same_bytes_in_a_child(make_song: Callable[..., Path], tmp_path: Path) -> None:
    song = make_song("Ein Lied – 歌.wav", 1.0)
    for name in ("a.m4a", "b.m4a"):
        AacSoundtrackMaker().encode_soundtrack(song, tmp_path / name)
    assert (tmp_path / "a.m4a").read_bytes() == (tmp_path / "b.m4a").read_bytes()


@pytest.mark.parametrize("content", [b"", b"no song at all" * 1000])
def test_refuses_what_is_no_audio(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(InvalidInput):
        AacSoundtrackMaker().encode_soundtrack(tmp_path / "a.wav", tmp_path / "out.m4a")


def test_refuses_pictures_without_sound(make_segment: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no audio"):
        encode(str(make_segment("a.mp4", 3)), str(tmp_path / "out.m4a"))
