"""What Anthropic's API accepts, how it counts, and what of a request it can cache."""

import hashlib
import json
from typing import Any

CHARS_PER_TOKEN = 4
_REQUEST_KEYS = frozenset(
    {"model", "max_tokens", "messages", "system", "stream", "output_config", "metadata", "temperature", "thinking"}
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
    stable = [body["model"], body["output_config"]["format"], body.get("system"), blocks[: marked[-1] + 1]]
    text = json.dumps(stable)
    return hashlib.sha256(text.encode()).hexdigest(), tokens_of(json.dumps(stable[2:])), total


def check(body: dict[str, Any]) -> None:
    """Refuse what the API would refuse."""
    if unknown := body.keys() - _REQUEST_KEYS:
        raise Bad(f"{min(unknown)}: Extra inputs are not permitted")
    if not 1 <= body["max_tokens"] <= 128_000:
        raise Bad("max_tokens: out of range")
    roles = [message["role"] for message in body["messages"]]
    if roles != ["user", "assistant"] * (len(roles) // 2) + ["user"]:
        raise Bad("messages: roles must alternate and end with the user")
    for message in body["messages"]:
        texts = [message["content"]] if isinstance(message["content"], str) else [b["text"] for b in message["content"]]
        if not all(text.strip() for text in texts):
            raise Bad("messages: text content blocks must be non-empty")
        if message["role"] == "assistant" and texts[-1] != texts[-1].rstrip():
            raise Bad("messages: assistant content cannot end with trailing whitespace")
    if body["output_config"].get("effort") not in (None, "low", "medium", "high", "xhigh", "max"):
        raise Bad("output_config.effort: unknown")
    _check_schema(body["output_config"]["format"]["schema"])


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
