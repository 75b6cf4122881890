"""Frames of a video's segments, and operations in their own colour space: crop, resize, mix, overlay.

Pictures stay Y'CbCr from decoder to encoder: no conversion costs time, and untouched parts keep their exact values.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from engines.picture.encode import Bt709Converter, plane
from engines.picture.probe import decoded_frames
from models.exports import ExportPlan, ExportSources
from models.failures import MediaCorrupt
from models.profiles import PROFILES, Profile
from models.vault import ExportKind

CANVAS_KBIT_S, CANVAS_BUFFER_KBIT = 11_000, 1_000
"""No second of a canvas exceeds 12 Mbit: the full buffer and one second at the rate."""

Planes = tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]
"""Luma (height, width) and two chromas of half the size, uint8, BT.709 limited range."""


def profile_of(plan: ExportPlan, sources: ExportSources) -> Profile:
    """The newest settings of the video's profile, with the export's size; an export is encoded a little better.

    An export is never joined to segments, so it need not keep the settings that the video was started with.
    """
    profile = PROFILES[sources.timeline.profile]
    changes = {"width": plan.width, "height": plan.height, "crf": max(18, profile.crf - 2)}
    if plan.kind is ExportKind.CANVAS:
        changes |= {"most_kbit_s": min(profile.most_kbit_s, CANVAS_KBIT_S), "buffer_kbit": CANVAS_BUFFER_KBIT}
    return profile.model_copy(update=changes)


def frames_of(plan: ExportPlan, sources: ExportSources) -> Iterator[tuple[int, int, Planes]]:
    """The frames of a plan's window.

    Args:
        plan: The scenes and frames.
        sources: The scenes' segments.

    Yields:
        Scene index, the frame's number in the video, its planes.

    Raises:
        MediaCorrupt: A segment has another length than its scene.
    """
    for index, path in zip(plan.scenes, sources.segments, strict=True):
        scene = sources.timeline.scenes[index]
        number = scene.start_frame
        for frame in decoded_frames(path):
            if plan.start_frame <= number < plan.end_frame:
                yield index, number, planes_of(frame)
            number += 1
            if number >= plan.end_frame:
                break
        if number < min(scene.end_frame, plan.end_frame):
            raise MediaCorrupt(f"the segment of scene {index + 1} ends at frame {number}, not {scene.end_frame}")


def planes_of(frame: VideoFrame) -> Planes:
    """A frame's planes, copied out of the decoder's memory."""
    luma, blue, red = (plane(frame, i)[:, : frame.planes[i].width].copy() for i in range(3))
    return luma, blue, red


def frame_of(planes: Planes) -> VideoFrame:
    """Planes as a frame for the encoder."""
    height, width = planes[0].shape
    frame = VideoFrame(width, height, "yuv420p")
    for i, data in enumerate(planes):
        plane(frame, i)[:, : frame.planes[i].width] = data
    return frame


def cut(planes: Planes, top: int, rows: int, width: int, height: int) -> Planes:
    """A band of full width, at another size if requested: `top` and `rows` are even."""
    luma, blue, red = planes[0][top : top + rows], *(p[top // 2 : (top + rows) // 2] for p in planes[1:])
    if luma.shape == (height, width):
        return luma, blue, red
    return (
        _resized(luma, width, height),
        _resized(blue, width // 2, height // 2),
        _resized(red, width // 2, height // 2),
    )


def mix(one: Planes, other: Planes, share: float) -> Planes:
    """A blend of two frames: `share` 0 is the first, 1 the second."""
    weighed = [cv2.addWeighted(a, 1 - share, b, share, 0) for a, b in zip(one, other, strict=True)]
    return (np.asarray(weighed[0]), np.asarray(weighed[1]), np.asarray(weighed[2]))


class Overlay:
    """A picture with transparency, ready to be laid over frames at a fixed place.

    Args:
        picture: uint8, (height, width, 4), RGBA, not premultiplied; sizes are even.
        left: Even.
        top: Even.
    """

    def __init__(self, picture: NDArray[np.uint8], left: int, top: int) -> None:
        self.left, self.top = left, top
        self.height, self.width = picture.shape[:2]
        yuv = Bt709Converter().to_yuv(np.ascontiguousarray(picture[..., 2::-1]))
        self._colours = [plane(yuv, i)[:, : yuv.planes[i].width].astype(np.float32) for i in range(3)]
        alpha = picture[..., 3].astype(np.float32) / 255
        half = cv2.resize(alpha, (self.width // 2, self.height // 2), interpolation=cv2.INTER_AREA)
        self._alphas = [alpha, half, half]

    def lay(self, planes: Planes, strength: float = 1.0) -> None:
        """Lay it over a frame in place; `strength` 0…1 fades it."""
        for i, (data, colour, alpha) in enumerate(zip(planes, self._colours, self._alphas, strict=True)):
            step = 1 if i == 0 else 2
            top, left = self.top // step, self.left // step
            part = data[top : top + alpha.shape[0], left : left + alpha.shape[1]]
            shown = alpha[: part.shape[0], : part.shape[1]] * strength
            part[:] = np.round(part + (colour[: part.shape[0], : part.shape[1]] - part) * shown)


def _resized(data: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    smaller = width < data.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_LANCZOS4
    return np.asarray(cv2.resize(np.ascontiguousarray(data), (width, height), interpolation=how), np.uint8)
