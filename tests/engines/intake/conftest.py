"""Media made in the test: short songs of every kind, and the tools to make longer and stranger ones."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from engines.intake.inspection import IntakeLimits, inspect_song
from engines.intake.refusals import Refusal
from models.failures import InvalidInput, JobCrashed

Samples = NDArray[np.float32]
Refuse = Callable[[bytes, str], InvalidInput]

# Demuxer-independent names: (FFmpeg's muxer, encoder).
FORMATS = {
    "mp3": ("mp3", "libmp3lame"),
    "m4a": ("ipod", "aac"),
    "wav": ("wav", "pcm_s16le"),
    "aac": ("adts", "aac"),
    "ogg": ("ogg", "libopus"),
    "flac": ("flac", "flac"),
}
KINDS = tuple(FORMATS)


class MakeSong(Protocol):
    """Encodes a song into a file."""

    def __call__(
        self,
        path: Path,
        kind: str,
        *,
        duration_s: float = 2.0,
        rate_hz: int = 48_000,
        layout: str = "stereo",
        muxer: str = "",
        encoder: str = "",
        samples: Samples | None = None,
        muxer_options: Mapping[str, str] = {},
        tags: Mapping[str, str] = {},
        bit_rate: int = 0,
    ) -> Path: ...


def _music(duration_s: float, rate_hz: int, channels: int) -> Samples:
    """Chords with a beat: float32, (channels, n)."""
    time_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    beat = 0.4 + 0.6 * np.exp(-(time_s % 0.5) * 6)
    rows = [sum(np.sin(2 * np.pi * pitch * (1 + row) * time_s) for pitch in (220, 277, 330)) for row in range(channels)]
    return np.asarray(np.stack(rows) * beat * 0.2, np.float32)


def _make_song(
    path: Path,
    kind: str,
    *,
    duration_s: float = 2.0,
    rate_hz: int = 48_000,
    layout: str = "stereo",
    muxer: str = "",
    encoder: str = "",
    samples: Samples | None = None,
    muxer_options: Mapping[str, str] = {},
    tags: Mapping[str, str] = {},
    bit_rate: int = 0,
) -> Path:
    muxer, encoder = muxer or FORMATS[kind][0], encoder or FORMATS[kind][1]
    with av.open(str(path), "w", format=muxer, options=dict(muxer_options)) as container:
        container.metadata.update(tags)
        stream = container.add_stream(encoder, rate=rate_hz, layout=layout)
        assert isinstance(stream, av.AudioStream)
        if bit_rate:
            stream.bit_rate = bit_rate
        if samples is None:
            samples = _music(duration_s, rate_hz, stream.codec_context.layout.nb_channels)
        to_encoder = av.AudioResampler(format=stream.codec_context.format, layout=layout, rate=rate_hz)
        for at in range(0, samples.shape[1], 4096):
            interleaved = np.ascontiguousarray(samples[:, at : at + 4096].T).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(interleaved, "flt", layout)
            frame.sample_rate, frame.pts, frame.time_base = rate_hz, at, Fraction(1, rate_hz)
            for piece in to_encoder.resample(frame):
                container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="session")
def make_song() -> MakeSong:
    return _make_song


@pytest.fixture(scope="session")
def music() -> Callable[[float, int, int], Samples]:
    return _music


@pytest.fixture(scope="session")
def songs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The bytes of a good two-second song of each kind, and of OGG Vorbis as `vorbis`."""
    folder = tmp_path_factory.mktemp("songs")
    made = {kind: _make_song(folder / f"song.{kind}", kind).read_bytes() for kind in FORMATS}
    vorbis = folder / "vorbis.ogg"
    soundfile.write(vorbis, _music(2.0, 44_100, 2).T, 44_100, format="OGG", subtype="VORBIS")
    return {**made, "vorbis": vorbis.read_bytes()}


@pytest.fixture(scope="session")
def brief_limits() -> IntakeLimits:
    """The product's limits, but for the shortest song: tests of formats need no whole minute."""
    return IntakeLimits(min_s=1.0)


@pytest.fixture(scope="session")
def make_video() -> Callable[[Path], Path]:
    """Writes a second of moving picture without sound."""

    def make(path: Path) -> Path:
        with av.open(str(path), "w", format="mp4") as container:
            stream = container.add_stream("libx264", rate=24)
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height = 64, 64
            for shade in range(24):
                picture = np.full((64, 64, 3), shade * 10, np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
            container.mux(stream.encode(None))
        return path

    return make


@pytest.fixture
def refused(tmp_path: Path, brief_limits: IntakeLimits) -> Refuse:
    """Writes bytes under a name, and returns the refusal."""

    def refuse(data: bytes, name: str) -> InvalidInput:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return refusal_of(path, name, brief_limits)

    return refuse


def refusal_of(path: Path, name: str, limits: IntakeLimits) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        inspect_song(path, name=name, limits=limits)
    refusal = caught.value
    assert refusal.code in set(Refusal)
    assert "\n" not in refusal.message
    assert refusal.message.endswith(".")
    # The decoder's own complaints are expected here; a dead child or any other exception would hide a bug.
    assert not isinstance(refusal.__cause__, JobCrashed), refusal.__cause__
    return refusal
