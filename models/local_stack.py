"""The contents of temporal-dev.yaml, checked."""

from collections import Counter
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PositiveFloat,
    PositiveInt,
    model_validator,
)

GRPC_OFFSET = 10_000
"""SeaweedFS serves gRPC this far above each of its ports."""

Port = Annotated[int, Field(ge=1024, le=65_535)]
PairedPort = Annotated[int, Field(ge=1024, le=65_535 - GRPC_OFFSET)]


def _loopback(address: str) -> str:
    if not IPv4Address(address).is_loopback:
        raise ValueError("a local stack listens on a loopback address, such as 127.0.0.1")
    return address


class _Section(BaseModel):
    # A misspelt key is an error, not a setting without effect.
    model_config = ConfigDict(frozen=True, extra="forbid")


class TemporalPorts(_Section):
    """Preferred ports of the Temporal server."""

    frontend: Port
    ui: Port
    metrics: Port


class TemporalSection(_Section):
    """The Temporal dev server."""

    ports: TemporalPorts
    namespace: str = Field(min_length=1)
    retention_days: PositiveInt
    search_attributes: dict[str, Literal["Text", "Keyword", "Int", "Double", "Bool", "Datetime", "KeywordList"]]
    dynamic_config: dict[str, bool | int | float | str]
    sqlite_pragmas: dict[str, str]
    log_level: Literal["debug", "info", "warn", "error", "never"]
    stop_grace_s: PositiveFloat


class S3Ports(_Section):
    """Preferred ports of the S3 server's components."""

    s3: PairedPort
    master: PairedPort
    volume: PairedPort
    filer: PairedPort
    admin: PairedPort


class S3Section(_Section):
    """The S3 server."""

    ports: S3Ports
    bucket: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    region: str = Field(min_length=1)
    stop_grace_s: PositiveFloat


class ApiSection(_Section):
    """The web backend."""

    port: Port
    stop_grace_s: PositiveFloat


class WorkerSection(_Section):
    """The worker."""

    script: Path
    stop_grace_s: PositiveFloat


class StackDescription(_Section):
    """The whole file."""

    data_folder: Path
    host: Annotated[str, AfterValidator(_loopback)]
    temporal: TemporalSection
    s3: S3Section
    worker: WorkerSection
    api: ApiSection

    def all_ports(self) -> set[int]:
        """Every preferred port, including the gRPC ports that come with them."""
        return set(self._ports())

    @model_validator(mode="after")
    def _ports_differ(self) -> Self:
        twice = [port for port, count in Counter(self._ports()).items() if count > 1]
        if twice:
            raise ValueError(f"port {twice[0]} is used twice (S3 ports count with those {GRPC_OFFSET} above them)")
        return self

    def _ports(self) -> list[int]:
        s3 = list(self.s3.ports.model_dump().values())
        ours = [*self.temporal.ports.model_dump().values(), self.api.port]
        return [*ours, *s3, *(port + GRPC_OFFSET for port in s3)]
