"""The music under a stretch of frames: what an animator needs to move with it."""

import numpy as np
from numpy.typing import NDArray

from models.profiles import Profile
from models.song import SongAnalysis
from models.takes import BeatCue, MusicCues

_CALM = 0.35
"""Strength that a beat keeps in the quietest music; the rest comes with energy."""

_OFFBEAT = 0.55
"""Strength of a beat that is not a downbeat, relative to a downbeat."""


def music_cues(analysis: SongAnalysis, profile: Profile, start_frame: int, end_frame: int) -> MusicCues:
    """The music under a stretch of frames.

    Args:
        analysis: The song.
        profile: Gives the frame rate.
        start_frame: First frame of the stretch.
        end_frame: The frame after its last.

    Returns:
        Energy per frame, and the beats that fall in the stretch, counted from its start. A beat's strength grows with
        the energy around it and with the analysis's confidence; on a regular grid, without detected beats, all
        strengths are halved.
    """
    energy = frame_energy(analysis, profile, start_frame, end_frame)
    heard = 1.0 if analysis.grid == "heard" else 0.5
    cues = []
    for beat in analysis.beats:
        frame = profile.frame_at(beat.time_s)
        if start_frame <= frame < end_frame:
            downbeat = beat.position == 1
            loud = _CALM + (1 - _CALM) * float(energy[frame - start_frame])
            strength = heard * loud * (1.0 if downbeat else _OFFBEAT) * (0.5 + 0.5 * beat.confidence)
            cues.append(BeatCue(frame=frame - start_frame, strength=round(strength, 4), downbeat=downbeat))
    return MusicCues(energy=tuple(round(float(value), 4) for value in energy), beats=tuple(cues))


def frame_energy(analysis: SongAnalysis, profile: Profile, start_frame: int, end_frame: int) -> NDArray[np.float64]:
    """Energy at the middle of each frame.

    Args:
        analysis: The song.
        profile: Gives the frame rate.
        start_frame: First frame.
        end_frame: The frame after the last.

    Returns:
        float64, (end_frame - start_frame,), 0…1, linear between the curve's values.
    """
    times_s = (np.arange(start_frame, end_frame) + 0.5) / float(profile.fps)
    values = analysis.energy.values or (0.5,)
    energy = np.interp(times_s, np.arange(len(values)) * analysis.energy.hop_s, values)
    return np.asarray(np.clip(energy, 0.0, 1.0), dtype=np.float64)
