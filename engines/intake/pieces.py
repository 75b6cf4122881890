"""A file as pieces with one format each, checked by its own structure before anything is decoded."""

from dataclasses import dataclass

from engines.intake.containers import check_mp4
from engines.intake.mpeg_frames import (
    MAX_INNER_JUNK_BYTES,
    MAX_TRAILING_JUNK_BYTES,
    FrameLink,
    FrameWalk,
    read_adts_header,
    read_mp3_header,
    walk_frames,
)
from engines.intake.ogg_pages import MOST_LINKS, ogg_links
from engines.intake.refusals import EXPORT_AGAIN, UPLOAD_AGAIN, Refusal, clock
from engines.intake.sniffing import Kind
from engines.intake.wave import read_wave
from models.failures import InvalidInput

_DECODER_DELAY = 1_105
"""Samples before the song in an MP3 whose encoder declared nothing: LAME's 576 and any decoder's 529."""

_LEAST_FRAMES = 3
_CODED_WAVE_PADDING_S = 0.1


@dataclass(frozen=True)
class Piece:
    """A part of a file that one decoder reads from end to end.

    Attributes:
        data: A whole file of its kind.
        bare: The piece has no tags.
        skip_samples: Undeclared encoder samples at its beginning; None: the first frame.
        padding_s: The most padding at its end that cannot be distinguished from music.
        samples: The number of samples, if the file states it in a place that its demuxer ignores.
    """

    data: bytes
    bare: bool = False
    skip_samples: int | None = 0
    padding_s: float = 0.0
    samples: int | None = None


def pieces_of(data: bytes, kind: Kind, start: int, most_s: float) -> list[Piece]:
    """Check a file's structure and split it where its format changes.

    Args:
        data: The whole file.
        kind: Its kind.
        start: Offset of its content.
        most_s: A stream of frames that claims to be longer is not read to its end.

    Returns:
        At least one piece.

    Raises:
        InvalidInput: Truncated, corrupt, too long, or put together from too many parts.
    """
    match kind:
        case Kind.WAV:
            wave = read_wave(data, start)
            padding_s = max(_CODED_WAVE_PADDING_S, wave.block_s) if wave.coded else 0.0
            return [Piece(wave.data, bare=True, padding_s=padding_s, samples=wave.samples)]
        case Kind.M4A:
            check_mp4(data)
            # With an edit list the index is exact; without one it counts the encoder's padding, too.
            exact = b"elst" in data or b"iTunSMPB" in data
            return [Piece(data, padding_s=0.0 if exact else 2 * 1_024 / 44_100)]
        case Kind.OGG:
            return [Piece(link) for link in ogg_links(data, start)]
        case Kind.FLAC:
            return [Piece(_without_tags_behind(data[start:]))]
        case Kind.MP3 | Kind.AAC:
            return _frames_of(data, kind, start, most_s)


def _frames_of(data: bytes, kind: Kind, start: int, most_s: float) -> list[Piece]:
    walk = walk_frames(data, start, read_mp3_header if kind is Kind.MP3 else read_adts_header, most_s)
    links = [] if walk is None else [link for link in walk.links if link.frames >= _LEAST_FRAMES]
    if walk is None or not links:
        raise InvalidInput(
            f"This {kind.upper()} file holds no audio that we can read: {EXPORT_AGAIN}.", Refusal.CORRUPT
        )
    _check_walk(walk, kind, most_s)
    if len(links) > MOST_LINKS:
        raise InvalidInput(
            f"This {kind.upper()} file changes its format {len(links) - 1:,} times: {EXPORT_AGAIN} in one format.",
            code=Refusal.CHANGES,
        )
    return [_piece_from(link, kind, data) for link in links]


def _check_walk(walk: FrameWalk, kind: Kind, most_s: float) -> None:
    if walk.endless:
        raise InvalidInput(
            f"This song is longer than {clock(most_s - 1)}, the longest that we take: upload a shorter cut of it.",
            code=Refusal.TOO_LONG,
        )
    missing = max(link.missing_share for link in walk.links)
    if missing:
        raise InvalidInput(
            f"This {kind.upper()} file is cut off: it holds {1 - missing:.0%} of the audio that its header promises; "
            f"{UPLOAD_AGAIN}.",
            code=Refusal.TRUNCATED,
        )
    # An MP3's last frame is often broken, and costs 26 ms; AAC writers end on whole frames.
    if walk.cut_frame and kind is Kind.AAC:
        raise InvalidInput(f"This AAC file is cut off inside its last frame: {UPLOAD_AGAIN}.", code=Refusal.TRUNCATED)
    if walk.inner_junk_bytes > MAX_INNER_JUNK_BYTES or walk.trailing_bytes > MAX_TRAILING_JUNK_BYTES:
        junk = walk.inner_junk_bytes + walk.trailing_bytes
        raise InvalidInput(
            f"This {kind.upper()} file is damaged: {junk:,} bytes in it are not audio; {EXPORT_AGAIN}.",
            code=Refusal.CORRUPT,
        )


def _piece_from(link: FrameLink, kind: Kind, data: bytes) -> Piece:
    frame_s = link.samples_per_frame / link.rate_hz
    if kind is Kind.AAC:
        # Half of the first frame's sound is in the frame before it, so the song does not begin in it.
        return Piece(link.bytes_of(data), bare=True, skip_samples=None, padding_s=2 * frame_s)
    if link.exact:
        return Piece(link.bytes_of(data), bare=True)
    return Piece(link.bytes_of(data), bare=True, skip_samples=_DECODER_DELAY, padding_s=1.5 * frame_s)


def _without_tags_behind(data: bytes) -> bytes:
    """A FLAC without the tags that taggers for MP3 append, and without zeros."""
    while True:
        data = data.rstrip(b"\0")
        footer = data[-32:]
        if footer[:8] == b"APETAGEX":
            size = int.from_bytes(footer[12:16], "little")
            size += 32 if footer[23] & 0x80 else 0
        elif data[-128:-125] == b"TAG":
            size = 128
        else:
            return data
        if size > len(data) // 2:
            return data
        data = data[:-size] if size else data
