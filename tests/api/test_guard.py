"""The middleware of every route: cross-site requests, hosts, headers, body sizes, secrets, logs."""

import json
import os
import subprocess
import sys
import traceback
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from pydantic import SecretStr
from starlette.requests import Request

from api.app import create_app
from api.deps import CSRF_HEADER, address_of
from api.guard import BrokenOffError, Guard
from models.failures import InvalidInput
from settings import CHECKOUT, Settings
from tests.api.conftest import Api
from tests.fakes.private import new_key
from tests.test_settings import FIXED


@pytest.mark.parametrize(
    "headers",
    [
        {CSRF_HEADER: ""},
        {CSRF_HEADER: "0" * 64},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_other_sites_cannot_use_a_persons_cookies(api: Api, headers: dict[str, str]) -> None:
    person = await api.sign_up()
    answer = await person.http.post("/api/v1/quotes", json={"operation": "generate"}, headers=headers)
    assert answer.status_code == 403
    assert answer.json()["code"] in {"csrf", "cross_site"}


async def test_another_persons_csrf_token_is_worth_nothing(api: Api) -> None:
    ada, eve = await api.sign_up(), await api.sign_up()
    headers = {CSRF_HEADER: eve.http.headers[CSRF_HEADER]}
    answer = await ada.http.post("/api/v1/quotes", json={"operation": "generate"}, headers=headers)
    assert answer.json()["code"] == "csrf"


async def test_forms_of_other_sites_cannot_log_anybody_in(api: Api) -> None:
    person = await api.sign_up()
    body = {"email": person.email, "password": "correct horse battery"}
    answer = await api.stranger(Origin="https://evil.example").post("/api/v1/session", json=body)
    assert answer.json()["code"] == "cross_site"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "localhost.evil.example",
        "",
        "169.254.169.254",
        "localhost:8080@evil.example",
        "localhost, evil.example",
        "localhost:port",
        "localhost:",
    ],
)
async def test_only_our_own_names_are_answered(api: Api, host: str) -> None:
    answer = await api.stranger().get("/healthz", headers={"Host": host})
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_host")


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/styles", "/api/v1/nothing", "/api/v1/songs"])
async def test_every_answer_carries_the_secure_headers(api: Api, path: str) -> None:
    headers = (await api.stranger().get(path)).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"


async def test_https_installations_pin_it_and_mark_their_cookies(serve: Any, api_settings: Settings) -> None:
    async with serve(api_settings.model_copy(update={"public_url": "https://localhost"})) as api:
        answer = await api.stranger().post(
            "/api/v1/accounts", json={"email": "a@example.org", "password": "long enough"}
        )
        assert "secure" in answer.headers["set-cookie"].lower()
        assert "max-age" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize("honest", [True, False])
async def test_bodies_have_a_limit(api: Api, honest: bool) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b" " * 10_000

    person = await api.sign_up()
    content = b" " * 1_000_000 if honest else endless()
    answer = await person.http.post("/api/v1/quotes", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


HOSTILE = [
    b"[" * 200_000,
    b'{"operation":' * 15_000,
    b'{"operation": "generate", "scene": ' + b"9" * 100_000 + b"}",
    b'{"operation": "generate", "video_id": "\\ud800"}',
    b'{"operation": "generate", "video_id": "\\u0000"}',
    b'{"operation": "generate", "scene": NaN}',
    b'{"operation": "\xff\xfe"}',
    b'{"operation": "generate", "operation": ["generate"]}',
    b"",
    b"null",
    bytes(1_000),
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
async def test_hostile_bodies_are_refused(api: Api, number: int) -> None:
    person = await api.sign_up()
    headers = {"Content-Type": "application/json"}
    answer = await person.http.post("/api/v1/quotes", content=HOSTILE[number], headers=headers)
    assert answer.status_code in {200, 400, 404, 422}, answer.text
    assert answer.status_code == 200 or answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("url", ["/api/v1/songs/%00", "/api/v1/songs?search=%00", "/%00"])
async def test_addresses_with_nul_lead_nowhere(api: Api, url: str) -> None:
    person = await api.sign_up()
    answer = await person.http.get(url)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def test_what_breaks_off_tells_the_servers_log_nothing() -> None:
    async def begins_and_fails(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError("very private prompt")

    async def nothing(*_: Any) -> Any:
        return {}

    guard = Guard(begins_and_fails, hosts={"localhost"}, media_url=None, secure=False, streams={})
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"host", b"localhost")]}
    with structlog.testing.capture_logs() as logs, pytest.raises(BrokenOffError) as broken:
        await guard(scope, nothing, nothing)
    assert "private" not in "".join(traceback.format_exception(broken.value))
    assert "private" not in json.dumps(logs)
    assert [line["error"] for line in logs if line["event"] == "request failed"] == ["ValueError"]


async def test_a_made_up_method_makes_no_series_and_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    async def refuses(scope: Any, receive: Any, send: Any) -> None:
        scope["route"] = SimpleNamespace(path="/videos")  # as FastAPI does for a method that the route does not take
        await send({"type": "http.response.start", "status": 405, "headers": []})

    async def nothing(*_: Any) -> Any:
        return {}

    series: list[str] = []
    monkeypatch.setattr("api.guard.report", lambda _measure, _value, **labels: series.append(labels["route"]))
    guard = Guard(refuses, hosts={"localhost"}, media_url=None, secure=False, streams={})
    for method in ("PRIVATE-1", "PRIVATE-2", "POST"):
        scope = {
            "type": "http",
            "method": method,
            "path": "/",
            "query_string": b"",
            "headers": [(b"host", b"localhost")],
        }
        with structlog.testing.capture_logs() as logs:
            await guard(scope, nothing, nothing)
        assert "PRIVATE" not in json.dumps(logs)
    assert series == ["other /videos", "other /videos", "POST /videos"]


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_an_ipv6_network_counts_as_one_address(host: str, counted: str) -> None:
    assert address_of(Request({"type": "http", "client": (host, 1), "headers": []})) == counted


async def test_unknown_addresses_and_methods_are_problems_too(api: Api) -> None:
    missing = await api.stranger().get("/api/v1/nothing")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    wrong = await api.stranger().put("/api/v1/products")
    assert (wrong.status_code, wrong.json()["code"], wrong.headers["allow"]) == (405, "method_not_allowed", "GET")


async def test_logs_hold_no_secrets_prompts_or_addresses(api: Api) -> None:
    with structlog.testing.capture_logs() as logs:
        person = await api.sign_up("very.private@example.org")
        song = api.add_song(person.account_id, "Very Private Song")
        wish = {"song_id": song.song_id, "prompt": "very private prompt", "style": "none of ours"}
        await person.http.post("/api/v1/videos", json=wish, headers={"Idempotency-Key": "very-private-key"})
        await person.http.get("/api/v1/songs", params={"search": "very private search"})
        await api.stranger().put(f"/api/v1/password-resets/{'very-private-' * 3}", json={"password": "very private"})
        await api.stranger(Authorization="Bearer very-private-token").get("/api/v1/songs")
    text = json.dumps(logs).lower()
    assert len(logs) >= 5
    assert "private" not in text
    assert "127.0.0.1" not in text


@pytest.mark.parametrize(
    "change",
    [
        {"s3_secret_key": SecretStr("changeme")},
        {"s3_secret_key": SecretStr("short")},
        {"anthropic_api_key": SecretStr("your-api-key-here")},
        {"stripe_api_key": SecretStr("xxxxxxxxxxxxxxxx")},
        {"smtp_url": None},
        {"smtp_url": SecretStr("smtp://user:changeme@mail.example:587")},
        {"public_url": "http://echonos.example"},
        {"database_url": "postgresql://echonos:password@db/echonos"},
    ],
)
def test_placeholders_stop_the_start_outside_development(api_settings: Settings, change: dict[str, Any]) -> None:
    safe = api_settings.model_copy(
        update={
            "environment": "production",
            "public_url": "https://echonos.example",
            "smtp_url": SecretStr("smtp://user:Kx9-23jd8s@mail.example:587"),
            "trusted_proxies": "none",
            "codec_keys": SecretStr(new_key()),
        }
    )
    safe.check_safe(FIXED)
    with pytest.raises(InvalidInput, match=r"placeholder|https|mail server"):
        safe.model_copy(update=change).check_safe(FIXED)
    create_app(safe.model_copy(update={**change, "environment": "development"}))


def test_a_start_that_is_refused_says_why_in_a_sentence() -> None:
    secrets = {"ECHONOS_S3_ACCESS_KEY": "Kx9-23jd8s", "ECHONOS_S3_SECRET_KEY": "changeme"}
    refused = subprocess.run(
        [sys.executable, "-m", "api"], env={**os.environ, **secrets}, cwd=CHECKOUT, capture_output=True, check=False
    )
    assert refused.returncode == 1
    assert refused.stderr.decode().strip() == "s3_secret_key is a placeholder: set the real secret, or unset it."
