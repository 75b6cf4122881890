"""What is visible in stills, from the notes that the painter leaves in them."""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from models.failures import NotStored
from models.in_picture import IN_PICTURE_BYTES, InPicture, in_picture
from services.app import App
from stores.objects import S3Objects

_AT_ONCE = 8
_EMPTY = InPicture()


def pictures(app: App, keys: Iterable[str]) -> Mapping[str, InPicture]:
    """What is visible in each still.

    Args:
        app: The application.
        keys: Keys of stills; empty ones are left out.

    Returns:
        The notes by key. A still without one, such as a bought picture, or one that is gone, is left out.
    """
    wanted = sorted({key for key in keys if key})
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = list(pool.map(lambda key: _noted(app.stores.objects, key), wanted))
    return {key: note for key, note in zip(wanted, found, strict=True) if note is not _EMPTY}


# A still's key contains its digest: what it names never changes.
@lru_cache(maxsize=4096)
def _noted(objects: S3Objects, key: str) -> InPicture:
    try:
        return in_picture(objects.get_range(key, 0, IN_PICTURE_BYTES)) or _EMPTY
    except NotStored:
        return _EMPTY
