"""Bearer tokens of an identity provider that publishes its keys on this machine, where its discovery document says."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateways import oidc
from gateways.oidc import IdentityProvider
from models.failures import ProviderUnavailable
from settings import Settings

AUDIENCE = "echonos"


class Issuer(ThreadingHTTPServer):
    """Publishes one key where its discovery document says, and signs with it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Pages)
        self.key, self.key_id, self.asked = Ed25519PrivateKey.generate(), "1", 0
        self.about: dict[str, str | None] = {"issuer": self.url, "jwks_uri": f"{self.url}/somewhere/keys"}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def token(self, key: Ed25519PrivateKey | None = None, key_id: str | None = None, **changes: Any) -> str:
        claims = {"iss": self.url, "aud": AUDIENCE, "sub": "ada", "exp": int(time.time()) + 300, "email_verified": True}
        headers = {"kid": key_id or self.key_id}
        return jwt.encode(claims | changes, key or self.key, algorithm="EdDSA", headers=headers)

    def page(self, path: str) -> Any:
        self.asked += 1
        if path == "/.well-known/openid-configuration":
            return self.about
        if path == "/somewhere/keys":
            public = jwt.algorithms.OKPAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            return {"keys": [public | {"kid": self.key_id, "use": "sig", "alg": "EdDSA"}]}
        return None


class _Pages(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        page = self.server.page(self.path)
        data = json.dumps(page).encode()
        self.send_response(404 if page is None else 200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


async def test_only_the_issuers_own_tokens_for_us_open_the_door(
    serve: Callable[[Settings], Any], api_settings: Settings, issuer: Issuer
) -> None:
    settings = api_settings.model_copy(update={"oidc_issuer": issuer.url, "oidc_audience": AUDIENCE})
    async with serve(settings) as api:

        async def ask(token: str) -> Any:
            return await api.stranger(Authorization=f"Bearer {token}").get("/api/v1/balance")

        good = [issuer.token(), issuer.token(azp=AUDIENCE), issuer.token(aud=[AUDIENCE, "x"], azp=AUDIENCE)]
        assert [(await ask(token)).status_code for token in good] == [200, 200, 200]
        unsigned = jwt.encode({"iss": issuer.url, "aud": AUDIENCE, "sub": "ada"}, "", algorithm="none")
        refused = {
            "an unknown key": issuer.token(key_id="2"),
            "another key": issuer.token(Ed25519PrivateKey.generate()),
            "another audience": issuer.token(aud="another"),
            "another issuer": issuer.token(iss="https://elsewhere.example"),
            "expired": issuer.token(exp=int(time.time()) - 300),
            "unsigned": unsigned,
            "no subject": issuer.token(sub=""),
            "a blank": issuer.token(sub=" "),
            "a number": issuer.token(sub=7),
            "another application": issuer.token(azp="another"),
            "two audiences, no holder": issuer.token(aud=[AUDIENCE, "another"]),
            "two audiences, another holder": issuer.token(aud=[AUDIENCE, "another"], azp="another"),
        }
        assert {why: (await ask(token)).status_code for why, token in refused.items()} == dict.fromkeys(refused, 401)


def test_a_scope_and_further_applications_may_be_asked_for(issuer: Issuer) -> None:
    provider = IdentityProvider(issuer.url, AUDIENCE, scope="echonos", clients=["app-1"])
    for claims in ({"scope": "openid echonos"}, {"scp": ["echonos"]}, {"scope": "echonos", "azp": "app-1"}):
        assert provider.check(issuer.token(**claims)) is not None, claims
    wrong: list[dict[str, Any]] = [
        {},
        {"scope": "echonos2 not-echonos"},
        {"scope": ["not", 1, None, ["echonos"]]},
        {"scope": 7},
        {"scope": "echonos", "azp": "app-2"},
        {"scope": "echonos", "azp": ["app-1"]},
    ]
    assert [provider.check(issuer.token(**claims)) for claims in wrong] == [None] * len(wrong)


def test_when_somebody_signed_in_is_a_moment_or_not_known(issuer: Issuer) -> None:
    provider = IdentityProvider(issuer.url, AUDIENCE)
    for told, kept in ((1_700_000_000, 1_700_000_000), (None, None), ("now", None), (True, None), (1e30, None)):
        claims = provider.check(issuer.token(auth_time=told))
        assert claims is not None
        assert (claims.signed_in_at and claims.signed_in_at.timestamp()) == kept


def test_keys_are_found_by_discovery_and_change(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = IdentityProvider(issuer.url, AUDIENCE)
    old = issuer.token()
    assert provider.check(old) is not None
    asked = issuer.asked
    assert [provider.check(issuer.token(key_id=str(n))) for n in range(2, 9)] == [None] * 7
    assert issuer.asked == asked, "tokens with unknown keys cause no repeated fetch"
    issuer.key, issuer.key_id = Ed25519PrivateKey.generate(), "2"
    monkeypatch.setattr(oidc, "UNKNOWN_KEY_EVERY_S", 0.0)
    assert provider.check(issuer.token()) is not None
    assert provider.check(old) is None


def test_keys_stay_in_use_while_the_issuer_is_away(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    provider = IdentityProvider(issuer.url, AUDIENCE)
    assert provider.check(issuer.token()) is not None
    monkeypatch.setattr(oidc, "KEYS_LIFETIME_S", 0.0)
    issuer.about = {}
    assert provider.check(issuer.token()) is not None
    with pytest.raises(ProviderUnavailable):
        IdentityProvider(issuer.url, AUDIENCE).check(issuer.token())


@pytest.mark.parametrize(
    "about", [{"issuer": "https://elsewhere.example"}, {"jwks_uri": "file:///etc/passwd"}, {"jwks_uri": None}]
)
def test_a_document_that_does_not_fit_is_not_believed(issuer: Issuer, about: dict[str, str | None]) -> None:
    issuer.about = issuer.about | about
    with pytest.raises(ProviderUnavailable):
        IdentityProvider(issuer.url, AUDIENCE).check(issuer.token())


def test_keys_do_not_come_less_safely_than_the_document(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    secure, asked = "https://issuer.example", []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={"issuer": secure, "jwks_uri": "http://issuer.example/keys"})

    client = partial(httpx.Client, transport=httpx.MockTransport(answer))
    monkeypatch.setattr(httpx, "Client", client)
    with pytest.raises(ProviderUnavailable):
        IdentityProvider(secure, AUDIENCE).check(issuer.token())
    assert asked == [f"{secure}/.well-known/openid-configuration"]
