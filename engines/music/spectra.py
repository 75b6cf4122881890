"""What harmony, timbre and loudness do, twenty times a second."""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from engines.music.decoding import HOP_SAMPLES, RATE_HZ, Window

SPECTRUM_FPS = 20
_HOP = RATE_HZ // SPECTRUM_FPS
_FRAMES_PER_SPECTRUM = _HOP // HOP_SAMPLES
# 2.7 Hz of resolution tell semitones apart from A1 on; 10.8 Hz and a quarter of the smear serve timbre.
_LONG, _SHORT = 16_384, 4_096
LOWEST_MIDI, HIGHEST_MIDI = 33, 96
MEL_BANDS = 40

Features = NDArray[np.float32]


@dataclass(frozen=True)
class Spectra:
    """Features of a stretch of audio, all float32 with one row per frame at `SPECTRUM_FPS`.

    Attributes:
        pitches: (frames, HIGHEST_MIDI − LOWEST_MIDI + 1), magnitude of each semitone.
        mel: (frames, MEL_BANDS), power in dB of mel bands from 30 Hz to 16 kHz.
        power: (frames,), mean square of the samples.
    """

    pitches: Features
    mel: Features
    power: Features

    @staticmethod
    def joined(parts: "list[Spectra]") -> "Spectra":
        """The spectra of consecutive stretches as one."""
        return Spectra(
            np.concatenate([p.pitches for p in parts]),
            np.concatenate([p.mel for p in parts]),
            np.concatenate([p.power for p in parts]),
        )


def spectra(window: Window) -> Spectra:
    """The features of a window's core.

    Args:
        window: Audio with context.

    Returns:
        One row per twentieth of a second of the core.
    """
    count = -(-window.core_frames // _FRAMES_PER_SPECTRUM)
    begin = window.lead_frames * HOP_SAMPLES
    half = _LONG // 2
    padded = np.pad(window.samples, (half, half + _HOP))
    pitches = np.empty((count, HIGHEST_MIDI - LOWEST_MIDI + 1), np.float32)
    mel = np.empty((count, MEL_BANDS), np.float32)
    power = np.empty(count, np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _LONG)[begin::_HOP][:count]
    # In slices, so that the spectra of a minute are never all in memory.
    for first in range(0, count, 100):
        rows = slice(first, min(first + 100, count))
        long = frames[rows]
        pitches[rows] = np.abs(scipy.fft.rfft(long * _LONG_WINDOW, axis=1)) @ _PITCH_BANK
        short = long[:, half - _SHORT // 2 : half + _SHORT // 2]
        mel[rows] = 10 * np.log10(np.abs(scipy.fft.rfft(short * _SHORT_WINDOW, axis=1)) ** 2 @ _MEL_BANK + 1e-8)
        power[rows] = (long[:, half : half + _HOP] ** 2).mean(axis=1)
    return Spectra(pitches, mel, power)


def _pitch_bank() -> Features:
    """(bins, semitones): Gaussians a third of a semitone wide around each pitch, each of unit sum."""
    hz = np.fft.rfftfreq(_LONG, 1 / RATE_HZ)[1:]
    midi = 69 + 12 * np.log2(hz / 440)
    bank = np.exp(-0.5 * ((midi[:, None] - np.arange(LOWEST_MIDI, HIGHEST_MIDI + 1)) / 0.35) ** 2)
    bank = np.vstack([np.zeros((1, bank.shape[1])), bank])
    bank[bank < 1e-3] = 0
    return np.asarray(bank / bank.sum(axis=0), np.float32)


def _mel_bank() -> Features:
    """(bins, bands): triangles of unit sum, evenly spaced on the mel scale (Slaney 1998 gives the reason)."""
    hz = np.fft.rfftfreq(_SHORT, 1 / RATE_HZ)
    edges = 700 * (np.expm1(np.linspace(np.log1p(30 / 700), np.log1p(16_000 / 700), MEL_BANDS + 2)))
    rising = (hz[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hz[:, None]) / (edges[2:] - edges[1:-1])
    bank = np.maximum(0, np.minimum(rising, falling))
    # The lowest bands are narrower than a bin: give them the nearest one.
    for band in np.flatnonzero(bank.sum(axis=0) == 0):
        bank[np.abs(hz - edges[band + 1]).argmin(), band] = 1
    return np.asarray(bank / bank.sum(axis=0), np.float32)


_LONG_WINDOW = np.hanning(_LONG).astype(np.float32) * np.float32(2 / _LONG)
_SHORT_WINDOW = np.hanning(_SHORT).astype(np.float32) * np.float32(2 / _SHORT)
_PITCH_BANK = _pitch_bank()
_MEL_BANK = _mel_bank()
