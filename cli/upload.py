"""A song on its way into the Vault: checked before a stack is even started, kept once it is."""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from engines.intake.inspection import IntakeLimits, inspect_song
from engines.intake.pictures import extract_cover
from models.song import AudioFacts, SongRef
from settings import Settings
from stores.keeping import keep_song
from stores.opening import Stores


@dataclass(frozen=True)
class Upload:
    """A file that was accepted."""

    path: Path
    facts: AudioFacts
    copy: Path | None = None
    folder: "tempfile.TemporaryDirectory[str] | None" = field(default=None, repr=False)
    """Where the copy lies; it goes with the upload."""

    @property
    def title(self) -> str:
        """The song's title: its tag, or else the file's name."""
        return self.facts.title or self.path.stem

    def keep(self, stores: Stores, account_id: str) -> SongRef:
        """Store the song, with its cover art, and list it in the account's Vault; the same bytes are one song."""
        with tempfile.TemporaryDirectory(prefix="echonos-") as folder:
            cover = Path(folder) / "cover.jpg"
            found = cover if extract_cover(self.path, cover) else None
            return keep_song(
                stores.vault, stores.objects, account_id, self.path, self.facts, self.title, found, self.copy
            )


def upload_song(path: Path, settings: Settings) -> Upload:
    """Check a song file, and write its working copy.

    Raises:
        InvalidInput: It cannot be used; the sentence says why and what to do. Nothing was stored.
    """
    folder = tempfile.TemporaryDirectory(prefix="echonos-")
    copy = Path(folder.name) / "working.flac"
    facts = inspect_song(path, copy=copy, limits=IntakeLimits(max_s=settings.max_song_s))
    return Upload(path, facts, copy, folder)
