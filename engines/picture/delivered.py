"""Checks of delivered files: does it decode, is it large and long enough, is it visible, does it move."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from engines.films import open_film
from engines.jobs import JobLimits, Pulse, no_pulse, run_job
from models.failures import MediaCorrupt

LEAST_SIDE = 64
BLACK_LEVEL = 6.0
"""Mean of 0…255 below which a picture counts as black; the darkest noir stills are above 10."""

FROZEN_LEVEL = 0.1
"""Median of the mean differences (0…255) between samples below which nothing moves. An encoder that refines one still
over time was seen at 0.01, with single steps up to 1.4: hence the median."""

LEAST_LENGTH = 0.5
"""Share of the requested length below which a clip is unusable: slowed, more than half of it would be a still."""

_SAMPLES = 6
_SAMPLE_WIDTH = 160
_LIMITS = JobLimits(memory_bytes=800_000_000, wall_s=120)


@dataclass(frozen=True)
class Delivered:
    """Facts about a delivered clip."""

    width: int
    height: int
    duration_s: float


class Inspector:
    """Implements `activities.ports.engines.DeliveredInspector`; checks untrusted files, each in a child process."""

    def still(self, delivered: Path, width: int, height: int, out: Path, pulse: Pulse = no_pulse) -> None:
        """Check a picture and write it as a PNG of exactly the requested size, cropped to fill.

        Raises:
            MediaCorrupt: It does not decode, is too small, or black.
        """
        run_job(_still, str(delivered), width, height, str(out), limits=_LIMITS, pulse=pulse)

    def clip(self, delivered: Path, wanted_s: float, pulse: Pulse = no_pulse) -> Delivered:
        """Check a clip.

        Raises:
            MediaCorrupt: It does not decode, is too small, too short, black, or frozen.
        """
        return run_job(_clip, str(delivered), wanted_s, limits=_LIMITS, pulse=pulse)


def _still(delivered: str, width: int, height: int, out: str) -> None:
    picture = cv2.imread(delivered, cv2.IMREAD_COLOR)
    if picture is None:
        raise MediaCorrupt("the delivered picture does not decode")
    _check_size(picture.shape[1], picture.shape[0])
    if float(picture.mean()) < BLACK_LEVEL:
        raise MediaCorrupt("the delivered picture is black")
    scale = max(width / picture.shape[1], height / picture.shape[0])
    size = (max(width, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale)))
    scaled = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    ok, data = cv2.imencode(".png", scaled[top : top + height, left : left + width], [cv2.IMWRITE_PNG_COMPRESSION, 2])
    if not ok:
        raise MediaCorrupt("the delivered picture could not be encoded")
    Path(out).write_bytes(data.tobytes())


def _clip(delivered: str, wanted_s: float) -> Delivered:
    samples: list[NDArray[np.float32]] = []
    end_s = 0.0
    try:
        with open_film(delivered) as container:
            if not container.streams.video:
                raise MediaCorrupt("the delivered clip holds no picture")
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            width, height = stream.width, stream.height
            _check_size(width, height)
            step_s = max(0.05, wanted_s / _SAMPLES)
            for frame in container.decode(stream):
                at_s = float(frame.time or 0.0)
                if at_s >= len(samples) * step_s:
                    samples.append(_reduced(np.asarray(frame.to_ndarray(format="gray"), np.uint8)))
                end_s = at_s + (1 / float(stream.average_rate) if stream.average_rate else 0.0)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise MediaCorrupt(f"the delivered clip does not decode: {error}") from error
    if end_s < LEAST_LENGTH * wanted_s:
        raise MediaCorrupt(f"the delivered clip lasts {end_s:.1f} s where {wanted_s:.1f} s were asked for")
    if max(float(sample.mean()) for sample in samples) < BLACK_LEVEL:
        raise MediaCorrupt("the delivered clip is black")
    moved = [float(np.abs(after - before).mean()) for before, after in pairwise(samples)]
    if moved and median(moved) < FROZEN_LEVEL:
        raise MediaCorrupt("the delivered clip is frozen")
    return Delivered(width, height, end_s)


def _reduced(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    height = max(1, picture.shape[0] * _SAMPLE_WIDTH // picture.shape[1])
    small = cv2.resize(picture, (_SAMPLE_WIDTH, height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def _check_size(width: int, height: int) -> None:
    if width < LEAST_SIDE or height < LEAST_SIDE:
        raise MediaCorrupt(f"what was delivered is only {width} × {height}")
