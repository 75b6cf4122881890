"""Beats without trained models: librosa's onset strength and dynamic programming (Ellis 2007), free for any use.

It knows no downbeats: of the four places that a bar of four may begin at, the one with the most bass is taken.
"""

import librosa
import numpy as np
from numpy.typing import NDArray

from engines.music.decoding import FPS, HOP_SAMPLES, RATE_HZ
from engines.music.networks import Frames, Pulse

_BEATS_PER_BAR = 4
_SUREST = 0.85
"""The likelihood of a beat on the strongest onset; one between onsets keeps half of it."""

_DOWNBEAT_SHARE, _OTHER_SHARE = 0.75, 0.1
_SIDES = ((-2, 0.15), (-1, 0.5), (0, 1.0), (1, 0.5), (2, 0.15))
"""A beat's likelihood in the frames around it."""

_MOST_BPM = 300
_BASS_HZ = 150.0


class OnsetTracker:
    """Hears beats by onsets; implements `engines.music.networks.BeatTracker`."""

    def listen(self, samples: NDArray[np.float32]) -> Pulse:
        """See `BeatTracker.listen`."""
        count = -(-len(samples) // HOP_SAMPLES)
        activations: Frames = np.zeros((count, 2), np.float32)
        odds = np.zeros(_MOST_BPM, np.float32)
        if count < FPS or not np.any(samples):
            return Pulse(activations, odds)
        onsets = librosa.onset.onset_strength(y=samples, sr=RATE_HZ, hop_length=HOP_SAMPLES)[:count]
        tempo, beats = librosa.beat.beat_track(onset_envelope=onsets, sr=RATE_HZ, hop_length=HOP_SAMPLES)
        bpm = round(float(np.atleast_1d(tempo)[0]))
        if not len(beats) or not 0 < bpm < _MOST_BPM:
            return Pulse(activations, odds)
        odds[bpm] = 1.0
        downbeats = np.arange(len(beats)) % _BEATS_PER_BAR == _first_downbeat(_bass(samples, count), beats)
        strength = onsets / max(float(np.quantile(onsets[beats], 0.9)), 1e-6)
        for beat, is_first in zip(beats.tolist(), downbeats.tolist(), strict=True):
            sure = _SUREST * (0.5 + 0.5 * min(1.0, float(strength[beat])))
            share = _DOWNBEAT_SHARE if is_first else _OTHER_SHARE
            for offset, part in _SIDES:
                if 0 <= (frame := beat + offset) < count:
                    activations[frame] = np.maximum(
                        activations[frame], (sure * part * (1 - share), sure * part * share)
                    )
        return Pulse(activations, odds)


def _bass(samples: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """The rise of the bass in each frame."""
    spectrum = np.abs(librosa.stft(samples, n_fft=2048, hop_length=HOP_SAMPLES))
    low = spectrum[: int(_BASS_HZ * 2048 / RATE_HZ) + 1].sum(axis=0)[:count]
    return np.asarray(np.maximum(np.diff(low, prepend=low[:1]), 0), np.float32)


def _first_downbeat(bass: NDArray[np.float32], beats: NDArray[np.int64]) -> int:
    """Which of the first beats begins a bar."""
    around = np.array([bass[max(0, beat - 3) : beat + 4].max(initial=0) for beat in beats])
    return int(np.argmax([around[place::_BEATS_PER_BAR].mean() if len(around) > place else 0 for place in range(4)]))
