"""Where commands write: people read lines, programs read exactly one JSON object on standard output."""

import json
import sys
from typing import Any

import structlog
import typer
from pydantic import BaseModel
from rich.console import Console

from models.failures import InvalidInput


class Output:
    """One command's output. With `as_json` standard output carries the answer alone; lines go to standard error.

    Logs go to standard error in any case.
    """

    def __init__(self, as_json: bool) -> None:
        # Looked up for each logger: standard error may be replaced later.
        structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
        self.as_json = as_json
        self.console = Console(stderr=as_json, highlight=False)

    @property
    def live(self) -> bool:
        """Whether the output is a terminal."""
        return self.console.is_terminal and not self.as_json

    def say(self, line: str) -> None:
        """One line for people."""
        self.console.print(line, markup=False, soft_wrap=True)

    def ask(self, question: str, yes: bool, otherwise: str, default: bool = False) -> None:
        """Ask a person before something is done; with `yes` it is done unasked.

        Raises:
            InvalidInput: The person said no; `otherwise` says what was left alone.
        """
        if not yes and not typer.confirm(question, default=default, err=self.as_json):
            raise InvalidInput(otherwise, code="declined")

    def answer(self, value: BaseModel | dict[str, Any], lines: list[str]) -> None:
        """The command's answer: `value` for programs, `lines` for people."""
        if self.as_json:
            data = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
            print(json.dumps(data, ensure_ascii=False))
        else:
            for line in lines:
                self.say(line)
