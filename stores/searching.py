"""Search and paging of the Vault's lists: the same on SQLite and PostgreSQL, in any language."""

import base64
import json
import unicodedata
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, or_
from sqlalchemy.sql.elements import ColumnElement

from models.failures import InvalidInput, NotFound
from models.vault import TITLE_MAX_CHARS, PageQuery


def folded(*texts: str | None) -> str:
    """Text in the form in which it is compared: compatible characters unified, case folded.

    The databases' own case folding differs, and SQLite's knows only ASCII. A NUL becomes blank.
    """
    whole = " ".join(text for text in texts if text).replace("\x00", " ")
    return unicodedata.normalize("NFKC", whole.encode("utf-8", "replace").decode()).casefold()


def matching(search_text: ColumnElement[str], search: str) -> ColumnElement[bool]:
    """Whether all words of a search occur; `%` and `_` are ordinary characters.

    Args:
        search_text: A column of folded text.
        search: The search, as typed.

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
    """One page, newest first; concurrent inserts and deletes shift nothing.

    Args:
        connection: From `Database.read`.
        query: Selects the whole list, with columns `moment` and `row_id` among its own.
        page: The page.
        moment: The column that orders the list, newest first.
        row_id: The column that orders rows of the same moment.

    Returns:
        The rows, and the cursor of the next page or None after the last.

    Raises:
        NotFound: The cursor is not one of this list.
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
    """A title in the form in which it is stored: one line, not empty, not too long.

    Raises:
        InvalidInput: It is empty or too long; the sentence says which.
    """
    line = " ".join("".join(" " if _unwanted(letter) else letter for letter in text).split())
    if not line:
        raise InvalidInput(f"The {what} is empty: give it at least one letter.", f"{what}_empty", what)
    if len(line) > most_chars:
        raise InvalidInput(
            f"The {what} has {len(line)} characters and may have {most_chars}: shorten it.", f"{what}_too_long", what
        )
    return line


def title_found(*texts: str | None) -> str:
    """The first of these texts that shows anything, shortened to a title: of names that no artist typed as one."""
    for text in texts:
        with suppress(InvalidInput):  # no visible characters
            return title_from(" ".join((text or "").split())[:TITLE_MAX_CHARS])
    return "Untitled"


def _unwanted(letter: str) -> bool:
    """Line breaks, control characters and marks that change the text direction; joiners are part of words."""
    return unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or letter in "\u202a\u202b\u202c\u202d\u202e"


def _encoded(moment: datetime, row_id: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([moment.isoformat(), row_id]).encode()).decode().rstrip("=")


def _decoded(cursor: str) -> tuple[datetime, str]:
    try:
        moment, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        aware = datetime.fromisoformat(moment).astimezone(UTC)
        named = str(row_id).replace("\x00", "")
    except (ValueError, TypeError, OverflowError) as error:
        raise NotFound("This is not a cursor of this list: begin with the first page.", "no_page", "cursor") from error
    return aware, named
