"""Thumbnails are small, made once, and only of pictures."""

import io

import pytest
from PIL import Image

from models.failures import NotStored
from models.setting_values import StoreOptions
from services.thumbnails import thumbnail
from stores.objects import S3Objects
from stores.opening import open_stores


@pytest.fixture
def objects(store_options: StoreOptions) -> S3Objects:
    return open_stores(**store_options).objects


def picture(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, "PNG")
    return out.getvalue()


def test_a_thumbnail_keeps_the_shape_and_is_kept(objects: S3Objects) -> None:
    objects.put_bytes("thumbs/a.png", picture(1080, 1920), "image/png")
    small = thumbnail(objects, "thumbs/a.png", 240)
    with Image.open(io.BytesIO(small)) as seen:
        assert (seen.format, seen.size) == ("WEBP", (240, 427))
    assert len(small) < 20_000
    # The kept one answers from now on.
    objects.put_bytes("thumbs/a.png@240.webp", b"kept", "image/webp")
    assert thumbnail(objects, "thumbs/a.png", 240) == b"kept"


def test_a_small_picture_is_not_blown_up(objects: S3Objects) -> None:
    objects.put_bytes("thumbs/tiny.png", picture(90, 160), "image/png")
    with Image.open(io.BytesIO(thumbnail(objects, "thumbs/tiny.png", 240))) as seen:
        assert seen.size == (90, 160)


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", picture(640, 640)[:200]],
    ids=["nothing", "svg", "gif", "torn"],
)
def test_only_pictures_of_ours_are_opened(objects: S3Objects, data: bytes) -> None:
    objects.put_bytes("thumbs/other", data, "image/png")
    with pytest.raises(NotStored):
        thumbnail(objects, "thumbs/other", 240)


def test_other_widths_and_missing_pictures_are_refused(objects: S3Objects) -> None:
    with pytest.raises(ValueError, match="120, 240 or 480"):
        thumbnail(objects, "thumbs/a.png", 77)
    with pytest.raises(NotStored):
        thumbnail(objects, "thumbs/none.png", 120)
