"""An account's storage quota, including open upload forms."""

from datetime import UTC, datetime, timedelta

from models.failures import InvalidInput, NotAllowed
from models.object_keys import account_prefix, staged_prefix, upload_forms_prefix
from models.quotas import GIGABYTE
from services.app import App
from services.songs import MOST_SONG_BYTES

MEGABYTE = 1_000_000
UPLOAD_LIFETIME_S = 3_600
"""The lifetime of a form for a direct upload."""


def check_room(app: App, account_id: str, verified: bool, wanted_bytes: int = 0) -> None:
    """Refuse uploads beyond the quota. Blocks: the object store lists the account's objects.

    Args:
        verified: Whether the account's address is confirmed, which gives more room.
        wanted_bytes: The size of the upload, as far as known.

    Raises:
        InvalidInput: `storage_full`: the quota is used up.
        NotAllowed: `storage_unverified`: it is, and a confirmed address has a larger one.
    """
    quotas = app.settings.quotas
    most = quotas.storage_bytes if verified else quotas.unverified_storage_bytes
    used = used_bytes(app, account_id)
    if used + wanted_bytes <= most:
        return
    said = f"Your account keeps {_shown(used)} of {_shown(most)}"
    if verified:
        raise InvalidInput(f"{said}, and this would be more: delete songs or videos first.", code="storage_full")
    more = _shown(quotas.storage_bytes)
    raise NotAllowed(f"{said}: confirm your e-mail address for {more}.", code="storage_unverified")


def note_form(app: App, account_id: str, upload_id: str) -> None:
    """Count a direct upload's form until it expires."""
    key = f"{upload_forms_prefix(account_id)}{upload_id}"
    app.stores.objects.put_bytes(key, b"form", "text/plain")


def used_bytes(app: App, account_id: str) -> int:
    """The bytes that an account uses: objects, staged uploads, and the most that open forms may bring."""
    objects, since = app.stores.objects, datetime.now(UTC) - timedelta(seconds=UPLOAD_LIFETIME_S)
    kept = sum(one.size_bytes for one in objects.list_objects(account_prefix(account_id)))
    staged = sum(one.size_bytes for one in objects.list_objects(staged_prefix(account_id)))
    forms = sum(one.stored_at > since for one in objects.list_objects(upload_forms_prefix(account_id)))
    return kept + staged + forms * MOST_SONG_BYTES


def _shown(size_bytes: int) -> str:
    return f"{size_bytes / GIGABYTE:.1f} GB" if size_bytes >= GIGABYTE else f"{-(-size_bytes // MEGABYTE)} MB"
