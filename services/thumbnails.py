"""Small pictures for lists and timelines: a phone that shows forty scenes must not fetch forty full stills.

A thumbnail is WebP and stored beside its picture, so it is made once for all processes. Pictures never change under
their keys, so thumbnails do not either.
"""

import io

from PIL import Image

from models.failures import NotFound, NotStored
from services.app import App
from services.failures import missing_is
from stores.objects import S3Objects

WIDTHS = (120, 240, 480)
MEDIA_TYPE = "image/webp"
POSTER_WIDTH, POSTER_TYPE = 720, "image/jpeg"
"""Of the picture that other sites show beside a share link; not all of them know WebP."""

_QUALITY, _POSTER_QUALITY = 78, 85
# Larger than any still; a file that claims more is not decoded.
_MAX_PIXELS = 4096 * 4096


def thumbnail(objects: S3Objects, key: str, width: int) -> bytes:
    """A smaller version of one of our pictures, as WebP. Blocking: call it in a thread.

    Args:
        width: One of `WIDTHS`, in pixels; a narrower picture keeps its size.

    Raises:
        NotStored: There is no such picture, or the object is no picture of ours.
        ValueError: The width is none of `WIDTHS`.
    """
    if width not in WIDTHS:
        raise ValueError(f"A thumbnail is {', '.join(map(str, WIDTHS[:-1]))} or {WIDTHS[-1]} pixels wide.")
    small_key = f"{key}@{width}.webp"
    try:
        return objects.get_bytes(small_key)
    except NotStored:
        data = _shrunk(key, objects.get_bytes(key), width)
    objects.put_bytes(small_key, data, MEDIA_TYPE)
    return data


def scene_thumbnail(app: App, key: str, width: int) -> bytes:
    """As `thumbnail`, of a scene's picture. Raises `NotFound`: it is not painted yet."""
    with missing_is(NotFound("There is no picture of this scene yet.")):
        return thumbnail(app.stores.objects, key, width)


def poster(objects: S3Objects, key: str) -> bytes:
    """One of our pictures as a JPEG for other sites, without the notes that it may carry. Blocking.

    Raises:
        NotStored: There is no such picture.
    """
    small_key = f"{key}@{POSTER_WIDTH}.jpg"
    try:
        return objects.get_bytes(small_key)
    except NotStored:
        data = _shrunk(key, objects.get_bytes(key), POSTER_WIDTH, "JPEG", _POSTER_QUALITY)
    objects.put_bytes(small_key, data, POSTER_TYPE)
    return data


def _shrunk(key: str, data: bytes, width: int, form: str = "WEBP", quality: int = _QUALITY) -> bytes:
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise NotStored(key)
            small = picture.convert("RGB")
            small.thumbnail((width, small.height), Image.Resampling.LANCZOS, reducing_gap=2.0)
            small.info.clear()
            small.save(out, form, quality=quality, **({"method": 4} if form == "WEBP" else {"progressive": True}))
    except OSError as error:
        raise NotStored(key) from error
    return out.getvalue()
