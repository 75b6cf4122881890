"""Which e-mails an account gets, over HTTP and on the command line."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import update

from cli.commands.account import emails
from stores.schema_access import profiles
from tests.api.conftest import Api
from tests.api.test_notices import EMAILS
from tests.services.conftest import Terminal


async def test_both_sides_show_and_change_the_same_setting(api: Api, terminal_for: Callable[..., Terminal]) -> None:
    person = await api.sign_up()
    terminal = terminal_for(person.account_id)
    assert await terminal.run(partial(emails, None)) == (await person.http.get(EMAILS)).json()
    assert (await terminal.run(partial(emails, "off")))["videos"] is False
    assert (await person.http.get(EMAILS)).json()["videos"] is False
    assert (await person.http.put(EMAILS, json={"videos": True})).json() == await terminal.run(partial(emails, None))
    with api.backend.stores.database.write() as connection:
        connection.execute(update(profiles).values(email=None))
    refused = (await person.http.put(EMAILS, json={"videos": True})).json()
    assert await terminal.refusal(partial(emails, "on")) == (refused["code"], refused["detail"])
    assert await terminal_for("local").run(partial(emails, None)) == {
        "videos": False,
        "address": None,
        "confirmed": False,
    }
