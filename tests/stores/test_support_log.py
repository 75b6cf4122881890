"""The audit of support's actions: each has a reason."""

import pytest

from models.failures import InvalidInput
from models.support import Action
from stores.database import Database
from stores.support import SupportLog


@pytest.mark.parametrize("reason", ["", " ", "\n\t", "\u3000"])
@pytest.mark.parametrize("action", Action)
def test_an_action_without_a_reason_is_refused_and_leaves_nothing(
    reason: str, action: Action, database: Database
) -> None:
    log, reached = SupportLog(database), False
    with pytest.raises(InvalidInput, match="why"), log.attempt("kim", action, "video-1", reason, detail="to stills"):
        reached = True
    assert not reached
    assert log.of("video-1", refused=True) == []


def test_a_detail_stands_behind_the_reason(database: Database) -> None:
    log = SupportLog(database)
    for _ in range(2):
        with log.attempt("kim", Action.REFUND, "video-1", " it was late ", detail="restyle op-1", once=True):
            pass
    assert [one.reason for one in log.of("video-1")] == ["it was late (restyle op-1)"]
