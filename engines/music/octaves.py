"""Where a stretch begins to beat twice as fast, or half as fast, while the decoding counts on as before.

A change of tempo by a quarter leaves no beat where it was, and the decoding has to follow. One to exactly the double
leaves every other beat in its place: counting slow beats stays right, and what is new strikes half-way between
them. So it shows there, and nowhere else.
"""

import numpy as np
from numpy.typing import NDArray

from engines.music.beatpath import decode
from engines.music.networks import Frames
from engines.music.stretches import Stretch, near_peaks

Floats = NDArray[np.float64]

_ROOM = 1.12
# Slow beats on either side of a step: fewer are a fill or a break.
_FEWEST_BEATS = 12
# Share of the variance between slow beats that two levels have to explain: 0.89 and more in songs that
# did change, up to 0.61 in others that have as strong beats half-way on one side.
_EXPLAINED = 0.7
# On one side what is heard half-way is as strong as a beat, on the other weaker by so many nats.
_BEATS = -0.4
_WEAKER = 0.7
_LEAST_HEARD = 0.03


def split_at_octaves(activations: Frames, stretch: Stretch, slow_bpm: float) -> list[Stretch]:
    """Cut a stretch where every other beat appears or vanishes for good.

    Args:
        activations: float32, (frames, 2), 0…1 at `FPS`, of the whole song.
        stretch: One with a beat.
        slow_bpm: The slower of the two tempi.

    Returns:
        The two parts, both with the tempo of the stretch; the stretch alone where there is no such place.
    """
    heard = activations[stretch.start : stretch.end].sum(axis=1)
    path = decode(heard[:, None].repeat(2, axis=1), 1, slow_bpm / _ROOM, slow_bpm * _ROOM)
    peaks = near_peaks(heard) + _LEAST_HEARD
    halfway = (path.frames[:-1] + path.frames[1:]) // 2
    step = _step(np.log(peaks[halfway] / peaks[path.frames[:-1]]).astype(np.float64))
    if step is None:
        return [stretch]
    at = stretch.start + int(path.frames[step])
    return [Stretch(stretch.start, at, stretch.bpm), Stretch(at, stretch.end, stretch.bpm)]


def _step(contrast: Floats) -> int | None:
    """The first slow beat behind the clearest step, or None where no step is clear."""
    count = len(contrast)
    before = np.arange(_FEWEST_BEATS, count - _FEWEST_BEATS + 1)
    if not len(before):
        return None
    sums = np.concatenate([[0.0], np.cumsum(contrast)])
    first = sums[before] / before
    second = (sums[-1] - sums[before]) / (count - before)
    explained = before * (count - before) / count * (first - second) ** 2
    best = int(explained.argmax())
    stronger, weaker = max(first[best], second[best]), min(first[best], second[best])
    clear = explained[best] > _EXPLAINED * ((contrast - contrast.mean()) ** 2).sum()
    return int(before[best]) if clear and stronger > _BEATS and stronger - weaker > _WEAKER else None
