"""One question with its follow-ups: a faulty answer goes back with the exact complaints, at most twice."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog
from anthropic import transform_schema

from engines.providers.anthropic.answers import Answer
from engines.providers.anthropic.judging import Judge
from engines.providers.anthropic.material import document
from engines.providers.anthropic.pacing import LEAST_CALL_S, LONGEST_TOKENS, time_for, tokens_in
from engines.providers.anthropic.replies import Reply
from engines.providers.anthropic.service import Call, Service
from models.claude_models import claude_model
from models.directing import DirectingStage, Effort

REPAIRS = 2
LONGER_TRIES = 2
LARGER = 1.25
"""A smaller increase of room is not worth another call."""

_EFFORTS: tuple[Effort, ...] = ("low", "medium", "high", "xhigh", "max")
_NOTHING = "(no answer)"

log = structlog.get_logger()


def converse(
    service: Service,
    name: str,
    stage: DirectingStage,
    rules: str,
    answer: type[Answer],
    material: str,
    task: str,
    judge: Judge,
    *,
    cached: bool = False,
    within_s: float = float("inf"),
    clock: Callable[[], float] = time.monotonic,
) -> bool:
    """Ask until the judge has no complaint, the attempts are used up, or another call might take too long.

    Args:
        service: The API.
        name: The question's name.
        stage: Model, effort and tokens.
        rules: The system prompt.
        answer: The model of the answer.
        material: The part that is the same in all questions about a video.
        task: This question.
        judge: Keeps the good parts of answers.
        cached: Other questions will share rules and material.
        within_s: No call starts that may last longer than this, counted from the first: the step's time is limited.
        clock: Monotonic seconds.

    Returns:
        Whether everything requested was answered well.

    Raises:
        ContentRefused, RateLimited, ProviderUnavailable, Misconfigured: See `Service.ask`.
    """
    pace = _Pace(service.timeout_s, min(LEAST_CALL_S, within_s / (REPAIRS + 1)), clock() + within_s, clock)
    schema = transform_schema(answer)
    call = Call(name, stage, stage.max_tokens, rules, material, cached, (task,), schema)
    for left in reversed(range(REPAIRS + 1)):
        reply, call = _answer(service, call, pace)
        if reply.truncated:
            log.info("director's answer never ends", question=name, max_tokens=call.max_tokens)
            return False
        complaints = judge.read(reply.text)
        if not complaints:
            return True
        log.info("director's answer failed", question=name, complaints=len(complaints), repairs_left=left)
        if not pace.fits():
            log.info("no time for another try", question=name)
            return False
        if left:
            # Complaints may quote an artist's or a model's words, so they travel as data too.
            again = document("complaints", {"complaints": complaints})
            more = f"{again}\nGive the whole answer again with these mended, and everything else as it was."
            call = replace(call, turns=(*call.turns, reply.text.strip() or _NOTHING, more))
    return False


@dataclass(frozen=True)
class _Pace:
    """The time for calls, so that none outlasts the step that asks."""

    call_s: float
    least_s: float
    end_s: float
    clock: Callable[[], float]

    def fits(self) -> bool:
        """Whether another call may start."""
        return self.end_s - self.clock() >= min(self.call_s, self.least_s)

    def set(self, call: Call) -> Call:
        """The call with as many tokens as the remaining time allows, and the matching time-out."""
        most_s = max(0.0, min(self.call_s, self.end_s - self.clock()))
        model, tokens = call.stage.model, min(call.max_tokens, tokens_in(call.stage.model, most_s))
        return replace(call, max_tokens=tokens, timeout_s=time_for(model, tokens, most_s))


def _answer(service: Service, call: Call, pace: _Pace) -> tuple[Reply, Call]:
    """One answer, and the call that brought it: a truncated answer is requested again with more room.

    If there is no more room, the effort is lowered: thinking counts among an answer's tokens.
    """
    sent = pace.set(call)
    reply = service.ask(sent)
    for _ in range(LONGER_TRIES):
        if not reply.wants_room or not pace.fits():
            break
        larger = pace.set(replace(call, max_tokens=min(LONGEST_TOKENS, 2 * sent.max_tokens)))
        if larger.max_tokens >= LARGER * sent.max_tokens:
            call = replace(call, max_tokens=larger.max_tokens)
        elif (lower := _lower(call.stage)) is not None:
            call = replace(call, stage=lower)
        else:
            break
        sent = pace.set(call)
        reply = service.ask(sent)
    return reply, call


def _lower(stage: DirectingStage) -> DirectingStage | None:
    """The same question with less effort; None if the model accepts no effort, or has the lowest already."""
    if not claude_model(stage.model).takes_effort or stage.effort == _EFFORTS[0]:
        return None
    at = _EFFORTS.index(stage.effort) if stage.effort is not None else 1
    return stage.model_copy(update={"effort": _EFFORTS[at - 1]})
