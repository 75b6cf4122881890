"""Where a still's subject is, for later crops: the painter knows it and writes it into the PNG."""

from models.base import Model
from models.png_notes import note_in, with_note

SUBJECT_BYTES = 1_024
"""The first bytes of a still; they contain the note about its subject."""

_KEYWORD = b"subject"


class SubjectRows(Model):
    """Rows of a picture as shares of its height, 0 at the top; they may lie outside of it."""

    top: float
    bottom: float
    head_top: float
    head_bottom: float


def joined(subjects: list[SubjectRows]) -> SubjectRows | None:
    """One subject that encloses several."""
    if not subjects:
        return None
    return SubjectRows(
        top=min(one.top for one in subjects),
        bottom=max(one.bottom for one in subjects),
        head_top=min(one.head_top for one in subjects),
        head_bottom=max(one.head_bottom for one in subjects),
    )


def with_subject(png: bytes, subject: SubjectRows) -> bytes:
    """A PNG that records where its subject is, in a text chunk of its own."""
    return with_note(png, _KEYWORD, subject.model_dump_json().encode())


def subject_in(beginning: bytes) -> SubjectRows | None:
    """The subject recorded in a picture's first `SUBJECT_BYTES`; None if there is none."""
    return note_in(beginning, _KEYWORD, SubjectRows)
