"""The data converter that every client and worker uses: pydantic models as JSON payloads."""

from typing import Any, NoReturn

from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import CompositePayloadConverter, DataConverter, EncodingPayloadConverter

from models.failures import ProviderUnavailable

SEALED = "binary/encrypted"
"""The encoding of payloads that the codec encrypted (temporal/codec.py)."""


class SealedPayloadConverter(EncodingPayloadConverter):
    """Says of payloads that no codec decrypted what is missing; makes none."""

    @property
    def encoding(self) -> str:
        """See base class."""
        return SEALED

    def to_payload(self, value: Any) -> Payload | None:
        """None: the next converter takes the value."""
        return None

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> NoReturn:
        """Raises `ProviderUnavailable`: this process has no keys."""
        raise ProviderUnavailable("Payloads here are encrypted, and this process has no keys: set ECHONOS_CODEC_KEYS.")


class WirePayloadConverter(CompositePayloadConverter):
    """Temporal's converter for pydantic models, with a sentence for encrypted payloads."""

    def __init__(self) -> None:
        super().__init__(SealedPayloadConverter(), *PydanticPayloadConverter().converters.values())


DATA_CONVERTER = DataConverter(payload_converter_class=WirePayloadConverter)
"""Without a codec; `temporal.converting.converter_of` adds one where keys are set."""
