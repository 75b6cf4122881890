"""Strangers cannot lock an owner out, nor use up the e-mails of theirs, nor find out who has an account."""

import email
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.policy import default
from typing import Any

import httpx
import pytest

from api.cookies import DEVICE_COOKIE
from models.rates import Rates
from settings import Settings
from tests.api.conftest import GENEROUS, PASSWORD, URL, Api, Person

LOG_IN, RESET = "/api/v1/session", "/api/v1/password-resets"
NEW = "a wholly new phrase"
OWNER = "owner@example.org"


def mailbox(settings: Settings, address: str) -> list[str]:
    """What an address got, oldest first."""
    paths = sorted((settings.home / "mail").glob("*.eml"))
    found = [email.message_from_bytes(path.read_bytes(), policy=default) for path in paths]
    return [message.get_content() for message in found if message["To"] == address]


def link_in(text: str) -> str:
    return text.split("token=")[1].split(maxsplit=1)[0]


class Strangers:
    """People at many connections, each with an address of its own."""

    def __init__(self, api: Api) -> None:
        self._api, self._count = api, 0

    def next(self) -> httpx.AsyncClient:
        self._count += 1
        return self.at(f"198.51.{self._count // 250}.{self._count % 250 + 1}")

    def at(self, address: str) -> httpx.AsyncClient:
        """A client at a connection."""
        transport = httpx.ASGITransport(app=self._api.app, raise_app_exceptions=False, client=(address, 1234))
        return httpx.AsyncClient(transport=transport, base_url=URL, timeout=60)


@pytest.fixture
def limited(api_settings: Settings) -> Settings:
    """The limits as they are by default, but for sign-ups."""
    return api_settings.model_copy(update={"rates": Rates(sign_up=GENEROUS.sign_up)})


@asynccontextmanager
async def owned(serve: Any, settings: Settings) -> AsyncIterator[tuple[Api, Person, Strangers]]:
    async with serve(settings) as api:
        owner = await api.sign_up(OWNER)
        assert api.backend.access.profiles.verify(owner.account_id)
        yield api, owner, Strangers(api)


async def guess(http: httpx.AsyncClient, password: str = "a wrong guess", address: str = OWNER) -> int:
    return (await http.post(LOG_IN, json={"email": address, "password": password})).status_code


async def test_wrong_guesses_of_many_strangers_do_not_lock_the_owner_out(serve: Any, limited: Settings) -> None:
    rates = limited.rates.model_copy(update={"log_in_strangers": "12/hour", "log_in_per_account": "4/15minutes"})
    async with owned(serve, limited.model_copy(update={"rates": rates})) as (_, owner, strangers):
        one = strangers.next()
        assert [await guess(one) for _ in range(6)] == [401] * 4 + [429] * 2, "one stranger"
        assert await guess(strangers.next(), PASSWORD) == 201, "the owner somewhere else, with the right password"
        assert [await guess(strangers.next()) for _ in range(9)] == [401] * 8 + [429], "all of them together"
        assert await guess(strangers.next(), PASSWORD) == 429

        owner.http.cookies.delete("echonos_session")
        at_home = strangers.at("198.51.0.1")  # even from the same address as a stranger
        at_home.cookies.set(DEVICE_COOKIE, owner.http.cookies[DEVICE_COOKIE], domain="localhost.local")
        assert await guess(at_home) == 401, "a slip of the owner's is no matter of limits"
        assert await guess(at_home, PASSWORD) == 201

        elsewhere = strangers.next()
        assert (await elsewhere.post(RESET, json={"email": OWNER})).status_code == 202
        link = link_in(mailbox(limited, OWNER)[-1])
        assert (await elsewhere.put(f"{RESET}/{link}", json={"password": NEW})).status_code == 200
        assert await guess(elsewhere, NEW) == 201, "the person with the link can log in"
        assert await guess(strangers.next(), NEW) == 429


async def test_a_known_device_has_its_own_limit_and_helps_nobody_else(serve: Any, limited: Settings) -> None:
    rates = limited.rates.model_copy(update={"log_in_strangers": "3/hour", "log_in_per_account": "4/15minutes"})
    async with owned(serve, limited.model_copy(update={"rates": rates})) as (api, owner, strangers):
        assert [await guess(owner.http) for _ in range(5)] == [401] * 4 + [429]
        # A device of an account that only claims the address must not help to guess the owner's password.
        eve = strangers.next()
        claim = {"email": OWNER, "password": "the claim of another"}
        assert (await eve.post("/api/v1/accounts", json=claim)).status_code == 201
        assert DEVICE_COOKIE in eve.cookies
        for _ in range(2):
            assert await guess(eve) == 401
        assert await guess(eve, PASSWORD) == 401, "the owner's password, when strangers' guesses are used up"
        # Nor is a device of hers at another address.
        mallory = await api.sign_up("mallory@example.org")
        assert await guess(mallory.http) == 429


async def test_logging_in_to_a_claim_gives_no_guesses_back(serve: Any, limited: Settings) -> None:
    rates = limited.rates.model_copy(update={"log_in_per_account": "4/15minutes"})
    async with owned(serve, limited.model_copy(update={"rates": rates})) as (_, _, strangers):
        claim = {"email": OWNER, "password": "the claim of another"}
        await strangers.next().post("/api/v1/accounts", json=claim)
        eve, told = strangers.next(), []
        for _ in range(3):
            eve.cookies.clear()
            told += [await guess(eve), await guess(eve), await guess(eve, claim["password"])]
        assert told[:6] == [401, 401, 201, 401, 401, 429]


async def test_strangers_cannot_use_up_the_owners_e_mails(serve: Any, limited: Settings) -> None:
    async with owned(serve, limited) as (_, owner, strangers):
        before = len(mailbox(limited, OWNER))
        one = strangers.next()
        told = [(await one.post(RESET, json={"email": OWNER})).status_code for _ in range(5)]
        assert told == [202] * 3 + [429] * 2, "one stranger"
        assert (await strangers.next().post(RESET, json={"email": OWNER})).status_code == 202, "asked from elsewhere"
        for _ in range(10):
            await strangers.next().post(RESET, json={"email": OWNER})
            claim = {"email": OWNER, "password": "the claim of another"}
            made = await strangers.next().post("/api/v1/accounts", json=claim)
            assert made.status_code == 201, "signing up goes on"
        got = mailbox(limited, OWNER)[before:]
        assert len(got) == 11, "bounded, for all reasons together: the twelfth went when the owner signed up"
        assert (await owner.http.post(RESET, json={"email": OWNER})).status_code == 202
        assert "/reset?token=" in mailbox(limited, OWNER)[before + 11]
        # Without a known device, a link that works is in the mailbox already: that is what used the share up.
        links = [link_in(text) for text in got if "/reset?token=" in text]
        elsewhere = strangers.next()
        assert (await elsewhere.post(RESET, json={"email": OWNER})).status_code == 429
        assert (await elsewhere.put(f"{RESET}/{links[0]}", json={"password": NEW})).status_code == 200
        assert await guess(elsewhere, NEW) == 201


async def test_an_owners_own_e_mails_are_bounded_too(serve: Any, limited: Settings) -> None:
    async with owned(serve, limited) as (_, owner, _):
        told = [(await owner.http.post(RESET, json={"email": OWNER})).status_code for _ in range(10)]
        assert told == [202] * 8 + [429] * 2


async def test_an_unconfirmed_account_cannot_flood_the_address_that_it_claims(serve: Any, limited: Settings) -> None:
    async with serve(limited) as api:
        strangers, count = Strangers(api), 0
        for _ in range(5):
            http = strangers.next()
            made = await http.post("/api/v1/accounts", json={"email": OWNER, "password": PASSWORD})
            http.headers["X-CSRF-Token"] = made.json()["csrf_token"]
            for _ in range(4):
                count += (await http.post("/api/v1/accounts/verification-letters")).status_code == 202
        assert len(mailbox(limited, OWNER)) == 6
        assert count == 4


async def test_a_link_that_works_is_let_through_where_strangers_have_tried(serve: Any, limited: Settings) -> None:
    async with serve(limited) as api:
        http = Strangers(api).next()
        await http.post("/api/v1/accounts", json={"email": OWNER, "password": PASSWORD})
        link = link_in(mailbox(limited, OWNER)[0])
        url = "/api/v1/accounts/verification"
        told = [(await http.post(url, json={"token": f"{n:0>43}"})).status_code for n in range(12)]
        assert told == [404] * 10 + [429] * 2
        assert (await http.post(url, json={"token": link})).status_code == 200


async def test_whoever_is_refused_learns_nothing_of_accounts(serve: Any, limited: Settings) -> None:
    """Answers, limits and cookies are the same for an address with an account and for one without."""
    async with owned(serve, limited) as (_, _, strangers):
        told = {}
        for address in (OWNER, "stranger@example.org"):
            http, shown = strangers.next(), []
            for path, body in ((LOG_IN, {"password": "a wrong guess"}), (RESET, {})):
                for _ in range(5):
                    answer = await http.post(path, json=body | {"email": address})
                    shown.append((answer.status_code, answer.json().get("code"), dict(answer.cookies)))
            told[address] = shown
        assert told[OWNER] == told["stranger@example.org"]
