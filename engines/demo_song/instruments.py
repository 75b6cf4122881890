"""The synthesizers and the kit. Every function gives float32 samples at `RATE_HZ`, about −1…1.

Oscillators read band-limited wavetables, which is some twenty times faster than adding sines and aliases as little.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import signal

RATE_HZ = 44_100
Samples = NDArray[np.float32]

_TABLE_SIZE = 16_384
_HIGHEST_HZ = 16_000.0
_PAD_DETUNE_CENTS = (-11.0, -4.0, 3.0, 9.0)


def frequency_of(pitch: float) -> float:
    """The frequency of a MIDI pitch, in Hz."""
    return float(440.0 * 2 ** ((pitch - 69) / 12))


def time_axis(duration_s: float) -> Samples:
    """Seconds of each sample: float32, (n,)."""
    return np.asarray(np.arange(int(duration_s * RATE_HZ)) / RATE_HZ, np.float32)


@lru_cache(maxsize=512)
def _wavetable(pitch: int, cutoff_hz: float, odd_only: bool) -> Samples:
    """One cycle of a saw (or square) behind a 12 dB/octave low-pass, without harmonics above hearing."""
    base_hz = frequency_of(pitch)
    count = max(1, int(_HIGHEST_HZ / base_hz))
    harmonics = np.arange(1, count + 1)
    levels = 1 / harmonics / np.sqrt(1 + (harmonics * base_hz / cutoff_hz) ** 4)
    if odd_only:
        levels[1::2] = 0
    spectrum = np.zeros(_TABLE_SIZE // 2 + 1, dtype=np.complex128)
    spectrum[1 : count + 1] = -0.5j * levels * _TABLE_SIZE
    return np.asarray(np.fft.irfft(spectrum) * 0.6, np.float32)


def _oscillate(table: Samples, cycles: NDArray[np.float64]) -> Samples:
    index = (cycles * _TABLE_SIZE).astype(np.int64) & (_TABLE_SIZE - 1)
    return np.asarray(table[index], np.float32)


def _cycles(pitch: float, count: int, start: float = 0.0) -> NDArray[np.float64]:
    return np.asarray(start + np.arange(count) * (frequency_of(pitch) / RATE_HZ), np.float64)


def _envelope(count: int, held: int, attack_s: float, release_s: float) -> Samples:
    """Rises over the attack, stays, and dies away from sample `held` on."""
    envelope = np.minimum(1.0, np.arange(count) / max(1.0, attack_s * RATE_HZ))
    tail = np.arange(count - held)
    envelope[held:] *= np.exp(-tail / (release_s * RATE_HZ / 4))
    return np.asarray(envelope, np.float32)


@lru_cache(maxsize=64)
def pad(voicing: tuple[int, ...], held_s: float) -> tuple[Samples, Samples]:
    """A chord of detuned saws, once dark and once bright, to be blended.

    Args:
        voicing: MIDI pitches.
        held_s: How long it is held; a release of 0.6 s follows.

    Returns:
        Two arrays: float32, (2, n).
    """
    held = int(held_s * RATE_HZ)
    count = held + int(0.6 * RATE_HZ)
    envelope = _envelope(count, held, 0.08, 0.6)
    blend = []
    for cutoff_hz in (520.0, 6_000.0):
        sides = np.zeros((2, count), dtype=np.float32)
        for note, pitch in enumerate(voicing):
            table = _wavetable(pitch, cutoff_hz, odd_only=False)
            for number, cents in enumerate(_PAD_DETUNE_CENTS):
                # Phases from the golden ratio: spread evenly and the same every time.
                start = (note * len(_PAD_DETUNE_CENTS) + number) * 0.618034 % 1
                sides[number % 2] += _oscillate(table, _cycles(pitch + cents / 100, count, start))
        blend.append(sides * envelope * np.float32(0.5 / len(voicing)))
    return blend[0], blend[1]


@lru_cache(maxsize=128)
def bass(pitch: int, held_s: float) -> Samples:
    """A plucked saw over a sine an octave lower in feel: float32, (n,)."""
    held = int(held_s * 0.92 * RATE_HZ)
    count = held + int(0.06 * RATE_HZ)
    cycles = _cycles(pitch, count)
    opening = np.exp(-np.arange(count) / (0.11 * RATE_HZ)).astype(np.float32)
    bright = _oscillate(_wavetable(pitch, 1_800.0, odd_only=False), cycles)
    dark = _oscillate(_wavetable(pitch, 260.0, odd_only=False), cycles)
    sine = np.sin(2 * np.pi * cycles).astype(np.float32)
    body = 0.55 * (dark + (bright - dark) * opening) + 0.6 * sine
    return np.tanh(1.3 * body) * _envelope(count, held, 0.004, 0.06)


@lru_cache(maxsize=128)
def pluck(pitch: int) -> tuple[Samples, Samples]:
    """A note of the arpeggio, once dark and once bright: two arrays float32, (n,)."""
    count = int(0.42 * RATE_HZ)
    cycles = _cycles(pitch, count)
    fading = np.exp(-np.arange(count) / (0.10 * RATE_HZ)) * _envelope(count, int(0.36 * RATE_HZ), 0.003, 0.06)
    dark = _oscillate(_wavetable(pitch, 900.0, odd_only=True), cycles)
    bright = _oscillate(_wavetable(pitch, 7_000.0, odd_only=False), cycles)
    return np.asarray(dark * fading, np.float32), np.asarray(bright * fading * 0.8, np.float32)


@lru_cache(maxsize=128)
def bell(pitch: int, held_s: float) -> Samples:
    """An electric piano by frequency modulation (Chowning 1973): float32, (n,)."""
    count = int((held_s + 0.5) * RATE_HZ)
    time_s = np.arange(count) / RATE_HZ
    turn = 2 * np.pi * frequency_of(pitch) * time_s
    strike = 2.2 * np.exp(-time_s / 0.3) * np.sin(turn)
    tine = 0.3 * np.exp(-time_s / 0.05) * np.sin(7 * turn)
    tone = np.sin(turn + strike) * np.exp(-time_s / 0.9) + tine
    return np.asarray(tone * _envelope(count, int(held_s * RATE_HZ), 0.003, 0.5), np.float32)


@lru_cache(maxsize=128)
def lead(pitch: int, held_s: float) -> Samples:
    """The voice of the hook: detuned saws with a vibrato that comes late: float32, (2, n)."""
    held = int(held_s * 0.95 * RATE_HZ)
    count = held + int(0.14 * RATE_HZ)
    time_s = np.arange(count) / RATE_HZ
    depth = 0.0045 * np.clip((time_s - 0.18) / 0.25, 0, 1)
    # A short slide from below gives each note a beginning.
    bend = 2 ** (-0.35 / 12 * np.exp(-time_s / 0.018)) * (1 + depth * np.sin(2 * np.pi * 5.6 * time_s))
    cycles = np.cumsum(frequency_of(pitch) * bend) / RATE_HZ
    saw = _wavetable(pitch, 6_500.0, odd_only=False)
    square = _oscillate(_wavetable(pitch, 3_500.0, odd_only=True), cycles * 0.5)
    sides = np.stack(
        [_oscillate(saw, cycles * 1.0035) + 0.5 * square, _oscillate(saw, cycles * 0.9965 + 0.3) + 0.5 * square]
    )
    return np.asarray(0.6 * sides * _envelope(count, held, 0.008, 0.14), np.float32)


def kick() -> Samples:
    """A sine that falls from 165 to 47 Hz, with a click: float32, (n,)."""
    time_s = time_axis(0.42)
    turn = 2 * np.pi * np.cumsum(47 + 118 * np.exp(-time_s / 0.032)) / RATE_HZ
    body = np.sin(turn) * np.exp(-time_s / 0.14)
    click = np.sin(2 * np.pi * 2_100 * time_s) * np.exp(-time_s / 0.003)
    return np.asarray(np.tanh(1.6 * (body + 0.25 * click)), np.float32)


def snare(rng: np.random.Generator) -> Samples:
    """Two drum modes under bright noise: float32, (n,)."""
    time_s = time_axis(0.3)
    modes = np.sin(2 * np.pi * 188 * time_s) + 0.6 * np.sin(2 * np.pi * 331 * time_s)
    wires = _noise(rng, time_s.size, 1_400, 11_000) * np.exp(-time_s / 0.075)
    return np.asarray(0.5 * modes * np.exp(-time_s / 0.045) + 0.75 * wires, np.float32)


def clap(rng: np.random.Generator) -> Samples:
    """Four hands that are not quite together: float32, (n,)."""
    time_s = time_axis(0.28)
    hands = sum(np.exp(-(time_s - at) / 0.006) * (time_s >= at) for at in (0.0, 0.011, 0.021))
    tail = np.exp(-(time_s - 0.03) / 0.07) * (time_s >= 0.03)
    return np.asarray(_noise(rng, time_s.size, 900, 5_500) * (0.7 * hands + 0.8 * tail), np.float32)


def rim() -> Samples:
    """A stick on the rim: float32, (n,)."""
    time_s = time_axis(0.12)
    modes = np.sin(2 * np.pi * 1_720 * time_s) + 0.7 * np.sin(2 * np.pi * 620 * time_s)
    return np.asarray(0.8 * modes * np.exp(-time_s / 0.016), np.float32)


def hat(rng: np.random.Generator, decay_s: float) -> Samples:
    """Closed or open, by its decay: float32, (n,)."""
    time_s = time_axis(decay_s * 5)
    return np.asarray(_noise(rng, time_s.size, 6_500, 16_000) * np.exp(-time_s / decay_s), np.float32)


def tom(base_hz: float) -> Samples:
    """A tom tuned to a pitch: float32, (n,)."""
    time_s = time_axis(0.5)
    turn = 2 * np.pi * np.cumsum(base_hz * (1 + 0.6 * np.exp(-time_s / 0.03))) / RATE_HZ
    return np.asarray(np.tanh(1.4 * np.sin(turn)) * np.exp(-time_s / 0.15), np.float32)


def crash(rng: np.random.Generator) -> Samples:
    """A cymbal that rings for two seconds: float32, (2, n)."""
    time_s = time_axis(2.4)
    sides = np.stack([_noise(rng, time_s.size, 2_800, 15_000) for _ in range(2)])
    return np.asarray(sides * (0.5 * np.exp(-time_s / 0.09) + 0.5 * np.exp(-time_s / 0.65)), np.float32)


def riser(rng: np.random.Generator, duration_s: float) -> Samples:
    """Noise that swells and brightens, into a chorus: float32, (2, n)."""
    time_s = time_axis(duration_s)
    position = time_s / duration_s
    low, high = (
        np.stack([_noise(rng, time_s.size, *band) for _ in range(2)]) for band in ((400, 2_000), (3_000, 12_000))
    )
    return np.asarray((low * (1 - position) + high * position) * position**2.5, np.float32)


def _noise(rng: np.random.Generator, count: int, low_hz: float, high_hz: float) -> Samples:
    band = signal.butter(2, (low_hz, high_hz), "bandpass", fs=RATE_HZ, output="sos")
    noise = signal.sosfilt(band, rng.standard_normal(count))
    return np.asarray(noise / (np.std(noise) * 3), np.float32)
