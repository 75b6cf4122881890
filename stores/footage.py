"""Pictures and clips of the artists' own, in the Vault."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, insert, select, update

from models.failures import NotStored, ProviderUnavailable
from models.footage import FootagePage, FootageRef
from models.ids import footage_id_for
from models.vault import PageQuery
from stores import schema
from stores.claims import claimed_id, is_taken
from stores.database import Database, utc_now
from stores.searching import folded, matching, page_of, title_from
from stores.versions import lock_account


class Footage:
    """The own footage of all accounts.

    Args:
        database: The migrated database that the Vault uses.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def id_of(self, account_id: str, sha256: str) -> str:
        """The id of the account's footage with these bytes, existing or not.

        Args:
            account_id: The owning account.
            sha256: Digest of the file.

        Returns:
            The id.
        """
        with self._database.read() as connection:
            return _id_of(connection, account_id, sha256)

    def add(self, footage: FootageRef) -> FootageRef:
        """Put a picture or clip into the Vault; the same bytes are one per account.

        Args:
            footage: With an id from `id_of`; its objects are stored.

        Returns:
            The footage, as it was first added.

        Raises:
            InvalidInput: There is no such account.
            ProviderUnavailable: The same file is just being deleted.
        """
        with self._database.write() as connection:
            lock_account(connection, footage.account_id)
            footage_id = _id_of(connection, footage.account_id, footage.sha256)
            known = find_footage(connection, footage.account_id, footage_id)
            if known is not None:
                return known
            if footage_id != footage.footage_id or is_taken(connection, schema.footage.c.footage_id, footage_id):
                raise ProviderUnavailable("This file is just being deleted: try again in a moment.")
            row = {
                "footage_id": footage_id,
                "account_id": footage.account_id,
                "sha256": footage.sha256,
                "title": footage.title,
                "document": footage.model_dump_json(),
                "search_text": folded(footage.title),
                "added_at": footage.added_at,
            }
            connection.execute(insert(schema.footage), row)
        return footage

    def get(self, account_id: str, footage_id: str) -> FootageRef:
        """One of the account's pictures and clips.

        Args:
            account_id: The owning account.
            footage_id: The footage.

        Returns:
            The footage.

        Raises:
            NotStored: The account has no such footage.
        """
        with self._database.read() as connection:
            found = find_footage(connection, account_id, footage_id)
        if found is None:
            raise NotStored(footage_id)
        return found

    def rename(self, account_id: str, footage_id: str, title: str) -> FootageRef:
        """Give a picture or clip another title.

        Args:
            account_id: The owning account.
            footage_id: The footage.
            title: The new title.

        Returns:
            The footage.

        Raises:
            InvalidInput: The title is empty or too long.
            NotStored: The account has no such footage.
        """
        title, table = title_from(title), schema.footage
        with self._database.write() as connection:
            known = find_footage(connection, account_id, footage_id, lock=True)
            if known is None:
                raise NotStored(footage_id)
            renamed = known.model_copy(update={"title": title})
            values = {"title": title, "document": renamed.model_dump_json(), "search_text": folded(title)}
            connection.execute(update(table).where(table.c.footage_id == footage_id).values(values))
        return renamed

    def page(self, account_id: str, page: PageQuery | None = None) -> FootagePage:
        """The account's pictures and clips, newest first.

        Args:
            account_id: The owning account.
            page: The search in titles, and the page; None means the first page of all.

        Returns:
            One page.

        Raises:
            NotFound: The cursor is not one of this list.
        """
        page, column = page or PageQuery(), schema.footage.c
        query = select(schema.footage).where(
            column.account_id == account_id, column.removed_at.is_(None), matching(column.search_text, page.search)
        )
        with self._database.read() as connection:
            rows, cursor = page_of(connection, query, page, column.added_at, column.footage_id)
        found = tuple(FootageRef.model_validate_json(row.document) for row in rows)
        return FootagePage(footage=found, next_cursor=cursor)

    def now(self) -> datetime:
        """The current time, for `added_at`."""
        return self._clock()


def find_footage(connection: Connection, account_id: str, footage_id: str, *, lock: bool = False) -> FootageRef | None:
    """A picture or clip of the account; None: it has no such one. `lock`: a concurrent deletion waits."""
    column = schema.footage.c
    mine = (column.footage_id == footage_id) & (column.account_id == account_id) & column.removed_at.is_(None)
    query = select(column.document).where(mine)
    document = connection.scalars(query.with_for_update() if lock else query).first()
    return None if document is None else FootageRef.model_validate_json(document)


def _id_of(connection: Connection, account_id: str, sha256: str) -> str:
    column = schema.footage.c
    return claimed_id(connection, column.footage_id, column.sha256, sha256, partial(footage_id_for, account_id, sha256))
