"""What a command works with: the stack it has joined or started, a Temporal client, and the stores."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from temporalio.client import Client

from cli.output import Output
from cli.stack import StackState, connect, ensure_stack, settings_for
from models.routing import LOCAL_ACCOUNT
from settings import Settings
from stores.opening import Stores, open_stores


@dataclass(frozen=True)
class Session:
    """Everything a command needs while the stack is up."""

    settings: Settings
    stack: StackState
    client: Client
    stores: Stores
    output: Output
    account_id: str = LOCAL_ACCOUNT


@asynccontextmanager
async def open_session(output: Output) -> AsyncIterator[Session]:
    """Join the running stack, or start one for the command's own duration; the local account exists afterwards."""
    base = Settings()
    with ensure_stack(base, say=output.say) as stack:
        settings = settings_for(stack, base)
        client = await connect(settings)
        stores = open_stores(**settings.store_options())
        stores.ledger.open_account(LOCAL_ACCOUNT)
        yield Session(settings, stack, client, stores, output)
