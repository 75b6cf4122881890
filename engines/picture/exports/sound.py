"""The soundtrack under a part of a video: cut to the sample, faded at both ends, encoded again."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from engines.films import open_film
from engines.picture.encode import MUXER_OPTIONS
from engines.picture.soundtrack import BIT_RATE, ENCODER, RATE_HZ
from models.failures import MediaCorrupt

FADE_IN_S = 0.08
FADE_OUT_S = 0.9
_FRAME_SAMPLES = 1024


def cut_soundtrack(soundtrack: Path, start_s: Fraction, length_s: Fraction, out: Path) -> None:
    """Write a part of the soundtrack as AAC in MP4.

    Args:
        soundtrack: As `AacSoundtrackMaker` makes it.
        start_s: Start of the part.
        length_s: Length of the part.
        out: The MP4 to write: exactly this long, to the sample.

    Raises:
        MediaCorrupt: The soundtrack cannot be read.
    """
    first, count = int(start_s * RATE_HZ), round(length_s * RATE_HZ)
    part = np.zeros((2, count), np.float32)
    at = 0
    try:
        with open_film(soundtrack) as container:
            resampler = AudioResampler(format="fltp", layout="stereo", rate=RATE_HZ)
            for frame in container.decode(container.streams.audio[0]):
                for piece in resampler.resample(frame):
                    samples = piece.to_ndarray()
                    begin, end = max(first, at), min(first + count, at + samples.shape[1])
                    if begin < end:
                        part[:, begin - first : end - first] = samples[:, begin - at : end - at]
                    at += samples.shape[1]
                if at >= first + count:
                    break
    except (av.FFmpegError, OSError, IndexError) as error:
        raise MediaCorrupt(f"the soundtrack cannot be read: {error}") from error
    part *= _envelope(count)
    with av.open(str(out), "w", format="mp4", container_options=MUXER_OPTIONS) as target:
        stream = target.add_stream("aac", rate=RATE_HZ, bit_rate=BIT_RATE, layout="stereo", options=ENCODER)
        stream.codec_context.thread_count = 1
        for start in range(0, count, _FRAME_SAMPLES):
            data = np.ascontiguousarray(part[:, start : start + _FRAME_SAMPLES])
            frame = AudioFrame.from_ndarray(data, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, start, Fraction(1, RATE_HZ)
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))


def _envelope(count: int) -> np.ndarray:
    """Equal-power fades: quick in, so that the downbeat keeps its punch; longer out."""
    envelope = np.ones(count, np.float32)
    rising, falling = (min(count // 2, round(fade_s * RATE_HZ)) for fade_s in (FADE_IN_S, FADE_OUT_S))
    if rising:
        envelope[:rising] *= np.sin(np.linspace(0, np.pi / 2, rising, dtype=np.float32))
    if falling:
        envelope[count - falling :] *= np.cos(np.linspace(0, np.pi / 2, falling, dtype=np.float32))
    return envelope
