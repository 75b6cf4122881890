"""What a file of pictures is, by its first bytes; its name says nothing."""

from pathlib import Path

PICTURES = frozenset({"jpeg", "png", "webp", "heic"})
CLIPS = frozenset({"mp4", "mov", "webm"})

_HEAD_BYTES = 4_096
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_OLD_QUICKTIME = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})

_REFUSED = (
    (b"GIF8", "a GIF"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF or raw picture"),
    (b"MM\x00*", "a TIFF or raw picture"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"8BPS", "a Photoshop file"),
    (b"%PDF", "a PDF"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"FLV", "a Flash video"),
    (b"\x30\x26\xb2\x75", "a Windows Media file"),
    (b"\x47\x40", "an MPEG transport stream"),
    (b"ID3", "a song"),
    (b"fLaC", "a song"),
    (b"OggS", "an Ogg file"),
    (b"#EXTM3U", "a playlist"),
)


def kind_of(path: Path) -> tuple[str | None, str]:
    """The format of a file.

    Returns:
        One of `PICTURES` and `CLIPS`, or None; and what else it is, in words, if that is known.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png", ""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg", ""
    if head[:4] == b"RIFF":
        known = {b"WEBP": ("webp", ""), b"AVI ": (None, "an AVI video"), b"WAVE": (None, "a song")}
        return known.get(head[8:12], (None, ""))
    if head[4:8] == b"ftyp":
        return _of_brands(head)
    if head[4:8] in _OLD_QUICKTIME:
        return "mov", ""
    if head.startswith(b"\x1aE\xdf\xa3"):
        return ("webm", "") if b"webm" in head[:64] else (None, "a Matroska video (MKV)")
    return None, next((words for start, words in _REFUSED if head.startswith(start)), "")


def _of_brands(head: bytes) -> tuple[str | None, str]:
    size = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))}
    if brands & _AVIF_BRANDS:
        return None, "an AVIF picture"
    if head[8:12] in _HEIC_BRANDS:
        return "heic", ""
    if head[8:12] in (b"crx ", b"jp2 "):
        return None, "a raw picture" if head[8:12] == b"crx " else "a JPEG 2000 picture"
    return ("mov" if head[8:12] == b"qt  " else "mp4"), ""
