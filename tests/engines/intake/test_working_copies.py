"""The working copy: sample-exact, as loud as the song, mono or stereo, for any kind of file."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from engines.intake.inspection import IntakeLimits, copy_source, inspect_song
from engines.intake.mixing import is_plain, mix_matrix, polarities
from engines.song_file import highest_sample, read_song
from models.song import AudioFacts

MakeSong = Callable[..., Path]
Samples = NDArray[np.float32]
RATE_HZ = 44_100
S24 = 2.0**-23


class Copied:
    """A file's facts, and the sound of its working copy."""

    def __init__(self, path: Path, limits: IntakeLimits) -> None:
        self.path = path.with_name(f"{path.name}.working.flac")
        self.facts: AudioFacts = inspect_song(path, copy=self.path, limits=limits)
        self.samples = heard(self.path)

    @property
    def info(self) -> tuple[str, str, int]:
        """Format, subtype and rate, as another library reads them."""
        info = soundfile.info(self.path)
        return info.format, info.subtype, info.samplerate


def heard(path: Path) -> Samples:
    """(n, channels) float32."""
    return np.concatenate([frame.to_ndarray().reshape(-1, frame.layout.nb_channels) for frame in read_song(path)])


def tone(seconds: float, rate_hz: int = RATE_HZ, hz: float = 440) -> Samples:
    """float32, (n,), peak 0.5."""
    return np.asarray(0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate_hz)) / rate_hz), np.float32)


@pytest.mark.parametrize(
    ("subtype", "levels"), [("PCM_16", 2**15), ("PCM_24", 2**23), ("PCM_U8", 2**7)], ids=["16", "24", "8"]
)
def test_whole_numbers_at_our_rate_are_kept_bit_for_bit(
    subtype: str, levels: int, tmp_path: Path, brief_limits: IntakeLimits
) -> None:
    samples = np.random.default_rng(0).integers(-levels, levels, (2 * RATE_HZ, 2)) / levels
    soundfile.write(tmp_path / "song.wav", samples, RATE_HZ, subtype=subtype)

    copied = Copied(tmp_path / "song.wav", brief_limits)

    assert copied.info == ("FLAC", "PCM_24", RATE_HZ)
    assert np.array_equal(copied.samples, samples.astype(np.float32))


@pytest.mark.parametrize("peak", [0.5, 1.0, 1.5, 4.0, 3_000.0])
def test_a_song_beyond_full_scale_keeps_its_loudness(peak: float, tmp_path: Path, brief_limits: IntakeLimits) -> None:
    samples = np.random.default_rng(0).uniform(-peak, peak, (2 * RATE_HZ, 2)).astype(np.float32)
    samples[1_000] = peak
    soundfile.write(tmp_path / "song.wav", samples, RATE_HZ, subtype="FLOAT")

    copied = Copied(tmp_path / "song.wav", brief_limits)

    assert np.abs(copied.samples - samples).max() <= 2 * peak * S24 + S24
    inside = soundfile.read(copied.path)[0]
    assert np.abs(inside).max() <= 1


def test_what_resampling_adds_does_not_make_a_song_louder_than_full_scale(
    tmp_path: Path, brief_limits: IntakeLimits
) -> None:
    samples = np.sign(tone(2.0, 48_000, 5_000))
    soundfile.write(tmp_path / "song.wav", samples, 48_000, subtype="PCM_16")

    copied = Copied(tmp_path / "song.wav", brief_limits)

    assert np.abs(copied.samples).max() > 1.05
    assert highest_sample(copied.path) == 1.0
    assert highest_sample(tmp_path / "song.wav") is None


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 48_000, 96_000, 37_800])
def test_other_rates_keep_time_pitch_and_length(rate_hz: int, tmp_path: Path, brief_limits: IntakeLimits) -> None:
    samples = tone(2.0, rate_hz)
    samples[: rate_hz // 2] = 0
    soundfile.write(tmp_path / "song.wav", samples, rate_hz, subtype="FLOAT")

    copied = Copied(tmp_path / "song.wav", brief_limits)

    assert copied.facts.duration_s == 2.0
    assert copied.samples.shape == (2 * RATE_HZ, 1)
    wanted = tone(2.0)
    assert np.abs(copied.samples[25_000:-2_000, 0] - wanted[25_000:-2_000]).max() < 1e-3
    assert np.abs(copied.samples[:21_000]).max() < 1e-3


@pytest.mark.parametrize(("kind", "encoder"), [("mp3", ""), ("m4a", ""), ("aac", ""), ("ogg", ""), ("m4a", "ac3")])
@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_an_encoders_padding_is_no_part_of_the_song(
    kind: str, encoder: str, rate_hz: int, make_song: MakeSong, tmp_path: Path, brief_limits: IntakeLimits
) -> None:
    if kind == "ogg" and rate_hz != 48_000:
        kind, encoder = "ogg", "flac"
    path = make_song(tmp_path / f"song.{kind}", kind, duration_s=3.0, rate_hz=rate_hz, encoder=encoder)

    copied = Copied(path, brief_limits)

    assert copied.facts.duration_s == 3.0
    assert len(copied.samples) == 3 * RATE_HZ


def test_mono_stays_mono_and_two_channels_stay_as_they_are(tmp_path: Path, brief_limits: IntakeLimits) -> None:
    left = tone(2.0)
    for name, channels in {"mono": [left], "inverted": [left, -left], "one side": [left, 0 * left]}.items():
        samples = np.stack(channels, 1)
        soundfile.write(tmp_path / f"{name}.wav", samples, RATE_HZ, subtype="FLOAT")
        assert np.abs(Copied(tmp_path / f"{name}.wav", brief_limits).samples - samples).max() < 2 * S24, name


@pytest.mark.parametrize("channels", [3, 4, 5, 6, 7, 8, 9, 16, 32])
def test_every_channel_of_many_is_heard(channels: int, tmp_path: Path, brief_limits: IntakeLimits) -> None:
    pitches = [200 + 25 * channel for channel in range(channels)]
    samples = np.stack([tone(2.0, 16_000, pitch) for pitch in pitches], 1)
    soundfile.write(tmp_path / "song.wav", samples, 16_000, subtype="PCM_16")

    copied = Copied(tmp_path / "song.wav", brief_limits)

    assert copied.facts.channels == channels
    assert copied.samples.shape == (2 * RATE_HZ, 2)
    assert np.abs(copied.samples).max() <= 1.01
    spectrum = np.abs(np.fft.rfft(copied.samples, axis=0)).max(axis=1)
    for pitch in pitches:
        assert spectrum[round(pitch * 2)] > 0.2 * spectrum.max(), pitch


@pytest.mark.parametrize("upside_down", [(2,), (1,), (3, 4), (0, 1)])
def test_channels_upside_down_do_not_cancel_others(
    upside_down: tuple[int, ...], tmp_path: Path, brief_limits: IntakeLimits
) -> None:
    samples = np.repeat(tone(2.0, 16_000)[:, None], 6, 1)
    samples[:, list(upside_down)] *= -1
    soundfile.write(tmp_path / "song.wav", samples, 16_000, subtype="PCM_16")

    assert np.abs(Copied(tmp_path / "song.wav", brief_limits).samples).max(axis=0).min() > 0.25


def test_a_lone_track_among_silent_ones_is_as_loud_as_it_is(tmp_path: Path, brief_limits: IntakeLimits) -> None:
    samples = np.zeros((2 * 16_000, 24), np.float32)
    samples[:, 7] = tone(2.0, 16_000)
    soundfile.write(tmp_path / "song.wav", samples, 16_000, subtype="PCM_16")

    assert np.abs(Copied(tmp_path / "song.wav", brief_limits).samples).max() == pytest.approx(0.5, abs=0.01)


def test_which_channels_are_taken_as_they_are() -> None:
    for plain in [("FR",), ("NONE", "NONE"), ("BL", "BR"), ("SL", "SR"), ("FLC", "FRC"), ("DL", "DR"), ("TFL", "TFR")]:
        assert is_plain(plain), plain
    for mixed in [("FC", "LFE"), ("TFL", "TFC"), ("FL", "FC"), ("FL", "FR", "FC"), ("FL", "BL")]:
        assert not is_plain(mixed), mixed
    assert (mix_matrix(("LFE",) * 3).sum(axis=0) > 0).all()
    assert polarities(mix_matrix(("FL", "FR", "FC")), np.eye(3)) is None


def test_the_same_song_gives_the_same_copy(make_song: MakeSong, tmp_path: Path, brief_limits: IntakeLimits) -> None:
    path = make_song(tmp_path / "song.mp3", "mp3")
    first = Copied(path, brief_limits)
    again = tmp_path / "again.flac"
    facts = copy_source(path, again, max_s=1_200)
    assert again.read_bytes() == first.path.read_bytes()
    assert facts.copy_bytes == again.stat().st_size
    assert facts.duration_s == first.facts.duration_s
