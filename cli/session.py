"""The session of a command: the stack that it has joined or started, and the application on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cli.output import Output
from models.ids import LOCAL_ACCOUNT

if TYPE_CHECKING:
    from bootstrap import Application
    from cli.stack import StackState


@dataclass(frozen=True)
class Session:
    """Everything a command needs while the stack is up."""

    app: "Application"
    stack: "StackState"
    output: Output
    account_id: str = LOCAL_ACCOUNT

    @property
    def namespace(self) -> str:
        """The Temporal namespace of the stack, or of the configured cluster."""
        return self.stack.temporal_namespace

    @staticmethod
    @asynccontextmanager
    async def open(output: Output) -> "AsyncIterator[Session]":
        """Join the running stack, or start one for the command's own duration; the local account exists afterwards."""
        from bootstrap import Application
        from cli.stack import connect, ensure_stack, settings_for
        from settings import Settings

        base = Settings()
        with ensure_stack(base, say=output.say) as stack:
            settings = settings_for(stack, base)
            if not stack.local:
                settings.check_private()
            app = Application(settings, await connect(settings))
            app.stores.ledger.open_account(LOCAL_ACCOUNT)
            yield Session(app, stack, output)
            app.close()
