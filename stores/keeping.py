"""A checked song file becomes a song in the Vault: its bytes first, then its row, so that a listed song is complete."""

from pathlib import Path

from models.failures import NotStored
from models.routing import song_prefix, working_copy_key
from models.song import AudioFacts, SongRef
from stores.objects import S3Objects
from stores.vault import Vault

COPY_TYPE = "audio/flac"


def keep_song(
    vault: Vault,
    objects: S3Objects,
    account_id: str,
    path: Path,
    facts: AudioFacts,
    title: str,
    cover: Path | None = None,
    copy: Path | None = None,
) -> SongRef:
    """Store a song and list it; the same bytes are one song per account, however often they come.

    Args:
        vault: Where it is listed.
        objects: Where its bytes go.
        account_id: Whose it is.
        path: The file, as the intake accepted it.
        facts: What the intake measured.
        title: How the artist calls it.
        cover: Its cover art as a JPEG, from `engines.intake.pictures`.
        copy: Its working copy, as the intake wrote it; None leaves the artist's file to be read later.

    Returns:
        The song, as it was first added.

    Raises:
        InvalidInput: There is no such account.
        ProviderUnavailable: A store is away, or the same song is just being deleted.
    """
    song_id = vault.song_id_of(account_id, facts.sha256)
    copy_key = working_copy_key(account_id, song_id)
    try:
        known = vault.song(account_id, song_id)
    except NotStored:
        prefix = song_prefix(account_id, song_id)
    else:
        # What was heard in a song stays; one that was never heard is heard as songs are now.
        if copy is None or known.copy_bytes or known.analysis_key is not None:
            return known
        objects.put_file(copy_key, copy, COPY_TYPE)
        return vault.record_copy(account_id, song_id, facts.copy_bytes)
    source_key, cover_key = f"{prefix}source.{facts.container}", f"{prefix}cover.jpg"
    objects.put_file(source_key, path, "application/octet-stream")
    if copy is not None:
        objects.put_file(copy_key, copy, COPY_TYPE)
    if cover is not None:
        objects.put_file(cover_key, cover, "image/jpeg")
    return vault.add_song(account_id, facts, title, source_key, None if cover is None else cover_key)
