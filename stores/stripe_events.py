"""What Stripe's events tell, read field by field: an event that is none is refused, whatever it holds instead.

Signed is not the same as well-formed: an endpoint keeps the API version that it was made with, fields come to be
optional, and objects are made by hand in the Dashboard. Only fields that matter are looked at.
Source: https://docs.stripe.com/api (version 2026-10-28.endive; older shapes back to before 2025-03-31).
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from models.failures import InvalidInput

MOST_CENTS = 10**10
"""Stripe charges at most 99,999,999 of a currency's smallest unit; a sum of many is still far below."""

_LAST_SECOND = 253_402_300_799
_TEXT_MAX_CHARS = 200
"""As long as our columns; an address may be longer by its standard, and none is."""


def odd(what: str) -> InvalidInput:
    """The refusal of an event that makes no sense."""
    return InvalidInput(f"This is no event of Stripe's: {what}.", code="bad_event")


@dataclass(frozen=True)
class Part:
    """An object of an event, whose fields are asked for by their type."""

    data: Mapping[str, Any]
    name: str = field(default="event")

    @classmethod
    def of(cls, value: Any, name: str) -> "Part":
        """An object, or a refusal."""
        if not isinstance(value, dict):
            raise odd(f"{name} is no object")
        return cls(value, name)

    def has(self, key: str) -> bool:
        """Whether there is anything under a key."""
        return self.data.get(key) is not None

    def part(self, key: str) -> "Part":
        """An object that may be left out: then it is empty."""
        value = self.data.get(key)
        return Part({}, key) if value is None else Part.of(value, key)

    def parts(self, key: str) -> "Iterator[Part]":
        """The objects of a list."""
        value = self.data.get(key)
        if not isinstance(value, list):
            raise odd(f"{self.name}.{key} is no list")
        return (Part.of(one, key) for one in value)

    def text(self, key: str) -> str:
        """A text that must be there."""
        found = self.some_text(key)
        if not found:
            raise odd(f"{self.name}.{key} is missing")
        return found

    def some_text(self, key: str) -> str:
        """A text, or nothing."""
        return _text(self.data.get(key), f"{self.name}.{key}")

    def reference(self, key: str) -> str:
        """What is referred to: by id, or by the whole object where an endpoint expands it; or nothing."""
        value = self.data.get(key)
        if isinstance(value, dict):
            return _text(value.get("id"), f"{self.name}.{key}.id")
        return _text(value, f"{self.name}.{key}")

    def cents(self, key: str) -> int:
        """An amount in the smallest unit that must be there."""
        return _whole(self.data.get(key), f"{self.name}.{key}", MOST_CENTS)

    def some_cents(self, key: str) -> int | None:
        """An amount, or nothing."""
        return self.cents(key) if self.has(key) else None

    def seconds(self, key: str) -> int:
        """A moment in seconds; 0 where there is none."""
        return _whole(self.data[key], f"{self.name}.{key}", _LAST_SECOND) if self.has(key) else 0

    def moment(self, key: str) -> datetime:
        """A moment that must be there."""
        return datetime.fromtimestamp(_whole(self.data.get(key), f"{self.name}.{key}", _LAST_SECOND), UTC)

    def currency(self) -> str:
        """The ISO code in lower case; nothing where it is not told."""
        return self.some_text("currency").lower()


@dataclass(frozen=True)
class Event:
    """One event: what happened, to what, and when in seconds (0: not told)."""

    kind: str
    thing: Part
    told_at: int

    @classmethod
    def read(cls, payload: bytes) -> "Event":
        """Out of the body of a call.

        Raises:
            InvalidInput: It is no event.
        """
        try:
            whole = Part.of(json.loads(payload), "event")
        except (ValueError, RecursionError) as error:
            raise odd("it is no JSON") from error
        thing = whole.part("data").data.get("object")
        return cls(whole.text("type"), Part.of(thing, "object"), whole.seconds("created"))


def _text(value: Any, name: str) -> str:
    if value is None:
        return ""
    # Control characters and halves of characters are not printable, and no database takes them.
    if not isinstance(value, str) or len(value) > _TEXT_MAX_CHARS or not value.isprintable():
        raise odd(f"{name} is no text")
    return value


def _whole(value: Any, name: str, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:  # JSON's true is an int to Python
        raise odd(f"{name} is no number that it could be")
    return value
