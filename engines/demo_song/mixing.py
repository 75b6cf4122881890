"""The mixing desk: buses, sends, ducking under the kick, and the master chain.

Stereo is float32, (2, n), at `RATE_HZ`.
"""

import numpy as np
import pyloudnorm
from numpy.typing import NDArray
from scipy import ndimage, signal

from engines.demo_song.instruments import RATE_HZ, Samples

TARGET_LUFS = -13.0
_CEILING = 10 ** (-1.0 / 20)
_LIMITER_S = 0.004
_GLUE_BLOCK_S = 0.01


def place(bus: Samples, sound: Samples, at: int, gain: float, pan: float = 0.0) -> None:
    """Add a sound to a bus.

    Args:
        bus: (2, n), changed in place; sound beyond its end is lost.
        sound: (m,) or (2, m).
        at: The sample at which it begins.
        gain: Linear.
        pan: −1 left … 1 right, at constant power.
    """
    length = min(sound.shape[-1], bus.shape[1] - at)
    if length <= 0:
        return
    angle = (pan + 1) * np.pi / 4
    sides = np.array([[np.cos(angle)], [np.sin(angle)]], dtype=np.float32) * np.float32(gain * np.sqrt(2))
    bus[:, at : at + length] += sides * sound[..., :length]


def ping_pong(bus: Samples, delay: int, feedback: float, echoes: int) -> Samples:
    """The echoes of a bus, from side to side.

    Args:
        bus: (2, n).
        delay: Samples between echoes.
        feedback: Each echo's level against the one before.
        echoes: The number of echoes.

    Returns:
        The echoes alone, (2, n).
    """
    wet = np.zeros_like(bus)
    mono = bus.mean(axis=0)
    for number in range(1, echoes + 1):
        shift = number * delay
        wet[number % 2, shift:] += mono[: mono.size - shift] * np.float32(feedback**number)
    return wet


def reverb(send: Samples, rng: np.random.Generator, decay_s: float) -> Samples:
    """A hall: convolution with noise that dies away, its highs first (Moorer 1979).

    Args:
        send: (2, n).
        rng: Makes the hall.
        decay_s: Time until it is 60 dB down.

    Returns:
        The wet signal alone, (2, n).
    """
    count = int(decay_s * RATE_HZ)
    time_s = np.arange(count) / RATE_HZ
    fading = np.exp(-6.9 * time_s / decay_s)
    band = signal.butter(2, (220, 7_000), "bandpass", fs=RATE_HZ, output="sos")
    dark = signal.butter(1, 2_200, fs=RATE_HZ, output="sos")
    walls = []
    for _ in range(2):
        noise = signal.sosfilt(band, rng.standard_normal(count) * fading)
        late = np.minimum(1.0, time_s / (decay_s / 3))
        noise = noise * (1 - late) + signal.sosfilt(dark, noise) * late
        noise[: int(0.012 * RATE_HZ)] = 0  # the first wall is four metres away
        walls.append(noise / np.sqrt(np.sum(noise**2)))
    wet = [signal.oaconvolve(side, wall)[: side.size] for side, wall in zip(send, walls, strict=True)]
    return np.asarray(np.stack(wet), np.float32)


def duck_curve(count: int, kicks: list[int], depth: float, recovery_s: float) -> Samples:
    """The gain that makes room for the kick: float32, (n,), `1 - depth` at each kick and back to 1."""
    curve = np.ones(count, dtype=np.float32)
    length = int(recovery_s * RATE_HZ)
    dip = (1 - depth * np.cos(np.linspace(0, np.pi / 2, length)) ** 2).astype(np.float32)
    for at in kicks:
        part = curve[at : at + length]
        np.minimum(part, dip[: part.size], out=part)
    return curve


def master(mix: Samples) -> Samples:
    """Rumble out, glue compression, loudness to `TARGET_LUFS`, and a limiter at −1 dBFS.

    Args:
        mix: (2, n).

    Returns:
        (2, n), never beyond the ceiling.
    """
    rumble = signal.butter(2, 28, "highpass", fs=RATE_HZ, output="sos")
    mix = signal.sosfilt(rumble, mix, axis=1).astype(np.float32)
    mix = mix * _glue_gain(mix, threshold_db=-6.0, ratio=1.8)
    loudness = pyloudnorm.Meter(RATE_HZ).integrated_loudness(mix.T)
    mix *= np.float32(10 ** ((TARGET_LUFS - loudness) / 20))
    return _limit(mix)


def _glue_gain(mix: Samples, threshold_db: float, ratio: float) -> Samples:
    """Gain of a slow compressor (attack 30 ms, release 200 ms), relative to the loudest block: float32, (n,)."""
    block = int(_GLUE_BLOCK_S * RATE_HZ)
    blocks = mix.shape[1] // block
    power = np.mean(mix[:, : blocks * block].reshape(2, blocks, block) ** 2, axis=(0, 2))
    level_db = 10 * np.log10(power + 1e-9)
    level_db -= level_db.max()
    wanted_db = np.minimum(0.0, (threshold_db - level_db) * (1 - 1 / ratio))
    gain_db = np.empty_like(wanted_db)
    current = 0.0
    for index, wanted in enumerate(wanted_db):
        current += (wanted - current) * (0.28 if wanted < current else 0.05)
        gain_db[index] = current
    centres = (np.arange(blocks) + 0.5) * block
    return np.asarray(10 ** (np.interp(np.arange(mix.shape[1]), centres, gain_db) / 20), np.float32)


def _limit(mix: Samples) -> Samples:
    """Look-ahead limiter: the smoothing is as wide as the peak search, so no peak slips through."""
    window = int(_LIMITER_S * RATE_HZ) | 1
    peak: NDArray[np.float32] = np.abs(mix).max(axis=0)
    held = ndimage.maximum_filter1d(peak, window)
    gain = ndimage.uniform_filter1d(np.minimum(1.0, _CEILING / np.maximum(held, 1e-6)), window)
    return np.asarray(np.clip(mix * gain, -_CEILING, _CEILING), np.float32)
