"""How far motion and pulses may go over one still before a change within a scene looks like a cut."""

from dataclasses import dataclass

import cv2
import numpy as np

from engines.providers.local.animator.pixels import FloatImage, resized

THUMB_WIDTH, THUMB_HEIGHT = 54, 96
"""Changes are judged at this size, averaged over the pixels beneath, as cut detectors do."""

_PULSE_LEVELS = 0.8
"""How many levels of 0…255 one kind of pulse may change a thumbnail by, from frame to frame; five kinds add up."""

_MOTION_LEVELS = 1.8
"""The same for steady motion, which hides cuts where it is fast."""

_RISE = 0.34
"""The share of a pulse that one frame brings while it rises, at 24 frames a second."""

_FRINGE_WEIGHT = 2 / 3
"""Two of three colours move when colours part."""


@dataclass(frozen=True)
class Reach:
    """The room that a still leaves: the more detail it has, the less it may be shaken.

    Attributes:
        lift: Share of exposure.
        punch: Share of zoom.
        glow: Weight of the glow.
        kick: Sideways jolt, in frame widths.
        fringe: How far colours may part, in frame widths.
        pan: How far the view may travel in a frame, in frame widths.
        zoom: How much it may zoom in a frame, as a share.
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
        glow: What shines in it, the same shape.

    Returns:
        How far it may go.
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
