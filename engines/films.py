"""Opening films and their sound: segments, provider clips, soundtracks.

Demuxers that open other files or addresses by themselves (playlists, concat scripts, image sequences) are not allowed.
"""

from pathlib import Path

import av
from av.container import InputContainer

_CONTAINERS = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "avi", "wav", "flac")
_OPTIONS = {"protocol_whitelist": "file", "format_whitelist": ",".join(_CONTAINERS)}


def open_film(path: Path | str) -> InputContainer:
    """Open a film for reading.

    Args:
        path: A file.

    Returns:
        The container; close it.

    Raises:
        av.FFmpegError: It cannot be read, or is not a film.
    """
    return av.open(f"file:{path}", options=_OPTIONS)
