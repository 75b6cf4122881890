"""Title and artist from any kind of tags. Tags are optional, so no tag is ever a reason to refuse a song."""

from collections.abc import Mapping

_MAX_CHARS = 200

KEEP_FOREIGN_BYTES = "surrogateescape"
"""Options for opening a container, so that tags that are not UTF-8 arrive unchanged."""


def read_title_and_artist(*metadata: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Find the two names.

    Args:
        *metadata: Tags of the container and of the audio stream, read with `KEEP_FOREIGN_BYTES`.

    Returns:
        Title and artist, each in one line of at most 200 characters, or None.
    """
    tags = {key.lower(): value for entry in metadata for key, value in entry.items()}
    return _cleaned(tags.get("title", "")), _cleaned(tags.get("artist", ""))


def _cleaned(text: str) -> str | None:
    try:
        text.encode()
    except UnicodeEncodeError:  # ID3v1 and old RIFF tags use their writer's code page
        text = text.encode("utf-8", KEEP_FOREIGN_BYTES).decode("cp1252", "replace")
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:_MAX_CHARS] or None
