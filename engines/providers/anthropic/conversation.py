"""One question with its follow-ups: an answer that fails goes back with the exact complaints, twice at most."""

import time
from collections.abc import Callable
from dataclasses import replace

import structlog
from anthropic import transform_schema

from engines.providers.anthropic.answers import Answer
from engines.providers.anthropic.judging import Judge
from engines.providers.anthropic.material import document
from engines.providers.anthropic.service import Call, Reply, Service
from models.directing import DirectingStage

REPAIRS = 2
LONGER_TRIES = 2
LONGEST_TOKENS = 64_000
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
    """Ask until the judge has no complaint, or has complained often enough, or another call may take too long.

    Args:
        service: The API.
        name: Of the question.
        stage: Model, effort and tokens.
        rules: The system prompt.
        answer: The model of the answer.
        material: What stays the same in all questions about a video.
        task: This question.
        judge: Keeps what is good.
        cached: Other questions will share rules and material.
        within_s: No call begins that may last longer than this, counted from the first: the step that asks is bounded.
        clock: Monotonic seconds.

    Returns:
        Whether everything asked for was answered well.

    Raises:
        ContentRefused, RateLimited, ProviderUnavailable, Misconfigured: See `Service.ask`.
    """
    latest = clock() + within_s - service.timeout_s

    def fits() -> bool:
        return clock() <= latest

    schema = transform_schema(answer)
    call = Call(name, stage, stage.max_tokens, rules, material, cached, (task,), schema)
    for left in reversed(range(REPAIRS + 1)):
        reply, call = _answer(service, call, fits)
        if reply.truncated:
            log.info("director's answer never ends", question=name, max_tokens=call.max_tokens)
            return False
        complaints = judge.read(reply.text)
        if not complaints:
            return True
        log.info("director's answer failed", question=name, complaints=len(complaints), repairs_left=left)
        if not fits():
            log.info("no time for another try", question=name)
            return False
        if left:
            # Complaints may name what an artist or a model wrote, so they travel as data too.
            again = document("complaints", {"complaints": complaints})
            more = f"{again}\nGive the whole answer again with these mended, and everything else as it was."
            call = replace(call, turns=(*call.turns, reply.text.strip() or _NOTHING, more))
    return False


def _answer(service: Service, call: Call, fits: Callable[[], bool]) -> tuple[Reply, Call]:
    """One answer, and the call that brought it: one that is cut off is asked for again with more room."""
    reply = service.ask(call)
    for _ in range(LONGER_TRIES):
        if not reply.wants_room or call.max_tokens >= LONGEST_TOKENS or not fits():
            break
        call = replace(call, max_tokens=min(LONGEST_TOKENS, 2 * call.max_tokens))
        reply = service.ask(call)
    return reply, call
