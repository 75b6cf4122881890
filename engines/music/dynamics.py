"""How loud it feels, where it drops and breaks, what key it is in: the curves beside the beats."""

import numpy as np
from numpy.typing import NDArray

from engines.music.spectra import LOWEST_MIDI, SPECTRUM_FPS, Spectra

Floats = NDArray[np.float64]

ENERGY_HOP_S = 0.1
WAVEFORM_POINTS = 1_200
_FRAMES_PER_HOP = round(ENERGY_HOP_S * SPECTRUM_FPS)
# Loudness grows with the 0.23rd to 0.3rd power of intensity in each band (Zwicker & Fastl 1990, chapter 8).
_LOUDNESS_EXPONENT = 0.25
_SMOOTHING_HOPS = 5
# A drop or a break is a change of energy at least this large that lasts.
_DROP = 0.22
_DROP_TO = 0.6
_BREAK_FROM = 0.5
# Probe-tone profiles of Krumhansl & Kessler (1982).
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_NOTES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


def energy_curve(spectra: Spectra) -> Floats:
    """Loudness summed over bands, relative to the song.

    Args:
        spectra: Of the whole song.

    Returns:
        (n,), 0…1, one value per `ENERGY_HOP_S`; all 0 in silence.
    """
    # The spectra's floor is −80 dB: what lies there is silence.
    loud = np.maximum(10 ** (_LOUDNESS_EXPONENT * spectra.mel.astype(np.float64) / 10) - 10**-2.0, 0).sum(axis=1)
    count = -(-len(loud) // _FRAMES_PER_HOP)
    padded = np.pad(loud, (0, count * _FRAMES_PER_HOP - len(loud)), mode="edge")
    hops = padded.reshape(count, _FRAMES_PER_HOP).mean(axis=1)
    half = _SMOOTHING_HOPS // 2
    smooth = np.convolve(np.pad(hops, half, mode="edge"), np.ones(_SMOOTHING_HOPS) / _SMOOTHING_HOPS, "valid")
    top = float(np.percentile(smooth, 98))
    if top <= 0:
        return np.zeros(count)
    # A compressed master lives in the upper third: its quiet parts are stretched towards 0, a level song stays near 1.
    floor = min(0.8 * float(np.percentile(smooth, 10)), 0.6 * top)
    curve: Floats = np.clip((smooth - floor) / (top - floor), 0, 1)
    return curve


def mean_energy(curve: Floats, start_s: float, end_s: float) -> float:
    """Mean of an energy curve over a stretch, 0…1."""
    first = min(int(start_s / ENERGY_HOP_S), len(curve) - 1)
    last = max(first + 1, round(end_s / ENERGY_HOP_S))
    return float(curve[first:last].mean())


def melody_curve(spectra: Spectra) -> Floats:
    """How far something sings out of the accompaniment, relative to the song.

    The strongest semitone from A3 to D6 over the median one. On the development songs it ranks sections with a vocal
    melody above those without nine times in ten.

    Args:
        spectra: Of the whole song.

    Returns:
        (frames,), 0…1 between the song's 10th and 90th percentile, at `SPECTRUM_FPS`.
    """
    sung = np.log1p(100 * spectra.pitches[:, 57 - LOWEST_MIDI : 87 - LOWEST_MIDI].astype(np.float64))
    salience = sung.max(axis=1) - np.median(sung, axis=1)
    low, high = np.percentile(salience, (10, 90))
    curve: Floats = np.clip((salience - low) / (high - low + 1e-9), 0, 1)
    return curve


def drops_and_breaks(bar_energy: Floats) -> tuple[list[int], list[int]]:
    """Bars at which the music comes down with full force, and bars at which it falls away.

    Args:
        bar_energy: (bars,), 0…1.

    Returns:
        Indices of bars that begin a drop, and of those that begin a break; rising.
    """
    count = len(bar_energy)
    change = np.zeros(count)
    after = np.zeros(count)
    before = np.zeros(count)
    for bar in range(1, count - 1):
        after[bar] = bar_energy[bar : bar + 3].mean()
        before[bar] = bar_energy[max(0, bar - 2) : bar].mean()
        change[bar] = after[bar] - before[bar]
    drops = [i for i in _peaks(change) if change[i] >= _DROP and after[i] >= _DROP_TO]
    breaks = [i for i in _peaks(-change) if -change[i] >= _DROP and before[i] >= _BREAK_FROM]
    return drops, breaks


def _peaks(values: Floats) -> list[int]:
    """Where a value is the largest within two on each side, the first of equals."""
    around = np.lib.stride_tricks.sliding_window_view(np.pad(values, 2, constant_values=-np.inf), 5)
    return [int(i) for i in np.flatnonzero((values == around.max(axis=1)) & (around.argmax(axis=1) == 2))]


def musical_key(spectra: Spectra) -> str | None:
    """The key, by correlation with key profiles (Krumhansl 1990).

    Args:
        spectra: Of the whole song.

    Returns:
        For example `A minor`; None where all notes are equal or absent.
    """
    strength = np.sqrt(spectra.pitches.astype(np.float64)).mean(axis=0)
    notes = np.zeros(12)
    np.add.at(notes, (np.arange(len(strength)) + LOWEST_MIDI) % 12, strength)
    if notes.std() < 1e-6:
        return None
    fits = {
        f"{_NOTES[tonic]} {mode}": float(np.corrcoef(np.roll(profile, tonic), notes)[0, 1])
        for mode, profile in (("major", _MAJOR), ("minor", _MINOR))
        for tonic in range(12)
    }
    return max(fits, key=lambda name: fits[name])


def waveform_peaks(peaks: NDArray[np.float32]) -> Floats:
    """Peaks of equal slices of the song, for drawing.

    Args:
        peaks: (n,), the largest absolute sample of each hundredth of a second.

    Returns:
        (at most `WAVEFORM_POINTS`,), 0…1, relative to the largest.
    """
    if not len(peaks) or peaks.max() <= 0:
        return np.zeros(min(len(peaks), WAVEFORM_POINTS))
    starts = np.unique(np.linspace(0, len(peaks), WAVEFORM_POINTS, endpoint=False).astype(int))
    sliced: Floats = np.maximum.reduceat(peaks, starts).astype(np.float64)
    scaled: Floats = sliced / sliced.max()
    return scaled
