"""What a backend prepares when it comes up."""

from types import SimpleNamespace
from typing import Any

import pytest

from models.failures import NoServer
from services import readiness


@pytest.mark.parametrize("failure", [None, NoServer("Temporal does not answer.")])
async def test_the_style_wall_is_painted_and_a_server_that_is_away_ends_nothing(
    failure: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[Any] = []

    async def paint(client: Any) -> None:
        painted.append(client)
        if failure is not None:
            raise failure

    monkeypatch.setattr(readiness, "start_style_pictures", paint)
    app: Any = SimpleNamespace(stores=None, client="client", read_keys_early=lambda: None)
    await readiness.warm_up(app)
    assert painted == ["client"]
