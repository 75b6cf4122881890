"""Ids of uploaded bytes: the same bytes are one thing per account, and a deleted thing no longer claims its bytes."""

from collections.abc import Callable
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Connection, select


def claimed_id(
    connection: Connection,
    id_column: ColumnElement[str],
    sha256_column: ColumnElement[str],
    sha256: str,
    id_for: Callable[[int], str],
) -> str:
    """The id that bytes have, existing or not.

    Args:
        id_column: The table's ids.
        sha256_column: The digests that its rows claim; deletion replaces them, see `stores/deletion.py`.
        sha256: Digest of the file.
        id_for: The id of the n-th thing of these bytes, from 0.

    Returns:
        The id of the row that claims them, or the first free one.
    """
    for edition in count():
        found = id_for(edition)
        if connection.scalar(select(sha256_column).where(id_column == found)) in (None, sha256):
            break
    return found


def is_taken(connection: Connection, id_column: ColumnElement[Any], wanted: str) -> bool:
    """Whether a row has an id, deleted ones included."""
    return connection.scalar(select(id_column).where(id_column == wanted)) is not None
