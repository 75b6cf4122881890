"""The film: grain, and colour fringes on strong beats."""

import cv2
import numpy as np
from av.video.frame import VideoFrame

from engines.picture.encode import plane
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.animator.pixels import Image, blurred
from engines.providers.local.animator.rhythm import Rhythm

_REFERENCE_WIDTH = 540
_MARGIN = 64
_LEAST_FRINGE = 0.05
"""Chroma pixels below which fringes are invisible."""


class Film:
    """Develops frames: grain on luma, fringes on chroma.

    Args:
        width: The frame's width in pixels.
        height: Its height.
        look: The style's look.
        fringe: The widest fringe, in frame widths.
        rhythm: The music.
        rng: The grain.
    """

    def __init__(
        self, width: int, height: int, look: FilmedLook, fringe: float, rhythm: Rhythm, rng: np.random.Generator
    ) -> None:
        unit = width / _REFERENCE_WIDTH
        noise = rng.standard_normal((height + _MARGIN, width + _MARGIN), dtype=np.float32)
        noise = blurred(noise, max(0.3, 0.55 * look.grain_size * unit))
        noise *= look.grain / max(float(noise.std()), 1e-6)
        self._tile = np.clip(noise + 128, 0, 255).astype(np.uint8)
        self._offsets = rng.integers(0, _MARGIN, (rhythm.frame_count, 2))
        strong = rhythm.drive * rhythm.downbeat
        apart = look.fringe_at_rest * look.fringe * unit + np.minimum(look.fringe * unit, fringe * width) * strong
        self._shift = np.minimum(apart, look.fringe * unit) / 2  # chroma has half the pixels

    def develop(self, frame: int, picture: VideoFrame) -> None:
        """Add grain and fringes to a yuv420p frame, in place."""
        luma = plane(picture, 0)
        top, left = self._offsets[frame]
        tile = self._tile[top : top + luma.shape[0], left : left + luma.shape[1]]
        cv2.addWeighted(luma, 1, tile[::-1] if frame % 2 else tile, 1, -128, dst=luma)
        shift = float(self._shift[frame])
        if shift > _LEAST_FRINGE:
            _slide(plane(picture, 1), shift)
            _slide(plane(picture, 2), -shift)


def _slide(part: Image, shift: float) -> None:
    """Move a plane sideways by a share of its pixels, in place."""
    to = np.array([[1, 0, shift], [0, 1, 0]], np.float32)
    moved = cv2.warpAffine(part, to, part.shape[::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    np.copyto(part, moved)
