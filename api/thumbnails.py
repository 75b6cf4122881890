"""Small pictures for lists and timelines: a phone that shows forty scenes must not fetch forty full stills.

A thumbnail is WebP and lies in the object store beside its picture, so it is made once for all processes. Pictures
never change under their keys, and so thumbnails do not either.
"""

import io

from PIL import Image

from models.failures import NotStored
from stores.objects import S3Objects

WIDTHS = (120, 240, 480)
MEDIA_TYPE = "image/webp"
_QUALITY = 78
# Larger than any still; a file that claims more is not decoded.
_MAX_PIXELS = 4096 * 4096


def thumbnail(objects: S3Objects, key: str, width: int) -> bytes:
    """A picture of ours, made narrower. Blocking: call it in a thread.

    Args:
        objects: Where the picture is.
        key: The picture's key.
        width: One of `WIDTHS`, in pixels; a picture that is narrower keeps its size.

    Returns:
        A WebP file.

    Raises:
        NotStored: There is no such picture, or what lies there is none of ours.
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


def _shrunk(key: str, data: bytes, width: int) -> bytes:
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise NotStored(key)
            small = picture.convert("RGB")
            small.thumbnail((width, small.height), Image.Resampling.LANCZOS, reducing_gap=2.0)
            small.save(out, "WEBP", quality=_QUALITY, method=4)
    except OSError as error:
        raise NotStored(key) from error
    return out.getvalue()
