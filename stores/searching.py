"""How the Vault's lists are searched and paged: the same on SQLite and PostgreSQL, in any language."""

import base64
import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, or_
from sqlalchemy.sql.elements import ColumnElement

from models.failures import InvalidInput
from models.vault import TITLE_MAX_CHARS, PageQuery


def folded(*texts: str | None) -> str:
    """Text as it is compared: compatible forms made equal, case taken out.

    The databases' own case folding differs, and SQLite's knows only ASCII. What no database can hold becomes blank.
    """
    whole = " ".join(text for text in texts if text).replace("\x00", " ")
    return unicodedata.normalize("NFKC", whole.encode("utf-8", "replace").decode()).casefold()


def matching(search_text: ColumnElement[str], search: str) -> ColumnElement[bool]:
    """Whether all words of a search occur; `%` and `_` are letters like any other.

    Args:
        search_text: A column of folded text.
        search: What somebody typed.

    Returns:
        The condition.
    """
    words = folded(search).split()
    return and_(*(search_text.contains(word, autoescape=True) for word in words), search_text.is_not(None))


def page_of(
    connection: Connection,
    query: Select[Any],
    page: PageQuery,
    moment: ColumnElement[datetime],
    row_id: ColumnElement[str],
) -> tuple[list[Row[Any]], str | None]:
    """One page, newest first; rows that are added or deleted meanwhile shift nothing.

    Args:
        connection: From `Database.read`.
        query: Selects the whole list, with columns `moment` and `row_id` among its own.
        page: Which page.
        moment: What the list is ordered by, newest first.
        row_id: What decides between rows of one moment.

    Returns:
        The rows, and the cursor of the next page or None after the last.

    Raises:
        InvalidInput: The cursor is none of ours.
    """
    if page.cursor is not None:
        last_moment, last_id = _decoded(page.cursor)
        query = query.where(or_(moment < last_moment, and_(moment == last_moment, row_id > last_id)))
    rows = list(connection.execute(query.order_by(moment.desc(), row_id).limit(page.limit + 1)))
    if len(rows) <= page.limit:
        return rows, None
    last = rows[page.limit - 1]._mapping
    return rows[: page.limit], _encoded(last[moment.key or ""], last[row_id.key or ""])


def title_from(text: str, most_chars: int = TITLE_MAX_CHARS, what: str = "title") -> str:
    """A title as it may be stored: one line, not empty, not too long.

    Raises:
        InvalidInput: It is empty or too long; the sentence says which.
    """
    line = " ".join("".join(" " if _unwanted(letter) else letter for letter in text).split())
    if not line:
        raise InvalidInput(f"The {what} is empty: give it at least one letter.", code=f"{what}_empty")
    if len(line) > most_chars:
        raise InvalidInput(
            f"The {what} has {len(line)} characters and may have {most_chars}: shorten it.", code=f"{what}_too_long"
        )
    return line


def _unwanted(letter: str) -> bool:
    """Line breaks, controls and marks that turn the direction of what follows; joiners are part of words."""
    return unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or letter in "\u202a\u202b\u202c\u202d\u202e"


def _encoded(moment: datetime, row_id: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([moment.isoformat(), row_id]).encode()).decode().rstrip("=")


def _decoded(cursor: str) -> tuple[datetime, str]:
    try:
        moment, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        aware = datetime.fromisoformat(moment).astimezone(UTC)
        named = str(row_id).replace("\x00", "")
    except (ValueError, TypeError, OverflowError) as error:
        raise InvalidInput("This is not a cursor of this list: begin with the first page.", code="cursor") from error
    return aware, named
