"""The connection to Temporal: the local stack's server, or the one in Temporal's own environment configuration."""

import asyncio
from collections.abc import Sequence
from typing import TypedDict

from temporalio.client import Client, Interceptor
from temporalio.envconfig import ClientConfigProfile
from temporalio.runtime import Runtime
from temporalio.service import RPCError

from models.failures import InvalidInput, NoServer
from settings import Settings
from temporal.converting import converter_of

CONNECT_TIMEOUT_S = 10.0
_PLAINTEXT = "InvalidContentType"
"""What the TLS library says of a first answer that is no TLS."""

_REFUSALS = ("Unauthenticated", "PermissionDenied", "Unauthorized", "certificate")


class Observed(TypedDict):
    """What telemetry adds to a client."""

    runtime: Runtime
    interceptors: Sequence[Interceptor]


def cluster_of(settings: Settings) -> ClientConfigProfile | None:
    """The external server, if one is configured.

    Returns:
        The profile from `ECHONOS_TEMPORAL_ADDRESS`, `TEMPORAL_ADDRESS` or Temporal's configuration file, with an
        address;
        None: use the local stack.

    Raises:
        InvalidInput: The environment configuration cannot be read.
    """
    if settings.temporal_address is not None:
        return ClientConfigProfile(address=settings.temporal_address, namespace=settings.temporal_namespace)
    try:
        profile = ClientConfigProfile.load()
    except (RuntimeError, ValueError, OSError) as error:
        reason = " ".join(str(error).split())[:200]
        raise InvalidInput(f"Temporal's environment configuration is unusable: {reason}", code="settings") from error
    return profile if profile.address else None


async def connect(
    settings: Settings, *, runtime: Runtime | None = None, interceptors: Sequence[Interceptor] = (), lazy: bool = False
) -> Client:
    """Connect to Temporal.

    Args:
        settings: The process's settings; those of a local stack come from `settings_for`.
        runtime: The telemetry runtime; None uses the SDK's own.
        interceptors: Of the client, and of its workers where they are that, too.
        lazy: Connect at the first call instead, and again after a connection was lost.

    Raises:
        NoServer: No server answers there, or it refuses us.
        InvalidInput: The environment configuration or the file of codec keys cannot be read.
    """
    profile = cluster_of(settings)
    if profile is None:
        raise NoServer("No Temporal server is named: start the local stack, or set TEMPORAL_ADDRESS.")
    config = profile.to_client_connect_config()
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            return await Client.connect(
                **config,
                data_converter=converter_of(settings.read_codec_keys),
                runtime=runtime,
                interceptors=interceptors,
                lazy=lazy,
            )
    except (RuntimeError, RPCError, OSError, TimeoutError) as error:
        # The transport's message is for its developers; it stays in the traceback.
        if _PLAINTEXT in str(error):
            asked = "an API key is set, and a key asks for TLS" if profile.api_key else "TLS is asked for"
            remedy = ", unset TEMPORAL_API_KEY" if profile.api_key else ""
            raise NoServer(
                f"The Temporal server at {profile.address} speaks plaintext, but {asked}: name a server with "
                f"TLS{remedy}, or set TEMPORAL_TLS=false."
            ) from error
        if any(word in str(error) for word in _REFUSALS):
            raise NoServer(
                f"The Temporal server at {profile.address} refuses us: check key, certificate and namespace."
            ) from error
        raise NoServer(
            f"No Temporal server answers at {profile.address}: check the address, that it runs, and that both sides "
            "use TLS or neither."
        ) from error
