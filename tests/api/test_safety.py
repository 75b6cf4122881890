"""What lets an account in and what ends it: tokens, sessions, cookies, passwords, the second factor, the record."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from api.cookies import DEVICE_COOKIE, HOST_PREFIX, SESSION_COOKIE
from api.deps import CSRF_HEADER
from api.permissions import RECENT
from models.access import LinkPurpose, SecurityEventKind
from models.failures import InvalidInput
from models.support import Action
from settings import Settings
from stores.support import SupportLog
from tests.api.conftest import PASSWORD, Api, Person
from tests.api.test_lock_out import link_in, mailbox

LOG_IN, TOKENS, NEW = "/api/v1/session", "/api/v1/tokens", "a wholly new phrase"
FACTOR = "/api/v1/account/second-factor"
WISH = {"name": "script", "scopes": ["read"]}


async def owner_of(api: Api) -> Person:
    person = await api.sign_up()
    assert api.backend.access.profiles.verify(person.account_id)
    return person


@pytest.mark.parametrize("way", ["change", "reset"])
async def test_a_new_password_ends_tokens_and_the_owner_is_told(api: Api, api_settings: Settings, way: str) -> None:
    person = await owner_of(api)
    made = await person.http.post(TOKENS, json=WISH)
    assert made.status_code == 201, made.text
    assert "API token" in mailbox(api_settings, person.email)[-1]
    machine = api.stranger(Authorization=f"Bearer {made.json()['secret']}")
    assert (await machine.get("/api/v1/balance")).status_code == 200
    if way == "change":
        body = {"old": PASSWORD, "new": NEW}
        assert (await person.http.put("/api/v1/account/password", json=body)).status_code == 200
    else:
        await api.stranger().post("/api/v1/password-resets", json={"email": person.email})
        link = link_in(mailbox(api_settings, person.email)[-1])
        answer = await api.stranger().put(f"/api/v1/password-resets/{link}", json={"password": NEW})
        assert answer.status_code == 200
    assert (await machine.get("/api/v1/balance")).status_code == 401
    told = mailbox(api_settings, person.email)[-1]
    assert "every session and API token ended" in told
    assert "token=" not in told


async def test_tokens_need_a_confirmed_address_and_a_recent_sign_in(api: Api) -> None:
    person = await api.sign_up()
    refused = await person.http.post(TOKENS, json=WISH)
    assert (refused.status_code, refused.json()["code"]) == (403, "unverified")
    assert api.backend.access.profiles.verify(person.account_id)
    api.sign_in_ago(RECENT)
    for method, url, body in (("POST", TOKENS, WISH), ("POST", FACTOR, None), ("DELETE", FACTOR, None)):
        refused = await person.http.request(method, url, json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "sign_in_again"), url
    bought = await person.http.post(
        "/api/v1/checkouts", json={"price": "top-up-250"}, headers={"Idempotency-Key": "one"}
    )
    assert bought.json()["code"] == "sign_in_again"
    assert (await person.http.get("/api/v1/balance")).status_code == 200, "everything else goes on"

    confirmation = "/api/v1/session/confirmation"
    wrong = await person.http.post(confirmation, json={"password": "not this one"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "wrong_password")
    assert (await person.http.post(TOKENS, json=WISH)).status_code == 403
    assert (await person.http.post(confirmation, json={"password": PASSWORD})).status_code == 204
    assert (await person.http.post(TOKENS, json=WISH)).status_code == 201


async def test_the_local_stacks_person_is_never_asked_for_a_password(api: Api) -> None:
    api.backend.access.profiles.ensure_developer("local")
    http = api.stranger()
    await http.get("/enter", params={"token": api.backend.access.sessions.issue_link("local", LinkPurpose.ENTER)})
    http.headers[CSRF_HEADER] = (await http.get(LOG_IN)).json()["csrf_token"]
    api.sign_in_ago(timedelta(days=3))
    assert (await http.post(TOKENS, json=WISH)).status_code == 201
    assert (await http.get("/api/v1/support/runs")).status_code == 200
    assert (await http.get("/support")).status_code == 200


async def test_sessions_are_listed_and_ended(api: Api) -> None:
    person, eve = await api.sign_up(), await api.sign_up()
    told = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0 <script>"
    others = [api.stranger(**{"User-Agent": told}) for _ in range(2)]
    for other in others:
        await other.post(LOG_IN, json={"email": person.email, "password": PASSWORD})
    listed = (await person.http.get("/api/v1/sessions")).json()["items"]
    assert sorted(one["device"] for one in listed) == ["Another program", "Firefox on Linux", "Firefox on Linux"]
    assert [one["current"] for one in listed].count(True) == 1
    (first, *_) = [one["session_id"] for one in listed if not one["current"]]
    assert (await eve.http.delete(f"/api/v1/sessions/{first}")).status_code == 404
    assert (await person.http.delete(f"/api/v1/sessions/{first}")).status_code == 204
    assert sorted([(await other.get(LOG_IN)).status_code for other in others]) == [200, 401]
    assert (await person.http.delete("/api/v1/sessions")).status_code == 204
    assert [(await other.get(LOG_IN)).status_code for other in others] == [401, 401]
    assert (await person.http.get(LOG_IN)).status_code == 200


async def test_cookies_are_the_hosts_own_over_https(serve: Any, api_settings: Settings) -> None:
    async with serve(api_settings) as before:
        person = await before.sign_up()
        old = person.http.cookies[SESSION_COOKIE]
    async with serve(api_settings.model_copy(update={"public_url": "https://localhost:8080"})) as api:
        http = api.stranger()
        answer = await http.post(LOG_IN, json={"email": person.email, "password": PASSWORD})
        set_cookies = answer.headers.get_list("set-cookie")
        assert {line.split("=")[0] for line in set_cookies} == {
            HOST_PREFIX + SESSION_COOKIE,
            HOST_PREFIX + DEVICE_COOKIE,
        }
        for line in set_cookies:
            assert all(part in line for part in ("Secure", "HttpOnly", "Path=/", "SameSite=lax"))
            assert "Domain" not in line
        new = next(line for line in set_cookies if SESSION_COOKIE in line).split("=")[1].split(";")[0]

        async def status(name: str, secret: str) -> int:
            answered: int = (await api.stranger(Cookie=f"{name}={secret}").get(LOG_IN)).status_code
            return answered

        assert await status(HOST_PREFIX + SESSION_COOKIE, new) == 200
        assert await status(SESSION_COOKIE, new) == 401, "a neighbour could have planted it"
        assert await status(SESSION_COOKIE, old) == 200, "begun before"
        assert await status(HOST_PREFIX + SESSION_COOKIE, old) == 401


@pytest.mark.parametrize(
    "password",
    ["1234567890", "password123", "qwertyuiop", "P@ssw0rd2024", "aaaaaaaaaaaa", "trustno1trustno1", "ada.lovelace1"],
)
async def test_common_passwords_are_refused_and_older_ones_go_on(
    api: Api, api_settings: Settings, password: str
) -> None:
    email = "ada.lovelace@example.org"
    refused = await api.stranger().post("/api/v1/accounts", json={"email": email, "password": password})
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (
        422,
        "common_password",
        "password",
    )
    account_id = api.backend.access.profiles.sign_up(email, password[:8]).account_id  # before there was this rule
    http = api.stranger()
    answer = await http.post(LOG_IN, json={"email": email, "password": password[:8]})
    assert answer.status_code == 201
    http.headers[CSRF_HEADER] = answer.json()["csrf_token"]
    changed = await http.put("/api/v1/account/password", json={"old": password[:8], "new": password})
    assert (changed.status_code, changed.json()["field"]) == (422, "new")
    link = api.backend.access.sessions.issue_link(account_id, LinkPurpose.RESET)
    reset = f"/api/v1/password-resets/{link}"
    assert (await api.stranger().put(reset, json={"password": password})).status_code == 422
    assert (await api.stranger().put(reset, json={"password": NEW})).status_code == 200, "the link was not used up"


async def test_a_second_factor_is_asked_for_and_each_code_taken_once(api: Api, api_settings: Settings) -> None:
    person = await owner_of(api)
    app, codes = await api.enrol(person)
    assert "second factor was set up" in mailbox(api_settings, person.email)[-1]
    who = {"email": person.email, "password": PASSWORD}

    async def log_in(code: str | None = None, **changes: str) -> tuple[int, str]:
        answer = await api.stranger().post(LOG_IN, json=who | changes | ({"code": code} if code else {}))
        return answer.status_code, answer.json().get("code", "")

    assert await log_in() == (401, "code_needed")
    assert await log_in(app.now(), password="not this one") == (401, "wrong_credentials")
    api.forget_codes()
    code = app.now()
    assert (await log_in(code))[0] == 201
    assert await log_in(code) == (401, "wrong_code"), "a replay"
    assert (await log_in(codes[0]))[0] == 201
    assert "recovery code" in mailbox(api_settings, person.email)[-1]
    assert await log_in(codes[0]) == (401, "wrong_code")
    kept = api_settings.database_url.removeprefix("sqlite:///")
    data = b"".join(Path(kept + tail).read_bytes() for tail in ("", "-wal") if Path(kept + tail).exists())
    assert not [one for one in codes if one.encode() in data or one.replace("-", "").encode() in data]

    assert (await person.http.get(FACTOR)).json() == {"enabled": True, "recovery_codes_left": 9}
    assert (await person.http.post(FACTOR)).status_code == 409
    renewed = (await person.http.post("/api/v1/account/recovery-codes")).json()["codes"]
    assert await log_in(codes[1]) == (401, "wrong_code")
    assert (await log_in(renewed[0]))[0] == 201
    assert (await person.http.delete(FACTOR)).status_code == 204
    assert (await log_in())[0] == 201


async def test_what_happens_to_an_account_is_recorded_without_secrets(api: Api) -> None:
    with structlog.testing.capture_logs() as logged:
        person = await owner_of(api)
        await api.stranger().post(LOG_IN, json={"email": person.email, "password": "a wrong guess"})
        await api.stranger().post(LOG_IN, json={"email": "stranger@example.org", "password": "a wrong guess"})
        token = (await person.http.post(TOKENS, json=WISH)).json()
        await person.http.delete(f"{TOKENS}/{token['token_id']}")
        await person.http.put("/api/v1/account/password", json={"old": PASSWORD, "new": NEW})
    kind = SecurityEventKind
    events = api.backend.access.events.of(person.account_id)
    assert [event.kind for event in events] == [
        kind.SIGNED_UP,
        kind.LOG_IN_FAILED,
        kind.TOKEN_MADE,
        kind.TOKEN_REVOKED,
        kind.PASSWORD_CHANGED,
    ]
    lines = [line for line in logged if line["event"] == "security"]
    assert [line["account"] for line in lines].count(person.account_id) == 5
    for secret in (person.email, "stranger@example.org", PASSWORD, "a wrong guess", NEW, token["secret"]):
        assert secret not in str(logged)
        assert secret not in str(events)


async def test_the_audit_is_there_before_the_action_and_says_how_it_ended(api: Api) -> None:
    log, person = api.backend.stores.support, await api.sign_up()
    account_id = person.account_id
    with log.attempt("kim", Action.GRANT, account_id, "sorry", account_id):
        assert [entry.outcome for entry in log.of(account_id)] == ["begun"]
        assert api.backend.access.events.of(account_id)[-1].kind is SecurityEventKind.GRANTED
    assert [entry.outcome for entry in log.of(account_id)] == ["done"]
    with (
        pytest.raises(InvalidInput, match="no such"),
        log.attempt("kim", Action.REFUND, account_id, "sorry", account_id),
    ):
        raise InvalidInput("There is no such thing.")
    assert [entry.action for entry in log.of(account_id)] == [Action.GRANT], "refused ones are left out"
    assert [entry.outcome for entry in log.of(account_id, refused=True)] == ["done", "refused: There is no such thing."]
    for _ in range(2):
        with log.attempt("kim", Action.REFUND, account_id, "again", once=True):
            pass
    assert len(log.of(account_id)) == 2
    broken_off = log.begin("kim", Action.RETRY, "video-1", "why")
    assert [entry.outcome for entry in SupportLog(api.backend.stores.database).of("video-1")] == ["begun"]
    log.finish(broken_off)
    log.finish(broken_off, "refused: later")
    assert [entry.outcome for entry in log.of("video-1", refused=True)] == ["done"]
