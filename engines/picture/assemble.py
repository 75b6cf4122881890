"""Joins finished segments and the soundtrack: packets are copied, nothing is encoded."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from engines.jobs import JobLimits, Pulse, no_pulse, run_job
from engines.picture.encode import MUXER_OPTIONS
from models.failures import MediaCorrupt
from models.profiles import Profile

AnyPacket: TypeAlias = "Packet[Any]"

_LIMITS = JobLimits(memory_bytes=600_000_000, wall_s=600.0)

LENGTH_TOLERANCE_S = 0.25
"""How far soundtrack and picture may differ: rates and codecs round a song's length, a wrong soundtrack is far off."""


class SegmentAssembler:
    """Makes the finished MP4 out of segments and a soundtrack."""

    def assemble(
        self,
        segments: Sequence[Path],
        soundtrack: Path,
        profile: Profile,
        frame_count: int,
        out: Path,
        pulse: Pulse = no_pulse,
    ) -> None:
        """Join in a child process.

        Args:
            segments: MP4 files of one profile, in order, as `SegmentWriter` makes them.
            soundtrack: AAC in MP4, as `AacSoundtrackMaker` makes it.
            profile: What the segments should be.
            frame_count: How many frames they should have in all.
            out: The MP4 to write; playable while it loads.
            pulse: Called while the work goes on; raises to stop it.

        Raises:
            MediaCorrupt: A segment does not fit its neighbours, or the lengths do not fit; says which.
        """
        run_job(
            join, [str(s) for s in segments], str(soundtrack), profile, frame_count, str(out),
            limits=_LIMITS, pulse=pulse,
        )  # fmt: skip


def join(segments: Sequence[str], soundtrack: str, profile: Profile, frame_count: int, out: str) -> None:
    """Join in this process; see `SegmentAssembler.assemble`.

    Timestamps come from the number of frames before, never from adding up durations. Sound ends with the picture: its
    last packet is declared shorter where the song outlasts the last frame's end.
    """
    try:
        with (
            av.open(segments[0]) as first,
            av.open(soundtrack) as song,
            av.open(out, "w", format="mp4", container_options={**MUXER_OPTIONS, "movflags": "+faststart"}) as target,
        ):
            picture = _video_of(first, segments[0])
            video = target.add_stream_from_template(picture, opaque=True)
            sound = _audio_of(song, soundtrack)
            audio = target.add_stream_from_template(sound)
            _interleave(
                target,
                _joined(segments, picture.codec_context.extradata, profile, frame_count, video),
                _trimmed(song, sound, Fraction(frame_count) / profile.fps, audio),
            )
    except (av.FFmpegError, OSError) as error:
        raise MediaCorrupt(f"{Path(out).name} cannot be written: {error}") from error


def _interleave(target: OutputContainer, video: Iterator[AnyPacket], audio: Iterator[AnyPacket]) -> None:
    """Write in order of decoding time, so that the muxer need not hold packets back."""
    sound = next(audio, None)
    for packet in video:
        while sound is not None and _seconds(sound) <= _seconds(packet):
            target.mux(sound)
            sound = next(audio, None)
        target.mux(packet)
    while sound is not None:
        target.mux(sound)
        sound = next(audio, None)


def _seconds(packet: AnyPacket) -> float:
    return (packet.dts or 0) * float(packet.time_base)


def _joined(
    segments: Sequence[str], parameter_sets: bytes | None, profile: Profile, frame_count: int, stream: Stream
) -> Iterator[AnyPacket]:
    """The packets of all segments, with the timestamps that they have in the joined video."""
    base = 0
    for index, segment in enumerate(segments):
        name = f"segment {index} ({Path(segment).name})"
        try:
            with av.open(segment) as container:
                source = _video_of(container, name)
                if source.codec_context.extradata != parameter_sets:
                    raise MediaCorrupt(f"{name} was encoded with other settings than the first segment")
                if (source.width, source.height) != (profile.width, profile.height):
                    raise MediaCorrupt(
                        f"{name} is {source.width}×{source.height}, not {profile.width}×{profile.height}"
                    )
                count = 0
                for packet in _checked(container, source, name, profile.fps):
                    packet.pts = packet.dts = base + count
                    packet.duration, packet.time_base, packet.stream = 1, 1 / profile.fps, stream
                    count += 1
                    yield packet
        except (av.FFmpegError, OSError) as error:
            raise MediaCorrupt(f"{name} cannot be read: {error}") from error
        base += count
    if base != frame_count:
        raise MediaCorrupt(f"the segments have {base} frames in all, and the video needs {frame_count}")


def _checked(container: InputContainer, source: VideoStream, name: str, fps: Fraction) -> Iterator[AnyPacket]:
    """A segment's packets, each one exactly the frame that its place says."""
    count = 0
    for packet in container.demux(source):
        if not packet.size:
            continue  # the demuxer's end-of-stream mark
        if packet.is_corrupt:
            raise MediaCorrupt(f"{name} is cut off at frame {count}")
        if packet.pts is None or packet.pts != packet.dts or packet.pts * packet.time_base != count / fps:
            raise MediaCorrupt(f"{name}: frame {count} is not at {float(count / fps):.3f} s")
        if not count and not packet.is_keyframe:
            raise MediaCorrupt(f"{name} does not start with a key frame")
        count += 1
        yield packet
    if not count:
        raise MediaCorrupt(f"{name} is empty")


def _trimmed(
    container: InputContainer, source: AudioStream, length_s: Fraction, stream: AudioStream
) -> Iterator[AnyPacket]:
    """The soundtrack's packets, priming included, up to the end of the picture."""
    end = 0
    tick_s = source.time_base or Fraction(1, source.rate)
    limit = int(length_s / tick_s)
    for packet in container.demux(source):
        if packet.pts is None or packet.duration is None:
            continue
        end = packet.pts + packet.duration
        if packet.pts >= limit:
            continue
        packet.duration = min(packet.duration, limit - packet.pts)
        packet.stream = stream
        yield packet
    difference_s = float(end * tick_s - length_s)
    if abs(difference_s) > LENGTH_TOLERANCE_S:
        raise MediaCorrupt(f"the soundtrack is {difference_s:+.2f} s longer than the picture's {float(length_s):.2f} s")


def _video_of(container: InputContainer, name: str) -> VideoStream:
    if not container.streams.video:
        raise MediaCorrupt(f"{name} holds no picture")
    return container.streams.video[0]


def _audio_of(container: InputContainer, name: str) -> AudioStream:
    if not container.streams.audio:
        raise MediaCorrupt(f"{name} holds no sound")
    return container.streams.audio[0]
