"""How much room an account has left in the object store, with what it may still send there."""

from datetime import timedelta

from api.deps import Backend, Caller
from api.problems import Problem
from api.uploads import LIMIT_BYTES, UPLOAD_LIFETIME_S
from models.quotas import GIGABYTE
from models.routing import account_prefix, staged_prefix, upload_forms_prefix
from stores.database import utc_now

MEGABYTE = 1_000_000


def check_room(backend: Backend, caller: Caller, wanted_bytes: int = 0) -> None:
    """Refuse what would not fit. Blocks: the object store is asked, which alone knows what is there.

    Args:
        backend: Of this process.
        caller: Whose room.
        wanted_bytes: What is to come, as far as known.

    Raises:
        Problem: 413, the account's room is used up; 403, it is, and a confirmed address would have more.
    """
    quotas, verified = backend.settings.quotas, caller.profile.verified
    most = quotas.storage_bytes if verified else quotas.unverified_storage_bytes
    used = used_bytes(backend, caller.account_id)
    if used + wanted_bytes <= most:
        return
    said = f"Your account keeps {_shown(used)} of {_shown(most)}"
    if verified:
        raise Problem(413, "storage_full", f"{said}, and this would be more: delete songs or videos first.")
    raise Problem(403, "storage_unverified", f"{said}: confirm your e-mail address for {_shown(quotas.storage_bytes)}.")


def note_form(backend: Backend, account_id: str, upload_id: str) -> None:
    """Remember that a direct upload's form was given out, until it has expired."""
    key = f"{upload_forms_prefix(account_id)}{upload_id}"
    backend.stores.objects.put_bytes(key, b"form", "text/plain")


def used_bytes(backend: Backend, account_id: str) -> int:
    """What an account keeps: its objects, staged uploads, and all that the forms which still hold could bring."""
    objects, since = backend.stores.objects, utc_now() - timedelta(seconds=UPLOAD_LIFETIME_S)
    kept = sum(one.size_bytes for one in objects.list_objects(account_prefix(account_id)))
    staged = sum(one.size_bytes for one in objects.list_objects(staged_prefix(account_id)))
    forms = sum(one.stored_at > since for one in objects.list_objects(upload_forms_prefix(account_id)))
    return kept + staged + forms * LIMIT_BYTES


def _shown(size_bytes: int) -> str:
    return f"{size_bytes / GIGABYTE:.1f} GB" if size_bytes >= GIGABYTE else f"{-(-size_bytes // MEGABYTE)} MB"
