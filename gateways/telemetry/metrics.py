"""Prometheus: the process's own metrics and those of Temporal's core, behind one address."""

import contextlib
import socket
import sys
import threading
import urllib.request
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.samples import Sample

from gateways.telemetry.neighbours import announce
from models.failures import InvalidInput
from models.measures import MEASURES, Kind, Measure

log = structlog.get_logger()

CORE_PATIENCE_S = 2.0
PATH = "/metrics"


class Metrics:
    """All metrics of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._kept: dict[str, Counter | Gauge | Histogram] = {one.name: self._new(one) for one in MEASURES}

    def add(self, measure: Measure, value: float, labels: Mapping[str, str]) -> None:
        """Count, set or observe a value."""
        kept = self._kept[measure.name]
        child = kept.labels(**labels) if measure.labels else kept
        if isinstance(child, Counter):
            child.inc(value)
        elif isinstance(child, Histogram):
            child.observe(value)
        else:
            child.set(value)

    def replace(self, measure: Measure, values: Mapping[tuple[str, ...], float]) -> None:
        """Set all values of a gauge; label values that are missing disappear."""
        kept = self._kept[measure.name]
        assert isinstance(kept, Gauge)
        if not measure.labels:
            kept.set(values[()])
            return
        for gone in {tuple(sample.labels[name] for name in measure.labels) for sample in _samples(kept)} - {*values}:
            kept.remove(*gone)
        for labels, value in values.items():
            kept.labels(*labels).set(value)

    def _new(self, one: Measure) -> Counter | Gauge | Histogram:
        if one.kind is Kind.HISTOGRAM:
            return Histogram(one.name, one.help, one.labels, registry=self.registry, buckets=one.buckets)
        made = Counter if one.kind is Kind.COUNTER else Gauge
        return made(one.name, one.help, one.labels, registry=self.registry)


class MetricsServer:
    """Serves `/metrics` in a thread.

    Args:
        address: host:port; port 0: any free one.
        metrics: The process's own.
        core: The address at which Temporal's core serves its metrics on loopback.
        folder: Where other processes of this machine look for the address; None: they don't.

    Raises:
        InvalidInput: The address is taken or is not this machine's.
    """

    def __init__(self, address: str, metrics: Metrics, core: str, folder: Path | None = None) -> None:
        host, _, port = address.rpartition(":")

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the library's name
                if self.path.partition("?")[0] != PATH:
                    self.send_error(404)
                    return
                body = generate_latest(metrics.registry) + _core_metrics(core)
                self.send_response(200)
                self.send_header("Content-Type", CONTENT_TYPE_LATEST)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Scrapes are no news."""

        class Server(ThreadingHTTPServer):
            address_family = socket.AF_INET6 if ":" in host else socket.AF_INET

            def handle_error(self, request: object, client_address: object) -> None:
                """Log defects only: a scraper that left is no news, and the library would print its address."""
                if not isinstance(sys.exc_info()[1], OSError):
                    log.error("scrape failed", exc_info=True)

        try:
            self._server = Server((host.strip("[]"), int(port)), Handler)
        except (OSError, OverflowError) as error:
            raise InvalidInput(
                f"ECHONOS_TELEMETRY__METRICS: {address} cannot be served ({error}): each process needs its own port.",
                "settings",
            ) from error
        self.url = f"http://{host}:{self._server.server_address[1]}{PATH}"
        self._file = None if folder is None else announce(folder, self.url)
        threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()

    def close(self) -> None:
        """Stop serving."""
        if self._file is not None:
            self._file.unlink(missing_ok=True)
        self._server.shutdown()
        self._server.server_close()


def free_loopback_address() -> str:
    """An address for a server that cannot choose its own port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def _core_metrics(core: str) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with contextlib.suppress(OSError), opener.open(f"http://{core}{PATH}", timeout=CORE_PATIENCE_S) as answer:
        text: bytes = answer.read()
        return text
    return b""


def _samples(gauge: Gauge) -> list[Sample]:
    return [sample for family in gauge.collect() for sample in family.samples]
