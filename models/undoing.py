"""Undo and redo: where they lead follows from how versions, and revisions of a storyboard, came about."""

from collections.abc import Iterable

from models.base import Model
from models.boards import BoardKind, StoredStep
from models.studio import RestoredBy, StudioOperation, StudioState


class UndoState(Model):
    """The versions or revisions that undo and redo show again; None: there is nothing to undo, or to redo."""

    undo: int | None = None
    redo: int | None = None


def undo_state(operations: Iterable[StudioOperation]) -> UndoState:
    """Where undo and redo lead from a video's newest version.

    Every version is a step; undo and redo walk along the steps, and any other operation discards those undone.

    Args:
        operations: The video's operations, in any order.
    """
    done, undone = [1], list[int]()
    made = [one for one in operations if one.version is not None and one.state is StudioState.DELIVERED]
    for one in sorted(made, key=lambda operation: operation.version or 0):
        way = one.order.restored_by
        if way is RestoredBy.UNDO and len(done) > 1:
            undone.append(done.pop())
            # A take that was delivered while the undo was under way is undone with it.
            while len(done) > 1 and one.order.version in done[:-1]:
                undone.append(done.pop())
        elif way is RestoredBy.REDO and undone:
            done.append(undone.pop())
        else:
            undone.clear()
            done.append(one.version or 0)
    return UndoState(undo=done[-2] if len(done) > 1 else None, redo=undone[-1] if undone else None)


def board_undo_state(steps: Iterable[StoredStep]) -> UndoState:
    """Where undo and redo lead from a storyboard's newest revision.

    Every revision but an approval is a step, as in Studio; an approval changes no scene, and stays.

    Args:
        steps: The storyboard's rows, in any order.
    """
    done, undone = list[int](), list[int]()
    for revision, kind in sorted((one.revision, one.kind) for one in steps if one.revision is not None):
        if kind is BoardKind.LAID:
            done, undone = [revision], []
        elif kind is BoardKind.UNDO and len(done) > 1:
            undone.append(done.pop())
        elif kind is BoardKind.REDO and undone:
            done.append(undone.pop())
        elif kind is not BoardKind.APPROVE:
            undone.clear()
            done.append(revision)
    return UndoState(undo=done[-2] if len(done) > 1 else None, redo=undone[-1] if undone else None)
