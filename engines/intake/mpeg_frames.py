"""MP3 and ADTS AAC, frame by frame, without decoding: two formats without a container.

Sources: ISO/IEC 11172-3 and 13818-3 (layer III headers), 13818-7 (ADTS), the Xing, Info and VBRI headers as LAME and
Fraunhofer's encoder write them, ID3v2.4 (2000) and APEv2 for what may lie between frames.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

MAX_LEADING_JUNK_BYTES = 65_536
"""Players accept some junk before the first frame; a whole other file is not junk."""

MAX_INNER_JUNK_BYTES = 2_048
MAX_TRAILING_JUNK_BYTES = 65_536
"""The walk ends here: a longer file could not be accepted anyway."""

_CONFIRMING_FRAMES = 3
_MAX_TAGS = 64
_SAMPLE_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_KBPS_MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBPS_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_AAC_RATES_HZ = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350)
_SYNCSAFE_BIT = 0x80
_KNOWN_BEGINNINGS = (b"fLaC", b"RIFF", b"RF64", b"BW64", b"OggS", b"ID3", b"APETAGEX", b"FORM")


@dataclass(frozen=True)
class FrameHeader:
    """One frame: its size in bytes, its duration, and the properties shared by all frames of a stream."""

    size_bytes: int
    samples: int
    rate_hz: int
    family: tuple[int, ...]
    """Version, rate and channels: a change of these starts another stream."""


@dataclass
class FrameLink:
    """Consecutive frames of one family, as one encoder wrote them.

    Attributes:
        spans: Their positions: (first byte, byte after the last), in order; tags and junk lie between.
        samples_per_frame: Samples of each frame.
        rate_hz: Sample rate.
        frames: The number of frames, without a leading Xing or VBRI frame.
        claimed_frames: The number of frames that the encoder claimed, if it did.
        claimed_bytes: The number of bytes that it claimed, if it did.
        header_at: Offset of the frame count from the link's first byte, if there is a Xing or Info header.
        header_bytes: Size of a first frame that only describes the others.
        exact: The encoder declared the padding of the first and the last frame.
    """

    samples_per_frame: int
    rate_hz: int
    spans: list[tuple[int, int]] = field(default_factory=list)
    frames: int = 0
    claimed_frames: int | None = None
    claimed_bytes: int | None = None
    header_at: int | None = None
    header_bytes: int = 0
    exact: bool = False

    def bytes_of(self, data: bytes) -> bytes:
        """The frames alone, with a corrected frame count: FFmpeg cuts the padding off where the header says so."""
        joined = b"".join(data[start:end] for start, end in self.spans)
        if not self.exact:
            return joined[self.header_bytes :]
        if self.header_at is None or self.claimed_frames == self.frames:
            return joined
        at = self.header_at
        return joined[:at] + self.frames.to_bytes(4, "big") + joined[at + 4 :]

    @property
    def missing_share(self) -> float:
        """The missing share of what the header claims; 0 if nothing is missing, or if the header contradicts itself."""
        held_bytes = sum(end - start for start, end in self.spans)
        claimed = self.claimed_frames or 0
        if self.frames + _MISSING_FRAMES >= claimed or (self.claimed_bytes and held_bytes >= self.claimed_bytes):
            return 0.0
        return 1 - max(self.frames, 0) / claimed


_MISSING_FRAMES = 2


@dataclass
class FrameWalk:
    """The result of a walk over all frames.

    Attributes:
        links: In order.
        duration_s: Duration of all whole frames.
        inner_junk_bytes: Bytes between frames that are neither frames nor tags.
        trailing_bytes: Bytes after the last frame that are neither frames, tags nor zeros.
        cut_frame: The last frame is longer than the rest of the file.
        endless: The walk was stopped: the file is longer than the limit.
    """

    links: list[FrameLink] = field(default_factory=list)
    duration_s: Fraction = Fraction(0)
    inner_junk_bytes: int = 0
    trailing_bytes: int = 0
    cut_frame: bool = False
    endless: bool = False


HeaderReader = Callable[[bytes, int], FrameHeader | None]


def read_mp3_header(data: bytes, at: int) -> FrameHeader | None:
    """The layer III frame header at a position, or None."""
    if at + 4 > len(data) or data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:
        return None
    version, rate_index = (data[at + 1] >> 3) & 3, (data[at + 2] >> 2) & 3
    bitrate_index = data[at + 2] >> 4
    if version == 1 or rate_index == 3 or bitrate_index in (0, 15):
        return None
    mpeg1 = version == 3
    kbps = (_KBPS_MPEG1 if mpeg1 else _KBPS_MPEG2)[bitrate_index]
    padding = (data[at + 2] >> 1) & 1
    rate_hz = _SAMPLE_RATES_HZ[version][rate_index]
    size = (144_000 if mpeg1 else 72_000) * kbps // rate_hz + padding
    mono = data[at + 3] >> 6 == 3
    return FrameHeader(size, 1_152 if mpeg1 else 576, rate_hz, (version, rate_index, mono))


def read_adts_header(data: bytes, at: int) -> FrameHeader | None:
    """The ADTS frame header at a position, or None."""
    if at + 7 > len(data) or data[at] != 0xFF or data[at + 1] & 0xF6 != 0xF0:
        return None
    rate_index = (data[at + 2] >> 2) & 15
    size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
    if rate_index > 12 or size < 8:
        return None
    channels = (data[at + 2] & 1) << 2 | data[at + 3] >> 6
    blocks = (data[at + 6] & 3) + 1
    return FrameHeader(size, 1_024 * blocks, _AAC_RATES_HZ[rate_index], (data[at + 1] >> 3 & 1, rate_index, channels))


def skip_tags(data: bytes, at: int) -> int:
    """The position after all ID3v2, APEv2 and ID3v1 tags that begin at `at`; may lie after the end of the data."""
    for _ in range(_MAX_TAGS):
        size = _tag_size(data, at)
        if size == 0:
            break
        at += size
    return at


def find_first_frame(data: bytes, at: int, read_header: HeaderReader) -> int | None:
    """The start of a stream of frames: the first of several consecutive, consistent frames.

    Args:
        data: The file, or its beginning.
        at: Start of the search, after the tags.
        read_header: `read_mp3_header` or `read_adts_header`.

    Returns:
        A position at most `MAX_LEADING_JUNK_BYTES` further, or None.
    """
    return _resync(data, at, read_header, MAX_LEADING_JUNK_BYTES)


def is_free_format(data: bytes, at: int) -> bool:
    """Whether layer III frames with a non-standard bitrate begin at a position."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2 or head[2] >> 4 or head[2] >> 2 & 3 == 3:
        return False
    distances, last = [], at
    for _ in range(_CONFIRMING_FRAMES):
        following = data.find(head[:2], last + 4, last + 8_192)
        while following >= 0 and data[following + 2 : following + 3] and data[following + 2] >> 2 != head[2] >> 2:
            following = data.find(head[:2], following + 1, last + 8_192)
        if following < 0:
            return False
        distances.append(following - last)
        last = following
    return max(distances) - min(distances) <= 1


def walk_frames(data: bytes, at: int, read_header: HeaderReader, most_s: float) -> FrameWalk | None:
    """Follow all frames to the end of the file.

    Args:
        data: The whole file.
        at: Start of its frames, from `find_first_frame`.
        read_header: `read_mp3_header` or `read_adts_header`.
        most_s: The walk ends once the song is longer than this.

    Returns:
        The result, or None if there is no stream of frames.
    """
    if read_header(data, at) is None:
        return None
    walk, tags = FrameWalk(), 0
    seconds = 0.0
    family: tuple[int, ...] | None = None
    while at < len(data):
        header = read_header(data, at)
        if header is not None:
            if at + header.size_bytes > len(data):
                walk.cut_frame = True
                break
            is_mp3 = read_header is read_mp3_header
            if header.family != family or (is_mp3 and _is_info(data, at, header.size_bytes)):
                family = header.family
                walk.links.append(_link_from(data, at, header, is_mp3))
            link = walk.links[-1]
            link.frames += 1
            seconds += header.samples / header.rate_hz
            _extend(link.spans, at, at + header.size_bytes)
            at += header.size_bytes
            if seconds > most_s:
                walk.endless = True
                break
        elif (behind := _tag_size(data, at)) and tags < _MAX_TAGS:
            tags += 1
            at += behind
        else:
            following = _resync(data, at + 1, read_header, MAX_TRAILING_JUNK_BYTES)
            if following is None:
                walk.trailing_bytes = len(data[at:].rstrip(b"\0"))
                break
            walk.inner_junk_bytes += following - at
            at = following
            if walk.inner_junk_bytes > MAX_INNER_JUNK_BYTES:
                break
    walk.duration_s = Fraction(seconds)
    return walk


def _extend(spans: list[tuple[int, int]], start: int, end: int) -> None:
    if spans and spans[-1][1] == start:
        spans[-1] = spans[-1][0], end
    else:
        spans.append((start, end))


def _confirmed(data: bytes, at: int, read_header: HeaderReader) -> bool:
    first = header = read_header(data, at)
    for _ in range(_CONFIRMING_FRAMES - 1):
        if header is None or first is None or header.family != first.family:
            return False
        at += header.size_bytes
        header = read_header(data, at)
    return header is not None and first is not None and header.family == first.family


def _resync(data: bytes, at: int, read_header: HeaderReader, most_bytes: int) -> int | None:
    end = min(len(data), at + most_bytes)
    while (at := data.find(b"\xff", at, end)) >= 0:
        if _confirmed(data, at, read_header):
            return at
        at += 1
    return None


def _tag_size(data: bytes, at: int) -> int:
    """Size of the tag that begins at a position; 0 if there is none."""
    head = data[at : at + 32]
    if head[:3] == b"ID3" and len(head) >= 10:
        return _id3_size(data, at, head)
    if head[:8] == b"APETAGEX" and len(head) == 32:
        # The size counts items and footer, not the header before them.
        items = int.from_bytes(head[12:16], "little")
        return 32 if not head[23] & 0x20 else 32 + items
    if head[:3] == b"TAG" and at == len(data) - 128:
        return 128
    return 0


def _id3_size(data: bytes, at: int, head: bytes) -> int:
    """An ID3v2 tag's size; some writers forget that its bytes have seven bits each."""
    footer = 10 if head[5] & 0x10 else 0
    size = head[6:10]
    safe = 10 + footer + (size[0] << 21 | size[1] << 14 | size[2] << 7 | size[3])
    plain = 10 + footer + int.from_bytes(size, "big")
    if max(size) >= _SYNCSAFE_BIT:
        return plain
    if plain != safe and not _begins_something(data, at + safe) and _begins_something(data, at + plain):
        return plain
    return safe


def _begins_something(data: bytes, at: int) -> bool:
    if data.startswith(_KNOWN_BEGINNINGS, at):
        return True
    return any(_confirmed(data, at, read_header) for read_header in (read_mp3_header, read_adts_header))


_INFO_PLACES = (36, 21, 13)
"""Offsets after the side information of MPEG-1 stereo, mono or MPEG-2 stereo, MPEG-2 mono."""

_INFO_PLACES_WITH_CRC = (38, 23, 15)


def _info_at(frame: bytes) -> int | None:
    places = _INFO_PLACES if frame[1] & 1 else _INFO_PLACES_WITH_CRC + _INFO_PLACES
    return next((at for at in places if frame[at : at + 4] in (b"Xing", b"Info")), None)


def _is_info(data: bytes, at: int, size: int) -> bool:
    return _info_at(data[at : at + min(size, 64)]) is not None or data[at + 36 : at + 40] == b"VBRI"


def _link_from(data: bytes, at: int, header: FrameHeader, is_mp3: bool) -> FrameLink:
    """The link that begins with a frame; a frame that only describes the others is not counted."""
    link = FrameLink(header.samples, header.rate_hz)
    if not is_mp3:
        return link
    frame = data[at : at + header.size_bytes]
    info = _info_at(frame)
    if info is not None:
        link.frames, link.header_bytes = -1, header.size_bytes
        flags, fields = frame[info + 7], info + 8
        if flags & 1 and len(frame) >= fields + 4:
            link.claimed_frames, link.header_at = int.from_bytes(frame[fields : fields + 4], "big"), fields
            fields += 4
        if flags & 2:
            link.claimed_bytes = int.from_bytes(frame[fields : fields + 4], "big")
        lame = info + 8 + 4 * (flags & 1) + 2 * (flags & 2) + 25 * (flags & 4) + (flags & 8) // 2
        # The encoder's name, and 12 bytes further delay and padding.
        link.exact = bool(flags & 1) and frame[lame : lame + 4] in (b"LAME", b"Lavc", b"Lavf")
    elif frame[36:40] == b"VBRI":
        link.frames, link.header_bytes = -1, header.size_bytes
        if len(frame) >= 54:
            link.claimed_bytes = int.from_bytes(frame[46:50], "big")
            link.claimed_frames = int.from_bytes(frame[50:54], "big")
    return link
