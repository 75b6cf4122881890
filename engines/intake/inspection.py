"""The intake's door: an uploaded or chosen file goes in, facts about a song or a reason to refuse come out."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from engines.intake.decoding import measure_song
from engines.intake.refusals import EXPORT_AGAIN, UPLOAD_AGAIN, Refusal
from engines.intake.sniffing import Kind, Sniffed, sniff
from engines.jobs import JobLimits, Pulse, no_pulse, run_job
from models.failures import InvalidInput, JobCrashed
from models.song import AudioFacts

_ACCEPTED = "an MP3, M4A, WAV, AAC, OGG or FLAC file"
_AIFF_ENDINGS = {".aif", ".aiff", ".aifc"}
_VIDEO_ENDINGS = {".mp4", ".mov", ".m4v"}
_MEGABYTE = 1_000_000
_LIBRARIES_BYTES = 500 * _MEGABYTE
"""Resident in every child before it begins, shared with the fork server."""


@dataclass(frozen=True)
class IntakeLimits:
    """What the intake accepts, and what its child process may use to find out.

    Attributes:
        max_size_bytes: The largest file.
        min_s: The shortest song, decoded.
        max_s: The longest song, decoded.
        memory_bytes: What the child may allocate beyond the libraries it starts with.
        wall_s: How long the child may take.
    """

    max_size_bytes: int = 40 * _MEGABYTE
    min_s: float = 60.0
    max_s: float = 1_200.0
    memory_bytes: int = 500 * _MEGABYTE
    wall_s: float = 60.0


def inspect_song(
    path: Path, *, name: str | None = None, limits: IntakeLimits | None = None, pulse: Pulse = no_pulse
) -> AudioFacts:
    """Find out what a file is and whether it can be a song.

    Args:
        path: Where the file lies.
        name: What the artist calls it, where it is stored under another name.
        limits: Sizes and lengths; None takes the product's.
        pulse: Called while the file is being decoded; may raise to stop that.

    Returns:
        What was measured while decoding all of it.

    Raises:
        InvalidInput: It is refused; `code` is a `Refusal`, the message one line with the reason and what to do.
    """
    limits = limits or IntakeLimits()
    _check_entry(path, limits)
    try:
        sniffed = sniff(path)
    except OSError as error:
        raise _unreadable() from error
    kind = _check_kind(sniffed, Path(name if name is not None else path.name).suffix)
    try:
        return run_job(
            measure_song,
            path.absolute(),
            kind,
            limits.min_s,
            limits.max_s,
            limits.memory_bytes,
            limits=JobLimits(memory_bytes=_LIBRARIES_BYTES + limits.memory_bytes, wall_s=limits.wall_s),
            pulse=pulse,
        )
    except JobCrashed as error:
        raise InvalidInput(
            f"This {kind.upper()} file could not be decoded within our limits, it seems to be damaged: {EXPORT_AGAIN}.",
            code=Refusal.CORRUPT,
        ) from error


def _check_entry(path: Path, limits: IntakeLimits) -> None:
    try:
        entry = path.stat()
    except (OSError, ValueError) as error:  # ValueError: a null character in the name
        raise _unreadable() from error
    if stat.S_ISDIR(entry.st_mode):
        raise InvalidInput("This is a folder: choose the song file inside it.", code=Refusal.FOLDER)
    if not stat.S_ISREG(entry.st_mode) or not os.access(path, os.R_OK):
        raise _unreadable()
    if entry.st_size == 0:
        raise InvalidInput(f"This file is empty, it has 0 bytes: {EXPORT_AGAIN}.", code=Refusal.EMPTY)
    if entry.st_size > limits.max_size_bytes:
        # Cut off and rounded up, so that one byte too many does not read as "40.0 MB, more than 40 MB".
        megabytes = -(-entry.st_size // (_MEGABYTE // 10)) / 10
        raise InvalidInput(
            f"This file has {megabytes:g} MB and we take up to {limits.max_size_bytes / _MEGABYTE:g} MB: export the "
            "song as FLAC or a high-bitrate MP3.",
            code=Refusal.TOO_BIG,
        )


def _check_kind(sniffed: Sniffed, ending: str) -> Kind:
    ending = ending.lower()
    if sniffed.aiff or ending in _AIFF_ENDINGS:
        raise InvalidInput(
            "AIFF files are not accepted: export the song as WAV or a high-bitrate MP3.", code=Refusal.AIFF
        )
    if sniffed.only_tags:
        raise InvalidInput(
            f"This file is cut off, nothing follows the tags at its beginning: {UPLOAD_AGAIN}.", code=Refusal.TRUNCATED
        )
    if sniffed.kind is None:
        what = f"is {sniffed.foreign}" if sniffed.foreign else "is not audio that we know"
        raise InvalidInput(f"This file {what}, whatever its name says: upload {_ACCEPTED}.", code=Refusal.UNKNOWN_TYPE)
    if ending == f".{sniffed.kind}":
        return sniffed.kind
    if sniffed.kind is Kind.M4A and ending in _VIDEO_ENDINGS:
        raise InvalidInput(
            "This is a video file: export its sound as M4A, WAV or a high-bitrate MP3.", code=Refusal.WRONG_EXTENSION
        )
    # Only a plain ending is repeated: a name can hold line breaks and terminal codes.
    shown = f"ends in {ending}" if ending[1:].isalnum() and len(ending) <= 8 else "does not say so"
    raise InvalidInput(
        f"This file holds {sniffed.kind.upper()} audio but its name {shown}: rename it to end in .{sniffed.kind}.",
        code=Refusal.WRONG_EXTENSION,
    )


def _unreadable() -> InvalidInput:
    return InvalidInput(
        "This file cannot be read: check that it exists, that it is a file and that you may open it.",
        code=Refusal.UNREADABLE,
    )
