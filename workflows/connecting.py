"""The way to Temporal: the local stack's server, or whatever Temporal's own environment configuration names."""

import asyncio

from temporalio.client import Client
from temporalio.envconfig import ClientConfigProfile
from temporalio.runtime import Runtime
from temporalio.service import RPCError

from models.failures import InvalidInput, NoServer
from models.wire import DATA_CONVERTER
from settings import Settings

CONNECT_TIMEOUT_S = 10.0
_REFUSALS = ("Unauthenticated", "PermissionDenied", "Unauthorized", "certificate")


def cluster_of(settings: Settings) -> ClientConfigProfile | None:
    """The server that is not ours to start, where one is configured.

    Args:
        settings: The process's settings.

    Returns:
        What `ECHONOS_TEMPORAL_ADDRESS`, `TEMPORAL_ADDRESS` or Temporal's configuration file say, with an address; None:
        the local stack is meant.

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


async def connect(settings: Settings, *, runtime: Runtime | None = None, lazy: bool = False) -> Client:
    """Connect to Temporal.

    Args:
        settings: A process's settings; those of a local stack come from `settings_for`.
        runtime: For telemetry; default: the SDK's own.
        lazy: Connect at the first call instead, and again after a connection was lost.

    Returns:
        A client that speaks pydantic models.

    Raises:
        NoServer: Nothing answers there, or it refuses us.
        InvalidInput: The environment configuration cannot be read.
    """
    profile = cluster_of(settings)
    if profile is None:
        raise NoServer("No Temporal server is named: start the local stack, or set TEMPORAL_ADDRESS.")
    config = profile.to_client_connect_config()
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            return await Client.connect(**config, data_converter=DATA_CONVERTER, runtime=runtime, lazy=lazy)
    except (RuntimeError, RPCError, OSError, TimeoutError) as error:
        # What the transport says of it is for its makers; it stays in the traceback.
        if any(word in str(error) for word in _REFUSALS):
            raise NoServer(
                f"The Temporal server at {profile.address} refuses us: check key, certificate and namespace."
            ) from error
        raise NoServer(
            f"No Temporal server answers at {profile.address}: check the address, and that it runs."
        ) from error
