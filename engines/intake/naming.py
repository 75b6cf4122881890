"""Checks a file's name against its content. The advice is to rename the file, never a guess."""

from engines.intake.containers import shows_pictures
from engines.intake.refusals import UPLOAD_AGAIN, Refusal
from engines.intake.sniffing import Kind, Sniffed
from models.failures import InvalidInput

ACCEPTED = "an MP3, M4A, WAV, AAC, OGG or FLAC file"
_AIFF_ENDINGS = {".aif", ".aiff", ".aifc"}
_VIDEO_ENDINGS = {".mp4", ".mov", ".m4v"}


def check_kind(sniffed: Sniffed, ending: str | None, data: bytes) -> Kind:
    """The kind of a song file.

    Args:
        sniffed: The result of sniffing its first bytes.
        ending: The name's ending, with the dot; None accepts any.
        data: The whole file.

    Returns:
        The kind.

    Raises:
        InvalidInput: The kind is unknown, or contradicts the name.
    """
    ending = None if ending is None else ending.lower()
    if sniffed.aiff or ending in _AIFF_ENDINGS:
        raise InvalidInput(
            "AIFF files are not accepted: export the song as FLAC, which loses nothing, as WAV or a high-bitrate MP3.",
            code=Refusal.AIFF,
        )
    if sniffed.only_tags:
        raise InvalidInput(
            f"This file is cut off, nothing follows the tags at its beginning: {UPLOAD_AGAIN}.", code=Refusal.TRUNCATED
        )
    if sniffed.kind is None:
        what = f"is {sniffed.foreign}" if sniffed.foreign else "is not audio that we know"
        raise InvalidInput(f"This file {what}, despite its name: upload {ACCEPTED}.", code=Refusal.UNKNOWN_TYPE)
    if ending is None or ending == f".{sniffed.kind}":
        return sniffed.kind
    video = sniffed.kind is Kind.M4A and ending in _VIDEO_ENDINGS
    if video and shows_pictures(data):
        raise InvalidInput(
            "This is a video file: export its sound as M4A, WAV or a high-bitrate MP3.", code=Refusal.WRONG_EXTENSION
        )
    # Only a plain ending is repeated: a name can contain line breaks and terminal codes.
    shown = f"ends in {ending}" if ending[1:].isalnum() and len(ending) <= 8 else "does not say so"
    shown += ", as a video's does" if video else ""
    raise InvalidInput(
        f"This file holds {sniffed.kind.upper()} audio but its name {shown}: rename it to end in .{sniffed.kind}.",
        code=Refusal.WRONG_EXTENSION,
    )
