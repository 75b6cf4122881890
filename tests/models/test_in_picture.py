"""Notes in PNGs: each is found again, beside others, and a damaged one is none."""

import struct
import zlib

from models.in_picture import (
    IN_PICTURE_BYTES,
    InPicture,
    SeenPerson,
    SeenThing,
    in_picture,
    picture_sentence,
    with_in_picture,
)
from models.subjects import SUBJECT_BYTES, SubjectRows, subject_in, with_subject

SEEN = InPicture(
    people=(SeenPerson(role="pêcheur", age="old", beard="long beard", clothes=("dark blue sweater",), share=0.2),),
    things=(SeenThing(noun="boat", name="boat", colour="red", size="small", share=0.1),),
    place="harbour",
    weather="storm",
    not_drawn=("zorbule",),
)
ROWS = SubjectRows(top=0.1, bottom=0.9, head_top=0.1, head_bottom=0.2)


def picture() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\0\0\0")) + chunk(b"IEND", b"")


def test_both_notes_of_a_picture_are_found() -> None:
    png = with_subject(with_in_picture(picture(), SEEN), ROWS)
    assert in_picture(png[:IN_PICTURE_BYTES]) == SEEN
    assert subject_in(png[:SUBJECT_BYTES]) == ROWS


def test_a_cut_or_foreign_note_is_none() -> None:
    png = with_in_picture(picture(), SEEN)
    assert in_picture(png[:120]) is None
    assert in_picture(picture()) is None
    assert in_picture(png.replace(b'{"people"', b'["people"', 1)) is None


def test_a_picture_with_its_notes_is_still_a_picture() -> None:
    import cv2
    import numpy as np

    png = with_subject(with_in_picture(picture(), SEEN), ROWS)
    assert cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR) is not None


def test_what_is_visible_is_told_in_words() -> None:
    assert picture_sentence(SEEN) == "old pêcheur (long beard, dark blue sweater), small red boat · harbour, storm"
    assert picture_sentence(InPicture()) == ""
