"""Calls to Anthropic's Messages API: streamed, stopped when cancelled, and all accounted for."""

import asyncio
import hashlib
import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import wait
from dataclasses import dataclass
from typing import Any

import httpx2
import structlog
from anthropic import AsyncAnthropic
from anthropic.types import MessageParam

from engines.jobs import Pulse, no_pulse
from engines.providers.anthropic.failures import ContentFiltered, translated, unreadable
from engines.providers.anthropic.prefixes import Prefixes
from engines.providers.anthropic.replies import Reply
from models.claude_models import TokenPrice, claude_model
from models.directing import DirectingStage
from models.failures import Cancelled, ContentRefused, WorkerStopping
from models.measures import provider_call
from models.spending import PaidCall

__all__ = ["Call", "Reply", "Service"]

PULSE_S = 0.25
CONNECT_TIMEOUT_S = 10.0
SILENCE_TIMEOUT_S = 60.0
"""The API sends pings while a model thinks, so a stream silent for this long is dead."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Call:
    """One request.

    Attributes:
        name: The question's name, for the log.
        stage: Model, effort and tokens.
        rules: The system prompt.
        material: The part that is the same in all questions about a video; with `cached`, other calls will share it.
        turns: The question, then answers and complaints in turn.
        schema: The answer's schema.
        timeout_s: This call's time-out; None: the service's.
    """

    name: str
    stage: DirectingStage
    max_tokens: int
    rules: str
    material: str
    cached: bool
    turns: Sequence[str]
    schema: dict[str, Any]
    timeout_s: float | None = None

    @property
    def prefix(self) -> str:
        """The part that must be equal to share a cache entry."""
        parts = json.dumps([self.stage.model, self.schema, self.rules, self.material])
        return hashlib.sha256(parts.encode()).hexdigest()

    def messages(self) -> list[MessageParam]:
        """The conversation in the API's form."""
        question, *rest = self.turns
        mark = {"cache_control": {"type": "ephemeral"}} if self.cached else {}
        material: Any = {"type": "text", "text": self.material, **mark}
        messages: list[MessageParam] = [{"role": "user", "content": [material, {"type": "text", "text": question}]}]
        for number, text in enumerate(rest):
            if number % 2:
                messages.append({"role": "user", "content": text})
            else:
                messages.append({"role": "assistant", "content": text})
        return messages


class Service:
    """The API, for threads: calls share one event loop and its connections.

    Args:
        api_key: The account's key.
        base_url: The API's URL.
        timeout_s: The longest time of one call.
        prices: By model, to compute a call's cost.
        pulse: Called while waiting for a call; an exception from it stops the call.
        record: Receives every paid call, even one that failed halfway.
        may_ask: Called before each question; an exception from it prevents the question.
    """

    def __init__(
        self,
        api_key: str,
        base_url: str,
        timeout_s: float,
        prices: dict[str, TokenPrice],
        pulse: Pulse = no_pulse,
        record: Callable[[PaidCall], None] = lambda call: None,
        may_ask: Callable[[], None] = lambda: None,
    ) -> None:
        self.may_ask = may_ask
        self._api_key, self._base_url = api_key, base_url
        self.timeout_s = timeout_s
        self._prices = prices
        self._pulse = pulse
        self._record = record
        self._prefixes = Prefixes()
        self._starting = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: AsyncAnthropic | None = None

    def ask(self, call: Call) -> Reply:
        """Make a call and wait for its answer.

        Args:
            call: The request.

        Returns:
            The answer; it may be truncated, see `Reply.truncated`.

        Raises:
            ContentRefused: The model declined.
            ContentFiltered: The provider's filter stopped the answer.
            RateLimited, ProviderUnavailable: Try again later.
            Misconfigured: A retry with the same key and request would fail too.
        """
        with provider_call("anthropic", call.name):
            return self._ask(call)

    def _ask(self, call: Call) -> Reply:
        reply, began = Reply(call.stage.model), time.monotonic()
        outcome = "failed"
        task = asyncio.run_coroutine_threadsafe(self._stream(call, reply), self._running())
        try:
            while not task.done():
                wait([task], timeout=PULSE_S)
                self._pulse()
            task.result()
            outcome = "truncated" if reply.truncated else "refused" if reply.stop_reason == "refusal" else "used"
        except (Cancelled, WorkerStopping):
            outcome = "withdrawn"
            raise
        except Exception as error:
            failure = translated(error, call.stage.model)
            if failure is None:
                raise
            outcome = "filtered" if isinstance(failure, ContentFiltered) else outcome
            raise failure from error
        finally:
            task.cancel()
            self._account(call, reply, outcome, time.monotonic() - began)
        if outcome == "refused":
            raise ContentRefused("The director declined this brief for its content: change it and try again.")
        return reply

    def close(self) -> None:
        """Close the connections; calls in flight fail."""
        if self._loop is None or self._client is None:
            return
        asyncio.run_coroutine_threadsafe(self._client.close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = None

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._starting:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="anthropic", daemon=True)
                self._thread.start()
            return self._loop

    def _connected(self) -> AsyncAnthropic:
        if self._client is None:
            timeout = httpx2.Timeout(SILENCE_TIMEOUT_S, connect=CONNECT_TIMEOUT_S)
            # Temporal retries: the SDK's own retries would be paid for without a record.
            self._client = AsyncAnthropic(
                api_key=self._api_key, base_url=self._base_url, max_retries=0, timeout=timeout
            )
        return self._client

    async def _stream(self, call: Call, reply: Reply) -> None:
        async with asyncio.timeout(min(self.timeout_s, call.timeout_s or self.timeout_s)):
            leads = call.cached and await self._prefixes.turn(call.prefix)
            try:
                await self._receive(call, reply, leads)
            finally:
                if leads:
                    self._prefixes.given_up(call.prefix)

    async def _receive(self, call: Call, reply: Reply, leads: bool) -> None:
        config: Any = {"format": {"type": "json_schema", "schema": call.schema}}
        # `thinking` is never sent: each model refuses another value of it, and effort expresses what we want.
        if call.stage.effort is not None and claude_model(call.stage.model).takes_effort:
            config["effort"] = call.stage.effort
        stream = await self._connected().messages.create(
            model=call.stage.model,
            max_tokens=call.max_tokens,
            system=call.rules,
            messages=call.messages(),
            output_config=config,
            stream=True,
        )
        async with stream:
            try:
                async for event in stream:
                    reply.take(event)
                    if leads and event.type == "message_start":
                        self._prefixes.cached(call.prefix)
            except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
                # The SDK decodes events as they arrive, and a proxy may send anything.
                raise unreadable("sent an answer that cannot be read") from error
        if reply.stop_reason is None:
            # The SDK treats a connection closed in order halfway as a normal end.
            raise unreadable("broke off in the middle of an answer")

    def _account(self, call: Call, reply: Reply, outcome: str, took_s: float) -> None:
        # Numbers only: artists' words do not belong in a log.
        log.info(
            "director asked",
            question=call.name,
            model=reply.model,
            outcome=outcome,
            took_s=round(took_s, 2),
            **reply.tokens,
        )
        if reply.has_begun:
            self._record(reply.paid(outcome, self._prices))
