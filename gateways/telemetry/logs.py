"""Logs: JSON for machines, lines on a terminal; each with what it belongs to, none with words of people.

Callers bind the request, account, video, stage, step and attempt (`structlog.contextvars`). Our own messages hold ids
and numbers. Of an exception, also of libraries, types and places are logged, not its text, which may repeat prompts,
addresses or secrets; that text is in the run's history.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Literal

import structlog

from models.measures import trace_id

MOST_CAUSES = 5
"""Chained causes logged per error."""

NEVER = frozenset(
    {"prompt", "title", "email", "address", "password", "secret", "token", "key", "lyrics", "name", "text"}
)
"""Fields that no line may have."""


def places_of(error: BaseException | None) -> list[str]:
    """The types of an error and its causes, with the files and lines that raised them, what was raised last first."""
    found: list[str] = []
    while error is not None and len(found) < MOST_CAUSES:
        frames = traceback.extract_tb(error.__traceback__)[-3:]
        place = " > ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
        found.append(f"{type(error).__name__} at {place or 'no place'}")
        error = error.__cause__ or error.__context__
    return found


def configure_logs(form: Literal["auto", "json", "lines"] = "auto") -> None:
    """Send our logs and those of libraries to standard error, in one form.

    Args:
        form: `auto`: lines where standard error is a terminal, JSON otherwise.
    """
    lines = sys.stderr.isatty() if form == "auto" else form == "lines"

    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _traced,
        _without_words,
    ]
    shown: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty()) if lines else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, _first_line, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, shown],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
        processors=[*shared, shown],
    )


def _first_line(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Of a library's message: asyncio, for one, goes on with the text of an exception."""
    event["event"] = str(event["event"]).partition("\n")[0]
    return event


def _traced(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if known := trace_id():
        event["trace"] = known
    return event


def _without_words(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    given = event.pop("exc_info", None)
    if given:
        error = (
            given[1] if isinstance(given, tuple) else given if isinstance(given, BaseException) else sys.exc_info()[1]
        )
        event["error"] = places_of(error)
    for name in NEVER & event.keys():
        event[name] = "…"
    return event
