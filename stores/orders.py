"""Orders, per account: recorded before a run starts, so that every run has an owner from its first moment."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select

from models.failures import NotStored
from models.orders import Order
from stores import schema
from stores import schema_access as tables
from stores.database import Database


class Orders:
    """The orders of all accounts.

    Args:
        database: A migrated database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, order: Order) -> Order:
        """Record an order; one video has one order, and the first one stays.

        Args:
            order: The order.

        Returns:
            The order as first recorded.

        Raises:
            NotStored: The video is another account's.
        """
        table = tables.orders
        with self._database.write() as connection:
            known = connection.execute(select(table).where(table.c.video_id == order.video_id)).first()
            if known is None:
                row = {"video_id": order.video_id, "account_id": order.account_id, "ordered_at": order.ordered_at}
                connection.execute(insert(table), row | {"document": order.model_dump_json()})
                return order
        if known.account_id != order.account_id:
            raise NotStored(order.video_id)
        return Order.model_validate_json(known.document)

    def withdraw(self, account_id: str, video_id: str) -> None:
        """Delete a refused order; a repetition does nothing."""
        table = tables.orders
        mine = (table.c.account_id == account_id) & (table.c.video_id == video_id)
        with self._database.write() as connection:
            connection.execute(delete(table).where(mine))

    def find(self, account_id: str, video_id: str) -> Order:
        """An order of the account.

        Args:
            account_id: The owning account.
            video_id: The video.

        Returns:
            The order.

        Raises:
            NotStored: The account has no such order.
        """
        table = tables.orders
        query = select(table.c.document).where(table.c.account_id == account_id, table.c.video_id == video_id)
        with self._database.read() as connection:
            document = connection.scalars(query).first()
        if document is None:
            raise NotStored(video_id)
        return Order.model_validate_json(document)

    def undelivered(self, account_id: str, limit: int = 100) -> list[Order]:
        """The account's orders that never got a version, newest first."""
        order, video = tables.orders.c, schema.videos.c
        delivered = select(video.video_id).where(video.video_id == order.video_id).exists()
        query = select(order.document).where(order.account_id == account_id, ~delivered)
        with self._database.read() as connection:
            page = query.order_by(order.ordered_at.desc(), order.video_id).limit(limit)
            return [Order.model_validate_json(document) for document in connection.scalars(page)]

    def of(self, account_id: str, video_ids: Sequence[str]) -> dict[str, Order]:
        """The orders behind videos, if recorded, by video."""
        order = tables.orders.c
        query = select(order.document).where(order.account_id == account_id, order.video_id.in_(video_ids))
        with self._database.read() as connection:
            found = [Order.model_validate_json(document) for document in connection.scalars(query)]
        return {order.video_id: order for order in found}
