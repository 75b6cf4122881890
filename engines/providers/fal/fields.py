"""What the fields of a model take, and what is wrong with a request: asked before it leaves."""

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
        kind: Its JSON type; text and integer are never taken for each other.
        required: A request without it is refused.
        choices: The only values; empty: any.
        least: Of a number, its least value; of a list, how few entries.
        most: Of a number, its greatest value; of a text, how many characters; of a list, how many entries.
    """

    kind: Kind
    required: bool = False
    choices: tuple[str | int, ...] = ()
    least: float | None = None
    most: float | None = None

    def complaint(self, value: Any) -> str:
        """What is wrong with a value, to follow the field's name; empty: nothing."""
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
    """What a model would refuse of a request.

    Args:
        fields: The model's.
        arguments: The request.

    Yields:
        A sentence a fault.
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
