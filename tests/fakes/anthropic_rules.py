"""What Anthropic's API accepts, how it counts, and which part of a request it can cache."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

CHARS_PER_TOKEN = 4
MOST_CACHE_MARKS = 4


@dataclass(frozen=True)
class Rules:
    """One model's limits, from its documentation page; kept apart from the table of the code under test."""

    least_cached_tokens: int
    refused_thinking: frozenset[str]
    thinks: bool
    takes_effort: bool = True
    most_tokens: int = 128_000


_ALWAYS = frozenset({"disabled", "enabled"})
MODELS = {
    "claude-opus-5-5": Rules(512, _ALWAYS | {"between_tools"}, True),
    "claude-sonnet-5-5": Rules(512, _ALWAYS, True),
    "claude-haiku-5-5": Rules(512, frozenset({"enabled", "between_tools"}), True),
    "claude-sonnet-5": Rules(1_024, frozenset({"enabled", "between_tools"}), True),
    "claude-haiku-4-5": Rules(4_096, frozenset({"adaptive", "between_tools"}), False, False, 64_000),
}
_REQUEST_KEYS = frozenset(
    {"model", "max_tokens", "messages", "system", "stream", "output_config", "metadata", "thinking"}
)
_SCHEMA_KEYS = frozenset(
    {"$defs", "$ref", "type", "properties", "required", "items", "enum", "const", "anyOf", "description", "title"}
    | {"additionalProperties", "format", "minItems", "default"}
)


class Bad(Exception):
    """A request that the API would refuse."""


def tokens_of(text: str) -> int:
    return len(text) // CHARS_PER_TOKEN


def prefix_of(body: dict[str, Any]) -> tuple[str | None, int, int]:
    """The cached part of a request by name, its tokens, and the tokens of the whole request.

    Another model, format or system prompt is another prefix, as at the API.
    """
    total = tokens_of(json.dumps([body.get("system"), body["messages"]]))
    blocks = body["messages"][0]["content"]
    marked = [at for at, block in enumerate(blocks) if isinstance(block, dict) and "cache_control" in block]
    if not marked:
        return None, 0, total
    stable = [body["model"], body.get("output_config", {}).get("format"), body.get("system"), blocks[: marked[-1] + 1]]
    text = json.dumps(stable)
    return hashlib.sha256(text.encode()).hexdigest(), tokens_of(json.dumps(stable[2:])), total


def check(body: dict[str, Any]) -> None:
    """Refuse what the API would refuse."""
    if unknown := body.keys() - _REQUEST_KEYS:
        raise Bad(f"{min(unknown)}: Extra inputs are not permitted")
    rules = MODELS.get(body["model"])
    _check_model(body, rules or Rules(4_096, frozenset(), False))
    if not body["messages"]:
        raise Bad("messages: at least one message is required")
    roles = [message["role"] for message in body["messages"]]
    if roles != ["user", "assistant"] * (len(roles) // 2) + ["user"]:
        raise Bad("messages: roles must alternate and end with the user")
    for message in body["messages"]:
        texts = [message["content"]] if isinstance(message["content"], str) else [b["text"] for b in message["content"]]
        if not all(text.strip() for text in texts):
            raise Bad("messages: text content blocks must be non-empty")
        if message["role"] == "assistant" and texts[-1] != texts[-1].rstrip():
            raise Bad("messages: assistant content cannot end with trailing whitespace")
    blocks = [b for m in body["messages"] if not isinstance(m["content"], str) for b in m["content"]]
    if sum("cache_control" in block for block in blocks) > MOST_CACHE_MARKS:
        raise Bad("A maximum of 4 blocks with cache_control may be provided.")
    if format := body.get("output_config", {}).get("format"):
        _check_schema(format["schema"])


def _check_model(body: dict[str, Any], rules: Rules) -> None:
    if type(body["max_tokens"]) is not int or body["max_tokens"] < 1:
        raise Bad("max_tokens: Input should be greater than or equal to 1")
    if body["max_tokens"] > rules.most_tokens:
        raise Bad(f"max_tokens: {body['max_tokens']} > {rules.most_tokens}, which is the maximum for {body['model']}")
    thinking = body.get("thinking", {}).get("type")
    if thinking in rules.refused_thinking:
        raise Bad(f'"thinking.type.{thinking}" is not supported for this model.')
    effort = body.get("output_config", {}).get("effort")
    if effort not in (None, "low", "medium", "high", "xhigh", "max"):
        raise Bad("output_config.effort: unknown")
    if effort is not None and not rules.takes_effort:
        raise Bad("This model does not support the effort parameter.")


def _check_schema(schema: dict[str, Any]) -> None:
    if unknown := schema.keys() - _SCHEMA_KEYS:
        raise Bad(f"output_config.format.schema: '{min(unknown)}' is not supported")
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        raise Bad("output_config.format.schema: 'additionalProperties' must be false")
    for child in [*schema.get("$defs", {}).values(), *schema.get("properties", {}).values()]:
        _check_schema(child)
    for child in [schema.get("items"), *schema.get("anyOf", [])]:
        if child:
            _check_schema(child)
