"""The intake of an artist's own pictures and clips: judged by content in a limited child process.

A picture is kept as our own JPEG: upright, sRGB, without the file's metadata (places, cameras, names). A clip is kept
as it is. Both get a film strip.
"""

import hashlib
from pathlib import Path

from engines.intake.footage_clips import measure_clip
from engines.intake.footage_kinds import PICTURES, kind_of
from engines.intake.footage_pictures import prepare_picture
from engines.intake.pictures import size_of
from engines.jobs import JobLimits, run_job
from models.failures import DiskFull, InvalidInput, JobCrashed
from models.footage import MOST_FOOTAGE_BYTES, FootageFacts

ACCEPTED = "a JPEG, PNG, WebP or HEIC picture, or an MP4, MOV or WebM video"
_LIMITS = JobLimits(memory_bytes=1_500_000_000, wall_s=90.0)


def inspect_footage(path: Path, picture: Path, strip: Path, name: str = "") -> FootageFacts:
    """Judge a file, and write what the Vault keeps beside it.

    Args:
        path: The artist's file.
        picture: The JPEG to write, if it is a picture; at most 4,096 pixels a side.
        strip: The film strip to write, a JPEG.
        name: The artist's name for the file, for sentences.

    Returns:
        Its measurements.

    Raises:
        InvalidInput: The file is not usable; the sentence says why and what to do.
    """
    name = name or path.name
    size_bytes = size_of(path, name)
    if not size_bytes:
        raise InvalidInput(f"{name} is empty: choose the file again.", "empty", "file")
    if size_bytes > MOST_FOOTAGE_BYTES:
        raise too_big(name, size_bytes)
    kind, words = kind_of(path)
    if kind is None:
        found = f"{name} is {words}, and we take {ACCEPTED}" if words else f"{name} is not {ACCEPTED}"
        raise InvalidInput(f"{found}: export it as one of those.", "unknown_type", "file")
    job = prepare_picture if kind in PICTURES else measure_clip
    try:
        measured = run_job(job, str(path.absolute()), name, str(picture), str(strip), limits=_LIMITS)
    except DiskFull:
        raise
    except JobCrashed as error:
        what = "took too long to check, or too much memory" if error.limit else "could not be decoded"
        raise InvalidInput(f"{name} {what}: export it again, smaller or shorter.", "corrupt", "file") from error
    return FootageFacts(sha256=_digest_of(path), size_bytes=size_bytes, format=kind, **measured)


def too_big(name: str, size_bytes: int) -> InvalidInput:
    """The refusal of a file of more than `MOST_FOOTAGE_BYTES`."""
    return InvalidInput(
        f"{name} has {size_bytes / 1e6:.0f} MB and we take up to {MOST_FOOTAGE_BYTES / 1e6:g}: cut out the part that "
        "you want, or export it smaller.",
        "too_big",
        "file",
    )


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
