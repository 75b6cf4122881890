"""Clips as providers make them, of any size, rate, codec and sound."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray


def moving_picture(width: int, height: int, at_s: float) -> NDArray[np.uint8]:
    """A bar that runs to the right, one width in four seconds, over a gradient."""
    row = np.linspace(40, 160, width, dtype=np.float32)
    bar = np.abs(np.arange(width) / width - (at_s / 4) % 1) < 0.06
    picture = np.repeat(np.where(bar, 250, row)[None, :, None], height, 0).repeat(3, 2)
    picture[..., 0] *= np.linspace(0.5, 1, height, dtype=np.float32)[:, None]
    return picture.astype(np.uint8)


def make_clip(
    path: Path,
    *,
    width: int = 192,
    height: int = 336,
    fps: Fraction = Fraction(24),
    duration_s: float = 2.0,
    codec: str = "libx264",
    sound: bool = False,
    variable: bool = False,
    black: bool = False,
    frozen: bool = False,
    dark_from_s: float = float("inf"),
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0),
) -> Path:
    """Write a clip; `variable` drops every third frame and keeps the others' times, `tint` weighs red, green, blue."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=fps)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        if codec == "libx264":
            stream.options = {"preset": "ultrafast", "bf": "2"}
        stream.codec_context.time_base = Fraction(1, 1000) if variable else 1 / fps
        audio = container.add_stream("aac", rate=44_100) if sound else None
        for number in range(round(duration_s * fps)):
            if variable and number % 3 == 1:
                continue
            at_s = float(number / fps)
            picture = (moving_picture(width, height, 0 if frozen else at_s) * np.array(tint, np.float32)).astype(
                np.uint8
            )
            frame = VideoFrame.from_ndarray(
                np.zeros_like(picture) if black or at_s >= dark_from_s else picture, format="rgb24"
            )
            frame.pts = round(at_s * 1000) if variable else number
            frame.time_base = stream.codec_context.time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if audio is not None:
            samples = np.zeros((1, round((duration_s + 0.3) * 44_100)), np.float32)
            tone = AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            tone.sample_rate, tone.pts = 44_100, 0
            container.mux(audio.encode(tone))
            container.mux(audio.encode(None))
    return path
