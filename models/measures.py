"""What Echonos measures: one row a metric, and the hooks through which all rooms report.

Without a sink (telemetry off) a report is one comparison. Labels are bounded: every value comes from a table of ours,
and unknown names of failures count as `other`.
"""

from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from time import monotonic
from typing import Any, ParamSpec, Protocol, TypeVar

from models import failures

P = ParamSpec("P")
T = TypeVar("T")

SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3_600)
BYTES = tuple(megabytes * 1_000_000 for megabytes in (50, 100, 200, 300, 500, 700, 1_000, 2_000))
OTHER = "other"


class Kind(StrEnum):
    """How values add up."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True)
class Measure:
    """One metric. Counters are shown with `_total` behind their name."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = SECONDS


REQUESTS = Measure("echonos_request_seconds", Kind.HISTOGRAM, "HTTP requests by route", ("route", "status"))
STEPS = Measure("echonos_step_seconds", Kind.HISTOGRAM, "Attempts of activities", ("step", "stage", "outcome"))
ERRORS = Measure("echonos_errors", Kind.COUNTER, "Failures by type", ("where", "type"))
SCENES = Measure("echonos_scenes", Kind.COUNTER, "Scenes that got their segment", ("step",))
PROVIDER = Measure("echonos_provider_seconds", Kind.HISTOGRAM, "Calls of providers", ("provider", "call", "outcome"))
JOB_CPU = Measure("echonos_job_cpu_seconds", Kind.COUNTER, "CPU time of child processes", ("job",))
JOB_PEAK = Measure("echonos_job_peak_bytes", Kind.HISTOGRAM, "Peak memory of child processes", ("job",), BYTES)
LEDGER_DIFFERENCES = Measure(
    "echonos_ledger_differences", Kind.GAUGE, "Differences that the last verification of the ledger found"
)
SPEND = Measure(
    "echonos_spend_usd", Kind.COUNTER, "Paid to providers; `possible` may be missing from their bills", ("certainty",)
)
UNDER_WAY = Measure("echonos_spend_under_way_usd", Kind.GAUGE, "The most that open jobs of providers may cost")
PERMITS = Measure(
    "echonos_permits", Kind.GAUGE, "Provider jobs in flight, and steps that wait for a permit", ("state",)
)
HELD = Measure("echonos_held_credits", Kind.GAUGE, "Credits held for work under way")
OLDEST_HOLD = Measure("echonos_oldest_hold_seconds", Kind.GAUGE, "Age of the oldest hold of a draft or operation")
PARKED = Measure("echonos_parked_runs", Kind.GAUGE, "Runs that wait for a person", ("stage", "reason"))
BACKLOG = Measure("echonos_queue_backlog", Kind.GAUGE, "Tasks that no worker has taken yet", ("queue", "kind"))
BACKLOG_AGE = Measure("echonos_queue_age_seconds", Kind.GAUGE, "Age of the oldest such task", ("queue", "kind"))
FIGURES_AGE = Measure("echonos_figures_at", Kind.GAUGE, "When this process last read SQL and Temporal, as a Unix time")

MEASURES = (
    REQUESTS,
    STEPS,
    ERRORS,
    SCENES,
    PROVIDER,
    JOB_CPU,
    JOB_PEAK,
    LEDGER_DIFFERENCES,
    SPEND,
    UNDER_WAY,
    PERMITS,
    HELD,
    OLDEST_HOLD,
    PARKED,
    BACKLOG,
    BACKLOG_AGE,
    FIGURES_AGE,
)

GENERATIONS, STAGE_SECONDS, PARKINGS = "echonos_generations", "echonos_stage", "echonos_parkings"
"""Measured in workflow code, by the SDK's own replay-safe meter, which adds `_total` and `_seconds`."""


class Naming(Protocol):
    """Names a span once it is known what it was."""

    def __call__(self, name: str, **attributes: str | int) -> None:
        """Set name and attributes."""


class Sink(Protocol):
    """Receives reports: gateways/telemetry."""

    def add(self, measure: Measure, value: float, labels: Mapping[str, str]) -> None:
        """Count, set or observe a value, by the measure's kind."""

    def replace(self, measure: Measure, values: Mapping[tuple[str, ...], float]) -> None:
        """Set all values of a gauge, by their labels; label values that are missing disappear."""

    def span(self, name: str, attributes: Mapping[str, str | int]) -> AbstractContextManager[None]:
        """A span of the current trace."""

    def trace(self, name: str) -> AbstractContextManager[Naming]:
        """A span that begins a trace."""

    def trace_id(self) -> str:
        """The current trace's id; empty: there is none."""


class _Hook:
    sink: Sink | None = None


def install(sink: Sink | None) -> None:
    """Have reports of this process received; None: telemetry is off."""
    _Hook.sink = sink


def report(measure: Measure, value: float = 1, **labels: str) -> None:
    """Report one value."""
    if _Hook.sink is not None:
        _Hook.sink.add(measure, value, labels)


def replace(measure: Measure, values: Mapping[tuple[str, ...], float]) -> None:
    """Report all values of a gauge."""
    if _Hook.sink is not None:
        _Hook.sink.replace(measure, values)


def span(name: str, **attributes: str | int) -> AbstractContextManager[None]:
    """A span of the current trace, for ids and numbers only."""
    return nullcontext() if _Hook.sink is None else _Hook.sink.span(name, attributes)


def trace(name: str) -> AbstractContextManager[Naming]:
    """Begin a trace with a span; it is named again once the block knows what it was."""
    return nullcontext(_unnamed) if _Hook.sink is None else _Hook.sink.trace(name)


def trace_id() -> str:
    """The current trace's id in hexadecimal digits; empty: there is none."""
    return "" if _Hook.sink is None else _Hook.sink.trace_id()


def _unnamed(name: str, **attributes: str | int) -> None:
    pass


def measured(
    provider: str, call: str
) -> Callable[[Callable[P, Coroutine[Any, Any, T]]], Callable[P, Coroutine[Any, Any, T]]]:
    """A decorator for asynchronous calls of a provider; see `provider_call`."""

    def decorate(function: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
        @wraps(function)
        async def wrapper(*args: P.args, **kwargs: P.kwargs) -> T:
            with provider_call(provider, call):
                return await function(*args, **kwargs)

        return wrapper

    return decorate


@contextmanager
def provider_call(provider: str, call: str) -> Iterator[None]:
    """Measure and trace one call of a provider."""
    if _Hook.sink is None:
        yield
        return
    began, outcome = monotonic(), OTHER
    try:
        with span(f"{provider} {call}", provider=provider):
            yield
        outcome = "answered"
    except failures.EchonosError as error:
        outcome = failure_label(error.type)
        report(ERRORS, where=provider, type=outcome)
        raise
    finally:
        report(PROVIDER, monotonic() - began, provider=provider, call=call, outcome=outcome)


def failure_label(name: str) -> str:
    """The name of a failure if it is one of ours or Temporal's; `other` keeps the label bounded."""
    return name if name in _FAILURES else OTHER


def _names(kind: type[Exception]) -> set[str]:
    return {kind.__name__, *(name for inner in kind.__subclasses__() for name in _names(inner))}


_FAILURES = frozenset(
    {
        *_names(failures.EchonosError),
        *("NotStored", "PieceMissing", "Abandoned", "DraftTimedOut", "LedgerMismatch"),
        *("TimeoutError", "CancelledError", "ApplicationError", "Cancelled", "RPCError", "OperationalError"),
    }
)
