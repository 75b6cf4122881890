"""Limits on motion and pulses over one still, below which a change within a scene does not look like a cut."""

from dataclasses import dataclass

import cv2
import numpy as np

from engines.providers.local.animator.pixels import FloatImage, resized

THUMB_WIDTH, THUMB_HEIGHT = 54, 96
"""Changes are measured at this size, averaged over the pixels beneath, as cut detectors do."""

_PULSE_LEVELS = 0.8
"""The largest change of a thumbnail by one kind of pulse, in levels of 0…255 per frame; five kinds add up."""

_MOTION_LEVELS = 1.8
"""The same for steady motion, which hides cuts if it is fast."""

_RISE = 0.34
"""The share of a rising pulse in one frame, at 24 frames a second."""

_FRINGE_WEIGHT = 2 / 3
"""A fringe moves two of three colours."""


@dataclass(frozen=True)
class Reach:
    """A still's limits: the more detail it has, the less it may be shaken.

    Attributes:
        lift: Share of exposure.
        punch: Share of zoom.
        glow: Weight of the glow.
        kick: Sideways jolt, in frame widths.
        fringe: The widest colour fringe, in frame widths.
        pan: The fastest pan per frame, in frame widths.
        zoom: The fastest zoom per frame, as a share.
    """

    lift: float
    punch: float
    glow: float
    kick: float
    fringe: float
    pan: float
    zoom: float


def measure_reach(thumb: FloatImage, glow: FloatImage) -> Reach:
    """Measure a still.

    Args:
        thumb: float32, (height, width, 3), BGR, 0…255: the still, small.
        glow: Its glow, the same shape.

    Returns:
        The limits.
    """
    small = resized(thumb, THUMB_WIDTH, THUMB_HEIGHT, cv2.INTER_AREA)
    across, down = (max(float(np.abs(np.diff(small, axis=axis)).mean()), 0.5) for axis in (1, 0))
    colour = small - small.mean(2, keepdims=True)
    apart = max(float(np.abs(np.diff(colour, axis=1)).mean()), 0.1)
    # A zoom moves the average point by a quarter of the frame's sides.
    per_zoom = (across * THUMB_WIDTH + down * THUMB_HEIGHT) / 4
    pulse = _PULSE_LEVELS / _RISE
    return Reach(
        lift=min(0.10, pulse / max(float(small.mean()), 1.0)),
        punch=min(0.028, pulse / per_zoom),
        glow=min(0.8, pulse / max(float(glow.mean()), 0.1)),
        kick=min(0.005, pulse / max(across, down) / THUMB_WIDTH),
        fringe=min(0.008, pulse / (_FRINGE_WEIGHT * apart) / THUMB_WIDTH),
        pan=_MOTION_LEVELS / max(across, down) / THUMB_WIDTH,
        zoom=_MOTION_LEVELS / per_zoom,
    )
