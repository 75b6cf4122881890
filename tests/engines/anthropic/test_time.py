"""A question ends before the step that asks it: no call starts that could outlast it."""

from typing import Any, cast

import pytest

from engines.providers.anthropic.answers import EnhanceAnswer
from engines.providers.anthropic.conversation import REPAIRS, converse
from engines.providers.anthropic.service import Call, Reply, Service
from models.directing import Directing, DirectingStage
from workflows.policies import DIRECT_TIMEOUT

CALL_S = 150.0


class SlowService:
    """Every call takes its whole time, and its answer is never good."""

    timeout_s = CALL_S

    def __init__(self, truncated: bool = False) -> None:
        self.now, self.calls, self.truncated = 0.0, 0, truncated

    def ask(self, call: Call) -> Reply:
        self.now, self.calls = self.now + CALL_S, self.calls + 1
        return Reply(call.stage.model, stop_reason="max_tokens" if self.truncated else "end_turn")


class Grumbler:
    def read(self, text: str) -> list[str]:
        return ["never good"]


def asked(service: SlowService, within_s: float) -> int:
    anything: Any = service
    stage = DirectingStage(model="model", max_tokens=1_000)
    good = converse(
        cast(Service, anything),
        "question",
        stage,
        "rules",
        EnhanceAnswer,
        "material",
        "task",
        cast(Any, Grumbler()),
        within_s=within_s,
        clock=lambda: service.now,
    )
    assert not good
    return service.calls


@pytest.mark.parametrize("truncated", [False, True])
def test_no_call_begins_that_could_outlast_the_step(truncated: bool) -> None:
    service = SlowService(truncated)
    assert asked(service, within_s=2.5 * CALL_S) == 2
    assert service.now <= 2.5 * CALL_S


def test_with_time_enough_it_is_mended_as_often_as_may_be() -> None:
    assert asked(SlowService(), within_s=Directing().question_s) == REPAIRS + 1


def test_a_question_is_shorter_than_its_step() -> None:
    assert Directing().timeout_s <= Directing().question_s < DIRECT_TIMEOUT.total_seconds()
