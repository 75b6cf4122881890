"""An answer's token limit and its call's time-out fit each other; a truncated answer gets more room, or less effort."""

from typing import Any, cast

import pytest

from engines.providers.anthropic.answers import EnhanceAnswer
from engines.providers.anthropic.conversation import LONGER_TRIES, REPAIRS, converse
from engines.providers.anthropic.pacing import BEGIN_S, LONGEST_TOKENS, time_for, tokens_in
from engines.providers.anthropic.replies import Reply
from engines.providers.anthropic.service import Call
from models.claude_models import CLAUDE_MODELS, claude_model
from models.directing import Directing, DirectingStage
from tests.engines.anthropic.conftest import SetMaker
from tests.fakes.anthropic_server import stopped
from workflows.policies import DIRECT_TIMEOUT

OPUS = "claude-opus-5-5"


class Writer:
    """Writes every answer to its limit, at the assumed speed, and never finishes."""

    def __init__(self, timeout_s: float, ends: bool = False) -> None:
        self.timeout_s, self.ends = timeout_s, ends
        self.now, self.calls = 0.0, list[Call]()

    def ask(self, call: Call) -> Reply:
        assert call.timeout_s is not None
        takes_s = BEGIN_S + call.max_tokens / claude_model(call.stage.model).tokens_per_s
        assert takes_s <= call.timeout_s <= self.timeout_s, "a call would be given up before it may end"
        self.now, self.calls = self.now + takes_s, [*self.calls, call]
        return Reply(call.stage.model, stop_reason="end_turn" if self.ends else "max_tokens")


class Grumbler:
    def read(self, text: str) -> list[str]:
        return ["never good"]


def asked(writer: Writer, stage: DirectingStage, within_s: float) -> list[Call]:
    arguments: Any = (writer, "question", stage, "rules", EnhanceAnswer, "material", "task", Grumbler())
    assert not converse(*cast(tuple[Any, ...], arguments), within_s=within_s, clock=lambda: writer.now)
    assert writer.now <= within_s
    return writer.calls


@pytest.mark.parametrize("model", [*CLAUDE_MODELS, "claude-of-tomorrow"])
@pytest.mark.parametrize("max_tokens", [256, 4_000, 24_000, 128_000])
@pytest.mark.parametrize("ends", [False, True])
def test_every_call_may_end_before_its_time_is_up(model: str, max_tokens: int, ends: bool) -> None:
    directing = Directing()
    stage = DirectingStage(model=model, max_tokens=max_tokens)
    calls = asked(Writer(directing.timeout_s, ends), stage, directing.question_s)
    assert 1 <= len(calls) <= (REPAIRS + 1 if ends else LONGER_TRIES + 1)
    assert all(call.max_tokens <= claude_model(model).most_output_tokens for call in calls)


def test_what_has_no_more_room_thinks_less() -> None:
    stage = DirectingStage(model=OPUS, effort="high", max_tokens=LONGEST_TOKENS)
    calls = asked(Writer(200.0), stage, 100_000.0)
    assert [call.stage.effort for call in calls] == ["high", "medium", "low"]
    assert {call.max_tokens for call in calls} == {tokens_in(OPUS, 200.0)}


def test_a_model_that_takes_no_wish_is_not_asked_in_vain() -> None:
    stage = DirectingStage(model="claude-haiku-4-5", max_tokens=LONGEST_TOKENS)
    assert len(asked(Writer(200.0), stage, 100_000.0)) == 1


def test_no_call_begins_that_the_step_would_not_see_the_end_of() -> None:
    stage = DirectingStage(model=OPUS, max_tokens=6_000)
    assert len(asked(Writer(840.0, ends=True), stage, 300.0)) == 2


def test_the_defaults_fit_the_step() -> None:
    directing = Directing()
    assert directing.timeout_s <= directing.question_s < DIRECT_TIMEOUT.total_seconds()
    for stage in (directing.vision, directing.casting, directing.shots, directing.prompts, directing.enhance):
        assert tokens_in(stage.model, time_for(stage.model, stage.max_tokens, directing.timeout_s)) >= stage.max_tokens


def test_settings_that_leave_little_time_ask_for_fewer_tokens(at_work: SetMaker) -> None:
    work = at_work(directing=Directing(timeout_s=60.0))
    work.envision()
    assert work.server.asked[0].body["max_tokens"] == tokens_in(OPUS, 60.0) < Directing().vision.max_tokens


def test_effort_goes_down_in_the_request(at_work: SetMaker) -> None:
    work = at_work(directing=Directing(timeout_s=60.0))
    work.server.plan("vision", stopped("max_tokens", "{"))
    assert not work.envision().filled_locally
    assert [one.body["output_config"]["effort"] for one in work.server.of("vision")] == ["high", "medium"]
    assert work.paid[0].outcome == "truncated"


def test_effort_is_not_sent_to_a_model_that_refuses_it(at_work: SetMaker) -> None:
    old = DirectingStage(model="claude-haiku-4-5", effort="high", max_tokens=4_000)
    work = at_work(directing=Directing(vision=old))
    assert not work.envision().filled_locally
    assert "effort" not in work.server.asked[0].body["output_config"]
