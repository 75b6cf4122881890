"""Payloads as Temporal's own pages send them to a codec server: protobuf's JSON."""

from typing import Annotated

from pydantic import Field

from models.base import Model

Base64 = Annotated[
    str, Field(pattern=r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", examples=["eyJhIjogMX0="])
]


class EncodedPayload(Model):
    """One payload."""

    metadata: dict[str, Base64] = Field(default={}, examples=[{"encoding": "anNvbi9wbGFpbg=="}])
    data: Base64 = ""
