"""Bearer tokens of an identity provider that publishes its keys on this machine."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from settings import Settings

AUDIENCE = "echonos"


class Issuer(ThreadingHTTPServer):
    """Publishes one key, and signs with it."""

    key = Ed25519PrivateKey.generate()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def token(self, key: Ed25519PrivateKey | None = None, **changes: Any) -> str:
        claims = {"iss": self.url, "aud": AUDIENCE, "sub": "ada", "exp": int(time.time()) + 300, "email_verified": True}
        return jwt.encode(claims | changes, key or self.key, algorithm="EdDSA", headers={"kid": "1"})


class _Keys(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        public = jwt.algorithms.OKPAlgorithm.to_jwk(Issuer.key.public_key(), as_dict=True)
        data = json.dumps({"keys": [public | {"kid": "1", "use": "sig", "alg": "EdDSA"}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with Issuer(("127.0.0.1", 0), _Keys) as server:
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

        assert (await ask(issuer.token())).status_code == 200
        unsigned = jwt.encode({"iss": issuer.url, "aud": AUDIENCE, "sub": "ada"}, "", algorithm="none")
        refused = {
            "another key": issuer.token(Ed25519PrivateKey.generate()),
            "another audience": issuer.token(aud="somebody-else"),
            "another issuer": issuer.token(iss="https://elsewhere.example"),
            "expired": issuer.token(exp=int(time.time()) - 300),
            "unsigned": unsigned,
        }
        assert {why: (await ask(token)).status_code for why, token in refused.items()} == dict.fromkeys(refused, 401)
