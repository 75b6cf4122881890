"""Pictures that artists bring: reference images of characters, and the cover art inside songs.

What is kept is always a JPEG of our own making: decoded in a child process with limits, turned upright, made smaller,
and written anew without anything that the file carried along (places, cameras, names, colour profiles).
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
"""A photo of a good phone; decoded it takes 120 MB."""

LEAST_SIDE = 128
REFERENCE_SIDE = 1_536
COVER_SIDE = 1_000
_QUALITY = 92
_FORMATS = ("PNG", "JPEG", "WEBP")
_ACCEPTED = "a PNG, JPEG or WebP picture"
_LIMITS = JobLimits(memory_bytes=1_100_000_000, wall_s=20.0)


def prepare_reference(path: Path, out: Path) -> None:
    """Check a reference image by its content, and re-encode it.

    Args:
        path: The artist's file, whatever its name says.
        out: The JPEG to write, at most 1,536 pixels a side.

    Raises:
        InvalidInput: It is no picture that we take; the sentence says why and what to do.
    """
    try:
        entry = path.stat()
        readable = stat.S_ISREG(entry.st_mode) and os.access(path, os.R_OK)
    except (OSError, ValueError):
        readable = False
    if not readable:
        raise InvalidInput(f"{path.name} cannot be read: check that it is a file that you may open.", "unreadable")
    if entry.st_size > MOST_BYTES:
        raise InvalidInput(
            f"{path.name} has {entry.st_size / 1e6:.1f} MB and we take up to {MOST_BYTES / 1e6:g}: export it smaller.",
            code="too_big",
        )
    if _kind(path) is None:
        raise InvalidInput(f"{path.name} is not {_ACCEPTED}, whatever its name says.", code="unknown_type")
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
        Whether there is any that can be used: cover art is never a reason to refuse a song.
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
            # Pillow only warns between its limit and twice as much; ours is checked before anything is decoded.
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
        # What is see-through is shown on white; a palette may carry transparency too.
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
