"""A call's answer so far: text, tokens and its end, from events that may be malformed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from models.claude_models import TokenPrice, price_of
from models.spending import PaidCall

MOST_CHARS = 2_000_000
_MOST_TOKENS = 10**8
_ID_MAX_CHARS = 200
_CHARS_PER_TOKEN = 4
_COUNTS = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens", "output_tokens")


@dataclass
class Reply:
    """One answer. Thinking blocks come before its text; they are paid for and not kept."""

    model: str
    message_id: str = ""
    text: str = ""
    stop_reason: str | None = None
    tokens: dict[str, int] = field(default_factory=dict)
    thought_chars: int = 0

    @property
    def has_begun(self) -> bool:
        """Whether the model has begun to answer: from now on the call is charged."""
        return bool(self.message_id)

    @property
    def truncated(self) -> bool:
        """Whether the answer was truncated for its length."""
        return self.stop_reason in ("max_tokens", "model_context_window_exceeded")

    @property
    def wants_room(self) -> bool:
        """Whether more tokens would let it continue."""
        return self.stop_reason == "max_tokens"

    def take(self, event: Any) -> None:
        """Read one event of the stream.

        Raises:
            ValueError: The answer is longer than any requested one.
        """
        kind = getattr(event, "type", None)
        if kind == "message_start":
            message = getattr(event, "message", None)
            name = getattr(message, "id", None)
            usable = isinstance(name, str) and 0 < len(name) <= _ID_MAX_CHARS
            self.message_id = str(name) if usable else f"unnamed-{uuid4().hex}"
            self._count(getattr(message, "usage", None))
        elif kind == "content_block_delta":
            self._write(getattr(event, "delta", None))
        elif kind == "message_delta":
            reason = getattr(getattr(event, "delta", None), "stop_reason", None)
            self.stop_reason = reason if isinstance(reason, str) else self.stop_reason
            self._count(getattr(event, "usage", None))

    def _write(self, delta: Any) -> None:
        kind = getattr(delta, "type", None)
        if kind == "text_delta" and isinstance(delta.text, str):
            self.text += delta.text
        elif kind == "thinking_delta" and isinstance(delta.thinking, str):
            self.thought_chars += len(delta.thinking)
        if len(self.text) > MOST_CHARS:
            raise ValueError("an answer without end")

    def _count(self, usage: Any) -> None:
        # The counts of later events are totals; unchanged ones may be missing.
        for name in _COUNTS:
            count = getattr(usage, name, None)
            if type(count) is int and 0 <= count <= _MOST_TOKENS:
                self.tokens[name] = count

    def paid(self, outcome: str, prices: Mapping[str, TokenPrice]) -> PaidCall:
        """The call as a line of the run's spending."""
        fresh, output = self.tokens.get("input_tokens", 0), self.tokens.get("output_tokens", 0)
        if self.stop_reason is None:
            # The output count comes last, and an interrupted answer is charged all the same.
            output = max(output, (len(self.text) + self.thought_chars) // _CHARS_PER_TOKEN)
        write = self.tokens.get("cache_creation_input_tokens", 0)
        read = self.tokens.get("cache_read_input_tokens", 0)
        price, known = price_of(self.model, prices)
        return PaidCall(
            key=f"anthropic/{self.message_id}",
            provider="anthropic",
            model=self.model,
            cost_micro_usd=price.cost_micro_usd(fresh=fresh, cache_write=write, cache_read=read, output=output),
            price_assumed=not known,
            input_tokens=fresh,
            cache_read_tokens=read,
            cache_write_tokens=write,
            output_tokens=output,
            outcome=outcome,
        )
