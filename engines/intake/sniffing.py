"""What kind of file is this, by its first bytes and never by its name alone."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engines.intake.mpeg_frames import (
    MAX_LEADING_JUNK_BYTES,
    find_first_frame,
    read_adts_header,
    read_mp3_header,
    skip_tags,
)

HEAD_BYTES = 2 * MAX_LEADING_JUNK_BYTES


class Kind(StrEnum):
    """The accepted kinds; the value is also the file name's ending and FFmpeg's name of the demuxer, but for M4A."""

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
    """What the first bytes say.

    Attributes:
        kind: An accepted kind, or None.
        aiff: It is AIFF or AIFF-C.
        foreign: What it is instead, as in "it is …", where that is known.
        only_tags: The file's ID3 tag claims everything up to its end or more.
    """

    kind: Kind | None = None
    aiff: bool = False
    foreign: str = ""
    only_tags: bool = False


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


def sniff(path: Path) -> Sniffed:
    """Look at a file's beginning.

    Args:
        path: A readable file that is not empty.

    Returns:
        What it is.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        behind_tags = skip_tags(head, 0)
        if head.startswith(b"ID3") and behind_tags + 4 > len(head):
            file.seek(behind_tags)
            behind = file.read(HEAD_BYTES)
            if len(behind) < 4:
                return Sniffed(only_tags=True)
            return _sniff_frames(behind, skip_tags(behind, 0))
    known = _sniff_magic(head) or _sniff_foreign(head)
    return known or _sniff_frames(head, behind_tags)


def _sniff_magic(head: bytes) -> Sniffed | None:
    first, form = head[:4], head[8:12]
    if first == b"FORM" and form in (b"AIFF", b"AIFC"):
        return Sniffed(aiff=True)
    if first in (b"RIFF", b"RF64", b"BW64"):
        return Sniffed(kind=Kind.WAV) if form == b"WAVE" else Sniffed(foreign="a RIFF file that is not WAV")
    if first == b"fLaC":
        return Sniffed(kind=Kind.FLAC)
    if first == b"OggS":
        return Sniffed(kind=Kind.OGG)
    # Old QuickTime files begin with another atom than `ftyp`.
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip") and head[:2] == b"\x00\x00":
        return Sniffed(kind=Kind.M4A)
    return None


def _sniff_foreign(head: bytes) -> Sniffed | None:
    for magic, description in _FOREIGN:
        if head.startswith(magic):
            return Sniffed(foreign=description)
    if head[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_TEXT_STARTS):
        return Sniffed(foreign="a web page or text")
    return None


def _sniff_frames(head: bytes, at: int) -> Sniffed:
    if head[at : at + 4] == b"fLaC":
        return Sniffed(kind=Kind.FLAC)
    starts = {
        kind: found
        for kind, read_header in ((Kind.MP3, read_mp3_header), (Kind.AAC, read_adts_header))
        if (found := find_first_frame(head, at, read_header)) is not None
    }
    return Sniffed(kind=min(starts, key=starts.__getitem__)) if starts else Sniffed()
