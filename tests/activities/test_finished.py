"""Finished pieces are found without a request each, and whatever is not a first attempt asks the store."""

import dataclasses
from collections.abc import Iterator
from typing import cast
from uuid import uuid4

from temporalio.testing import ActivityEnvironment

from activities.finished import finished_size
from activities.ports.stores import ObjectStore

PREFIX = "accounts/a/videos/v/"


class Shelf:
    """An object store that counts its requests."""

    def __init__(self) -> None:
        self.sizes: dict[str, int] = {}
        self.asked: list[str] = []

    def list_keys(self, prefix: str) -> Iterator[str]:
        self.asked.append(f"list {prefix}")
        return iter([key for key in self.sizes if key.startswith(prefix)])

    def size(self, key: str) -> int | None:
        self.asked.append(f"size {key}")
        return self.sizes.get(key)


def look(shelf: Shelf, key: str, run: str, attempt: int = 1, workflow: str = "GenerateVideo") -> int | None:
    step = ActivityEnvironment()
    step.info = dataclasses.replace(step.info, attempt=attempt, workflow_type=workflow, workflow_run_id=run)
    return step.run(finished_size, cast(ObjectStore, shelf), f"{PREFIX}{key}", PREFIX)


def test_a_draft_asks_once_for_all_its_pieces() -> None:
    shelf, run = Shelf(), uuid4().hex
    assert [look(shelf, f"still-{number}", run) for number in range(40)] == [None] * 40
    assert shelf.asked == [f"list {PREFIX}"]


def test_a_reset_finds_what_was_made_before_it() -> None:
    shelf, first, reset = Shelf(), uuid4().hex, uuid4().hex
    assert look(shelf, "still", first) is None
    shelf.sizes[f"{PREFIX}still"] = 7
    assert look(shelf, "still", reset) == 7


def test_a_second_attempt_finds_what_the_first_left() -> None:
    shelf, run = Shelf(), uuid4().hex
    assert look(shelf, "still", run) is None
    shelf.sizes[f"{PREFIX}still"] = 7
    assert look(shelf, "still", run, attempt=2) == 7


def test_a_step_that_is_scheduled_anew_asks_for_what_was_looked_for_here() -> None:
    shelf, run = Shelf(), uuid4().hex
    assert [look(shelf, "still", run), look(shelf, "clip", run)] == [None, None]
    shelf.sizes[f"{PREFIX}still"] = 7
    assert look(shelf, "still", run) == 7
    assert shelf.asked == [f"list {PREFIX}", f"size {PREFIX}still"]


def test_studio_asks_for_its_few_pieces_alone() -> None:
    shelf = Shelf()
    assert look(shelf, "still", uuid4().hex, workflow="RegenerateScene") is None
    assert shelf.asked == [f"size {PREFIX}still"]
