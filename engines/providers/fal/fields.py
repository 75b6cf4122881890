"""The fields that a model accepts, and the faults of a request, checked before it is sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The JSON type of a field."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "true or false"
    LINK = "link"
    LINKS = "list of links"
    OBJECTS = "list of objects"


_TYPES: dict[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.INTEGER: (int,),
    Kind.NUMBER: (int, float),
    Kind.FLAG: (bool,),
    Kind.LINK: (str,),
    Kind.LINKS: (list, tuple),
    Kind.OBJECTS: (list, tuple),
}


@dataclass(frozen=True)
class Field:
    """One field of a model's request.

    Attributes:
        kind: Its JSON type; text and integer are distinct.
        required: A request without it is refused.
        choices: The allowed values; empty: any.
        least: The least value of a number, or the least length of a list.
        most: The greatest value of a number, or the greatest length of a text or a list.
    """

    kind: Kind
    required: bool = False
    choices: tuple[str | int, ...] = ()
    least: float | None = None
    most: float | None = None

    def complaint(self, value: Any) -> str:
        """The fault of a value, to follow the field's name; empty: none."""
        if not isinstance(value, _TYPES[self.kind]) or (isinstance(value, bool) and self.kind is not Kind.FLAG):
            return f"must be {self.kind}, not {type(value).__name__}"
        if self.choices and value not in self.choices:
            return f"must be one of {', '.join(str(choice) for choice in self.choices)}, not {value}"
        size: float = value if isinstance(value, int | float) else len(value)  # type: ignore[arg-type]  # sized kinds
        if self.least is not None and size < self.least:
            return f"must be at least {self.least:g}, not {size:g}"
        if self.most is not None and size > self.most:
            return f"must be at most {self.most:g}, not {size:g}"
        return ""

    def in_words(self) -> str:
        """For a table that people read."""
        words = [str(self.kind)]
        if self.choices:
            words.append(" ".join(str(choice) for choice in self.choices))
        elif self.least is not None and self.most is not None:
            words.append(f"{self.least:g} to {self.most:g}")
        elif self.most is not None:
            words.append(f"at most {self.most:,g}")
        return ": ".join(words)


def complaints(fields: Mapping[str, Field], arguments: Mapping[str, Any]) -> Iterator[str]:
    """The faults for which a model would refuse a request.

    Args:
        fields: The model's fields.
        arguments: The request.

    Yields:
        One sentence per fault.
    """
    for name, field in fields.items():
        if name not in arguments:
            if field.required:
                yield f"{name} is missing"
            continue
        complaint = field.complaint(arguments[name])
        if complaint:
            yield f"{name} {complaint}"
    for name in arguments.keys() - fields.keys():
        yield f"{name} is not a field of this model"
