"""Reasons to refuse a file. The codes are for programs and stay; the sentences are for artists."""

from enum import StrEnum


class Refusal(StrEnum):
    """The `code` of each `InvalidInput` that the intake raises."""

    EMPTY = "empty"
    FOLDER = "folder"
    UNREADABLE = "unreadable"
    TOO_BIG = "too_big"
    AIFF = "aiff"
    UNKNOWN_TYPE = "unknown_type"
    WRONG_EXTENSION = "wrong_extension"
    NO_AUDIO = "no_audio"
    CORRUPT = "corrupt"
    TRUNCATED = "truncated"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    SILENT = "silent"
    CHANGES = "changes"


EXPORT_AGAIN = "export the song again and upload the new file"
UPLOAD_AGAIN = "copy or export it again in full, and upload that"


def clock(duration_s: float) -> str:
    """A length as a person reads it: `59.99 s`, `3:07`, `10:00:00`."""
    if duration_s < 100:
        return f"{int(duration_s * 100) / 100:g} s"  # truncated, not rounded: 59.999 must not read as 60
    minutes, seconds = divmod(int(duration_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
