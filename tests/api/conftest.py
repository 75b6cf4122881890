"""The application on real servers: Temporal, S3 and SQL; people with cookies, machines with tokens."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from api.app import create_app
from api.deps import CSRF_HEADER, Backend
from models.access import Role, Scope
from models.credits import GrantRequest, GrantSource
from models.profiles import ProfileName
from models.rates import Rates
from models.song import AudioFacts, SongRef
from settings import Settings
from stores.database import utc_now
from stores.schema_access import profiles, second_factors, sessions
from tests.fakes.world import stores, world

__all__ = ["stores", "world"]

URL = "http://localhost:8080"
_free_apps: dict[tuple[str, ...], list[FastAPI]] = {}
PASSWORD = "correct horse battery"
OFTEN = "100000/second"
GENEROUS = Rates(**dict.fromkeys(Rates.model_fields, OFTEN))


class Person:
    """A person with a browser."""

    def __init__(self, http: httpx.AsyncClient, account_id: str, email: str) -> None:
        self.http = http
        self.account_id = account_id
        self.email = email


class Api:
    """One process of the web backend, and its clients."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.backend: Backend = app.state.backend
        self._open: list[httpx.AsyncClient] = []

    def stranger(self, **headers: str) -> httpx.AsyncClient:
        """A client without cookies."""
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        made = httpx.AsyncClient(transport=transport, base_url=URL, headers=headers, timeout=60)
        self._open.append(made)
        return made

    async def sign_up(self, email: str | None = None, password: str = PASSWORD) -> Person:
        """A new person, logged in."""
        http, email = self.stranger(), email or f"{uuid4().hex}@example.org"
        answer = await http.post("/api/v1/accounts", json={"email": email, "password": password})
        assert answer.status_code == 201, answer.text
        http.headers[CSRF_HEADER] = answer.json()["csrf_token"]
        return Person(http, answer.json()["account_id"], email)

    def machine(self, account_id: str, *scopes: Scope) -> httpx.AsyncClient:
        """A client with a token of an account; with every scope where none is given."""
        _, secret = self.backend.access.tokens.issue(account_id, "test", scopes or tuple(Scope))
        return self.stranger(Authorization=f"Bearer {secret}")

    def add_song(self, account_id: str, title: str = "Song") -> SongRef:
        """A song in the account's Vault, without any audio in it."""
        digest = uuid4().hex * 2
        key = f"accounts/{account_id}/{digest}"
        self.backend.stores.objects.put_bytes(key, digest.encode(), "audio/wav")
        facts = AudioFacts(
            container="wav",
            codec="pcm",
            duration_s=64,
            sample_rate_hz=44_100,
            channels=2,
            size_bytes=64,
            sha256=digest,
        )
        return self.backend.stores.vault.add_song(account_id, facts, title, key)

    def grant(self, account_id: str, amount: int) -> None:
        """More credits."""
        source = GrantSource.GOODWILL
        self.backend.stores.ledger.grant(
            GrantRequest(account_id=account_id, key=uuid4().hex, amount=amount, source=source)
        )

    def balance(self, account_id: str) -> int:
        """What may be spent."""
        return self.backend.stores.ledger.balance(account_id).available

    def make_supporter(self, account_id: str) -> None:
        """Give the role."""
        with self.backend.stores.database.write() as connection:
            mine = update(profiles).where(profiles.c.account_id == account_id)
            connection.execute(mine.values(roles=Role.SUPPORT.value))

    async def enrol(self, person: Person) -> tuple[pyotp.TOTP, list[str]]:
        """Set a second factor up in the person's session; returns their app and their recovery codes."""
        url = "/api/v1/account/second-factor"
        proposed = (await person.http.post(url)).json()
        app = pyotp.TOTP(proposed["secret"])
        answer = await person.http.put(url, json={"code": app.now()})
        assert answer.status_code == 200, answer.text
        return app, answer.json()["codes"]

    def forget_codes(self) -> None:
        """As if half a minute went by: codes that were taken are good again."""
        with self.backend.stores.database.write() as connection:
            connection.execute(update(second_factors).values(last_step=None))

    def sign_in_ago(self, age: timedelta) -> None:
        """As if every session had signed in so long ago."""
        with self.backend.stores.database.write() as connection:
            connection.execute(update(sessions).values(signed_in_at=utc_now() - age))

    async def leave(self) -> None:
        """All people close their browsers."""
        for http in self._open:
            await http.aclose()


@pytest.fixture
def api_settings(s3: Settings, database_url: str, temporal_address: str, tmp_path: Path) -> Settings:
    """Of a process on this test's servers."""
    changes = {
        "home": tmp_path,
        "environment": "development",
        "database_url": database_url,
        "temporal_address": temporal_address,
        "public_url": URL,
        "profile": ProfileName.TINY,
        "rates": GENEROUS,
    }
    return s3.model_copy(update=changes)


@pytest.fixture
def serve() -> Callable[[Settings], "object"]:
    """Starts a process of the web backend, for a block."""

    @asynccontextmanager
    async def serving(settings: Settings) -> AsyncIterator[Api]:
        settings.check_safe()
        # A hundred routes take half a second: the next test uses the application again, with a backend of its own.
        names = ("environment", "public_url", "allowed_hosts", "s3_endpoint", "s3_public_endpoint", "temporal_ui_url")
        free = _free_apps.setdefault(tuple(str(getattr(settings, name)) for name in names), [])
        app = free.pop() if free else create_app(settings)
        app.state.backend = Backend(settings)
        async with app.router.lifespan_context(app):
            api = Api(app)
            yield api
            await api.leave()
        free.append(app)

    return serving


@pytest.fixture
async def api(serve: "Callable[[Settings], object]", api_settings: Settings) -> AsyncIterator[Api]:
    """One process of the web backend."""
    async with serve(api_settings) as running:  # type: ignore[attr-defined]
        yield running
