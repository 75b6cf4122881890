"""The intake: an uploaded or chosen file goes in; facts about a song, or a refusal, come out."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from engines.intake.decoding import Wishes, measure_song
from engines.intake.refusals import EXPORT_AGAIN, Refusal
from engines.intake.wave import flac_bytes
from engines.jobs import JobLimits, Pulse, no_pulse, run_job
from models.failures import InvalidInput, JobCrashed
from models.song import AudioFacts

_MEGABYTE = 1_000_000
_LIBRARIES_BYTES = 500 * _MEGABYTE
"""Resident memory of every child at its start, shared with the fork server."""

_HEAD_BYTES = 4_096


@dataclass(frozen=True)
class IntakeLimits:
    """Limits on accepted files, and on the child process that checks them.

    Attributes:
        max_size_bytes: The largest file.
        min_s: The shortest song, decoded.
        max_s: The longest song, decoded.
        memory_bytes: The most memory that the child may allocate beyond its initial libraries.
        cpu_s: The most CPU time of the child; the slowest songs, 20 minutes in eight channels, take half of it.
        wall_s: The most wall time of the child; on a busy machine it waits.
    """

    max_size_bytes: int = 40 * _MEGABYTE
    min_s: float = 60.0
    max_s: float = 1_200.0
    memory_bytes: int = 500 * _MEGABYTE
    cpu_s: int = 60
    wall_s: float = 240.0


def inspect_song(
    path: Path,
    *,
    name: str | None = None,
    copy: Path | None = None,
    limits: IntakeLimits | None = None,
    pulse: Pulse = no_pulse,
) -> AudioFacts:
    """Check whether a file can be a song, and write the working copy that all later steps read.

    Args:
        path: The file.
        name: The artist's name for it, if it is stored under another name.
        copy: Path of the working copy; None only measures. After a refusal its content is unusable.
        limits: Sizes and lengths; None uses the product's.
        pulse: Called while the file is being decoded; may raise to stop.

    Returns:
        Measurements from decoding the whole file.

    Raises:
        InvalidInput: The file is refused; `code` is a `Refusal`, the message one line with the reason and the remedy.
        ProviderUnavailable: There is no room for the copy.
    """
    limits = limits or IntakeLimits()
    _check_entry(path, limits)
    return _measured(path, Path(name if name is not None else path.name).suffix, copy, limits, pulse)


def copy_source(path: Path, copy: Path, *, max_s: float, pulse: Pulse = no_pulse) -> AudioFacts:
    """Write the working copy of a song in the Vault, decoded as the intake does.

    Args:
        path: The artist's stored file; its name is meaningless.
        copy: Path of the working copy.
        max_s: The longest song.
        pulse: Called meanwhile; may raise to stop.

    Returns:
        Measurements from decoding.

    Raises:
        InvalidInput: The file was accepted in the past, and cannot be decoded as one song.
        ProviderUnavailable: There is no room for the copy.
    """
    return _measured(path, None, copy, IntakeLimits(min_s=0.0, max_s=max_s), pulse)


class SourceCopier:
    """Writes missing working copies of older songs; implements `activities.ports.engines.SongCopier`.

    Args:
        max_s: The longest song.
    """

    def __init__(self, max_s: float) -> None:
        self._max_s = max_s

    def copy_source(self, source: Path, copy: Path, pulse: Pulse) -> AudioFacts:
        """As the function `copy_source`."""
        return copy_source(source, copy, max_s=self._max_s, pulse=pulse)


def _measured(path: Path, ending: str | None, copy: Path | None, limits: IntakeLimits, pulse: Pulse) -> AudioFacts:
    try:
        return run_job(
            measure_song,
            path.absolute(),
            ending,
            Wishes(
                limits.min_s,
                limits.max_s,
                limits.memory_bytes,
                None if copy is None else copy.absolute(),
                limits.cpu_s,
            ),
            limits=JobLimits(memory_bytes=_LIBRARIES_BYTES + limits.memory_bytes, wall_s=limits.wall_s),
            pulse=pulse,
        )
    except JobCrashed as error:
        raise InvalidInput(
            "This file could not be decoded within our limits: export the song again, as FLAC or a high-bitrate MP3.",
            code=Refusal.CORRUPT,
        ) from error


def too_big(size_bytes: int, max_size_bytes: int, flac_size_bytes: int | None = None) -> InvalidInput:
    """The refusal of a file that is too large.

    Args:
        size_bytes: Its size.
        max_size_bytes: The largest accepted size.
        flac_size_bytes: Its approximate size as FLAC, if known.

    Returns:
        The refusal, with a remedy.
    """
    # Truncated after rounding up, so that one byte too many does not read as "40.0 MB, more than 40 MB".
    megabytes = -(-size_bytes // (_MEGABYTE // 10)) / 10
    advice = "export the song as FLAC or a high-bitrate MP3."
    if flac_size_bytes is not None:
        about = f"about {max(1, round(flac_size_bytes / _MEGABYTE))} MB as FLAC"
        advice = (
            f"export the song as FLAC, which loses nothing: this WAV file becomes {about}."
            if flac_size_bytes <= max_size_bytes
            else f"this WAV file becomes {about}, which is still too much; export a high-bitrate MP3."
        )
    return InvalidInput(
        f"This file has {megabytes:g} MB and we take up to {max_size_bytes / _MEGABYTE:g} MB: {advice}",
        code=Refusal.TOO_BIG,
    )


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
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
        raise too_big(entry.st_size, limits.max_size_bytes, flac_bytes(head, entry.st_size))


def _unreadable() -> InvalidInput:
    return InvalidInput(
        "This file cannot be read: check that it exists, that it is a file and that you may open it.",
        code=Refusal.UNREADABLE,
    )
