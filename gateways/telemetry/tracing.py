"""OpenTelemetry: spans of this process go to a collector, without any text of failures."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace import Link, SpanKind, Status, TraceState
from opentelemetry.util.types import Attributes, AttributeValue

from models.measures import Naming

ASKED_OFTEN = ("QueryWorkflow:", "HandleQuery:", "ValidateUpdate:")
"""Spans that a watcher would cause twice a second, and that say nothing else than their neighbours."""

_WORDS = ("exception.message", "exception.stacktrace")


def open_tracing(exporter: SpanExporter, share: float, process: str) -> TracerProvider:
    """A provider of tracers.

    Args:
        exporter: Receives finished spans.
        share: 0…1: of the traces that begin here.
        process: The process's name.
    """
    provider = TracerProvider(
        sampler=_Sampler(ParentBased(TraceIdRatioBased(share))),
        resource=Resource.create({"service.name": "echonos", "service.instance.id": process}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(WordlessExporter(exporter)))
    return provider


def otlp_exporter(endpoint: str) -> SpanExporter:
    """Sends spans as OTLP over HTTP."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(endpoint)


def current_trace_id() -> str:
    """The id of the current trace in hexadecimal digits; empty: there is none."""
    context = trace.get_current_span().get_span_context()
    return trace.format_trace_id(context.trace_id) if context.is_valid else ""


class WordlessExporter(SpanExporter):
    """Passes spans on without the texts of failures, which may repeat an artist's words."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """See base class."""
        return self._exporter.export([_wordless(span) for span in spans])

    def shutdown(self) -> None:
        """See base class."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """See base class."""
        return self._exporter.force_flush(timeout_millis)


class _Sampler(Sampler):
    def __init__(self, others: Sampler) -> None:
        self._others = others

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        if name.startswith(ASKED_OFTEN):
            return SamplingResult(Decision.DROP)
        return self._others.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        return f"Echonos({self._others.get_description()})"


def _wordless(span: ReadableSpan) -> ReadableSpan:
    events = [Event(one.name, _without(one.attributes), one.timestamp) for one in span.events]
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=span.attributes,
        events=events,
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _without(attributes: Attributes) -> dict[str, AttributeValue]:
    return {name: value for name, value in (attributes or {}).items() if name not in _WORDS}


@contextmanager
def spanning(tracer: trace.Tracer, name: str, attributes: Mapping[str, str | int]) -> Iterator[None]:
    """A span of the current trace; outside of any trace there is none."""
    if not trace.get_current_span().get_span_context().is_valid:
        yield
        return
    with tracer.start_as_current_span(name, attributes=dict(attributes)):
        yield


@contextmanager
def beginning(tracer: trace.Tracer, name: str) -> Iterator[Naming]:
    """A span that begins a trace, whatever is current."""
    with tracer.start_as_current_span(name, context=Context(), kind=SpanKind.SERVER) as span:

        def named(name: str, **attributes: str | int) -> None:
            span.update_name(name)
            span.set_attributes(dict(attributes))

        yield named
