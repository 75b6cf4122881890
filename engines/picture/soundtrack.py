"""The song as the soundtrack of its videos: encoded once, remuxed into every version."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame

from engines.jobs import JobLimits, Pulse, no_pulse, run_job
from engines.picture.encode import MUXER_OPTIONS
from engines.picture.peaks import true_peak_of
from engines.song_file import highest_sample, read_song
from models.failures import InvalidInput

RATE_HZ = 48_000
BIT_RATE = 192_000
ENCODER = {
    # Against the default (two-loop search, intensity stereo) at the same rate: two thirds of the time, and an error
    # 3 to 8 dB lower in every band.
    "aac_coder": "fast",
    "aac_is": "0",
}
CEILING = 10 ** (-1 / 20)
"""−1 dBTP (EBU R 128): the level for songs louder than full scale, measured after the encoder."""

_MOST_TRIES = 4
_MARGIN = 0.995
_LIMITS = JobLimits(memory_bytes=500_000_000, wall_s=300.0)


class AacSoundtrackMaker:
    """Encodes songs to AAC-LC, 48 kHz stereo, 192 kbit/s, in MP4."""

    def encode_soundtrack(self, source: Path, out: Path, pulse: Pulse = no_pulse) -> bool:
        """Encode a song in a child process.

        The container's edit list declares the encoder's priming samples: a player plays the song from its first sample,
        in sync. A song with samples beyond full scale, which only float can represent, would be clipped by every
        player: its level is reduced as much as necessary. Any other song keeps its level.

        Args:
            source: An audio file; anything else in it (cover art) is ignored.
            out: The MP4 to write.
            pulse: Called during the work; raises to stop it.

        Returns:
            Whether the level was reduced.

        Raises:
            InvalidInput: The file holds no audio that can be decoded.
        """
        return run_job(encode_within_full_scale, str(source), str(out), limits=_LIMITS, pulse=pulse)


def encode_within_full_scale(source: str, out: str) -> bool:
    """Encode in this process; see `AacSoundtrackMaker.encode_soundtrack`."""
    peaks = Peaks()
    encode(source, out, peaks=peaks)
    # Resampling at the intake may exceed full scale even if the song does not.
    highest = highest_sample(Path(source))
    if (peaks.highest if highest is None else highest) <= 1.0:
        return False
    gain = 1.0
    for _ in range(_MOST_TRIES):
        # The encoder's own error adds to the peaks; only a measurement shows by how much.
        peak = true_peak_of(Path(out))
        if peak <= CEILING:
            break
        gain *= CEILING / peak * _MARGIN
        encode(source, out, gain)
    return True


class Peaks:
    """The highest sample in a song's file, 1 at full scale."""

    def __init__(self) -> None:
        self.highest = 0.0

    def see(self, frame: AudioFrame) -> None:
        """Read a decoded frame; integers cannot exceed full scale."""
        if frame.format.name.startswith(("flt", "dbl")):
            self.highest = max(self.highest, float(np.abs(frame.to_ndarray()).max(initial=0.0)))


def encode(source: str, out: str, gain: float = 1.0, peaks: Peaks | None = None) -> int:
    """Encode in this process, frame by frame: memory does not grow with the song.

    Args:
        source: An audio file.
        out: The MP4 to write.
        gain: Factor on all samples.
        peaks: Reads each decoded frame.

    Returns:
        The song's length in samples at 48 kHz.

    Raises:
        InvalidInput: The file contains no decodable audio.
    """
    samples = 0
    try:
        with av.open(out, "w", format="mp4", container_options=MUXER_OPTIONS) as target:
            stream = target.add_stream("aac", rate=RATE_HZ, bit_rate=BIT_RATE, layout="stereo", options=ENCODER)
            stream.codec_context.thread_count = 1
            for frame in _stereo(read_song(Path(source)), gain, peaks):
                frame.pts, frame.time_base = samples, Fraction(1, RATE_HZ)
                samples += frame.samples
                target.mux(stream.encode(frame))
            if samples:
                target.mux(stream.encode(None))
    except (av.FFmpegError, OSError) as error:
        raise InvalidInput(f"The song cannot be decoded ({error}); export it again.", code="corrupt") from error
    if not samples:
        raise InvalidInput("The file holds no audio that can be decoded; export it again.", code="not_audio")
    return samples


def _stereo(song: Iterator[AudioFrame], gain: float, peaks: Peaks | None) -> Iterator[AudioFrame]:
    """The song's samples, one after the other, as stereo at 48 kHz.

    Timestamps are ignored: like the analysis, this counts samples from the first one that decodes.
    """
    resampler: _Resampler | None = None
    for frame in song:
        if peaks is not None:
            peaks.see(frame)
        if resampler is None or not resampler.fits(frame):
            if resampler is not None:
                yield from resampler.resample(None)
            resampler = _Resampler(frame, gain)
        yield from resampler.resample(frame)
    if resampler is not None:
        yield from resampler.resample(None)


class _Resampler:
    """Any format to stereo at 48 kHz, while the stream keeps its format."""

    def __init__(self, like: AudioFrame, gain: float) -> None:
        self._shape = self._shape_of(like)
        graph = av.filter.Graph()
        source = graph.add_abuffer(
            sample_rate=like.sample_rate, format=like.format.name, layout=like.layout.name, time_base=like.time_base
        )
        chain = [source]
        if len(like.layout.channels) == 1:
            # The resampler's own upmix of mono is 3 dB quieter than the song.
            chain.append(graph.add("pan", "stereo|c0=c0|c1=c0"))
        # Without a limit a 5.1 downmix to float exceeds full scale, and players clip it.
        chain.append(graph.add("aresample", f"{RATE_HZ}:rematrix_maxval=1.0:ochl=stereo:osf=fltp"))
        if gain != 1.0:
            chain.append(graph.add("volume", f"volume={gain:.9f}:precision=float"))
        chain.append(graph.add("abuffersink"))
        for before, after in pairwise(chain):
            before.link_to(after)
        graph.configure()
        self._graph = graph

    @staticmethod
    def _shape_of(frame: AudioFrame) -> tuple[str, str, int]:
        return frame.format.name, frame.layout.name, frame.sample_rate

    def fits(self, frame: AudioFrame) -> bool:
        """Whether a frame has this resampler's input format."""
        return self._shape_of(frame) == self._shape

    def resample(self, frame: AudioFrame | None) -> Iterator[AudioFrame]:
        """Push a frame, or the end, and yield the frames that are ready."""
        self._graph.push(frame)
        while True:
            try:
                ready = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            assert isinstance(ready, AudioFrame)
            yield ready
