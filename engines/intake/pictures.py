"""Artists' pictures: reference images of characters, and the cover art inside songs.

A stored picture is always our own JPEG: decoded in a restricted child process, turned upright, reduced, and encoded
again without the file's metadata (places, cameras, names, colour profiles).
"""

import io
import os
import stat
import warnings
from pathlib import Path

import av
from PIL import Image, ImageOps

from engines.jobs import JobLimits, run_job
from engines.song_file import ONLY_THIS_FILE, demuxer_of
from models.failures import InvalidInput, JobCrashed

MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
"""A photo from a good phone; decoded it takes 120 MB."""

LEAST_SIDE = 128
REFERENCE_SIDE = 1_536
COVER_SIDE = 1_000
_QUALITY = 92
_FORMATS = ("PNG", "JPEG", "WEBP")
_ACCEPTED = "a PNG, JPEG or WebP picture"
_LIMITS = JobLimits(memory_bytes=1_100_000_000, wall_s=20.0)


def size_of(path: Path, name: str) -> int:
    """A file's size in bytes.

    Args:
        name: The artist's name for the file, for the sentence.

    Raises:
        InvalidInput: It is no file, or may not be read.
    """
    try:
        entry = path.stat()
        readable = stat.S_ISREG(entry.st_mode) and os.access(path, os.R_OK)
    except (OSError, ValueError):  # ValueError: a null character in the name
        readable = False
    if not readable:
        raise InvalidInput(f"{name} cannot be read: check that it is a file that you may open.", "unreadable", "file")
    return entry.st_size


def prepare_reference(path: Path, out: Path) -> None:
    """Check a reference image by its content, and re-encode it.

    Args:
        path: The artist's file, regardless of its name.
        out: The JPEG to write, at most 1,536 pixels a side.

    Raises:
        InvalidInput: The file is not an accepted picture; the sentence says why and what to do.
    """
    size_bytes = size_of(path, path.name)
    if size_bytes > MOST_BYTES:
        raise InvalidInput(
            f"{path.name} has {size_bytes / 1e6:.1f} MB and we take up to {MOST_BYTES / 1e6:g}: export it smaller.",
            code="too_big",
        )
    if _kind(path) is None:
        raise InvalidInput(f"{path.name} is not {_ACCEPTED}, despite its name.", code="unknown_type")
    try:
        run_job(_reencode_file, str(path.absolute()), str(out.absolute()), REFERENCE_SIDE, limits=_LIMITS)
    except JobCrashed as error:
        raise InvalidInput(
            f"{path.name} could not be decoded within our limits: export it again, smaller.", "corrupt"
        ) from error


def extract_cover(song: Path, out: Path) -> bool:
    """Take the cover art out of a song file.

    Args:
        song: A file that the intake has accepted.
        out: The JPEG to write, at most 1,000 pixels a side.

    Returns:
        Whether a usable one was found: cover art is never a reason to refuse a song.
    """
    try:
        return run_job(_cover_of, str(song.absolute()), str(out.absolute()), limits=_LIMITS)
    except (InvalidInput, JobCrashed):
        return False


def _kind(path: Path) -> str | None:
    with path.open("rb") as file:
        head = file.read(16)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    return "WEBP" if head[:4] == b"RIFF" and head[8:12] == b"WEBP" else None


def _reencode_file(path: str, out: str, most_side: int) -> None:
    _reencode(Path(path).read_bytes(), Path(path).name, Path(out), most_side)


def _reencode(data: bytes, name: str, out: Path, most_side: int) -> None:
    try:
        with warnings.catch_warnings():
            # Pillow only warns between its limit and twice that; ours is checked before decoding.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=_FORMATS)
        width, height = picture.size
        if width * height > MOST_PIXELS:
            raise InvalidInput(
                f"{name} has {width}×{height} pixels, more than we take: export it with at most 6,000 a side.",
                code="too_many_pixels",
            )
        if min(width, height) < LEAST_SIDE:
            raise InvalidInput(
                f"{name} has {width}×{height} pixels: each side needs at least {LEAST_SIDE}.", code="too_small"
            )
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((most_side, most_side), Image.Resampling.LANCZOS)
        flat = Image.new("RGB", upright.size, "white")
        # Transparency is shown on white; a palette may have it too.
        whole = upright.convert("RGBA")
        flat.paste(whole, mask=whole)
        flat.save(out, "JPEG", quality=_QUALITY)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidInput(f"{name} is damaged: export it again.", code="corrupt") from error


def _cover_of(song: str, out: str) -> bool:
    try:
        with av.open(
            f"file:{song}", format=demuxer_of(Path(song)), metadata_errors="ignore", options=ONLY_THIS_FILE
        ) as container:
            for stream in container.streams.video:
                for packet in container.demux(stream):
                    if 0 < packet.size <= MOST_BYTES:
                        _reencode(bytes(packet), "The cover art", Path(out), COVER_SIDE)
                        return True
                    break
    except (av.FFmpegError, OSError, InvalidInput):
        return False
    return False
