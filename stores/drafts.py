"""Unsent words per account: of scenes in Studio, and of the brief on Create."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from models.drafts import (
    MOST_SCENE_DRAFTS,
    BriefDraft,
    BriefTyping,
    SceneDraft,
    SceneTyping,
    typed_over,
)
from models.failures import InvalidInput
from stores import schema
from stores import schema_access as tables
from stores.database import Database, utc_now


class Drafts:
    """The drafts of all accounts.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware; tests pass their own.
        most: The most scenes per account that may have unsent words.
    """

    def __init__(
        self, database: Database, clock: Callable[[], datetime] = utc_now, most: int = MOST_SCENE_DRAFTS
    ) -> None:
        self._database = database
        self._clock = clock
        self._most = most

    def of_video(self, account_id: str, video_id: str) -> list[SceneDraft]:
        """The unsent words of a video's scenes, by scene."""
        table = tables.scene_drafts
        mine = (table.c.account_id == account_id) & (table.c.video_id == video_id)
        query = select(table.c.document).where(mine).order_by(table.c.scene_index)
        with self._database.read() as connection:
            return [SceneDraft.model_validate_json(document) for document in connection.scalars(query)]

    def type_scene(self, account_id: str, video_id: str, index: int, typing: SceneTyping) -> SceneDraft:
        """Store what was typed for a scene.

        Args:
            account_id: The artist's account.
            video_id: A video of the account.
            index: The scene.
            typing: The changed fields.

        Returns:
            The stored draft.

        Raises:
            InvalidInput: Too many scenes have unsent words.
        """
        table, key = tables.scene_drafts, {"account_id": account_id, "video_id": video_id, "scene_index": index}
        with self._database.write() as connection:
            _lock(connection, account_id)
            document = _document(connection, table, key)
            before = SceneDraft(index=index) if document is None else SceneDraft.model_validate_json(document)
            now = SceneDraft(
                index=index,
                image=typed_over(before.image, typing.image),
                motion=typed_over(before.motion, typing.motion),
                camera=typed_over(before.camera, typing.camera),
            )
            if now.is_blank:
                connection.execute(delete(table).where(_is(table, key)))
                return now
            if document is None:
                self._check_room(connection, account_id)
            self._put(connection, table, key, now.model_dump_json(), known=document is not None)
        return now

    def brief(self, account_id: str) -> BriefDraft:
        """The brief that is not ordered yet; blank if nothing was typed."""
        with self._database.read() as connection:
            document = _document(connection, tables.brief_drafts, {"account_id": account_id})
        return BriefDraft() if document is None else BriefDraft.model_validate_json(document)

    def type_brief(self, account_id: str, typing: BriefTyping) -> BriefDraft:
        """Store what was typed and chosen for a brief.

        Args:
            account_id: The artist's account.
            typing: The changed fields.

        Returns:
            The stored draft.
        """
        table, key = tables.brief_drafts, {"account_id": account_id}
        with self._database.write() as connection:
            _lock(connection, account_id)
            document = _document(connection, table, key)
            before = BriefDraft() if document is None else BriefDraft.model_validate_json(document)
            now = BriefDraft(prompt=typed_over(before.prompt, typing.prompt), choices=typing.choices or before.choices)
            self._put(connection, table, key, now.model_dump_json(), known=document is not None)
        return now

    def forget_brief(self, account_id: str, revision: int) -> None:
        """Delete an ordered brief's draft, unless it was changed meanwhile.

        Args:
            account_id: The artist's account.
            revision: The revision that was ordered.
        """
        table, key = tables.brief_drafts, {"account_id": account_id}
        with self._database.write() as connection:
            _lock(connection, account_id)
            document = _document(connection, table, key)
            if document is not None and BriefDraft.model_validate_json(document).prompt.revision == revision:
                connection.execute(delete(table).where(_is(table, key)))

    def _check_room(self, connection: Connection, account_id: str) -> None:
        table = tables.scene_drafts
        mine = select(func.count()).select_from(table).where(table.c.account_id == account_id)
        if (connection.scalar(mine) or 0) >= self._most:
            raise InvalidInput(
                f"{self._most} scenes have words that were not sent: send or withdraw some of them first.",
                code="too_many_drafts",
            )

    def _put(self, connection: Connection, table: Table, key: dict[str, Any], document: str, *, known: bool) -> None:
        values = {"document": document, "updated_at": self._clock()}
        if known:
            connection.execute(update(table).where(_is(table, key)).values(values))
        else:
            connection.execute(insert(table), key | values)


def _is(table: Table, key: dict[str, Any]) -> Any:
    clause = table.c.account_id == key["account_id"]
    for name in key.keys() - {"account_id"}:
        clause &= table.c[name] == key[name]
    return clause


def _document(connection: Connection, table: Table, key: dict[str, Any]) -> str | None:
    return connection.scalars(select(table.c.document).where(_is(table, key))).first()


def _lock(connection: Connection, account_id: str) -> None:
    """Windows of one account take turns; SQLite's writers take turns anyway."""
    account = schema.accounts.c.account_id
    connection.execute(select(account).where(account == account_id).with_for_update())
