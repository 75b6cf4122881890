"""Decode a whole file and measure it. Runs in a child process: decoders meet hostile bytes here."""

import hashlib
import io
import resource
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import psutil
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from engines.intake.containers import check_mp4, check_ogg, check_wav
from engines.intake.mpeg_frames import read_adts_header, read_mp3_header, walk_frames
from engines.intake.refusals import EXPORT_AGAIN, UPLOAD_AGAIN, Refusal, clock
from engines.intake.sniffing import Kind
from engines.intake.tags import KEEP_FOREIGN_BYTES, read_title_and_artist
from models.failures import InvalidInput
from models.song import AudioFacts

_CODECS = {
    Kind.MP3: {"mp3"},
    Kind.AAC: {"aac"},
    Kind.FLAC: {"flac"},
    Kind.OGG: {"vorbis", "opus", "flac"},
    Kind.M4A: {"aac", "alac", "mp3", "flac", "opus", "ac3", "eac3"},
}
_LOSSLESS = {"flac", "alac"}
_SAMPLE_RATES_HZ = (4_000, 768_000)
_MAX_CHANNELS = 32
_PLANES = 8
"""AV_NUM_DATA_POINTERS"""
_AUDIBLE_PEAK = 10 ** (-60 / 20)
_AUDIBLE_AT_LEAST_S = 0.5
_DAMAGED_PACKETS = 3
"""Lossy files in the wild begin or end with a packet or two that do not decode."""
_MISSING_FRAMES = 2
_INNER_JUNK_BYTES = 2_048
_TRAILING_JUNK_BYTES = 65_536
_MISSING_S = {Kind.FLAC: Fraction(0), Kind.M4A: Fraction(1, 2)}
_GAP_S = Fraction(1, 1_000)
_AAC_PACKET_SAMPLES = 2_048
_SHORT_TOLERANCE_S = Fraction(1, 1_000)
"""A container's clock may round the last sample away; 59.99 s stays too short."""


@dataclass
class _Heard:
    """What decoding has found so far."""

    duration_s: Fraction = Fraction(0)
    audible_s: Fraction = Fraction(0)
    samples: int = 0
    sample_rate_hz: int = 0
    channels: int = 0
    damaged_packets: int = 0
    ends_damaged: bool = False
    gaps: int = 0
    reached_s: Fraction | None = None
    finite: bool = True
    title: str | None = None
    artist: str | None = None
    packer: av.AudioResampler = field(default_factory=lambda: av.AudioResampler(format="flt"))

    def add(self, frame: AudioFrame) -> None:
        """Count one decoded frame."""
        if not self.samples:
            self.sample_rate_hz, self.channels = frame.sample_rate, frame.layout.nb_channels
            _check_plausible(self.sample_rate_hz, self.channels)
        self.samples += frame.samples
        length_s = Fraction(frame.samples, frame.sample_rate)
        self.duration_s += length_s
        if frame.pts is not None and frame.time_base is not None:
            start_s = frame.pts * frame.time_base
            if self.reached_s is not None and start_s > self.reached_s + _GAP_S:
                self.gaps += 1
            self.reached_s = start_s + length_s
        if frame.format.is_planar and frame.layout.nb_channels >= _PLANES:
            # PyAV looks for a null behind the last plane, and with eight of them reads beyond the array.
            swing = max((_swing(packed) for packed in self.packer.resample(frame)), default=0.0)
        else:
            swing = _swing(frame)
        if not np.isfinite(swing):
            self.finite = False
        elif swing > _AUDIBLE_PEAK:
            self.audible_s += length_s


def measure_song(path: Path, kind: Kind, min_s: float, max_s: float, memory_bytes: int) -> AudioFacts:
    """Check a file's structure, decode it and measure it.

    Args:
        path: The file; its first bytes say that it is of this kind.
        kind: What it is.
        min_s: The shortest song.
        max_s: The longest song; decoding stops there.
        memory_bytes: What this process may allocate from here on.

    Returns:
        The facts.

    Raises:
        InvalidInput: The file cannot be a song.
    """
    _limit_memory(memory_bytes)
    try:
        data = path.read_bytes()
        _check_structure(data, kind)
        codec, heard = _decode(data, kind, max_s)
    except (av.FFmpegError, MemoryError, ValueError, ArithmeticError) as error:
        raise InvalidInput(
            f"This {kind.upper()} file is damaged and cannot be decoded: {EXPORT_AGAIN}.", code=Refusal.CORRUPT
        ) from error
    _check_heard(heard, kind, min_s)
    return AudioFacts(
        container=kind.value,
        codec=codec,
        duration_s=float(heard.duration_s),
        sample_rate_hz=heard.sample_rate_hz,
        channels=heard.channels,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        title=heard.title,
        artist=heard.artist,
    )


def _limit_memory(memory_bytes: int) -> None:
    # Address space, not residency: one allocation of a hostile header's size fails at once, before it is touched.
    ceiling = psutil.Process().memory_info().vms + memory_bytes
    _, allowed = resource.getrlimit(resource.RLIMIT_AS)
    if allowed == resource.RLIM_INFINITY or ceiling < allowed:
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))


def _check_structure(data: bytes, kind: Kind) -> None:
    match kind:
        case Kind.WAV:
            check_wav(data)
        case Kind.M4A:
            check_mp4(data)
        case Kind.OGG:
            check_ogg(data)
        case Kind.MP3 | Kind.AAC:
            _check_frames(data, kind)


def _check_frames(data: bytes, kind: Kind) -> None:
    walk = walk_frames(data, read_mp3_header if kind is Kind.MP3 else read_adts_header)
    if walk is None:
        raise InvalidInput(
            f"This {kind.upper()} file holds no audio that we can read: {EXPORT_AGAIN}.", Refusal.CORRUPT
        )
    claimed = walk.claimed_frames
    if claimed is not None and walk.frames + _MISSING_FRAMES < claimed:
        raise InvalidInput(
            f"This {kind.upper()} file is cut off: it holds {max(walk.frames, 0) / claimed:.0%} of the audio that its "
            f"header promises; {UPLOAD_AGAIN}.",
            code=Refusal.TRUNCATED,
        )
    # An MP3's last frame is often broken, and costs 26 ms; AAC writers end on whole frames.
    if walk.cut_frame and kind is Kind.AAC:
        raise InvalidInput(f"This AAC file is cut off inside its last frame: {UPLOAD_AGAIN}.", code=Refusal.TRUNCATED)
    if walk.inner_junk_bytes > _INNER_JUNK_BYTES or walk.trailing_bytes > _TRAILING_JUNK_BYTES:
        junk = walk.inner_junk_bytes + walk.trailing_bytes
        raise InvalidInput(
            f"This {kind.upper()} file is damaged: {junk:,} bytes in it are not audio; {EXPORT_AGAIN}.",
            code=Refusal.CORRUPT,
        )


def _decode(data: bytes, kind: Kind, max_s: float) -> tuple[str, _Heard]:
    heard = _Heard()
    # From memory: what is decoded is what was hashed and checked, and no protocol of FFmpeg's can reach elsewhere.
    with av.open(io.BytesIO(data), "r", format=kind.demuxer, metadata_errors=KEEP_FOREIGN_BYTES) as container:
        if not container.streams.audio:
            raise InvalidInput(
                f"There is no audio in this {kind.upper()} file, only pictures or data: export the song's sound as WAV "
                "or MP3 and upload that.",
                code=Refusal.NO_AUDIO,
            )
        stream = container.streams.audio[0]
        codec = _codec_name(stream, kind)
        stream.codec_context.options = {"err_detect": "crccheck+explode"} if codec == "flac" else {}
        promised_s = _promised_s(stream)
        heard.title, heard.artist = read_title_and_artist(container.metadata, stream.metadata)
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
                heard.ends_damaged = heard.ends_damaged and not packet.size
            except av.error.InvalidDataError:
                heard.damaged_packets += 1
                heard.ends_damaged = True
                continue
            for frame in frames:
                heard.add(frame)
            if heard.duration_s > max_s:
                raise InvalidInput(
                    f"This song is longer than {clock(max_s)}, the longest that we take: upload a shorter cut of it.",
                    code=Refusal.TOO_LONG,
                )
    _check_completeness(codec, kind, heard, promised_s)
    if kind is Kind.M4A and promised_s:
        # Where FFmpeg does not cut the encoder's padding off the last packet, the index still knows the length.
        surplus_s = heard.duration_s - promised_s
        heard.duration_s -= surplus_s if 0 < surplus_s * heard.sample_rate_hz < _AAC_PACKET_SAMPLES else 0
    return codec, heard


def _codec_name(stream: AudioStream, kind: Kind) -> str:
    # A codec that this FFmpeg doesn't know (DRM, Speex) has no context to ask.
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


def _check_completeness(codec: str, kind: Kind, heard: _Heard, promised_s: Fraction | None) -> None:
    if not heard.samples:
        raise InvalidInput(
            f"Not one moment of this {kind.upper()} file can be decoded: {EXPORT_AGAIN}.", code=Refusal.CORRUPT
        )
    lossless = codec in _LOSSLESS
    inner_damage = heard.damaged_packets - heard.ends_damaged
    # A FLAC frame that fails its checksum is left out without a word: only the hole in time tells.
    if inner_damage > (0 if lossless else _DAMAGED_PACKETS) or (lossless and heard.gaps) or not heard.finite:
        raise InvalidInput(f"This {kind.upper()} file is damaged inside: {EXPORT_AGAIN}.", code=Refusal.CORRUPT)
    # Elsewhere FFmpeg only estimates the length, and the structure has been checked already.
    if kind in _MISSING_S and promised_s and heard.duration_s < promised_s - _MISSING_S[kind]:
        raise InvalidInput(
            f"This {kind.upper()} file is cut off: it should last {clock(float(promised_s))} and only "
            f"{clock(float(heard.duration_s))} can be decoded; {UPLOAD_AGAIN}.",
            code=Refusal.TRUNCATED,
        )


def _check_plausible(sample_rate_hz: int, channels: int) -> None:
    low, high = _SAMPLE_RATES_HZ
    if not low <= sample_rate_hz <= high or channels > _MAX_CHANNELS:
        raise InvalidInput(
            f"This file claims {channels} channels at {sample_rate_hz} Hz, which no music has: {EXPORT_AGAIN}.",
            code=Refusal.CORRUPT,
        )


def _check_heard(heard: _Heard, kind: Kind, min_s: float) -> None:
    if heard.duration_s < Fraction(min_s) - _SHORT_TOLERANCE_S:
        raise InvalidInput(
            f"This song lasts {clock(float(heard.duration_s))}, and a video needs at least {clock(min_s)}: upload a "
            "longer version of it.",
            code=Refusal.TOO_SHORT,
        )
    if heard.audible_s < _AUDIBLE_AT_LEAST_S:
        raise InvalidInput(
            f"This {kind.upper()} file is silent throughout: check that the right tracks were on, and {EXPORT_AGAIN}.",
            code=Refusal.SILENT,
        )


def _swing(frame: AudioFrame) -> float:
    """Half the distance between a frame's lowest and highest sample, full scale being 1; a constant offset is 0."""
    samples = frame.to_ndarray()
    if not samples.size:
        return 0.0
    swing = (float(samples.max()) - float(samples.min())) / 2
    return swing if samples.dtype.kind == "f" else swing / float(2 ** (8 * samples.dtype.itemsize - 1))
