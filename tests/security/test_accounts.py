"""Accounts under attack, over real HTTP: lock-out, codes that are played again, tokens that outlive a password."""

from pathlib import Path

import httpx
import pyotp
from sqlalchemy import update

from models.access import LinkPurpose, Role
from stores.schema_access import profiles
from tests.security.house import API, CSRF, PASSWORD, House, Neighbour, another_process

NEW = "a wholly new phrase"
LIMITS = {
    "RATES__LOG_IN": "1000/minute",
    "RATES__LOG_IN_PER_ACCOUNT": "4/15minutes",
    "RATES__LOG_IN_STRANGERS": "6/hour",
    "RATES__MAIL": "3/12hours",
    "TRUSTED_PROXIES": "127.0.0.1",
}


def guess(http: httpx.Client, email: str, password: str, connection: str) -> int:
    """Log in from a connection, as the proxy in front names it."""
    body = {"email": email, "password": password}
    return http.post(f"{API}/session", json=body, headers={"X-Forwarded-For": connection}).status_code


def test_strangers_neither_lock_an_owner_out_nor_use_up_the_e_mails(
    house: House, neighbour: Neighbour, tmp_path: Path
) -> None:
    with another_process(house, tmp_path, **LIMITS) as limited:
        owner = limited.sign_up()
        guesses = [guess(limited.visitor(), owner.email, "a wrong guess", f"198.51.100.{n}") for n in range(20)]
        assert set(guesses) == {401, 429}
        assert guess(limited.visitor(), owner.email, PASSWORD, "198.51.100.99") == 429, "strangers are used up"
        assert guess(owner.http, owner.email, PASSWORD, "198.51.100.1") == 201, "the owner's device is not a stranger"
        asked = [
            limited.visitor().post(
                f"{API}/password-resets", json={"email": owner.email}, headers={"X-Forwarded-For": f"198.51.100.{n}"}
            )
            for n in range(12)
        ]
        assert [answer.status_code for answer in asked].count(202) == 6
        assert owner.http.post(f"{API}/password-resets", json={"email": owner.email}).status_code == 202
        link = limited.access.sessions.issue_link(owner.account_id, LinkPurpose.RESET)
        elsewhere = limited.visitor()
        assert elsewhere.put(f"{API}/password-resets/{link}", json={"password": NEW}).status_code == 200
        assert guess(elsewhere, owner.email, NEW, "198.51.100.98") == 201
    neighbour.served()


def test_tokens_and_sessions_end_with_the_password(house: House) -> None:
    owner = house.sign_up()
    made = owner.http.post(f"{API}/tokens", json={"name": "x", "scopes": ["read", "spend"]})
    assert made.status_code == 201, made.text
    machine = house.visitor(Authorization=f"Bearer {made.json()['secret']}")
    assert machine.get(f"{API}/balance").status_code == 200
    link = house.access.sessions.issue_link(owner.account_id, LinkPurpose.RESET)
    assert house.visitor().put(f"{API}/password-resets/{link}", json={"password": NEW}).status_code == 200
    assert machine.get(f"{API}/balance").status_code == 401
    assert owner.http.get(f"{API}/session").status_code == 401


def test_a_claim_mints_no_tokens(house: House) -> None:
    claim = house.sign_up(verified=False)
    refused = claim.http.post(f"{API}/tokens", json={"name": "x", "scopes": ["read"]})
    assert (refused.status_code, refused.json()["code"]) == (403, "unverified")


def test_support_needs_a_second_factor_and_a_code_is_taken_once(house: House) -> None:
    person = house.sign_up()
    with house.stores.database.write() as connection:
        mine = update(profiles).where(profiles.c.account_id == person.account_id)
        connection.execute(mine.values(roles=Role.SUPPORT.value))
    refused = person.http.get(f"{API}/support/runs")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor")
    proposed = person.http.post(f"{API}/account/second-factor").json()
    code = pyotp.TOTP(proposed["secret"]).now()
    assert person.http.put(f"{API}/account/second-factor", json={"code": code}).status_code == 200
    assert person.http.get(f"{API}/support/runs").status_code == 200
    replayed = house.visitor().post(f"{API}/session", json={"email": person.email, "password": PASSWORD, "code": code})
    assert (replayed.status_code, replayed.json()["code"]) == (401, "wrong_code")
    without = house.visitor()
    without.headers[CSRF] = "none"
    assert without.post(f"{API}/session", json={"email": person.email, "password": PASSWORD}).status_code == 401
