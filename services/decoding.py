"""Histories in Temporal's own pages: a token for support, and the codec that such a page calls with it.

A token is sealed with the codec's key, so it needs no row: it names the session of the supporter who asked for it and
ends with that session, with their role, with their second factor, or after `TOKEN_LASTS`.
"""

from base64 import b64decode, b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload

from models.access import Profile, SecurityEventKind, Session
from models.base import Model
from models.decoding import EncodedPayload
from models.failures import Conflict, EchonosError, InvalidInput, ProviderUnavailable
from services.app import App
from temporal.codec import SealingCodec

TOKEN_LASTS = timedelta(minutes=30)
_PURPOSE = b"codec token"


class _Token(Model):
    session_id: str
    expires_at: datetime


def is_needed(app: App) -> bool:
    """Whether payloads are encrypted here."""
    return app.settings.codec_keys is not None or app.settings.codec_keys_file is not None


def issue_token(app: App, account_id: str, session: str) -> tuple[str, datetime]:
    """A token for one supporter's session; leaves a security event.

    Args:
        session: The secret of their session.

    Returns:
        The token, and when it expires.

    Raises:
        Conflict: Payloads are not encrypted here.
    """
    codec = _codec(app)
    found = app.access.sessions.look(session)
    if found is None:
        raise InvalidInput("This session has ended: log in again.", "session")
    token = _Token(session_id=found[1].session_id, expires_at=datetime.now(UTC) + TOKEN_LASTS)
    key_id, sealed = codec.keyring.seal(token.to_bytes(), _PURPOSE)
    app.access.events.note(SecurityEventKind.CODEC_TOKEN_MADE, account_id)
    return f"{key_id}.{urlsafe_b64encode(sealed).decode().rstrip('=')}", token.expires_at


def holder_of(app: App, token: str) -> tuple[Profile, Session] | None:
    """The supporter of a token and their session; None: it is none, has expired, or the session has ended."""
    key_id, _, encoded = token.partition(".")
    try:
        sealed = urlsafe_b64decode(encoded.encode("ascii") + b"=" * (-len(encoded) % 4))
        known = _Token.from_bytes(_codec(app).keyring.open(key_id, sealed, _PURPOSE))
    except (ValueError, EchonosError):
        return None
    return app.access.sessions.look_by_id(known.session_id) if known.expires_at > datetime.now(UTC) else None


def decode(app: App, payloads: Sequence[EncodedPayload]) -> tuple[EncodedPayload, ...]:
    """Payloads as they were before the codec. Raises `Conflict`: a key is missing here, and the sentence names it."""
    codec = _codec(app)
    try:
        return tuple(_shown(codec.opened(_read(one))) for one in payloads)
    except ProviderUnavailable as error:
        raise Conflict(error.message, "codec_key") from error


def encode(app: App, payloads: Sequence[EncodedPayload]) -> tuple[EncodedPayload, ...]:
    """Payloads as the codec writes them: inputs that support types into Temporal's own pages."""
    codec = _codec(app)
    return tuple(_shown(codec.sealed(_read(one))) for one in payloads)


def _codec(app: App) -> SealingCodec:
    codec = app.client.data_converter.payload_codec
    if not isinstance(codec, SealingCodec):
        raise Conflict("Payloads are not encrypted here: Temporal's own pages show them as they are.", "no_codec")
    return codec


def _read(one: EncodedPayload) -> Payload:
    try:
        return Payload(
            metadata={name: b64decode(value) for name, value in one.metadata.items()}, data=b64decode(one.data)
        )
    except (ValueError, DecodeError) as error:
        raise InvalidInput("This is not a payload.", "payload", "payloads") from error


def _shown(payload: Payload) -> EncodedPayload:
    metadata = {name: b64encode(value).decode() for name, value in payload.metadata.items()}
    return EncodedPayload(metadata=metadata, data=b64encode(payload.data).decode())
