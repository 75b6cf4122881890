"""The analyst: one song in, everything that later stages know of the music out, in one child process."""

import logging
from collections.abc import Callable
from pathlib import Path

from engines.jobs import OUT_OF_MEMORY, JobLimits, run_job
from models.beat_trackers import BeatTrackerName
from models.failures import JobCrashed
from models.song import SongAnalysis

_log = logging.getLogger(__name__)

Pulse = Callable[[], None]

# The longest accepted song takes 80 s; a busy machine may take several times that.
LIMITS = JobLimits(memory_bytes=1_000_000_000, wall_s=900.0)
# For a second try: the networks' memory grows by 3 MB with each second of a window. Octaves are heard less well.
_SMALLER_WINDOW_FRAMES = 3_000


class MusicAnalyst:
    """Hears a song in a child process that may be killed at any time; implements `activities.ports.engines.Analyst`.

    Args:
        limits: Memory and time of a child.
        tracker: What hears beats.
    """

    def __init__(self, limits: JobLimits = LIMITS, tracker: BeatTrackerName = BeatTrackerName.MADMOM) -> None:
        self._limits = limits
        self._tracker = tracker

    def analyze(self, path: Path, pulse: Pulse) -> SongAnalysis:
        """Analyse an audio file.

        Args:
            path: A file that PyAV can decode.
            pulse: Called about five times a second; what it raises stops the child at once.

        Returns:
            The analysis; the same bytes give the same one.

        Raises:
            InvalidInput: Nothing in the file decodes to audio.
            JobCrashed: The child was killed, by its limits (of memory: twice, the second time with smaller windows) or
                from outside.
        """
        try:
            heard = run_job(_hear_as_bytes, str(path), self._tracker, None, limits=self._limits, pulse=pulse)
        except JobCrashed as error:
            if error.code != OUT_OF_MEMORY:
                raise
            _log.warning("%s; trying once more in %d frames", error, _SMALLER_WINDOW_FRAMES)
            smaller = _SMALLER_WINDOW_FRAMES
            heard = run_job(_hear_as_bytes, str(path), self._tracker, smaller, limits=self._limits, pulse=pulse)
        return SongAnalysis.from_bytes(heard)


def _hear_as_bytes(path: str, tracker: BeatTrackerName, window_frames: int | None) -> bytes:
    # Imported in the child only: the worker itself needs neither onnxruntime nor scipy.
    from engines.music.hearing import hear

    if tracker is BeatTrackerName.MADMOM:
        return hear(Path(path), window_frames=window_frames).to_bytes()
    from engines.music.onsets import OnsetTracker

    return hear(Path(path), OnsetTracker(), window_frames).to_bytes()
