"""The data converter of a process, with or without a codec, and what it reads in raw descriptions and histories.

`cryptography` is imported where keys are set, and nowhere else.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from temporalio.api.common.v1 import Payload
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes

from models.codec_keys import CodecKey
from models.wire import DATA_CONVERTER


def converter_of(read: Callable[[], Sequence[CodecKey]]) -> DataConverter:
    """The data converter with these keys.

    Args:
        read: Returns the keys; see `temporal.codec.Keyring`. Without any, nothing is encrypted, and encrypted payloads
            raise `ProviderUnavailable`.
    """
    if not read():
        return DATA_CONVERTER
    from temporal.codec import Keyring, SealingCodec

    return replace(
        DATA_CONVERTER,
        payload_codec=SealingCodec(Keyring(read)),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


def opened_payload(payload: Payload, converter: DataConverter) -> Payload:
    """A payload of a history or a description, decrypted. Raises `ProviderUnavailable`: its key is missing."""
    if converter.payload_codec is None:
        return payload
    from temporal.codec import SealingCodec

    return converter.payload_codec.opened(payload) if isinstance(converter.payload_codec, SealingCodec) else payload
