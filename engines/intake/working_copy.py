"""The working copy that all later steps read: 24-bit FLAC, 44.1 kHz, mono or stereo, sample-exact in length.

44.1 kHz is the rate of most songs and of the analysis, so those pass unchanged; AAC at the soundtrack's rate keeps
nothing that a higher rate would add. Samples beyond full scale are halved until they fit. The number of halvings is
written into the file, and `engines.song_file` undoes them on reading.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, log2
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

from engines.intake.mixing import is_plain, mix_matrix, polarities
from engines.song_file import BITS, HALVINGS_TAG, PEAK_TAG, RATE_HZ
from models.failures import ProviderUnavailable

Samples = NDArray[np.float32]

_BLOCK_SAMPLES = 65_536
_HELD_SAMPLES = 32_768
"""The end is held back until it is known how much of it is an encoder's padding."""

_MOST_HALVINGS = 40
_COMPRESSION = "5"
"""As fast as level 0 here (0.35 s a minute), and 4 % smaller."""

_TAGS_WITHIN_BYTES = 16_384
_FULL_SCALE = 1 - 2.0**-BITS
_RESAMPLER = "filter_size=64:cutoff=0.97"


@dataclass(frozen=True)
class Plan:
    """Decisions to make before the first sample is written.

    Attributes:
        stereo: Some part of the song has more than one channel; None: decided by its first part.
        halvings: How often samples are halved to stay within full scale.
        mix_gain: Gain on a mix of more than two channels, so that it is no louder than its loudest channel.
        signs: Polarity of each channel of a mix.
    """

    stereo: bool | None = None
    halvings: int = 0
    mix_gain: float = 1.0
    signs: tuple[float, ...] | None = None


class WorkingCopy:
    """Writes the working copy of one song.

    Args:
        path: Path of the copy; None only measures.
        plan: From an earlier attempt's `better_plan`.
    """

    def __init__(self, path: Path | None, plan: Plan) -> None:
        self._path, self._plan = path, plan
        self._waiting: list[Samples] = []
        self._waiting_samples = 0
        self._run: tuple[int, tuple[str, ...]] | None = None
        self._resampler: _Resampler | None = None
        self._matrix: Samples | None = None
        self._grams: dict[tuple[str, ...], NDArray[np.float64]] = {}
        self._source_peak = self._mix_peak = self._peak = 0.0
        self._stereo = bool(plan.stereo)
        self._run_samples = 0
        self._due = Fraction(0)
        self._made = 0
        self._tail = np.zeros((0, 2 if plan.stereo else 1), np.float32)
        self._written = 0
        self._container: av.container.OutputContainer | None = None
        self._stream: av.AudioStream | None = None

    @property
    def _sides(self) -> int:
        return 2 if self._plan.stereo else 1

    def add(self, samples: Samples, rate_hz: int, speakers: tuple[str, ...]) -> None:
        """Append some sound; its rate and channels may change at any time.

        Args:
            samples: float32, (n, channels), full scale being ±1.
            rate_hz: The rate of these samples.
            speakers: A name for each channel.
        """
        if self._path is None:
            return
        if self._plan.stereo is None:
            self._plan = replace(self._plan, stereo=len(speakers) > 1)
            self._tail = np.zeros((0, self._sides), np.float32)
        if (rate_hz, speakers) != self._run:
            self.end_run()
            self._run = rate_hz, speakers
            self._matrix = None if is_plain(speakers) else self._mix_of(speakers)
            self._stereo = self._stereo or len(speakers) > 1
        self._waiting.append(samples)
        self._waiting_samples += len(samples)
        if self._waiting_samples >= _BLOCK_SAMPLES:
            self._flush()

    def end_run(self) -> None:
        """End a stretch of one rate and one set of channels."""
        if self._run is None:
            return
        self._flush()
        if self._resampler is not None:
            self._take(self._resampler.resample(None))
            self._resampler = None
        self._due += Fraction(self._run_samples * RATE_HZ, self._run[0])
        # Resamplers round each stretch up or down; the song's length must not depend on that.
        missing = round(self._due) - self._made
        if missing > 0:
            self._keep(np.zeros((missing, self._sides), np.float32))
        elif missing < 0:
            self._tail = self._tail[: len(self._tail) + missing]
            self._made += missing
        self._run, self._run_samples = None, 0

    def finish(self, length_s: Fraction) -> None:
        """Write the end, and close the file.

        Args:
            length_s: The song's length; samples beyond it are padding, and a small shortfall is filled with silence.
        """
        if self._path is None:
            return
        self.end_run()
        surplus = self._made - round(length_s * RATE_HZ)
        if surplus > 0:
            self._tail = self._tail[: max(0, len(self._tail) - surplus)]
        elif surplus < 0:
            self._keep(np.zeros((-surplus, self._sides), np.float32))
        self._encode(self._tail)
        try:
            if self._container is not None and self._stream is not None:
                self._container.mux(self._stream.encode(None))
        except (av.FFmpegError, OSError) as error:
            raise _no_room() from error
        self.close()
        _write_peak(self._path, self._source_peak)

    def close(self) -> None:
        """Close the file as it is."""
        if self._container is not None:
            try:
                self._container.close()
            except (av.FFmpegError, OSError) as error:
                raise _no_room() from error
            finally:
                self._container = None

    def better_plan(self) -> Plan | None:
        """A plan for the next attempt; None if this one succeeded."""
        plan = self._plan
        if self._stereo and not plan.stereo:
            return replace(plan, stereo=True)
        if plan.signs is None and len(self._grams) == 1:
            ((speakers, gram),) = self._grams.items()
            signs = polarities(mix_matrix(speakers), gram)
            if signs is not None:
                return replace(plan, signs=signs)
        loudest = max(1.0, self._source_peak)
        if self._mix_peak > loudest * 1.001 and plan.mix_gain == 1.0:
            # Headroom for overshoot of the resampler saves another attempt.
            halvings = max(plan.halvings, _halvings(loudest) + 1)
            return replace(plan, mix_gain=loudest / self._mix_peak, halvings=min(halvings, _MOST_HALVINGS))
        halvings = _halvings(self._peak)
        if halvings > plan.halvings:
            return replace(plan, halvings=halvings)
        return None

    def _mix_of(self, speakers: tuple[str, ...]) -> Samples:
        matrix = mix_matrix(speakers) * np.float32(self._plan.mix_gain)
        signs = self._plan.signs
        if signs is not None and len(signs) == len(speakers):
            matrix = matrix * np.asarray(signs, np.float32)[:, None]
        return matrix

    def _flush(self) -> None:
        if not self._waiting or self._run is None:
            return
        samples = self._waiting[0] if len(self._waiting) == 1 else np.concatenate(self._waiting)
        self._waiting, self._waiting_samples = [], 0
        self._run_samples += len(samples)
        rate_hz, speakers = self._run
        self._source_peak = max(self._source_peak, _peak(samples))
        if self._matrix is not None:
            gram = self._grams.setdefault(speakers, np.zeros((len(speakers), len(speakers))))
            gram += samples.T @ samples
            samples = samples @ self._matrix
            self._mix_peak = max(self._mix_peak, _peak(samples))
        if samples.shape[1] > self._sides:
            samples = samples[:, :1]  # this attempt is lost anyway: the next one is in stereo
        elif samples.shape[1] < self._sides:
            samples = np.repeat(samples, self._sides, axis=1)
        if rate_hz == RATE_HZ:
            self._keep(samples)
            return
        if self._resampler is None:
            self._resampler = _Resampler(rate_hz, self._layout)
        self._take(self._resampler.resample(_frame(samples, "flt", self._layout, rate_hz)))

    @property
    def _layout(self) -> str:
        return "stereo" if self._plan.stereo else "mono"

    def _take(self, frames: list[AudioFrame]) -> None:
        for frame in frames:
            self._keep(np.asarray(frame.to_ndarray(), np.float32).reshape(-1, self._sides))

    def _keep(self, samples: Samples) -> None:
        self._made += len(samples)
        self._peak = max(self._peak, _peak(samples))
        self._tail = np.concatenate([self._tail, samples])
        if len(self._tail) > _HELD_SAMPLES + _BLOCK_SAMPLES:
            self._encode(self._tail[:-_HELD_SAMPLES])
            self._tail = self._tail[-_HELD_SAMPLES:]

    def _encode(self, samples: Samples) -> None:
        if self._path is None or not len(samples):
            return
        whole = float(2 ** (BITS - 1))
        scaled = np.rint(samples.astype(np.float64) * (whole / 2**self._plan.halvings))
        levels = np.clip(scaled, -whole, whole - 1).astype(np.int32) << (32 - BITS)
        frame = _frame(levels, "s32", self._layout, RATE_HZ)
        frame.pts = self._written
        self._written += len(samples)
        try:
            stream = self._stream or self._open(self._path)
            assert self._container is not None
            self._container.mux(stream.encode(frame))
        except (av.FFmpegError, OSError) as error:
            raise _no_room() from error

    def _open(self, path: Path) -> av.AudioStream:
        self._container = av.open(f"file:{path}", "w", format="flac")
        self._container.metadata[HALVINGS_TAG] = str(self._plan.halvings)
        self._container.metadata[PEAK_TAG] = _peak_text(0.0)
        stream = self._container.add_stream(
            "flac", rate=RATE_HZ, layout=self._layout, options={"compression_level": _COMPRESSION}
        )
        stream.codec_context.format = av.AudioFormat("s32")
        stream.codec_context.thread_count = 1
        self._stream = stream
        return stream


class _Resampler:
    """Any rate to ours, by swresample with a longer filter than its default."""

    def __init__(self, rate_hz: int, layout: str) -> None:
        self._graph = graph = av.filter.Graph()
        source = graph.add_abuffer(sample_rate=rate_hz, format="flt", layout=layout, time_base=Fraction(1, rate_hz))
        resample = graph.add("aresample", f"{RATE_HZ}:osf=flt:ochl={layout}:{_RESAMPLER}")
        sink = graph.add("abuffersink")
        source.link_to(resample)
        resample.link_to(sink)
        graph.configure()

    def resample(self, frame: AudioFrame | None) -> list[AudioFrame]:
        """Push a frame, or the end, and return the frames that are ready."""
        self._graph.push(frame)
        ready: list[AudioFrame] = []
        while True:
            try:
                done = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return ready
            assert isinstance(done, AudioFrame)
            ready.append(done)


def _frame(samples: Samples | NDArray[np.int32], form: str, layout: str, rate_hz: int) -> AudioFrame:
    packed: Any = np.ascontiguousarray(samples).reshape(1, -1)
    frame = AudioFrame.from_ndarray(packed, form, layout)
    frame.sample_rate, frame.time_base = rate_hz, Fraction(1, rate_hz)
    return frame


def _halvings(peak: float) -> int:
    return 0 if peak <= _FULL_SCALE else min(ceil(log2(peak / _FULL_SCALE)), _MOST_HALVINGS)


def _peak(samples: Samples) -> float:
    return max(float(samples.max()), -float(samples.min())) if samples.size else 0.0


def _peak_text(peak: float) -> str:
    return f"{peak:018.8f}"


def _write_peak(path: Path, peak: float) -> None:
    """Fill in the peak, known only at the end: its place in the tag is reserved, and no checksum covers it."""
    with path.open("r+b") as file:
        at = file.read(_TAGS_WITHIN_BYTES).find(f"{PEAK_TAG}=".encode())
        if at >= 0:
            file.seek(at + len(PEAK_TAG) + 1)
            file.write(_peak_text(peak).encode())


def _no_room() -> ProviderUnavailable:
    return ProviderUnavailable("The server has no room for songs just now: try again in a few minutes.")
