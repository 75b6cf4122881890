"""Credits over HTTP and on the command line: one balance, one history."""

from collections.abc import Callable

from cli.commands.credits import balance, grant
from tests.api.conftest import Api
from tests.services.conftest import Terminal


async def test_both_sides_see_one_balance(api: Api, terminal_for: Callable[..., Terminal]) -> None:
    artist = await api.sign_up()
    terminal = terminal_for(artist.account_id)
    typed = await terminal.run(grant, 30, "a birthday")
    assert typed == (await artist.http.get("/api/v1/balance")).json() == await terminal.run(balance)
    line, *_ = (await artist.http.get("/api/v1/ledger")).json()["items"]
    assert (line["credits"], line["available"], line["actor"]) == (30, 280, "command line")
