"""Stripe's events, read field by field: a malformed event is refused.

Signed does not mean well-formed: an endpoint keeps the API version that it was created with, fields become optional,
and objects are made by hand in the Dashboard. Only the fields that we need are read.
Source: https://docs.stripe.com/api (version 2026-10-28.endive; older shapes back to before 2025-03-31).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from models.failures import InvalidInput

MOST_CENTS = 10**10
"""Stripe charges at most 99,999,999 of a currency's smallest unit; even a sum of many stays far below."""

_LAST_SECOND = 253_402_300_799
_TEXT_MAX_CHARS = 200
"""The length of our columns; the standard allows longer addresses, but none exist."""


def odd(what: str) -> InvalidInput:
    """The refusal of a malformed event."""
    return InvalidInput(f"This is not an event of Stripe: {what}.", code="bad_event")


@dataclass(frozen=True)
class Part:
    """An object of an event, with typed access to its fields."""

    data: Mapping[str, Any]
    name: str = field(default="event")

    @classmethod
    def of(cls, value: Any, name: str) -> "Part":
        """An object, or a refusal."""
        if not isinstance(value, dict):
            raise odd(f"{name} is no object")
        return cls(value, name)

    def has(self, key: str) -> bool:
        """Whether a key has a value."""
        return self.data.get(key) is not None

    def part(self, key: str) -> "Part":
        """An optional object; empty if missing."""
        value = self.data.get(key)
        return Part({}, key) if value is None else Part.of(value, key)

    def parts(self, key: str) -> "Iterator[Part]":
        """The objects of a list."""
        value = self.data.get(key)
        if not isinstance(value, list):
            raise odd(f"{self.name}.{key} is not a list")
        return (Part.of(one, key) for one in value)

    def text(self, key: str) -> str:
        """A required string."""
        found = self.some_text(key)
        if not found:
            raise odd(f"{self.name}.{key} is missing")
        return found

    def some_text(self, key: str) -> str:
        """An optional string."""
        return _text(self.data.get(key), f"{self.name}.{key}")

    def reference(self, key: str) -> str:
        """A reference: an id, or the whole object if the endpoint expands it; empty if missing."""
        value = self.data.get(key)
        if isinstance(value, dict):
            return _text(value.get("id"), f"{self.name}.{key}.id")
        return _text(value, f"{self.name}.{key}")

    def cents(self, key: str) -> int:
        """A required amount, in the smallest unit."""
        return _whole(self.data.get(key), f"{self.name}.{key}", MOST_CENTS)

    def some_cents(self, key: str) -> int | None:
        """An optional amount."""
        return self.cents(key) if self.has(key) else None

    def seconds(self, key: str) -> int:
        """A moment in seconds; 0 if missing."""
        return _whole(self.data[key], f"{self.name}.{key}", _LAST_SECOND) if self.has(key) else 0

    def moment(self, key: str) -> datetime:
        """A required moment."""
        return datetime.fromtimestamp(_whole(self.data.get(key), f"{self.name}.{key}", _LAST_SECOND), UTC)

    def currency(self) -> str:
        """The ISO code in lower case; empty if missing."""
        return self.some_text("currency").lower()


@dataclass(frozen=True)
class Event:
    """One event: its type, its object, and its time in seconds (0: unknown)."""

    kind: str
    thing: Part
    told_at: int

    @classmethod
    def read(cls, payload: bytes) -> "Event":
        """Read a call's body. Raises `InvalidInput`: the body is not an event."""
        try:
            whole = Part.of(json.loads(payload), "event")
        except (ValueError, RecursionError) as error:
            raise odd("it is not JSON") from error
        thing = whole.part("data").data.get("object")
        return cls(whole.text("type"), Part.of(thing, "object"), whole.seconds("created"))


def _text(value: Any, name: str) -> str:
    if value is None:
        return ""
    # Control characters and unpaired surrogates are not printable, and no database accepts them.
    if not isinstance(value, str) or len(value) > _TEXT_MAX_CHARS or not value.isprintable():
        raise odd(f"{name} is no text")
    return value


def _whole(value: Any, name: str, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:  # JSON's true is an int to Python
        raise odd(f"{name} is not a possible number")
    return value
