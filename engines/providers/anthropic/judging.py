"""Reading answers: what is good in one is kept, what is not is said back word for word."""

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
    """Holds what one question has brought so far."""

    def read(self, answer: str) -> list[str]:
        """Take what is good in an answer; returns complaints, empty when nothing is left to ask for."""
        ...


class Secrecy:
    """Notices when an answer quotes our instructions.

    Args:
        rules: The system prompt of the question.
    """

    def __init__(self, rules: str) -> None:
        self._shingles = set(_shingles(rules))

    def broken_by(self, texts: Iterator[str]) -> bool:
        """Whether any of the texts repeats eight words of the rules in a row."""
        return any(shingle in self._shingles for text in texts for shingle in _shingles(text))


class Numbered(Generic[Item]):
    """Judges answers that have one item per number, each good or bad for itself.

    Args:
        item: The model of one item.
        field: The list in the answer that holds them.
        number: The field of an item that says which one it is.
        wanted: The numbers to be covered, each exactly once.
        check: Complaints about one item, beyond its schema.
        secrecy: Notices quoted instructions.
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
        """The numbers that no good item has come for yet."""
        return [number for number in self._wanted if number not in self.good]

    def read(self, answer: str) -> list[str]:
        """See `Judge`."""
        data = parsed(answer)
        return [NO_JSON] if data is None else self.take(data)

    def take(self, data: dict[str, Any]) -> list[str]:
        """The same for an answer that has been parsed."""
        entries = data.get(self._field)
        if not isinstance(entries, list):
            return [f"The list `{self._field}` is missing."]
        # What was good before stays; a later answer is read for what was still missing.
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
    """What does not fit a schema, one sentence each, without the values."""
    return [f"{'.'.join(map(str, one['loc']))}: {_reason(one)}." for one in error.errors(include_url=False)]


def _reason(problem: ErrorDetails) -> str:
    if problem["type"] == "string_too_long":
        # Pydantic's own sentence doesn't say by how much, and whoever shortens a text must know.
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
