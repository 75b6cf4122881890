"""Both sides of the product on one world: the web backend over HTTP, and the commands' own functions."""

import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bootstrap import Application
from cli.output import Output
from cli.session import Session
from cli.stack import StackState
from models.failures import EchonosError
from settings import Settings
from tests.api.conftest import api, api_settings, serve
from tests.fakes.world import World, stores, world

__all__ = ["api", "api_settings", "serve", "stores", "world"]


class Terminal:
    """Commands of an account, by their functions."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.output = Output(as_json=True)
        self._capsys = capsys

    async def run(self, command: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> Any:
        """What a command answers as JSON; it writes to `output`."""
        self._capsys.readouterr()
        await command(*args, output=self.output)
        return json.loads(self._capsys.readouterr().out)

    async def refusal(self, command: Callable[..., Coroutine[Any, Any, Any]], *args: Any) -> tuple[str, str]:
        """The code and the sentence with which a command is refused."""
        with pytest.raises(EchonosError) as refused:
            await self.run(command, *args)
        return getattr(refused.value, "code", ""), refused.value.message


@pytest.fixture
def terminal_for(
    world: World, api_settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Terminal]:
    """Commands of an account find the world instead of a stack."""

    def build(account_id: str) -> Terminal:
        stack = StackState(local=True, home=api_settings.home, temporal_address="", temporal_namespace="default")

        @asynccontextmanager
        async def session(output: Output) -> AsyncIterator[Session]:
            yield Session(Application(api_settings, world.client, world.stores), stack, output, account_id)

        monkeypatch.setattr(Session, "open", session)
        return Terminal(capsys)

    return build
