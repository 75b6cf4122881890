"""Noise as film, made in a child process: this module imports little, because each child imports it again."""

from pathlib import Path

import numpy as np

from engines.picture.encode import Bt709Converter, SegmentWriter
from models.profiles import Profile


def film(profile: Profile, frame_count: int, seed: int, out: Path) -> None:
    """Grain that costs more bits than the newest settings allow.

    Args:
        profile: Size, rate and encoder settings.
        frame_count: Its length in frames.
        seed: The same seed gives the same pictures.
        out: The segment.
    """
    rng, converter = np.random.default_rng(seed), Bt709Converter()
    with SegmentWriter(out, profile) as writer:
        for _ in range(frame_count):
            picture = rng.integers(0, 256, (profile.height, profile.width, 3), np.uint8)
            writer.write(converter.to_yuv(picture))
