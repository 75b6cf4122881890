"""MP3 and ADTS AAC, frame by frame, without decoding: the two formats that have no container to ask.

Sources: ISO/IEC 11172-3 and 13818-3 (layer III headers), 13818-7 (ADTS), the Xing, Info and VBRI headers as LAME and
Fraunhofer's encoder write them, ID3v2.4 (2000) and APEv2 for what may lie between frames.
"""

from collections.abc import Callable
from dataclasses import dataclass

MAX_LEADING_JUNK_BYTES = 65_536
"""Players accept some rubbish before the first frame; a whole other file there is no rubbish."""

_CONFIRMING_FRAMES = 3
_MAX_TAGS = 64
_SAMPLE_RATES_HZ = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_KBPS_MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KBPS_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


@dataclass(frozen=True)
class FrameHeader:
    """One frame: its size in bytes, and what all frames of a stream share."""

    size_bytes: int
    family: tuple[int, int]
    """Version and sample rate index: they do not change within a stream."""


@dataclass(frozen=True)
class FrameWalk:
    """What a walk over all frames found.

    Attributes:
        frames: Whole frames, a leading Xing or VBRI frame not counted.
        claimed_frames: How many frames the encoder said there are, where it said so.
        inner_junk_bytes: Bytes between frames that are neither frames nor tags.
        trailing_bytes: Bytes after the last frame that are neither frames nor tags.
        cut_frame: The last frame is longer than what is left of the file.
    """

    frames: int
    claimed_frames: int | None
    inner_junk_bytes: int
    trailing_bytes: int
    cut_frame: bool


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
    size = (144_000 if mpeg1 else 72_000) * kbps // _SAMPLE_RATES_HZ[version][rate_index] + padding
    return FrameHeader(size, (version, rate_index))


def read_adts_header(data: bytes, at: int) -> FrameHeader | None:
    """The ADTS frame header at a position, or None."""
    if at + 7 > len(data) or data[at] != 0xFF or data[at + 1] & 0xF6 != 0xF0:
        return None
    rate_index = (data[at + 2] >> 2) & 15
    size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
    if rate_index > 12 or size < 8:
        return None
    return FrameHeader(size, (data[at + 1] >> 3 & 1, rate_index))


def skip_tags(data: bytes, at: int) -> int:
    """The position behind all ID3v2, APEv2 and ID3v1 tags that begin at `at`; may lie behind the end of the data."""
    for _ in range(_MAX_TAGS):
        size = _tag_size(data, at)
        if size == 0:
            break
        at += size
    return at


def find_first_frame(data: bytes, at: int, read_header: HeaderReader) -> int | None:
    """Where a stream of frames begins: the first of several that follow each other and agree.

    Args:
        data: The file, or its beginning.
        at: Where to start looking, behind the tags.
        read_header: `read_mp3_header` or `read_adts_header`.

    Returns:
        A position at most `MAX_LEADING_JUNK_BYTES` further, or None.
    """
    end = min(len(data), at + MAX_LEADING_JUNK_BYTES)
    while (at := data.find(b"\xff", at, end)) >= 0:
        if _confirmed(data, at, read_header):
            return at
        at += 1
    return None


def walk_frames(data: bytes, read_header: HeaderReader) -> FrameWalk | None:
    """Follow all frames to the end of the file.

    Args:
        data: The whole file.
        read_header: `read_mp3_header` or `read_adts_header`.

    Returns:
        What was found, or None when there is no stream of frames.
    """
    at = find_first_frame(data, skip_tags(data, 0), read_header)
    if at is None:
        return None
    first = read_header(data, at)
    claimed = _claimed_frames(data[at : at + first.size_bytes]) if first and read_header is read_mp3_header else None
    frames = 0 if claimed is None else -1
    inner_junk = 0
    while at < len(data):
        header = read_header(data, at)
        if header is not None:
            if at + header.size_bytes > len(data):
                return FrameWalk(frames, claimed, inner_junk, 0, cut_frame=True)
            frames += 1
            at += header.size_bytes
        elif behind := _tag_size(data, at):
            at += behind
        else:
            following = _resync(data, at, read_header)
            if following is None:
                return FrameWalk(frames, claimed, inner_junk, len(data) - at, cut_frame=False)
            inner_junk += following - at
            at = following
    return FrameWalk(frames, claimed, inner_junk, 0, cut_frame=False)


def _confirmed(data: bytes, at: int, read_header: HeaderReader) -> bool:
    first = header = read_header(data, at)
    for _ in range(_CONFIRMING_FRAMES - 1):
        if header is None or first is None or header.family != first.family:
            return False
        at += header.size_bytes
        header = read_header(data, at)
    return header is not None and first is not None and header.family == first.family


def _resync(data: bytes, at: int, read_header: HeaderReader) -> int | None:
    while (at := data.find(b"\xff", at + 1)) >= 0:
        if _confirmed(data, at, read_header):
            return at
    return None


def _tag_size(data: bytes, at: int) -> int:
    """Size of the tag that begins at a position, 0 where none does."""
    head = data[at : at + 32]
    if head[:3] == b"ID3" and len(head) >= 10:
        footer = 10 if head[5] & 0x10 else 0
        return 10 + footer + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9])
    if head[:8] == b"APETAGEX" and len(head) == 32:
        # The size counts items and footer; a header stands before them and is not counted.
        items = int.from_bytes(head[12:16], "little")
        return 32 if not head[23] & 0x20 else 32 + items
    if head[:3] == b"TAG" and at == len(data) - 128:
        return 128
    return 0


def _claimed_frames(frame: bytes) -> int | None:
    """The frame count in a Xing, Info or VBRI header, where the first frame is one."""
    for at in (36, 21, 13):  # behind the side information of MPEG-1 stereo, mono or MPEG-2 stereo, MPEG-2 mono
        if frame[at : at + 4] in (b"Xing", b"Info"):
            has_frames = len(frame) >= at + 12 and frame[at + 7] & 1
            return int.from_bytes(frame[at + 8 : at + 12], "big") if has_frames else None
    if frame[36:40] == b"VBRI" and len(frame) >= 54:
        return int.from_bytes(frame[50:54], "big")
    return None
