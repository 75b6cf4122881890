"""One process's telemetry: opened by its settings, closed with the process."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from types import ModuleType
from typing import TYPE_CHECKING

from models.measures import Measure, Naming, install
from models.telemetry import Telemetry as TelemetrySettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

    from gateways.telemetry.metrics import Metrics, MetricsServer


class Telemetry:
    """The open parts. A part that is off is None, and its library is not imported.

    Attributes:
        core: The loopback address at which Temporal's core must serve its metrics.
        server: Serves both.
        tracing: Makes spans.
    """

    def __init__(self) -> None:
        self.metrics: Metrics | None = None
        self.server: MetricsServer | None = None
        self.tracing: TracerProvider | None = None
        self.core: str | None = None
        self._tracing_by: ModuleType | None = None

    def trace_with(self, provider: TracerProvider, tracing: ModuleType) -> None:
        """Make spans.

        Args:
            tracing: `gateways.telemetry.tracing`. It is not imported when a span begins or a line is logged: that may
                be within a workflow's sandbox, which would load it once more.
        """
        self.tracing, self._tracing_by = provider, tracing

    def add(self, measure: Measure, value: float, labels: Mapping[str, str]) -> None:
        """See `Sink`."""
        if self.metrics is not None:
            self.metrics.add(measure, value, labels)

    def replace(self, measure: Measure, values: Mapping[tuple[str, ...], float]) -> None:
        """See `Sink`."""
        if self.metrics is not None:
            self.metrics.replace(measure, values)

    def span(self, name: str, attributes: Mapping[str, str | int]) -> AbstractContextManager[None]:
        """See `Sink`."""
        if self.tracing is None or self._tracing_by is None:
            return nullcontext()
        spanning: AbstractContextManager[None] = self._tracing_by.spanning(
            self.tracing.get_tracer("echonos"), name, attributes
        )
        return spanning

    def trace(self, name: str) -> AbstractContextManager[Naming]:
        """See `Sink`."""
        if self.tracing is None or self._tracing_by is None:
            return nullcontext(_unnamed)
        beginning: AbstractContextManager[Naming] = self._tracing_by.beginning(self.tracing.get_tracer("echonos"), name)
        return beginning

    def trace_id(self) -> str:
        """See `Sink`."""
        return "" if self._tracing_by is None else str(self._tracing_by.current_trace_id())

    def close(self) -> None:
        """Send what is left, and stop serving."""
        install(None)
        if self.server is not None:
            self.server.close()
        if self.tracing is not None:
            self.tracing.shutdown()


def open_telemetry(settings: TelemetrySettings, process: str, exporter: SpanExporter | None = None) -> Telemetry:
    """Open what the settings ask for.

    Args:
        process: The process's name in traces.
        exporter: Receives spans instead of the collector; tests pass their own.

    Raises:
        InvalidInput: The address for metrics is taken.
    """
    opened = Telemetry()
    if settings.metrics is not None:
        from gateways.telemetry.metrics import Metrics, MetricsServer, free_loopback_address

        opened.metrics, opened.core = Metrics(), free_loopback_address()
        opened.server = MetricsServer(settings.metrics, opened.metrics, opened.core, settings.folder)
    if exporter is not None or settings.traces is not None:
        from gateways.telemetry import tracing

        exporter = exporter or tracing.otlp_exporter(str(settings.traces))
        opened.trace_with(tracing.open_tracing(exporter, settings.trace_share, process), tracing)
    if opened.metrics is not None or opened.tracing is not None:
        install(opened)
    return opened


def _unnamed(name: str, **attributes: str | int) -> None:
    pass
