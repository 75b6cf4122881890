"""An account moves to another address only when both addresses agree, and all its sessions end."""

import re

import httpx
import pytest

from models.access import Scope
from settings import Settings
from tests.api.conftest import PASSWORD, Api, Person
from tests.api.test_accounts import emails

NEW = "new@example.org"
CONFIRM = "/api/v1/accounts/address-confirmations"


def links(settings: Settings) -> dict[str, str]:
    """The newest link of each kind that waits in a mailbox: `old` and `new`."""
    found = {}
    for text in emails(settings):
        for kind, mark in (("old", "You asked to move"), ("new", "is to move to this address")):
            if mark in text:
                found[kind] = re.findall(r"/address\?token=(\S+)", text)[-1]
    return found


async def asked(api: Api, person: Person, email: str = NEW) -> httpx.Response:
    return await person.http.post("/api/v1/account/email", json={"email": email})


async def open_link(api: Api, token: str) -> httpx.Response:
    return await api.stranger().post(CONFIRM, json={"token": token})


@pytest.fixture
async def owner(api: Api) -> Person:
    person = await api.sign_up()
    assert api.backend.access.profiles.verify(person.account_id)
    return person


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
async def test_both_addresses_agree_in_any_order(
    api: Api, owner: Person, api_settings: Settings, order: tuple[str, str]
) -> None:
    api.backend.access.tokens.issue(owner.account_id, "t", (Scope.READ,))
    assert (await asked(api, owner)).status_code == 202
    mail = links(api_settings)
    first = await open_link(api, mail[order[0]])
    assert (first.status_code, first.json()["is_done"]) == (200, False)
    assert (await open_link(api, mail[order[0]])).json()["is_done"] is False, "one link twice is not both"
    assert (await owner.http.get("/api/v1/session")).json()["email"] == owner.email, "nothing has changed yet"
    assert (await open_link(api, mail[order[1]])).json()["is_done"] is True
    assert (await owner.http.get("/api/v1/session")).status_code == 401
    assert api.backend.access.tokens.list(owner.account_id) == []
    profile = api.backend.access.profiles.find(owner.account_id)
    assert profile is not None
    assert (profile.email, profile.verified) == (NEW, True)
    for email, status in ((owner.email, 401), (NEW, 201)):
        body = {"email": email, "password": PASSWORD}
        assert (await api.stranger().post("/api/v1/session", json=body)).status_code == status
    assert any("has moved to the address" in text for text in emails(api_settings)), "the old address hears of it"
    assert (await open_link(api, mail["old"])).status_code == 404


async def test_a_newer_wish_replaces_an_older_one(api: Api, owner: Person, api_settings: Settings) -> None:
    await asked(api, owner, "first@example.org")
    before = links(api_settings)
    await asked(api, owner, "second@example.org")
    assert (await open_link(api, before["old"])).status_code == 404
    after = links(api_settings)
    for kind in ("old", "new"):
        assert (await open_link(api, after[kind])).status_code == 200
    profile = api.backend.access.profiles.find(owner.account_id)
    assert profile is not None
    assert profile.email == "second@example.org"


async def test_an_address_that_has_an_account_is_not_told_apart_and_not_taken(
    api: Api, owner: Person, api_settings: Settings
) -> None:
    other = await api.sign_up(NEW)
    assert api.backend.access.profiles.verify(other.account_id)
    taken, free = await asked(api, owner), await asked(api, owner, "free@example.org")
    assert (taken.status_code, taken.json()) == (free.status_code, free.json())
    await asked(api, owner)
    assert any("It has an account already" in text for text in emails(api_settings))
    assert (await open_link(api, links(api_settings)["old"])).json()["is_done"] is False


async def test_an_address_that_was_taken_meanwhile_changes_nothing(
    api: Api, owner: Person, api_settings: Settings
) -> None:
    await asked(api, owner)
    mail = links(api_settings)
    await open_link(api, mail["old"])
    other = await api.sign_up(NEW)
    assert api.backend.access.profiles.verify(other.account_id)
    refused = await open_link(api, mail["new"])
    assert (refused.status_code, refused.json()["code"]) == (409, "email_taken")
    assert (await owner.http.get("/api/v1/session")).json()["email"] == owner.email


async def test_an_unconfirmed_address_has_no_say(api: Api, api_settings: Settings) -> None:
    person = await api.sign_up()
    assert "new address gets a link" in (await asked(api, person)).json()["sentence"]
    assert "old" not in links(api_settings)
    assert (await open_link(api, links(api_settings)["new"])).json()["is_done"] is True
    assert not any("has moved to" in text for text in emails(api_settings))


async def test_the_same_address_and_links_that_never_were(api: Api, owner: Person) -> None:
    assert (await asked(api, owner, owner.email)).status_code == 409
    assert (await open_link(api, "x" * 43)).status_code == 404
