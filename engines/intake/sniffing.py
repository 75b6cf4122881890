"""Identifies a file by its first bytes, never by its name alone."""

from dataclasses import dataclass
from enum import StrEnum

from engines.intake.mpeg_frames import (
    find_first_frame,
    is_free_format,
    read_adts_header,
    read_mp3_header,
    skip_tags,
)

_MAX_LAYERS = 64
_MAGIC_BYTES = 64


class Kind(StrEnum):
    """The accepted kinds; the value is also the name's ending and, except for M4A, the name of FFmpeg's demuxer."""

    MP3 = "mp3"
    M4A = "m4a"
    WAV = "wav"
    AAC = "aac"
    OGG = "ogg"
    FLAC = "flac"

    @property
    def demuxer(self) -> str:
        """The one demuxer that may open the file."""
        return "mp4" if self is Kind.M4A else self.value


@dataclass(frozen=True)
class Sniffed:
    """The result of sniffing.

    Attributes:
        kind: An accepted kind, or None.
        aiff: It is AIFF or AIFF-C.
        foreign: The kind of an unaccepted file, as in "it is …", if known.
        only_tags: The file's ID3 tag claims everything up to its end or more.
        start: Offset of the content, after tags and zeros.
    """

    kind: Kind | None = None
    aiff: bool = False
    foreign: str = ""
    only_tags: bool = False
    start: int = 0


_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x1aE\xdf\xa3", "a Matroska or WebM file"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file"),
    (b"FLV\x01", "a Flash video"),
    (b"\x00\x00\x01\xba", "an MPEG video"),
    (b"\x00\x00\x01\xb3", "an MPEG video"),
    (b"caff", "a Core Audio file"),
    (b"wvpk", "a WavPack file"),
    (b"MAC ", "a Monkey's Audio file"),
    (b"TTA1", "a True Audio file"),
    (b"MPCK", "a Musepack file"),
    (b"MP+", "a Musepack file"),
    (b"riff\x2e\x91\xcf\x11", "a Wave64 file"),
    (b"RIFX", "a WAV file with its bytes in the other order"),
    (b"ADIF", "a bare AAC file (ADIF)"),
    (b"OFR ", "an OptimFROG file"),
    (b".RMF", "a RealAudio file"),
    (b"\x0b\x77", "a Dolby Digital file"),
    (b"\x7f\xfe\x80\x01", "a DTS file"),
    (b"Creative Voice File", "a Creative voice file"),
    (b"DSD ", "a DSD file"),
    (b"FRM8", "a DSD file"),
    (b".snd", "a Sun audio file"),
    (b"#!AMR", "an AMR voice recording"),
    (b"MThd", "a MIDI file, which holds notes and no sound"),
    (b"#EXTM3U", "a playlist, which holds no sound"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_TEXT_STARTS = (b"<!doctype", b"<html", b"<?xml", b"<svg", b"<head", b"<script", b"<?php", b"{", b"[")


def sniff(data: bytes) -> Sniffed:
    """Identify a file by its beginning.

    Args:
        data: The whole file, not empty.

    Returns:
        What it is.
    """
    known = _sniff_magic(data, 0) or _sniff_foreign(data, 0)
    if known is not None:
        return known
    start = _content_start(data)
    if start + 4 > len(data):
        return Sniffed(only_tags=data.startswith(b"ID3"))
    # An MP4's index counts from the file's first byte, so an MP4 after a tag cannot be played.
    known = _sniff_magic(data, start) or _sniff_foreign(data, start)
    if known is not None and known.kind is not Kind.M4A:
        return known
    return _sniff_frames(data, start)


def _content_start(data: bytes) -> int:
    """The position after tags and zeros, which taggers and recorders put before a song."""
    at = 0
    for _ in range(_MAX_LAYERS):
        behind = skip_zeros(data, skip_tags(data, at))
        if behind == at:
            break
        at = behind
    return at


def skip_zeros(data: bytes, at: int) -> int:
    """The position after the zeros that begin at `at`."""
    step = 1 << 16
    while at < len(data):
        block = data[at : at + step]
        rest = block.lstrip(b"\0")
        if rest:
            return at + len(block) - len(rest)
        at += len(block)
    return at


def _sniff_magic(data: bytes, at: int) -> Sniffed | None:
    head = data[at : at + _MAGIC_BYTES]
    first, form = head[:4], head[8:12]
    if first == b"FORM" and form in (b"AIFF", b"AIFC"):
        return Sniffed(aiff=True)
    if first in (b"RIFF", b"RF64", b"BW64"):
        return Sniffed(kind=Kind.WAV, start=at) if form == b"WAVE" else Sniffed(foreign="a RIFF file that is not WAV")
    if first == b"fLaC":
        return Sniffed(kind=Kind.FLAC, start=at)
    if first == b"OggS":
        return Sniffed(kind=Kind.OGG, start=at)
    # Old QuickTime files begin with another atom than `ftyp`.
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip") and head[:2] == b"\x00\x00":
        return Sniffed(kind=Kind.M4A, start=at)
    return None


def _sniff_foreign(data: bytes, at: int) -> Sniffed | None:
    head = data[at : at + _MAGIC_BYTES]
    for magic, description in _FOREIGN:
        if head.startswith(magic):
            return Sniffed(foreign=description)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_TEXT_STARTS):
        return Sniffed(foreign="a web page or text")
    if _is_latm(data, at):
        return Sniffed(foreign="AAC in a television stream (LATM)")
    return None


def _is_latm(data: bytes, at: int) -> bool:
    for _ in range(3):
        if len(data) < at + 3 or data[at] != 0x56 or data[at + 1] & 0xE0 != 0xE0:
            return False
        at += 3 + ((data[at + 1] & 0x1F) << 8 | data[at + 2])
    return True


def _sniff_frames(data: bytes, at: int) -> Sniffed:
    starts = {
        kind: found
        for kind, read_header in ((Kind.MP3, read_mp3_header), (Kind.AAC, read_adts_header))
        if (found := find_first_frame(data, at, read_header)) is not None
    }
    if not starts:
        free = "an MP3 of a free bitrate, which few programs play"
        return Sniffed(foreign=free) if is_free_format(data, at) else Sniffed()
    kind = min(starts, key=starts.__getitem__)
    return Sniffed(kind=kind, start=starts[kind])
