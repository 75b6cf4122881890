"""Characters locked in the Vault: a name, a description, and reference images in the object store."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from models.failures import Conflict, InvalidInput, NotStored
from models.vault import (
    CHARACTER_DESCRIPTION_MAX_CHARS,
    CHARACTER_NAME_MAX_CHARS,
    MOST_REFERENCES,
    CharacterPage,
    CharacterRef,
    PageQuery,
)
from stores import schema
from stores.database import Database, utc_now
from stores.searching import folded, matching, page_of, title_from
from stores.versions import lock_account


class Characters:
    """The characters of all accounts.

    Args:
        database: The migrated database that the Vault uses.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def add(
        self, account_id: str, character_id: str, name: str, description: str, reference_keys: Sequence[str]
    ) -> CharacterRef:
        """Lock a character; a repeated id returns the one locked first.

        Args:
            account_id: The owning account.
            character_id: From `models.ids.character_id_for`.
            name: The artist's name for the character, unique per account.
            description: The character's appearance, in words.
            reference_keys: 1 to 6 images in the object store, checked and re-encoded.

        Returns:
            The character.

        Raises:
            InvalidInput: Name, description or number of images is unusable.
            Conflict: The name is taken.
        """
        character = CharacterRef(
            character_id=character_id,
            account_id=account_id,
            name=name_from(name),
            description=description_from(description),
            reference_keys=tuple(reference_keys),
            added_at=self._clock(),
        )
        check_reference_count(len(reference_keys))
        with self._database.write() as connection:
            lock_account(connection, account_id)
            known = _find(connection, account_id, character_id)
            if known is not None:
                return known
            _check_free(connection, account_id, character)
            row = {"character_id": character_id, "account_id": account_id, "added_at": character.added_at}
            connection.execute(insert(schema.characters), row | _values(character))
        return character

    def get(self, account_id: str, character_id: str) -> CharacterRef:
        """One of the account's characters.

        Args:
            account_id: The owning account.
            character_id: The character.

        Returns:
            The character.

        Raises:
            NotStored: The account has no such character.
        """
        with self._database.read() as connection:
            found = _find(connection, account_id, character_id)
        if found is None:
            raise NotStored(character_id)
        return found

    def named(self, account_id: str, name: str) -> CharacterRef:
        """A character by its name, in any case, or by its id.

        Args:
            account_id: The owning account.
            name: The name or the id.

        Returns:
            The character.

        Raises:
            InvalidInput: The account has no such character.
        """
        character = schema.characters.c
        wanted = (character.folded_name == folded(" ".join(name.split()))) | (character.character_id == folded(name))
        mine = (character.account_id == account_id) & character.removed_at.is_(None)
        with self._database.read() as connection:
            document = connection.scalars(select(character.document).where(mine, wanted)).first()
        if document is None:
            raise InvalidInput(
                f"There is no character “{name}” in the Vault: add one first, or check the name.",
                code="unknown_character",
            )
        return CharacterRef.model_validate_json(document)

    def page(self, account_id: str, page: PageQuery | None = None) -> CharacterPage:
        """The account's characters, newest first.

        Args:
            account_id: The owning account.
            page: The search in name and description, and the page; None means the first page of all.

        Returns:
            One page.

        Raises:
            NotFound: The cursor is not one of this list.
        """
        page, character = page or PageQuery(), schema.characters.c
        query = select(schema.characters).where(
            character.account_id == account_id,
            character.removed_at.is_(None),
            matching(character.search_text, page.search),
        )
        with self._database.read() as connection:
            rows, cursor = page_of(connection, query, page, character.added_at, character.character_id)
        found = tuple(CharacterRef.model_validate_json(row.document) for row in rows)
        return CharacterPage(characters=found, next_cursor=cursor)

    def change(
        self, account_id: str, character_id: str, name: str | None = None, description: str | None = None
    ) -> CharacterRef:
        """Give a character another name or description; videos made before keep theirs.

        Args:
            account_id: The owning account.
            character_id: The character.
            name: The new name; None keeps it.
            description: The new description; None keeps it.

        Returns:
            The character.

        Raises:
            InvalidInput: Name or description is unusable.
            Conflict: The name is taken.
            NotStored: The account has no such character.
        """
        changes = {}
        if name is not None:
            changes["name"] = name_from(name)
        if description is not None:
            changes["description"] = description_from(description)
        table = schema.characters
        with self._database.write() as connection:
            lock_account(connection, account_id)
            found = _find(connection, account_id, character_id)
            if found is None:
                raise NotStored(character_id)
            changed = found.model_copy(update=changes)
            _check_free(connection, account_id, changed)
            mine = table.c.character_id == character_id
            connection.execute(update(table).where(mine).values(_values(changed)))
        return changed


def name_from(text: str) -> str:
    """A character's name as it may be stored.

    Raises:
        InvalidInput: It is empty or too long.
    """
    return title_from(text, CHARACTER_NAME_MAX_CHARS, "name")


def description_from(text: str) -> str:
    """A character's description as it may be stored.

    Raises:
        InvalidInput: It is empty or too long.
    """
    return title_from(text, CHARACTER_DESCRIPTION_MAX_CHARS, "description")


def check_reference_count(count: int) -> None:
    """Refuse too few or too many reference images.

    Raises:
        InvalidInput: There are none, or more than six.
    """
    if not 1 <= count <= MOST_REFERENCES:
        raise InvalidInput(
            f"A character needs 1 to {MOST_REFERENCES} images; there are {count}.", "references", "references"
        )


def _find(connection: Connection, account_id: str, character_id: str) -> CharacterRef | None:
    character = schema.characters.c
    mine = (character.character_id == character_id) & (character.account_id == account_id)
    document = connection.scalars(select(character.document).where(mine, character.removed_at.is_(None))).first()
    return None if document is None else CharacterRef.model_validate_json(document)


def _check_free(connection: Connection, account_id: str, character: CharacterRef) -> None:
    column = schema.characters.c
    same = (column.account_id == account_id) & (column.folded_name == folded(character.name))
    if connection.scalar(select(column.character_id).where(same, column.character_id != character.character_id)):
        raise Conflict(
            f"There is a character named “{character.name}” already: choose another name.", "name_taken", "name"
        )


def _values(character: CharacterRef) -> dict[str, str]:
    return {
        "name": character.name,
        "folded_name": folded(character.name),
        "document": character.model_dump_json(),
        "search_text": folded(character.name, character.description),
    }
