"""The analyst: one song in, everything that later stages know of the music out, in one child process."""

from collections.abc import Callable
from pathlib import Path

from engines.jobs import JobLimits, run_job
from models.song import SongAnalysis

Pulse = Callable[[], None]

# The longest accepted song takes 80 s; a busy machine may take several times that.
_LIMITS = JobLimits(memory_bytes=1_000_000_000, wall_s=900.0)


class MusicAnalyst:
    """Hears a song in a child process that may be killed at any time; implements `activities.ports.Analyst`."""

    def __init__(self, limits: JobLimits = _LIMITS) -> None:
        self._limits = limits

    def analyze(self, path: Path, pulse: Pulse) -> SongAnalysis:
        """Analyse an audio file.

        Args:
            path: A file that PyAV can decode.
            pulse: Called about five times a second; what it raises stops the child at once.

        Returns:
            The analysis; the same bytes give the same one.

        Raises:
            InvalidInput: Nothing in the file decodes to audio.
            JobCrashed: The child was killed, by its limits or from outside.
        """
        return SongAnalysis.from_bytes(run_job(_hear_as_bytes, str(path), limits=self._limits, pulse=pulse))


def _hear_as_bytes(path: str) -> bytes:
    # Imported in the child only: the worker itself needs neither onnxruntime nor scipy.
    from engines.music.hearing import hear

    return hear(Path(path)).to_bytes()
