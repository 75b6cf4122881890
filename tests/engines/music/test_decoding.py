from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from engines.music.decoding import CONTEXT_FRAMES, HOP_SAMPLES, RATE_HZ, WINDOW_FRAMES, SongStream, one_channel
from models.failures import InvalidInput


def cores(path: Path) -> tuple[SongStream, np.ndarray]:
    stream = SongStream(path)
    pieces = []
    for window in stream.windows():
        first = window.lead_frames * HOP_SAMPLES
        pieces.append(window.samples[first : first + window.core_frames * HOP_SAMPLES])
    return stream, np.concatenate(pieces)


@pytest.mark.parametrize("seconds", [0.004, 29.99, 30.0, 33.0, 33.01, 95.3])
def test_cores_of_windows_are_the_song(write_wav: Callable[..., Path], seconds: float) -> None:
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, round(seconds * RATE_HZ))
    stream, joined = cores(write_wav(samples))
    assert len(joined) == len(samples) == stream.sample_count
    assert np.abs(joined - samples).max() < 1e-4


def level_db(samples: np.ndarray) -> float:
    return float(10 * np.log10((samples**2).mean() + 1e-12))


@pytest.mark.parametrize("share", [1.0, 0.9, 0.5, 0.0, -0.5, -0.8, -0.97, -1.0])
def test_nothing_cancels_whatever_the_phase_of_the_channels(share: float) -> None:
    left = np.random.default_rng(0).normal(0, 0.1, RATE_HZ * 3).astype(np.float32)
    both = one_channel(np.stack([left, share * left]).astype(np.float32))
    assert level_db(both) == pytest.approx(level_db(left) + 10 * np.log10(1 + share**2), abs=0.05)


def test_what_only_one_part_has_out_of_phase_is_heard() -> None:
    rng = np.random.default_rng(1)
    band, drums = rng.normal(0, 0.1, (2, RATE_HZ * 3)).astype(np.float32)
    both = one_channel(np.stack([band + drums, band - drums]))
    alone = one_channel(np.stack([band, band]))
    assert level_db(both) - level_db(alone) == pytest.approx(3, abs=0.1)


def test_equal_channels_keep_their_spectrum(write_wav: Callable[..., Path]) -> None:
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, 3 * RATE_HZ)
    _, joined = cores(write_wav(np.stack([samples, samples], axis=1)))
    ours, plain = (np.abs(np.fft.rfft(x[RATE_HZ : 2 * RATE_HZ] * np.hanning(RATE_HZ))) for x in (joined, samples))
    assert np.corrcoef(ours, plain)[0, 1] > 0.98


def test_windows_are_bounded(write_wav: Callable[..., Path]) -> None:
    longest = max(len(w.samples) for w in SongStream(write_wav(np.zeros(RATE_HZ * 100))).windows())
    assert longest <= (WINDOW_FRAMES + 2 * CONTEXT_FRAMES) * HOP_SAMPLES


@pytest.mark.parametrize(
    ("rate_hz", "channels", "subtype"), [(8_000, 1, "PCM_U8"), (96_000, 6, "PCM_24"), (48_000, 2, "FLOAT")]
)
def test_rates_and_channels(write_wav: Callable[..., Path], rate_hz: int, channels: int, subtype: str) -> None:
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(3 * rate_hz) / rate_hz)
    stream, joined = cores(write_wav(np.stack([tone] * channels, axis=1), rate_hz, subtype=subtype))
    assert (stream.sample_rate_hz, stream.channels) == (rate_hz, channels)
    assert stream.duration_s == pytest.approx(3, abs=0.01)
    assert np.abs(np.fft.rfft(joined[RATE_HZ : 2 * RATE_HZ])).argmax() == 440


@pytest.mark.parametrize("suffix", ["mp3", "m4a", "aac", "flac"])
def test_formats_that_pyav_writes(write_wav: Callable[..., Path], tmp_path: Path, suffix: str) -> None:
    codec = {"mp3": "libmp3lame", "m4a": "aac", "aac": "aac", "flac": "flac"}[suffix]
    out = tmp_path / f"song.{suffix}"
    source = write_wav(0.3 * np.sin(2 * np.pi * 440 * np.arange(2 * RATE_HZ) / RATE_HZ))
    with (
        av.open(str(source)) as before,
        av.open(str(out), "w", format={"m4a": "mp4", "aac": "adts"}.get(suffix)) as after,
    ):
        encoder = after.add_stream(codec, rate=RATE_HZ)
        assert isinstance(encoder, av.AudioStream)
        for frame in before.decode(audio=0):
            frame.pts = None
            after.mux(encoder.encode(frame))
        after.mux(encoder.encode(None))
    stream, _ = cores(out)
    assert stream.duration_s == pytest.approx(2, abs=0.1)


def test_ogg(tmp_path: Path) -> None:
    path = tmp_path / "song.ogg"
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 440 * np.arange(2 * RATE_HZ) / RATE_HZ), RATE_HZ)
    stream, _ = cores(path)
    assert stream.duration_s == pytest.approx(2, abs=0.01)


def test_loudness_and_true_peak_of_a_known_tone(write_wav: Callable[..., Path]) -> None:
    # EBU Tech 3341, case 1: a stereo 1 kHz sine at −23 dBFS reads −23 LUFS.
    tone = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * np.arange(10 * 48_000) / 48_000)
    stream, _ = cores(write_wav(np.stack([tone, tone], axis=1), 48_000, subtype="PCM_24"))
    assert stream.loudness_lufs == pytest.approx(-23, abs=0.1)
    assert stream.true_peak_dbtp == pytest.approx(-23, abs=0.2)


def test_silence_has_no_loudness(write_wav: Callable[..., Path]) -> None:
    stream, _ = cores(write_wav(np.zeros(2 * RATE_HZ)))
    assert stream.loudness_lufs is None
    assert stream.true_peak_dbtp is None


def test_what_is_no_audio_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(b"not a song" * 1000)
    with pytest.raises(InvalidInput):
        list(SongStream(path).windows())


def test_a_file_cut_short_is_heard_as_far_as_it_goes(write_wav: Callable[..., Path]) -> None:
    path = write_wav(np.random.default_rng(0).uniform(-0.5, 0.5, 4 * RATE_HZ))
    path.write_bytes(path.read_bytes()[: 2 * 2 * RATE_HZ])
    stream, _ = cores(path)
    assert stream.duration_s == pytest.approx(2, abs=0.05)
