"""The settings of telemetry. All of it is off unless set."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from models.base import Model

Address = Annotated[str, Field(pattern=r"^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$")]
HttpUrl = Annotated[str, Field(pattern=r"^https?://[^\s?#]+$")]


class Telemetry(Model):
    """As in `ECHONOS_TELEMETRY__METRICS=0.0.0.0:9464`."""

    metrics: Address | None = Field(
        default=None, description="host:port where Prometheus scrapes this process at /metrics; port 0: any free one."
    )
    peers: tuple[HttpUrl, ...] = Field(default=(), description="Metrics of other processes, for support's figures.")
    folder: Path | None = Field(default=None, description="Processes of one machine find each other's metrics here.")
    traces: HttpUrl | None = Field(
        default=None, description="OTLP over HTTP, as in http://collector:4318/v1/traces; unset: no traces."
    )
    trace_share: float = Field(default=1.0, ge=0, le=1, description="The share of requests that begin a trace.")
    logs: Literal["auto", "json", "lines"] = Field(default="auto", description="auto: lines on a terminal, else JSON.")
