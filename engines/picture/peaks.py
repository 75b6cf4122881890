"""True peaks: the highest value of the curve through a song's samples (ITU-R BS.1770-5, annex 2)."""

from collections.abc import Iterable
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from engines.films import open_film

_TAPS = np.array([
    [0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875, 0.1373291015625,
     0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250, 0.0148925781250, -0.0083007812500],
    [-0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500, 0.4650878906250,
     0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625, 0.0330810546875, -0.0189208984375],
])  # fmt: skip
_PHASES = np.concatenate([_TAPS, _TAPS[::-1, ::-1]])
"""The annex's filter: four phases of twelve taps."""


def true_peak(blocks: Iterable[NDArray[np.float32]]) -> float:
    """The true peak of a song, four times oversampled.

    Args:
        blocks: Its samples in order, float32, (channels, n) each.

    Returns:
        The highest absolute value, 1 at full scale.
    """
    peak, before = 0.0, None
    for block in blocks:
        history = np.zeros((len(block), _PHASES.shape[1] - 1)) if before is None else before
        samples = np.concatenate([history, block], axis=1)
        before = samples[:, -(_PHASES.shape[1] - 1) :]
        for channel in samples:
            peak = max(peak, *(float(np.abs(np.convolve(channel, taps, "valid")).max()) for taps in _PHASES))
    return peak


def true_peak_of(path: Path) -> float:
    """The true peak of a file's decoded sound.

    Raises:
        av.FFmpegError: It cannot be read.
    """
    with open_film(path) as container:
        return true_peak(_blocks(container))


def _blocks(container: av.container.InputContainer) -> Iterable[NDArray[np.float32]]:
    resampler = av.AudioResampler(format="fltp", frame_size=65_536)
    for frame in container.decode(audio=0):
        for ready in resampler.resample(frame):
            yield ready.to_ndarray().astype(np.float32, copy=False)
    for ready in resampler.resample(None):
        yield ready.to_ndarray().astype(np.float32, copy=False)
