"""An audio file as a stream of windows in one channel, with loudness measured on the way.

Memory does not grow with the song.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import av.error
import numpy as np
import scipy.fft
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from engines.song_file import read_song
from models.failures import InvalidInput

RATE_HZ = 44_100
FPS = 100
HOP_SAMPLES = RATE_HZ // FPS
# Long, because the networks hear far around a moment: windows of 36 s told off-beats from beats less well than these of
# 86 s. Not longer, because the convolutions take 3 MB for each second of it.
WINDOW_FRAMES = 7_000
CONTEXT_FRAMES = 800
# Below this the meter reports its floor, not a level.
_SILENCE_LUFS = -69.9


@dataclass(frozen=True)
class Window:
    """A stretch of the song with context on both sides.

    Attributes:
        samples: float32, (n,), what both ears hear in one channel, −1…1 (louder where the source clips), at `RATE_HZ`,
            context included.
        peaks: float32, (core_frames,), the largest absolute sample of any channel in each frame of the core.
        lead_frames: Frames of context before the core.
        core_frames: Frames of the core, the part that this window answers for; a frame is `HOP_SAMPLES`.
    """

    samples: NDArray[np.float32]
    peaks: NDArray[np.float32]
    lead_frames: int
    core_frames: int


class SongStream:
    """Decodes a song once, front to back.

    Args:
        path: A file that PyAV can read.
        window_frames: The core of each window.

    After `windows` is exhausted the measurements below are set.
    """

    def __init__(self, path: Path, window_frames: int = WINDOW_FRAMES) -> None:
        self.path = path
        self._window_frames = window_frames
        self.sample_rate_hz = 0
        self.channels = 0
        self.sample_count = 0
        self.loudness_lufs: float | None = None
        self.true_peak_dbtp: float | None = None

    @property
    def duration_s(self) -> float:
        """The length of what was decoded so far."""
        return self.sample_count / RATE_HZ

    def windows(self) -> Iterator[Window]:
        """Overlapping windows whose cores tile the song.

        Yields:
            Windows in order; the last one's core ends with the song.

        Raises:
            InvalidInput: Nothing in the file decodes to audio.
        """
        size = self._window_frames * HOP_SAMPLES
        context = CONTEXT_FRAMES * HOP_SAMPLES
        buffer: list[NDArray[np.float32]] = []
        held, lead = 0, 0
        for block in self._blocks():
            buffer.append(block)
            held += block.shape[1]
            while held >= lead + size + context:
                joined = np.concatenate(buffer, axis=1)
                yield _window(joined[:, : lead + size + context], lead // HOP_SAMPLES, self._window_frames)
                buffer = [joined[:, lead + size - context :].copy()]
                held, lead = buffer[0].shape[1], context
        rest = np.concatenate(buffer, axis=1) if buffer else np.zeros((1, 0), np.float32)
        core = -(-(rest.shape[1] - lead) // HOP_SAMPLES)
        if core > 0:
            yield _window(rest, lead // HOP_SAMPLES, core)
        if self.sample_count == 0:
            raise InvalidInput("The file holds no audio that can be decoded; export it again.", code="not_audio")

    def _blocks(self) -> Iterator[NDArray[np.float32]]:
        try:
            resampler: av.AudioResampler | None = None
            meter = _Meter()
            for frame in read_song(self.path):
                if not self.sample_rate_hz:
                    self.sample_rate_hz, self.channels = frame.sample_rate, len(frame.layout.channels)
                if resampler is None:
                    layout = "mono" if self.channels == 1 else "stereo"
                    resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE_HZ)
                meter.push(frame)
                yield from self._counted(resampler.resample(frame))
            if resampler is not None:
                yield from self._counted(resampler.resample(None))
            self.loudness_lufs, self.true_peak_dbtp = meter.finish()
        except (av.error.FFmpegError, OSError) as error:
            raise InvalidInput(f"The audio cannot be read ({error}); export it again.", code="corrupt") from error

    def _counted(self, frames: list[AudioFrame]) -> Iterator[NDArray[np.float32]]:
        for frame in frames:
            samples = np.nan_to_num(frame.to_ndarray().astype(np.float32, copy=False))
            self.sample_count += samples.shape[1]
            yield samples


def _window(channels: NDArray[np.float32], lead_frames: int, core_frames: int) -> Window:
    """A window from (1 or 2, n) samples."""
    first = lead_frames * HOP_SAMPLES
    core = np.abs(channels[:, first : first + core_frames * HOP_SAMPLES]).max(axis=0)
    peaks: NDArray[np.float32] = np.pad(core, (0, -len(core) % HOP_SAMPLES)).reshape(-1, HOP_SAMPLES).max(axis=1)
    return Window(one_channel(channels), peaks, lead_frames, core_frames)


def one_channel(channels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Both channels in one in which nothing cancels, whatever their phase.

    The right one is turned by 90 degrees before they are added, as in matrix encoders of quadraphonic sound (Scheiber
    1971): what is alike, upside down, or in one of them alone comes out at the same power. A plain sum would lose a
    song whose right channel is its left upside down, or the drums alone that were widened so. Where both are alike the
    spectrum keeps its magnitudes.

    Args:
        channels: float32, (1 or 2, n).

    Returns:
        float32, (n,), 3 dB above one of two equal channels, as in swresample's own mixing to mono.
    """
    if len(channels) == 1 or not channels.shape[1]:
        only: NDArray[np.float32] = channels[0]
        return only
    left, right = channels
    # Silence behind it keeps the turned end from reaching around to the beginning.
    length = scipy.fft.next_fast_len(len(right) + RATE_HZ, real=True)
    spectrum = scipy.fft.rfft(right, length)
    spectrum *= np.complex64(-1j)
    turned: NDArray[np.float32] = scipy.fft.irfft(spectrum, length)[: len(right)]
    turned += left
    return turned


class _Meter:
    """Integrated loudness and true peak by libavfilter's `ebur128` (EBU R 128, ITU-R BS.1770-5)."""

    def __init__(self) -> None:
        self._graph: av.filter.Graph | None = None
        self._format: tuple[str, str, int] | None = None
        self._metadata: dict[str, str] = {}

    def push(self, frame: AudioFrame) -> None:
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._graph is None:
            self._graph, self._format = self._build(frame), shape
        if shape != self._format:  # a stream that changes its format keeps the reading from before
            return
        self._graph.push(frame)
        self._drain()

    def finish(self) -> tuple[float | None, float | None]:
        """Integrated LUFS and the true peak in dBTP, None where there was only silence."""
        if self._graph is not None:
            self._graph.push(None)
            self._drain()
        loudness = float(self._metadata.get("lavfi.r128.I", "-70"))
        peaks = [float(value) for key, value in self._metadata.items() if "true_peaks_ch" in key]
        peak = max(peaks, default=0.0)
        return (
            loudness if np.isfinite(loudness) and loudness > _SILENCE_LUFS else None,
            round(float(20 * np.log10(peak)), 2) if peak > 1e-5 else None,
        )

    @staticmethod
    def _build(frame: AudioFrame) -> av.filter.Graph:
        graph = av.filter.Graph()
        source = graph.add_abuffer(
            sample_rate=frame.sample_rate, format=frame.format.name, layout=frame.layout.name, time_base=frame.time_base
        )
        meter = graph.add("ebur128", "metadata=1:peak=true")
        sink = graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        return graph

    def _drain(self) -> None:
        assert self._graph is not None
        while True:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            self._metadata.update(frame.metadata)  # frames of the flush carry none
