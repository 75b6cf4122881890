"""Heavy work waits its turn; one account's uploads do not keep others waiting."""

from contextlib import AsyncExitStack

import pytest

from api.problems import Problem
from api.turns import UPLOADS_AT_ONCE, Turns


async def test_an_account_has_a_few_uploads_on_their_way_at_once() -> None:
    turns = Turns()
    async with AsyncExitStack() as coming:
        for _ in range(UPLOADS_AT_ONCE):
            await coming.enter_async_context(turns.receiving("ada"))
        with pytest.raises(Problem) as told:
            await coming.enter_async_context(turns.receiving("ada"))
        assert (told.value.status_code, int((told.value.headers or {})["Retry-After"]) > 0) == (429, True)
        await coming.enter_async_context(turns.receiving("eve"))
    async with turns.receiving("ada"):
        pass
