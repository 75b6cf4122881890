"""Decode a whole file, measure it, and write its working copy.

Runs in a child process: decoders meet hostile bytes here.

Our own parsers split a file into pieces with one format each, and the one demuxer for that format decodes each piece.
The measured samples are exactly the written ones.
"""

import hashlib
import io
import resource
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from pathlib import Path

import av
import numpy as np
import psutil
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from engines.intake.naming import check_kind
from engines.intake.pieces import Piece, pieces_of
from engines.intake.refusals import EXPORT_AGAIN, UPLOAD_AGAIN, Refusal, clock
from engines.intake.sniffing import Kind, sniff
from engines.intake.tags import KEEP_FOREIGN_BYTES, read_title_and_artist
from engines.intake.working_copy import Plan, WorkingCopy
from engines.song_file import RATE_HZ
from models.failures import InvalidInput
from models.song import AudioFacts

Samples = NDArray[np.float32]

_CODECS = {
    Kind.MP3: {"mp3"},
    Kind.AAC: {"aac"},
    Kind.FLAC: {"flac"},
    Kind.OGG: {"vorbis", "opus", "flac"},
    Kind.M4A: {"aac", "alac", "mp3", "flac", "opus", "ac3", "eac3"},
}
_LOSSLESS = {"flac", "alac"}
_LOST_SAMPLES = {"ac3": 256, "eac3": 256}
_DOLBY_FRAME = 1_536
_SAMPLE_RATES_HZ = (4_000, 768_000)
_MAX_CHANNELS = 32
_PLANES = 8
"""AV_NUM_DATA_POINTERS"""
_AUDIBLE_PEAK = 10 ** (-60 / 20)
_AUDIBLE_AT_LEAST_S = 0.5
_LOUDEST = 2.0**20
"""Floating point may exceed full scale, at most by the factor between integer and fractional samples."""

_DAMAGED_PACKETS = 3
"""Lossy files in the wild may begin or end with a packet or two that do not decode."""

_MISSING_S = {Kind.FLAC: Fraction(0), Kind.M4A: Fraction(1, 2)}
_GAP_S = Fraction(1, 1_000)
_PADDING_SAMPLES = 2_048
_SHORT_TOLERANCE_S = Fraction(1, 1_000)
"""A container's clock may round the last sample away; 59.99 s stays too short."""

_DECODE_AT_MOST_S = 1
"""Beyond the longest song: this much may still be an encoder's padding."""

_MOST_ATTEMPTS = 5
_NOTHING_OPENS = {"protocol_whitelist": "none"}
"""The bytes are in memory; FFmpeg must not open any other protocol."""


@dataclass
class _Heard:
    """The results of decoding so far."""

    codec: str = ""
    duration_s: Fraction = Fraction(0)
    audible_s: Fraction = Fraction(0)
    samples: int = 0
    sample_rate_hz: int = 0
    channels: int = 0
    damaged_packets: int = 0
    ends_damaged: bool = False
    gaps: int = 0
    promised_s: Fraction | None = None
    tracks: int = 1
    title: str | None = None
    artist: str | None = None

    @property
    def is_silent(self) -> bool:
        return self.audible_s < _AUDIBLE_AT_LEAST_S


@dataclass(frozen=True)
class Wishes:
    """The intake's requirements for a file.

    Attributes:
        min_s: The shortest song.
        max_s: The longest song; decoding stops a second later.
        memory_bytes: The most memory that the child may allocate beyond its initial memory.
        cpu_s: The most CPU time of the child.
        copy: Path of the working copy; None: no copy.
    """

    min_s: float
    max_s: float
    memory_bytes: int
    copy: Path | None = None
    cpu_s: int = 60


def measure_song(path: Path, ending: str | None, wishes: Wishes) -> AudioFacts:
    """Check a file's structure, decode it, measure it, and write its working copy.

    Args:
        path: The file.
        ending: The name's ending, which must fit the content; None accepts any.
        wishes: The limits, and the path of the copy.

    Returns:
        The facts; the length is the working copy's, to the sample.

    Raises:
        InvalidInput: The file cannot be a song.
        ProviderUnavailable: There is no room for the copy.
    """
    _limit(wishes)
    kind: Kind | None = None
    try:
        data = path.read_bytes()
        sniffed = sniff(data)
        kind = check_kind(sniffed, ending, data)
        pieces = pieces_of(data, kind, sniffed.start, wishes.max_s + _DECODE_AT_MOST_S)
        heard, length_s = _decode(pieces, kind, wishes)
        title, artist = _names(data, kind) if pieces[0].bare else (heard.title, heard.artist)
    except (av.FFmpegError, MemoryError, ValueError, ArithmeticError, LookupError, struct.error) as error:
        named = f"This {kind.upper()} file" if kind else "This file"
        raise InvalidInput(f"{named} is damaged and cannot be decoded: {EXPORT_AGAIN}.", Refusal.CORRUPT) from error
    return AudioFacts(
        container=kind.value,
        codec=heard.codec,
        duration_s=float(Fraction(round(length_s * RATE_HZ), RATE_HZ)),
        sample_rate_hz=heard.sample_rate_hz,
        channels=heard.channels,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        title=title,
        artist=artist,
        copy_bytes=wishes.copy.stat().st_size if wishes.copy is not None else 0,
    )


def _limit(wishes: Wishes) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    seconds = ceil(used.ru_utime + used.ru_stime) + wishes.cpu_s
    resource.setrlimit(resource.RLIMIT_CPU, (seconds if hard == resource.RLIM_INFINITY else min(seconds, hard), hard))
    # Address space, not residency: one allocation of a hostile header's size fails at once, before it is touched.
    ceiling = psutil.Process().memory_info().vms + wishes.memory_bytes
    _, allowed = resource.getrlimit(resource.RLIMIT_AS)
    if allowed == resource.RLIM_INFINITY or ceiling < allowed:
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))


def _decode(pieces: list[Piece], kind: Kind, wishes: Wishes) -> tuple[_Heard, Fraction]:
    """Decode the first audible track, a second time if only its end showed how it must be written."""
    track, plan = 0, Plan(halvings=0 if kind in (Kind.WAV, Kind.FLAC) else 1)
    for attempt in range(_MOST_ATTEMPTS):
        copy = WorkingCopy(wishes.copy, plan)
        try:
            heard = _hear(pieces, kind, track, copy, wishes.max_s)
            copy.end_run()
            if heard.is_silent and track + 1 < heard.tracks:
                track += 1
                continue
            length_s = _length_s(pieces, kind, heard)
            _check_length(heard, kind, length_s, wishes)
            better = copy.better_plan()
            if better is None or attempt == _MOST_ATTEMPTS - 1:
                copy.finish(length_s)
                break
            plan = better
        finally:
            copy.close()
    return heard, length_s


def _hear(pieces: list[Piece], kind: Kind, track: int, copy: WorkingCopy, max_s: float) -> _Heard:
    heard = _Heard()
    for piece in pieces:
        before_s = heard.duration_s
        for samples, rate_hz, speakers in _sound(piece, kind, track, heard):
            copy.add(samples, rate_hz, speakers)
            if heard.duration_s > max_s + _DECODE_AT_MOST_S:
                raise _too_long(max_s)
        if piece is pieces[0] and heard.promised_s is not None:
            _check_promise(kind, heard, heard.duration_s - before_s)
    if not heard.samples:
        raise InvalidInput(
            f"Not one moment of this {kind.upper()} file can be decoded: {EXPORT_AGAIN}.", code=Refusal.CORRUPT
        )
    return heard


def _sound(piece: Piece, kind: Kind, track: int, heard: _Heard) -> Iterator[tuple[Samples, int, tuple[str, ...]]]:
    with av.open(
        io.BytesIO(piece.data), "r", format=kind.demuxer, metadata_errors=KEEP_FOREIGN_BYTES, options=_NOTHING_OPENS
    ) as container:
        tracks = container.streams.audio
        if not tracks:
            raise InvalidInput(
                f"There is no audio in this {kind.upper()} file, only pictures or data: export the song's sound as WAV "
                "or MP3 and upload that.",
                code=Refusal.NO_AUDIO,
            )
        stream = tracks[min(track, len(tracks) - 1)]
        codec = _codec_name(stream, kind)
        stream.codec_context.options = {"err_detect": "crccheck+explode"} if codec == "flac" else {}
        if not heard.codec:
            heard.codec, heard.tracks, heard.promised_s = codec, len(tracks), _promised_s(stream)
            heard.title, heard.artist = read_title_and_artist(container.metadata, stream.metadata)
        skip = piece.skip_samples
        loader, reached_s, most_damage = _Loader(), None, 0 if codec in _LOSSLESS else _DAMAGED_PACKETS
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
                heard.ends_damaged = heard.ends_damaged and not packet.size
            except av.error.InvalidDataError:
                heard.damaged_packets += 1
                heard.ends_damaged = True
                if heard.damaged_packets > most_damage + 1:
                    raise _damaged(kind) from None
                continue
            for frame in frames:
                if skip is None:
                    skip = frame.samples
                if frame.pts is not None and frame.time_base is not None:
                    start_s = frame.pts * frame.time_base
                    heard.gaps += reached_s is not None and start_s > reached_s + _GAP_S
                    reached_s = start_s + Fraction(frame.samples, frame.sample_rate)
                samples = loader.load(frame)[skip:]
                skip -= min(skip, frame.samples)
                if len(samples):
                    yield samples, frame.sample_rate, _take_note(heard, samples, frame)
        # FFmpeg drops a FLAC frame with a wrong checksum silently: only the gap in time shows it.
        if heard.damaged_packets - heard.ends_damaged > most_damage or (codec in _LOSSLESS and heard.gaps):
            raise _damaged(kind)


def _take_note(heard: _Heard, samples: Samples, frame: AudioFrame) -> tuple[str, ...]:
    """Count some sound; returns the names of its channels."""
    speakers = tuple(channel.name for channel in frame.layout.channels)
    if not heard.samples:
        heard.sample_rate_hz, heard.channels = frame.sample_rate, len(speakers)
    _check_plausible(frame.sample_rate, samples.shape[1])
    heard.samples += len(samples)
    length_s = Fraction(len(samples), frame.sample_rate)
    heard.duration_s += length_s
    low, high = samples.min(axis=0), samples.max(axis=0)
    if not (max(-float(low.min()), float(high.max())) <= _LOUDEST):
        raise InvalidInput(
            f"This file holds numbers that are no sound: {EXPORT_AGAIN}.", code=Refusal.CORRUPT
        )  # also catches NaN
    if float((high - low).max()) / 2 > _AUDIBLE_PEAK:
        heard.audible_s += length_s
    return speakers


class _Loader:
    """Frames of any sample format as float32, full scale being ±1."""

    def __init__(self) -> None:
        self._packer: tuple[tuple[str, str], av.AudioResampler] | None = None

    def load(self, frame: AudioFrame) -> Samples:
        """A frame as (n, channels)."""
        channels = frame.layout.nb_channels
        if frame.format.is_planar and channels >= _PLANES:
            # PyAV looks for a null behind the last plane, and with eight planes reads beyond the array.
            shape = frame.format.name, frame.layout.name
            if self._packer is None or self._packer[0] != shape:
                self._packer = shape, av.AudioResampler(format="flt")
            (frame,) = self._packer[1].resample(frame) or [frame]
        levels = frame.to_ndarray()
        levels = levels.T if frame.format.is_planar else levels.reshape(-1, channels)
        if levels.dtype.kind == "f":
            return np.asarray(levels, np.float32)
        if levels.dtype.kind == "u":
            return np.asarray((levels.astype(np.float32) - 128) / 128, np.float32)
        return np.asarray(levels.astype(np.float32) * np.float32(2.0 ** (1 - 8 * levels.dtype.itemsize)), np.float32)


def _names(data: bytes, kind: Kind) -> tuple[str | None, str | None]:
    """Title and artist of a file whose pieces carry no tags."""
    try:
        with av.open(
            io.BytesIO(data), "r", format=kind.demuxer, metadata_errors=KEEP_FOREIGN_BYTES, options=_NOTHING_OPENS
        ) as container:
            return read_title_and_artist(container.metadata, *(stream.metadata for stream in container.streams.audio))
    except (av.FFmpegError, MemoryError, ValueError):
        return None, None


def _codec_name(stream: AudioStream, kind: Kind) -> str:
    # A codec that this FFmpeg doesn't know (DRM, Speex) has no context.
    context = stream.codec_context
    codec = str(context.codec.canonical_name) if context is not None else "unknown"
    allowed = codec.startswith(("pcm_", "adpcm_")) or codec == "mp3" if kind is Kind.WAV else codec in _CODECS[kind]
    if not allowed:
        raise InvalidInput(
            f"The audio in this {kind.upper()} file is encoded as {codec}, which we do not take: export the song as "
            "WAV, FLAC or a high-bitrate MP3.",
            code=Refusal.UNKNOWN_TYPE,
        )
    return codec


def _promised_s(stream: AudioStream) -> Fraction | None:
    if stream.duration is None or stream.time_base is None:
        return None
    return stream.duration * stream.time_base


def _length_s(pieces: list[Piece], kind: Kind, heard: _Heard) -> Fraction:
    """The song's length, without the padding that its encoder added to fill the last frame."""
    total_s, promised_s = heard.duration_s, pieces[-1].samples
    if promised_s is not None:
        known_s: Fraction | None = Fraction(promised_s, heard.sample_rate_hz)
    else:
        known_s = heard.promised_s if kind is Kind.M4A else None
    if known_s and abs(total_s - known_s) * heard.sample_rate_hz < _PADDING_SAMPLES:
        total_s = known_s
    # Of the lengths that fit a stream of whole frames, a whole second is the likeliest.
    padding_s = pieces[-1].padding_s if heard.codec not in _LOSSLESS else 0
    if heard.codec in _LOST_SAMPLES:
        padding_s = max(padding_s, _DOLBY_FRAME / heard.sample_rate_hz)
    if total_s - floor(total_s) <= padding_s:
        return Fraction(floor(total_s))
    # Dolby Digital encoders omit the last block's second half.
    lost_s = Fraction(_LOST_SAMPLES.get(heard.codec, 0), heard.sample_rate_hz)
    return Fraction(ceil(total_s)) if ceil(total_s) - total_s <= lost_s else total_s


def _check_promise(kind: Kind, heard: _Heard, held_s: Fraction) -> None:
    # Elsewhere FFmpeg only estimates the length, and the structure has been checked already.
    promised_s = heard.promised_s
    if kind in _MISSING_S and promised_s and held_s < promised_s - _MISSING_S[kind]:
        raise InvalidInput(
            f"This {kind.upper()} file is cut off: it should last {clock(float(promised_s))} and only "
            f"{clock(float(held_s))} can be decoded; {UPLOAD_AGAIN}.",
            code=Refusal.TRUNCATED,
        )


def _check_plausible(sample_rate_hz: int, channels: int) -> None:
    low, high = _SAMPLE_RATES_HZ
    if channels > _MAX_CHANNELS:
        raise InvalidInput(
            f"This file has {channels} channels, and we mix down {_MAX_CHANNELS} at most: export the song in stereo.",
            code=Refusal.UNKNOWN_TYPE,
        )
    if not low <= sample_rate_hz <= high:
        raise InvalidInput(
            f"This file claims {sample_rate_hz} samples a second, which no music has: {EXPORT_AGAIN}.",
            code=Refusal.CORRUPT,
        )


def _check_length(heard: _Heard, kind: Kind, length_s: Fraction, wishes: Wishes) -> None:
    if length_s > Fraction(wishes.max_s) + _SHORT_TOLERANCE_S:
        raise _too_long(wishes.max_s)
    if length_s < Fraction(wishes.min_s) - _SHORT_TOLERANCE_S:
        raise InvalidInput(
            f"This song lasts {clock(float(length_s))}, and a video needs at least {clock(wishes.min_s)}: upload a "
            "longer version of it.",
            code=Refusal.TOO_SHORT,
        )
    if heard.is_silent:
        raise InvalidInput(
            f"This {kind.upper()} file is silent throughout: check that the right tracks were on, and {EXPORT_AGAIN}.",
            code=Refusal.SILENT,
        )


def _too_long(max_s: float) -> InvalidInput:
    return InvalidInput(
        f"This song is longer than {clock(max_s)}, the longest that we take: upload a shorter cut of it.",
        code=Refusal.TOO_LONG,
    )


def _damaged(kind: Kind) -> InvalidInput:
    return InvalidInput(f"This {kind.upper()} file is damaged inside: {EXPORT_AGAIN}.", code=Refusal.CORRUPT)
