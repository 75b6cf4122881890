"""Studio's steps on an order that comes again."""

from typing import Any, cast

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.studio import StudioActivities
from models.edits import Merge
from models.failures import NotStored
from models.studio import StudioKind, StudioOrder
from tests.models.test_recutting import TIMELINE, edited


class Known:
    """The rows of operations, and a Vault whose newest version is edited already."""

    def __init__(self) -> None:
        self.orders: dict[str, StudioOrder] = {}

    def timeline(self, account_id: str, video_id: str) -> Any:
        return edited(Merge(scene_id=6)) if self.orders else TIMELINE

    def takes(self, account_id: str, video_id: str) -> list[Any]:
        return []

    def list_keys(self, prefix: str) -> list[str]:
        return []

    def operation(self, account_id: str, video_id: str, operation_id: str) -> StudioOrder:
        if operation_id not in self.orders:
            raise NotStored(operation_id)
        return self.orders[operation_id]

    def accept(self, order: StudioOrder, gone: frozenset[int]) -> frozenset[int]:
        self.orders.setdefault(order.operation_id, order)
        return gone


def test_an_edit_that_comes_again_gets_its_first_answer_though_it_is_possible_no_more() -> None:
    known: Any = Known()
    studio: Any = StudioActivities(known, known, known, *[cast(Any, None)] * 3)
    wish = {"account_id": "a", "video_id": "v", "kind": StudioKind.EDIT, "edits": (Merge(scene_id=6),)}
    order, run = StudioOrder(operation_id="first", **wish), ActivityEnvironment().run
    assert run(studio.accept_operation, order) == {7}
    assert run(studio.accept_operation, order) == frozenset()
    with pytest.raises(ApplicationError, match="The last scene"):
        run(studio.accept_operation, order.model_copy(update={"operation_id": "second"}))
