"""The point of interest in a scene: known from the framing, corrected by the picture itself."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.storyboard import Framing
from models.subjects import SubjectRows

_HEART = {
    # Height of a figure's face, or of a small figure's middle, as the local painter sets it; a share of the picture.
    Framing.EXTREME_WIDE: 0.76,
    Framing.WIDE: 0.66,
    Framing.FULL: 0.38,
    Framing.MEDIUM: 0.40,
    Framing.CLOSE_UP: 0.44,
    Framing.LOW_ANGLE: 0.34,
    Framing.AERIAL: 0.5,
    Framing.DETAIL: 0.48,
}
_HEADROOM = {
    # The lowest top of a band that does not cut a head off while the camera moves.
    Framing.EXTREME_WIDE: 0.66,
    Framing.WIDE: 0.48,
    Framing.FULL: 0.20,
    Framing.MEDIUM: 0.16,
    Framing.CLOSE_UP: 0.24,
    Framing.LOW_ANGLE: 0.10,
    Framing.AERIAL: 1.0,
    Framing.DETAIL: 1.0,
}
_SURENESS = {
    Framing.CLOSE_UP: 0.14,
    Framing.MEDIUM: 0.14,
    Framing.FULL: 0.16,
    Framing.LOW_ANGLE: 0.2,
    Framing.WIDE: 0.16,
    Framing.EXTREME_WIDE: 0.16,
    Framing.AERIAL: 0.5,
    Framing.DETAIL: 0.4,
}
"""Deviation of the subject from there (one standard deviation), as a share of the height."""

_MARGIN = 0.03
"""Margin above and below a subject, as a share of the height: the camera moves over its still."""

_EYES = 0.54
"""Height of the eyes in a head, hair included."""

_WIDTH = 72


def interest_by_row(luma: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The visual interest in each row of a picture.

    Spectral residual saliency (Hou and Zhang, 2007): the part that the picture's own average spectrum does not explain.

    Args:
        luma: uint8, (height, width).

    Returns:
        float64, (rows,), summing to 1; rows are those of a picture 72 wide.
    """
    rows = max(16, round(_WIDTH * luma.shape[0] / luma.shape[1]))
    small = cv2.resize(luma, (_WIDTH, rows), interpolation=cv2.INTER_AREA).astype(np.float64)
    spectrum = np.fft.fft2(small)
    log = np.log(np.abs(spectrum) + 1e-6)
    residual = log - cv2.blur(log, (3, 3))
    saliency = np.abs(np.fft.ifft2(np.exp(residual + 1j * np.angle(spectrum)))) ** 2
    saliency = cv2.GaussianBlur(saliency, (0, 0), 2.2)
    # The edges of a frame are seldom the subject, even if a sharp lamp is there.
    window = np.sin(np.linspace(0.12, np.pi - 0.12, _WIDTH))
    by_row = (saliency * window).sum(1)
    total = by_row.sum()
    return np.asarray(by_row / total if total > 0 else np.full(rows, 1 / rows))


def band_top(luma: NDArray[np.uint8], framing: Framing, subject: SubjectRows | None, share: float) -> float:
    """The top of a full-width band that keeps its subject.

    Args:
        luma: uint8, (height, width): a frame of the scene.
        framing: The scene's framing.
        subject: The subject's rows, if the still's maker recorded them; otherwise they are estimated.
        share: The band's height, as a share of the picture's.

    Returns:
        Its top, as a share of the picture's height, 0…1 − `share`.
    """
    top = _likely_top(luma, framing, share) if subject is None else _known_top(subject, share)
    return float(np.clip(top, 0.0, 1.0 - share))


def _known_top(subject: SubjectRows, share: float) -> float:
    """The whole subject in the middle if it fits; otherwise its head below a small margin, or a large head's eyes."""
    room = share - 2 * _MARGIN
    top, bottom = max(0.0, subject.top), min(1.0, subject.bottom)
    head = subject.head_bottom - subject.head_top
    if bottom - top <= room:
        return (top + bottom - share) / 2
    if head <= room:
        # As much of the body as fits, below a head with a tenth of the band above it.
        return subject.head_top - max(_MARGIN, 0.1 * (share - head))
    return subject.head_top + _EYES * head - 0.5 * share


def _likely_top(luma: NDArray[np.uint8], framing: Framing, share: float) -> float:
    interest = interest_by_row(luma)
    rows = len(interest)
    at = (np.arange(rows) + 0.5) / rows
    known = np.exp(-0.5 * ((at - _HEART[framing]) / _SURENESS[framing]) ** 2)
    weight = known * (0.35 / rows + interest)
    weight /= weight.sum()
    middle = float((weight * at).sum())
    # Eyes lie a little above the middle of a frame.
    return min(middle - share * 0.46, _HEADROOM[framing])
