"""Reading answers: good parts are kept, complaints about the rest go back word for word."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Item = TypeVar("Item", bound=BaseModel)

_SHINGLE_WORDS = 8
_MOST_COMPLAINTS = 40
NO_JSON = "The answer is not one complete JSON object of the schema."


class Judge(Protocol):
    """Collects the good parts of one question's answers."""

    def read(self, answer: str) -> list[str]:
        """Keep the good parts of an answer; returns complaints, empty if nothing is missing."""
        ...


class Secrecy:
    """Detects answers that quote our instructions.

    Args:
        rules: The system prompt of the question.
    """

    def __init__(self, rules: str) -> None:
        self._shingles = set(_shingles(rules))

    def broken_by(self, texts: Iterator[str]) -> bool:
        """Whether any of the texts repeats eight words of the rules in a row."""
        return any(shingle in self._shingles for text in texts for shingle in _shingles(text))


class Numbered(Generic[Item]):
    """Judges answers with one item per number, each good or bad by itself.

    Args:
        item: The model of one item.
        field: The answer's list of items.
        number: The field with an item's number.
        wanted: The numbers to cover, each exactly once.
        check: Complaints about one item, beyond its schema.
        secrecy: Detects quoted instructions.
    """

    def __init__(
        self,
        item: type[Item],
        field: str,
        number: str,
        wanted: Sequence[int],
        check: Callable[[Item], list[str]],
        secrecy: Secrecy,
    ) -> None:
        self.good: dict[int, Item] = {}
        self._item, self._field, self._number = item, field, number
        self._wanted = tuple(wanted)
        self._check = check
        self._secrecy = secrecy

    @property
    def missing(self) -> list[int]:
        """The numbers without a good item."""
        return [number for number in self._wanted if number not in self.good]

    def read(self, answer: str) -> list[str]:
        """See `Judge`."""
        data = parsed(answer)
        return [NO_JSON] if data is None else self.take(data)

    def take(self, data: dict[str, Any]) -> list[str]:
        """The same for a parsed answer."""
        entries = data.get(self._field)
        if not isinstance(entries, list):
            return [f"The list `{self._field}` is missing."]
        # Good items stay; a later answer is read for missing ones only.
        asked, seen = set(self.missing), set[int]()
        complaints: list[str] = []
        for entry in entries:
            number = entry.get(self._number) if isinstance(entry, dict) else None
            if type(number) is not int or number not in self._wanted:  # JSON's true is an int to Python
                complaints.append(f"{self._number} {str(number)[:20]} does not exist: leave it out.")
                continue
            if number in seen:
                if number in asked:
                    self.good.pop(number, None)
                complaints.append(f"{self._number} {number} is there twice: give it once.")
                continue
            seen.add(number)
            if number in asked:
                complaints += [f"{self._number} {number}: {complaint}" for complaint in self._judge(number, entry)]
        absent = [str(number) for number in self.missing if number not in seen]
        if absent:
            complaints.append(f"Missing: {self._number} {', '.join(absent)}.")
        return complaints[:_MOST_COMPLAINTS]

    def _judge(self, number: int, entry: dict[str, Any]) -> list[str]:
        try:
            item = self._item.model_validate(entry)
        except ValidationError as error:
            return complaints_of(error)
        found = self._check(item)
        if self._secrecy.broken_by(texts_of(entry)):
            found.append("it quotes the instructions: describe the picture instead.")
        if not found:
            self.good[number] = item
        return found


def parsed(answer: str) -> dict[str, Any] | None:
    """The answer as an object, or None."""
    try:
        data = json.loads(answer)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None


def complaints_of(error: ValidationError) -> list[str]:
    """Schema violations, one sentence each, without the values."""
    return [f"{'.'.join(map(str, one['loc']))}: {_reason(one)}." for one in error.errors(include_url=False)]


def _reason(problem: ErrorDetails) -> str:
    if problem["type"] == "string_too_long":
        # Pydantic's own sentence doesn't say by how much, which is needed to shorten a text.
        return f"has {len(problem['input']):,} characters; at most {problem['ctx']['max_length']:,} are taken"
    return problem["msg"].removeprefix("Value error, ")


def texts_of(data: Any) -> Iterator[str]:
    """All strings in an answer."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from texts_of(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts_of(value)


def _shingles(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return (tuple(words[at : at + _SHINGLE_WORDS]) for at in range(len(words) - _SHINGLE_WORDS + 1))
