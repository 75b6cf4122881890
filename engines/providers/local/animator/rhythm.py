"""The music under a scene as curves, one value a frame, that camera and light follow."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.takes import MusicCues

Curve = NDArray[np.float32]

_BEAT_DECAY_S = 0.16
_DOWNBEAT_DECAY_S = 0.30
RISE_S = 0.085
"""A pulse rises for this long up to its beat: a rise within one frame looks like a cut."""

_CALM, _FULL = 0.25, 0.8
"""Below the first energy nothing pulses, above the second everything does."""


@dataclass(frozen=True)
class Rhythm:
    """Curves of a scene.

    Attributes:
        energy: float32, (frames,), 0…1, smoothed over half a second.
        drive: float32, (frames,), 0…1: how strongly the scene responds to beats.
        beat: float32, (frames,), 0…1: rises on every beat by its strength, and falls.
        downbeat: float32, (frames,), 0…1: the same for downbeats only, falling more slowly.
        bar: int32, (frames,): the number of downbeats so far.
        time_s: float32, (frames,).
        step_s: The length of a frame.
    """

    energy: Curve
    drive: Curve
    beat: Curve
    downbeat: Curve
    bar: NDArray[np.int32]
    time_s: Curve
    step_s: float

    @property
    def frame_count(self) -> int:
        """The scene's length in frames."""
        return len(self.energy)


def read_rhythm(cues: MusicCues, frame_count: int, fps: float, scene_energy: float) -> Rhythm:
    """Turn cues into curves.

    Args:
        cues: Beats and energy of the scene; energy may be shorter than the scene, or missing.
        frame_count: The scene's length in frames.
        fps: Frames a second.
        scene_energy: The scene's energy, 0…1, used if the cues have none.

    Returns:
        The curves.
    """
    energy = np.full(frame_count, scene_energy, np.float32)
    if cues.energy:
        heard = np.asarray(cues.energy[:frame_count], np.float32)
        energy[: len(heard)] = heard
        energy[len(heard) :] = heard[-1]
    width = max(1, round(fps / 2)) | 1
    padded = np.pad(energy, width // 2, mode="edge")
    energy = np.convolve(padded, np.ones(width, np.float32) / width, mode="valid").astype(np.float32)
    level = 0.5 * energy + 0.5 * scene_energy
    ramp = np.clip((level - _CALM) / (_FULL - _CALM), 0, 1)
    beats = [cue for cue in cues.beats if 0 <= cue.frame < frame_count]
    bar = np.zeros(frame_count, np.int32)
    for cue in beats:
        if cue.downbeat:
            bar[max(0, cue.frame) :] += 1
    return Rhythm(
        energy=energy,
        drive=(ramp * ramp * (3 - 2 * ramp)).astype(np.float32),
        beat=_pulses([(c.frame, c.strength) for c in beats], frame_count, fps, _BEAT_DECAY_S),
        downbeat=_pulses([(c.frame, c.strength) for c in beats if c.downbeat], frame_count, fps, _DOWNBEAT_DECAY_S),
        bar=bar,
        time_s=(np.arange(frame_count) / fps).astype(np.float32),
        step_s=1 / fps,
    )


def _pulses(hits: list[tuple[int, float]], frame_count: int, fps: float, decay_s: float) -> Curve:
    curve = np.zeros(frame_count, np.float32)
    frames = np.arange(frame_count)
    for frame, strength in hits:
        since = frames - frame
        rise = np.clip(1 + since / (RISE_S * fps + 1), 0, 1)
        fall = np.exp(-np.maximum(since, 0) / (decay_s * fps))
        curve = np.maximum(curve, (strength * rise * fall).astype(np.float32))
    return curve
