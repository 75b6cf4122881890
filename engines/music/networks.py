"""What a listener's foot knows: per-frame probabilities of beats and downbeats, by madmom's networks.

madmom's model files are CC BY-NC-SA 4.0 (non-commercial); any other `BeatTracker` can take their place.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from engines.music.decoding import HOP_SAMPLES, RATE_HZ

Frames = NDArray[np.float32]

# madmom's spectrograms take a hundred times the memory of what comes out of them: ten seconds at a time.
_CHUNK_FRAMES = 1_000
# More than the longest spectrogram frame and the differences between frames reach.
_MARGIN_FRAMES = 12
_TCN_PADDING = ((2, 2), (0, 0))


@dataclass(frozen=True)
class Pulse:
    """What was heard in a stretch of audio.

    Attributes:
        activations: float32, (frames, 2), 0…1 at `decoding.FPS`: a beat that is no downbeat, a downbeat.
        tempo_odds: float32, (n,), belief in each whole number of beats per minute; sums to about 1.
    """

    activations: Frames
    tempo_odds: NDArray[np.float32]


class BeatTracker(Protocol):
    """Hears beats and downbeats in a stretch of audio."""

    def listen(self, samples: NDArray[np.float32]) -> Pulse:
        """Beats, downbeats and tempo of a stretch.

        Args:
            samples: float32, (n,), mono, −1…1, at `RATE_HZ`.

        Returns:
            One row of activations for each hundredth of a second, the last one begun included.
        """
        ...


class MadmomNetwork:
    """Two ensembles of eight networks each, which fail on different songs.

    Bidirectional LSTMs tell beats and downbeats (Böck, Krebs & Widmer 2016); temporal convolutional networks tell beats
    and tempo (Böck, Davies & Knees 2019). The beat's probability is the mean of both, its share of downbeat the
    first's. The networks are run here rather than by madmom, which gives each of them two spinning threads.

    Args:
        threads: How many spectrograms, and whether both ensembles, are computed at the same time.
    """

    def __init__(self, threads: int = 2) -> None:
        from madmom.features.beats import TCNBeatProcessor
        from madmom.features.downbeats import RNNDownBeatProcessor
        from madmom.models import BEATS_TCN, DOWNBEATS_BLSTM

        self._lstm_spectra: Callable[[Any], Any] = RNNDownBeatProcessor(nn_files=[]).processors[0]
        self._tcn_spectra: Callable[[Any], Any] = TCNBeatProcessor(nn_files=[], fps=100).processors[0]
        self._lstm = [_session(path) for path in DOWNBEATS_BLSTM]
        self._tcn = [_session(path) for path in BEATS_TCN]
        self._threads = threads

    def listen(self, samples: NDArray[np.float32]) -> Pulse:
        """See `BeatTracker.listen`."""
        with ThreadPoolExecutor(self._threads) as pool:
            chunks = list(pool.map(self._features, _chunks(samples)))
            for_lstm = np.concatenate([features for features, _ in chunks])
            # Two frames repeated at each end, which the convolutions take away again.
            for_tcn = np.pad(np.concatenate([features for _, features in chunks]), _TCN_PADDING, "edge")
            # One ensemble per thread, one network after the other: two convolutional ones at once take 150 MB more.
            hearing = pool.submit(_ask, self._lstm, for_lstm), pool.submit(_ask, self._tcn, for_tcn)
            lstm, tcn = (answers.result() for answers in hearing)
        joint = _mean([answer[0].reshape(-1, 3) for answer in lstm])[:, 1:]
        beats = _mean([answer[0].reshape(-1) for answer in tcn])
        tempo = _mean([answer[1].reshape(-1) for answer in tcn])
        heard = joint.sum(axis=1)
        share = joint / np.maximum(heard, np.float32(1e-6))[:, None]
        return Pulse(share * ((heard + beats) / 2)[:, None], tempo)

    def _features(self, chunk: tuple[NDArray[np.float32], slice]) -> tuple[Frames, Frames]:
        """The spectrograms of a chunk for both ensembles, without its margins."""
        from madmom.audio.signal import Signal

        samples, core = chunk
        signal = Signal(samples, sample_rate=RATE_HZ, num_channels=1)
        return (
            np.asarray(self._lstm_spectra(signal), np.float32)[core],
            np.asarray(self._tcn_spectra(signal), np.float32)[core],
        )


def _chunks(samples: NDArray[np.float32]) -> Iterator[tuple[NDArray[np.float32], slice]]:
    """Stretches with a margin on both sides, and which of their frames lie between the margins."""
    for first in range(0, max(len(samples), 1), _CHUNK_FRAMES * HOP_SAMPLES):
        begin = max(0, first - _MARGIN_FRAMES * HOP_SAMPLES)
        lead = (first - begin) // HOP_SAMPLES
        end = first + (_CHUNK_FRAMES + _MARGIN_FRAMES) * HOP_SAMPLES
        yield samples[begin:end], slice(lead, lead + _CHUNK_FRAMES)


def _session(path: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # The arena would keep the largest window's buffers of every network for good.
    options.enable_cpu_mem_arena = False
    # The converted models declare their output shapes wrongly, and say so for every window.
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _ask(sessions: Sequence[onnxruntime.InferenceSession], features: Frames) -> list[list[Frames]]:
    answers = []
    for session in sessions:
        data, *states = session.get_inputs()
        feed = {data.name: features} | {state.name: np.zeros(state.shape, np.float32) for state in states}
        # Behind the predictions come the networks' states, one output for each input state.
        wanted = [output.name for output in session.get_outputs()[: len(session.get_outputs()) - len(states)]]
        answers.append([np.asarray(answer, np.float32) for answer in session.run(wanted, feed)])
    return answers


def _mean(answers: list[Frames]) -> Frames:
    mean: Frames = np.stack(answers).mean(axis=0, dtype=np.float32)
    return mean
