from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.picture.encode import Bt709Converter, SegmentWriter
from models.profiles import PROFILES, Profile, ProfileName

TINY = PROFILES[ProfileName.TINY]


def moving_picture(profile: Profile, frame: int, seed: int) -> NDArray[np.uint8]:
    """A few shapes that wander, different for every seed: uint8, BGR."""
    rng = np.random.default_rng(seed)
    picture = np.full((profile.height, profile.width, 3), rng.integers(30, 200, 3), np.uint8)
    for _ in range(6):
        x, y = rng.integers(0, profile.width), rng.integers(0, profile.height)
        dx, dy = rng.integers(-4, 5, 2)
        colour = tuple(int(v) for v in rng.integers(0, 255, 3))
        cv2.circle(picture, (int(x + dx * frame), int(y + dy * frame)), 4 + profile.width // 8, colour, -1)
    return picture


@pytest.fixture
def make_segment(tmp_path: Path) -> Callable[..., Path]:
    def make(name: str, frame_count: int, seed: int = 0, profile: Profile = TINY) -> Path:
        path = tmp_path / name
        converter = Bt709Converter()
        with SegmentWriter(path, profile) as writer:
            for frame in range(frame_count):
                writer.write(converter.to_yuv(moving_picture(profile, frame, seed)))
        return path

    return make


@pytest.fixture
def make_song(tmp_path: Path) -> Callable[..., Path]:
    """Writes a chirpy noise that correlates with itself at one lag only."""

    def make(name: str, length_s: float, codec: str = "pcm_s16le", rate: int = 44_100, layout: str = "stereo") -> Path:
        path = tmp_path / name
        channels = av.AudioLayout(layout).nb_channels
        rng = np.random.default_rng(5)
        noise = rng.standard_normal((1, round(length_s * rate)))
        # Lossy codecs keep what is below some kilohertz: so does the test signal.
        kernel = np.hanning(max(5, rate // 4000))
        sound = np.convolve(noise[0], kernel / kernel.sum(), mode="same")
        sound = 0.25 * sound / np.abs(sound).std()
        samples = np.tile(np.clip(sound, -0.99, 0.99).astype(np.float32), (channels, 1))
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=rate, layout=layout)
            assert isinstance(stream, av.AudioStream)
            resampler = av.AudioResampler(format=stream.codec_context.format, layout=layout, rate=rate, frame_size=0)
            for start in range(0, samples.shape[1], 1152):
                frame = av.AudioFrame.from_ndarray(
                    np.ascontiguousarray(samples[:, start : start + 1152]), format="fltp", layout=layout
                )
                frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
                for ready in resampler.resample(frame):
                    container.mux(stream.encode(ready))
            container.mux(stream.encode(None))
        return path

    return make


@pytest.fixture
def heard() -> Callable[[Path], NDArray[np.float32]]:
    """Decodes a file as players do: float32, (n,), left channel at 48 kHz."""

    def decode(path: Path) -> NDArray[np.float32]:
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=48_000)
        parts = []
        with av.open(str(path)) as container:
            for frame in container.decode(audio=0):
                parts += [ready.to_ndarray()[0] for ready in resampler.resample(frame)]
            parts += [ready.to_ndarray()[0] for ready in resampler.resample(None)]
        return np.concatenate(parts).astype(np.float32)

    return decode
