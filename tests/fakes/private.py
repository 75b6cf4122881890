"""A client whose payloads are encrypted, and what lies on the server for readers without keys."""

import os
from base64 import b64encode
from collections.abc import Iterator

from google.protobuf.message import Message
from pydantic import SecretStr
from temporalio.api.common.v1 import Header, Payload, SearchAttributes
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from models.codec_keys import parse_codec_keys
from settings import Settings
from temporal.codec import Keyring, SealingCodec

IN_CLEAR = (SearchAttributes, Header)
"""The SDK passes neither through the codec."""


def new_key(key_id: str = "test") -> str:
    """A key as settings take it."""
    return f"{key_id}:{b64encode(os.urandom(32)).decode()}"


def keyed(settings: Settings, *keys: str) -> Settings:
    """Settings with codec keys."""
    return settings.model_copy(update={"codec_keys": SecretStr(",".join(keys))})


def codec_of(*keys: str) -> SealingCodec:
    """A codec with these keys."""
    return SealingCodec(Keyring(lambda: parse_codec_keys(",".join(keys))))


def payloads_in(message: Message) -> Iterator[Payload]:
    """Every payload in a message, except those that stay in clear."""
    if isinstance(message, Payload):
        yield message
        return
    if isinstance(message, HistoryEvent) and message.HasField("marker_recorded_event_attributes"):
        return  # the SDK's own, as of `patched`
    for field, value in message.ListFields():
        if field.message_type is None or isinstance(value, IN_CLEAR):
            continue
        if isinstance(value, Message):
            yield from payloads_in(value)
        else:
            parts = value.values() if field.message_type.GetOptions().map_entry else value
            yield from (one for part in parts if isinstance(part, Message) for one in payloads_in(part))


def sealed_history(history: WorkflowHistory, codec: SealingCodec) -> WorkflowHistory:
    """A recorded history as it would lie on the server under this codec."""
    events = []
    for event in history.events:
        copied = HistoryEvent.FromString(event.SerializeToString())
        for payload in list(payloads_in(copied)):
            payload.CopyFrom(codec.sealed(payload))
        events.append(copied)
    return WorkflowHistory(history.workflow_id, events)
