"""Undo and redo walk along the steps of a video; anything else that is made discards what was undone."""

from datetime import UTC, datetime, timedelta

import pytest

from models.boards import BoardKind, BoardStepState, StoredStep
from models.studio import RestoredBy, StudioKind, StudioOperation, StudioOrder, StudioState
from models.undoing import UndoState, board_undo_state, undo_state

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def history(*steps: str) -> list[StudioOperation]:
    """Operations of versions 2, 3, …: an edit, version 1 again (`1`), `undo`, `redo`, or one that failed (`-`)."""
    found: list[StudioOperation] = []
    version = 1
    for at, step in enumerate(steps):
        version += step != "-"
        way = RestoredBy(step) if step in ("undo", "redo") else RestoredBy.CHOICE
        kind = StudioKind.EDIT if step in ("edit", "-") else StudioKind.RESTORE
        order = StudioOrder(account_id="a", video_id="v", operation_id=f"o-{at}", kind=kind, restored_by=way)
        state = StudioState.FAILED if step == "-" else StudioState.DELIVERED
        found.append(
            StudioOperation(
                order=order,
                operation_key=f"v/o-{at}",
                state=state,
                base_version=version,
                price=0,
                version=None if step == "-" else version,
                accepted_at=BEGAN + timedelta(seconds=at),
            )
        )
    return found


@pytest.mark.parametrize(
    ("steps", "undo", "redo"),
    [
        ((), None, None),
        (("edit",), 1, None),
        (("edit", "edit"), 2, None),
        (("edit", "edit", "undo"), 1, 3),
        (("edit", "edit", "undo", "undo"), None, 2),
        (("edit", "edit", "undo", "undo", "redo"), 1, 3),
        (("edit", "edit", "undo", "undo", "redo", "redo"), 2, None),
        (("edit", "undo", "edit"), 1, None),
        (("edit", "undo", "-"), None, 2),
        (("edit", "edit", "1"), 3, None),
        (("edit", "edit", "1", "undo"), 2, 4),
    ],
)
def test_undo_and_redo_walk_along_the_steps(steps: tuple[str, ...], undo: int | None, redo: int | None) -> None:
    made = history(*steps)
    assert undo_state(made) == undo_state(reversed(made)) == UndoState(undo=undo, redo=redo)


def test_a_take_that_comes_while_an_undo_is_under_way_can_be_redone() -> None:
    """Version 3 is a take, delivered after the undo of version 2 was ordered: the undo still shows version 1."""
    *made, undo = history("edit", "edit", "undo")
    made.append(undo.model_copy(update={"order": undo.order.model_copy(update={"version": 1})}))
    assert undo_state(made) == UndoState(undo=None, redo=2), "not 1, which is shown already"


@pytest.mark.parametrize(
    ("steps", "undo", "redo"),
    [
        ("laid", None, None),
        ("laid edit", 0, None),
        ("laid edit repaint own", 2, None),
        ("laid edit approve", 0, None),
        ("laid edit approve edit undo", 0, 3),
        ("laid edit undo approve", None, 1),
        ("laid edit undo approve redo", 0, None),
        ("laid edit edit undo undo redo", 0, 2),
        ("laid edit edit undo undo redo redo", 1, None),
        ("laid edit undo edit", 0, None),
        ("laid edit undo repaint", 0, None),
        ("laid edit edit undo laid", None, None),
        ("laid edit undo laid edit", 3, None),
    ],
)
def test_on_a_storyboard_they_walk_past_approvals(steps: str, undo: int | None, redo: int | None) -> None:
    """A run that lays its board anew begins anew."""
    rows = [
        StoredStep(
            operation_key=f"v/o-{at}",
            operation_id=f"o-{at}",
            kind=BoardKind(kind),
            state=BoardStepState.APPLIED,
            revision=at,
        )
        for at, kind in enumerate(steps.split())
    ]
    failed = rows[0].model_copy(update={"kind": BoardKind.REPAINT, "state": BoardStepState.FAILED, "revision": None})
    assert board_undo_state([failed, *reversed(rows)]) == UndoState(undo=undo, redo=redo)
