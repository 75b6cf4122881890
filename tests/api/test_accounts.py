"""Sign-up, addresses, passwords, sessions, tokens, the developer's link."""

import asyncio
import email
import re
import threading
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from api.concurrency_limits import HASHES_AT_ONCE, HASHES_WAITING
from api.deps import CSRF_HEADER, SESSION_COOKIE
from models.access import LinkPurpose, Scope
from models.failures import ProviderUnavailable
from models.rates import Rates
from settings import Settings
from tests.api.conftest import GENEROUS, PASSWORD, Api
from tests.fakes.smtp_server import smtp_server


def emails(settings: Settings) -> list[str]:
    paths = sorted((settings.home / "mail").glob("*.eml"))
    return [email.message_from_bytes(p.read_bytes(), policy=default).get_content() for p in paths]


def secret_in(text: str) -> str:
    found = re.search(r"token=([\w-]+)", text)
    assert found is not None
    return found[1]


async def test_an_account_gets_its_credits_exactly_once(api: Api) -> None:
    person = await api.sign_up("Ada@Example.org")
    for _ in range(2):
        await api.stranger().post("/api/v1/session", json={"email": person.email, "password": PASSWORD})
    shown = (await person.http.get("/api/v1/session")).json()
    assert (shown["email"], shown["verified"], shown["balance"]["available"]) == ("ada@example.org", False, 250)


async def test_signing_up_tells_nobody_who_has_an_account(api: Api, api_settings: Settings) -> None:
    """Answer, log-in and number of e-mails are the same; only the e-mail's text differs."""
    owner = await api.sign_up("owner@example.org")
    assert api.backend.access.profiles.verify(owner.account_id)
    told, sent = [], {}
    for address in ("owner@example.org", "stranger@example.org"):
        http = api.stranger()
        up = await http.post("/api/v1/accounts", json={"email": address, "password": "quite another one"})
        into = await http.post("/api/v1/session", json={"email": address, "password": "quite another one"})
        wrong = await http.post("/api/v1/session", json={"email": address, "password": "a third one"})
        shown = [(answer.status_code, answer.json()) for answer in (up, into, wrong)]
        for _, body in shown[:2]:
            assert (body.pop("email"), len(body.pop("account_id")), len(body.pop("csrf_token"))) == (address, 28, 64)
        told.append(shown)
        sent[address] = emails(api_settings)[-1]
    assert told[0] == told[1]
    assert told[0][0][0] == 201
    assert "has an account already" in sent["owner@example.org"]
    assert "token=" not in sent["owner@example.org"], "no link of a stranger's account for the owner to click"
    assert "/verify?token=" in sent["stranger@example.org"]
    own = await api.stranger().post("/api/v1/session", json={"email": owner.email, "password": PASSWORD})
    assert own.json()["account_id"] == owner.account_id, "the owner's password opens the owner's account"


async def test_an_address_belongs_to_whoever_confirms_it_first(api: Api, api_settings: Settings) -> None:
    people = [await api.sign_up("ada@example.org", f"password number {n}") for n in range(2)]
    secrets = [secret_in(text) for text in emails(api_settings)]
    urls = "/api/v1/accounts/verification", "/api/v1/password-resets"
    answers = [await api.stranger().post(urls[0], json={"token": secret}) for secret in secrets]
    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["code"] == "email_taken"
    await api.stranger().post(urls[1], json={"email": "ada@example.org"})
    reset = secret_in(emails(api_settings)[-1])
    assert (await api.stranger().put(f"{urls[1]}/{reset}", json={"password": "a new password"})).status_code == 200
    again = await api.stranger().post(
        "/api/v1/session", json={"email": "ada@example.org", "password": "a new password"}
    )
    assert (again.json()["account_id"], again.json()["verified"]) == (people[0].account_id, True)


async def test_a_sign_up_works_while_no_letter_leaves(
    api: Api, api_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: object) -> None:
        raise ProviderUnavailable("the mail server is away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(api.backend.mailer, "send", away)
        person = await api.sign_up()
        again = await person.http.post("/api/v1/accounts/verification-letters")
        assert (again.status_code, int(again.headers["retry-after"]) > 0) == (503, True)
    assert (await person.http.post("/api/v1/accounts/verification-letters")).status_code == 202
    assert "/verify?token=" in emails(api_settings)[-1]


async def test_emails_are_sent_by_smtp_where_a_server_is_set(
    serve: Any, api_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with smtp_server(implicit_tls=False) as server:
        server.authority.cert_pem.write_to_path(tmp_path / "ca.pem")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        url = SecretStr(f"smtp://post:p%40ss%20word@localhost:{server.port}")
        async with serve(api_settings.model_copy(update={"smtp_url": url})) as api:
            person = await api.sign_up("ada@example.org")
            (delivery,) = server.deliveries
            told = email.message_from_bytes(delivery.data, policy=default).get_content()
            answer = await api.stranger().post("/api/v1/accounts/verification", json={"token": secret_in(told)})
            assert answer.status_code == 200
            assert (await person.http.get("/api/v1/session")).json()["verified"]
    assert emails(api_settings) == []


async def test_a_burst_of_log_ins_waits_without_taking_every_thread(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, turns, at_once, most = threading.Event(), threading.Lock(), [0], [0]

    def slow(*_: str) -> None:
        with turns:
            at_once[0] += 1
            most[0] = max(most[0], at_once[0])
        go_on.wait(100)
        with turns:
            at_once[0] -= 1

    monkeypatch.setattr(api.backend.access.profiles, "log_in", slow)
    body = {"email": "a@example.org", "password": "wrong"}
    try:
        burst = [asyncio.create_task(api.stranger().post("/api/v1/session", json=body)) for _ in range(HASHES_WAITING)]
        async with asyncio.timeout(200):
            while api.backend.concurrency.hashes_in_line < HASHES_WAITING:
                await asyncio.sleep(0.01)
        over = await api.stranger().post("/api/v1/session", json=body)
        assert (over.status_code, "retry-after" in over.headers) == (503, True)
        assert (await api.stranger().get("/api/v1/styles")).status_code == 200, "threads are left for others"
    finally:
        go_on.set()
    assert {answer.status_code for answer in await asyncio.gather(*burst)} == {401}
    assert most[0] == HASHES_AT_ONCE


async def test_an_address_is_confirmed_by_its_letter_once(api: Api, api_settings: Settings) -> None:
    person = await api.sign_up()
    secret = secret_in(emails(api_settings)[0])
    assert f"{api_settings.public_url}/verify?token={secret}" in emails(api_settings)[0]
    stranger = api.stranger()
    assert (await stranger.post("/api/v1/accounts/verification", json={"token": secret})).status_code == 200
    assert (await person.http.get("/api/v1/session")).json()["verified"]
    again = await stranger.post("/api/v1/accounts/verification", json={"token": secret})
    assert (again.status_code, again.json()["code"]) == (404, "link_used")


async def test_a_link_is_good_for_its_own_purpose_only(api: Api) -> None:
    person = await api.sign_up()
    secret = api.backend.access.sessions.issue_link(person.account_id, LinkPurpose.VERIFY)
    answer = await api.stranger().put(f"/api/v1/password-resets/{secret}", json={"password": "another password"})
    assert answer.status_code == 404
    assert (await api.stranger().get("/enter", params={"token": secret})).status_code == 404


async def test_logging_in_and_out(api: Api) -> None:
    person = await api.sign_up()
    wrong = await api.stranger().post("/api/v1/session", json={"email": person.email, "password": "not this"})
    unknown = await api.stranger().post("/api/v1/session", json={"email": "x@example.org", "password": "not this"})
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert wrong.json() == unknown.json()
    http = api.stranger()
    answer = await http.post("/api/v1/session", json={"email": person.email.upper(), "password": PASSWORD})
    assert answer.status_code == 201
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=lax", "path=/"))
    http.headers[CSRF_HEADER] = answer.json()["csrf_token"]
    kept = http.cookies[SESSION_COOKIE]
    assert (await http.delete("/api/v1/session")).status_code == 204
    http.cookies.set(SESSION_COOKIE, kept, domain="localhost.local")
    assert (await http.get("/api/v1/session")).status_code == 401
    assert (await person.http.get("/api/v1/session")).status_code == 200, "another session of the account stays"


@pytest.mark.parametrize("way", ["change", "reset"])
async def test_a_new_password_ends_every_session(api: Api, api_settings: Settings, way: str) -> None:
    person = await api.sign_up()
    other = api.stranger()
    await other.post("/api/v1/session", json={"email": person.email, "password": PASSWORD})
    pending = api.backend.access.sessions.issue_link(person.account_id, LinkPurpose.RESET)
    if way == "change":
        body = {"old": "not this one", "new": "a new password"}
        assert (await person.http.put("/api/v1/account/password", json=body)).status_code == 403
        assert (await other.get("/api/v1/session")).status_code == 200
        answer = await person.http.put("/api/v1/account/password", json={"old": PASSWORD, "new": "a new password"})
    else:
        await api.stranger().post("/api/v1/password-resets", json={"email": person.email})
        secret = secret_in(emails(api_settings)[-1])
        answer = await api.stranger().put(f"/api/v1/password-resets/{secret}", json={"password": "a new password"})
    assert answer.status_code == 200
    for http in (person.http, other):
        assert (await http.get("/api/v1/session")).status_code == 401
    old = await api.stranger().post("/api/v1/session", json={"email": person.email, "password": PASSWORD})
    new = await api.stranger().post("/api/v1/session", json={"email": person.email, "password": "a new password"})
    assert (old.status_code, new.status_code) == (401, 201)
    stale = await api.stranger().put(f"/api/v1/password-resets/{pending}", json={"password": "an old e-mail"})
    assert stale.status_code == 404, "links that waited in the mailbox are worth nothing any more"


async def test_a_reset_tells_nobody_who_has_an_account(
    api: Api, api_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await api.sign_up()
    before = len(emails(api_settings))
    known = await api.stranger().post("/api/v1/password-resets", json={"email": person.email})
    unknown = await api.stranger().post("/api/v1/password-resets", json={"email": "stranger@example.org"})
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
    assert len(emails(api_settings)) == before + 1

    def away(_: object) -> None:
        raise ProviderUnavailable("the mail server is away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(api.backend.mailer, "send", away)
        known = await api.stranger().post("/api/v1/password-resets", json={"email": person.email})
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json()), "nor while no e-mail can be sent"


async def test_a_token_works_within_its_scopes_until_it_is_revoked(api: Api) -> None:
    person = await api.sign_up()
    assert api.backend.access.profiles.verify(person.account_id)
    made = await person.http.post("/api/v1/tokens", json={"name": "script", "scopes": ["read"]})
    secret = made.json()["secret"]
    machine = api.stranger(Authorization=f"Bearer {secret}")
    assert (await machine.get("/api/v1/songs")).status_code == 200
    refused = await machine.patch("/api/v1/songs/any", json={"title": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope")
    assert (await machine.get("/api/v1/tokens")).json()["code"] == "session_only"
    listed = (await person.http.get("/api/v1/tokens")).json()["items"]
    assert [token["name"] for token in listed] == ["script"]
    assert secret not in str(listed)
    assert (await person.http.delete(f"/api/v1/tokens/{listed[0]['token_id']}")).status_code == 204
    assert (await machine.get("/api/v1/songs")).status_code == 401


async def test_nothing_that_lets_somebody_in_is_readable_in_the_database(api: Api, api_settings: Settings) -> None:
    person = await api.sign_up()
    assert api.backend.access.profiles.verify(person.account_id)
    made = await person.http.post("/api/v1/tokens", json={"name": "script", "scopes": ["read"]})
    secrets = [
        made.json()["secret"],
        person.http.cookies[SESSION_COOKIE],
        secret_in(emails(api_settings)[0]),
        PASSWORD,
    ]
    path = api_settings.database_url.removeprefix("sqlite:///")
    kept = b"".join(Path(f"{path}{tail}").read_bytes() for tail in ("", "-wal") if Path(f"{path}{tail}").exists())
    assert person.email.encode() in kept
    assert [secret for secret in secrets if secret.encode() in kept] == []


async def test_the_developers_link_works_once(api: Api) -> None:
    api.backend.access.profiles.ensure_developer("local")
    secret = api.backend.access.sessions.issue_link("local", LinkPurpose.ENTER)
    http = api.stranger()
    answer = await http.get("/enter", params={"token": secret})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    shown = (await http.get("/api/v1/session")).json()
    assert (shown["account_id"], shown["roles"], shown["balance"]["available"]) == ("local", ["support"], 250)
    assert (await api.stranger().get("/enter", params={"token": secret})).status_code == 404


@pytest.mark.parametrize("next_page", ["/processing/video-1", "//elsewhere.example/", "https://elsewhere.example/"])
async def test_the_developers_link_leads_to_our_own_pages_only(api: Api, next_page: str) -> None:
    api.backend.access.profiles.ensure_developer("local")
    secret = api.backend.access.sessions.issue_link("local", LinkPurpose.ENTER)
    answer = await api.stranger().get("/enter", params={"token": secret, "next": next_page})
    wanted = next_page if next_page.startswith("/p") else "/"
    assert (answer.status_code, answer.headers["location"]) == (303, wanted)


@pytest.mark.parametrize(
    ("rule", "path", "body"),
    [
        ("log_in", "/api/v1/session", {"email": "a@example.org", "password": "wrong"}),
        ("log_in_per_account", "/api/v1/session", {"email": "a@example.org", "password": "wrong"}),
        ("sign_up", "/api/v1/accounts", {"email": "a@example.org", "password": "long enough"}),
        ("mail", "/api/v1/password-resets", {"email": "a@example.org"}),
    ],
)
async def test_guessing_is_limited_across_processes(
    serve: object, api_settings: Settings, rule: str, path: str, body: dict[str, str]
) -> None:
    rates = GENEROUS.model_copy(update={rule: "2/minute"})
    limited = api_settings.model_copy(update={"rates": Rates.model_validate(rates)})
    async with serve(limited) as one, serve(limited) as two:  # type: ignore[operator]
        answers = [await process.stranger().post(path, json=body) for process in (one, two, one, two)]
    assert [answer.status_code == 429 for answer in answers] == [False, False, True, True]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60


@pytest.mark.parametrize(
    ("rule", "path", "more"),
    [
        ("upload", "/api/v1/songs?filename=a.mp3", {"content": b"no song"}),
        ("upload", "/api/v1/song-uploads", {"json": {"filename": "a.mp3"}}),
        ("upload", f"/api/v1/song-uploads/{'0' * 32}/completion", {"json": {"filename": "a.mp3"}}),
        ("start", "/api/v1/videos", {"json": {"song_id": "song-1"}, "headers": {"Idempotency-Key": "k"}}),
        ("export", "/api/v1/videos/video-1/exports", {"json": {"kind": "poster"}}),
        ("mail", "/api/v1/accounts/verification-letters", {}),
    ],
)
async def test_work_is_limited_per_account_across_processes(
    serve: Any, api_settings: Settings, rule: str, path: str, more: dict[str, Any]
) -> None:
    rates = GENEROUS.model_copy(update={rule: "2/hour"})
    limited = api_settings.model_copy(update={"rates": Rates.model_validate(rates)})
    async with serve(limited) as one, serve(limited) as two:
        eve = await two.sign_up()
        ada = await one.sign_up()
        there = two.stranger()
        there.headers, there.cookies = ada.http.headers, ada.http.cookies
        answers = [await http.post(path, **more) for http in (ada.http, there, ada.http, there)]
        hers = await eve.http.post(path, **more)
    assert [answer.status_code == 429 for answer in answers] == [False, False, True, True]
    assert all(0 < int(answer.headers["retry-after"]) <= 3_600 for answer in answers[2:])
    assert hers.status_code != 429, "others are not held up"


async def test_tokens_have_no_scope_by_mistake(api: Api) -> None:
    person = await api.sign_up()
    assert (await person.http.post("/api/v1/tokens", json={"name": "x", "scopes": []})).status_code == 422
    machine = api.machine(person.account_id, Scope.READ, Scope.WRITE)
    song = api.add_song(person.account_id)
    wish = {"song_id": song.song_id}
    answer = await machine.post("/api/v1/videos", json=wish, headers={"Idempotency-Key": "k"})
    assert (answer.status_code, answer.json()["code"]) == (403, "scope")
