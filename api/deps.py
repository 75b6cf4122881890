"""What the routes work with: one backend per process, and who is calling.

Nothing in it matters: every process can be stopped, started or doubled at any moment. Parts that are away are tried
again at the next request.
"""

import hashlib
import hmac
import threading
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import HTTPConnection
from temporalio.client import Client

from api.admission import before_the_body
from api.callers import (
    Caller,
    require,
    require_owner,
    require_person,
    require_recent,
    require_recent_payer,
    require_supporter,
)
from api.cookies import HOST_PREFIX, SESSION_COOKIE, session_sent
from api.door import address_key
from api.identity import IdentityProvider
from api.problems import Problem, too_often
from api.remembering import Remembered
from api.turns import Turns
from api.watching import Watchtower
from engines.intake.inspection import IntakeLimits, inspect_song
from models.access import Profile, Scope, Session
from models.failures import NoServer
from models.song import AudioFacts
from settings import Settings
from stores.access import Access, open_access
from stores.fal_webhooks import FalWebhooks, WebhookVerifier
from stores.mail import FolderMailer, Mailer, SmtpMailer
from stores.objects import S3Objects
from stores.opening import Stores, open_stores
from stores.purchases import Purchases
from stores.stripe_gateway import StripeGateway

__all__ = ["SESSION_COOKIE", "Caller", "require"]

CSRF_HEADER = "X-CSRF-Token"
RIGHTS_KNOWN_S, RIGHTS_KNOWN = 2.0, 10_000
"""For how long, and for how many, it is remembered that somebody may watch a run."""

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_ALL_SCOPES = frozenset(Scope)


class Backend:
    """The parts behind one API process.

    Args:
        settings: Of this process.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.tower = Watchtower()
        self.turns = Turns()
        self.rights: Remembered[Caller] = Remembered(RIGHTS_KNOWN_S, RIGHTS_KNOWN)
        self._client: Client | None = None
        self._opened: tuple[Stores, Access] | None = None
        self._opening = threading.Lock()

    def connect_with(self, client: Client) -> None:
        """Use this client; it connects, and connects again, by itself."""
        self._client = client

    @property
    def client(self) -> Client:
        """The Temporal client."""
        if self._client is None:
            raise NoServer("No Temporal server is named.")
        return self._client

    @property
    def stores(self) -> Stores:
        """Ledger, Vault and objects; opened at the first use.

        Raises:
            ProviderUnavailable: The database is away.
        """
        return self._open()[0]

    @property
    def access(self) -> Access:
        """Who may come in; opened with the stores."""
        return self._open()[1]

    @cached_property
    def public_objects(self) -> S3Objects:
        """The object store as browsers reach it: makes links, and is asked nothing."""
        options = self.settings.store_options()
        return S3Objects(
            self.settings.s3_public_endpoint or options["s3_endpoint"],
            options["s3_region"],
            options["s3_access_key"],
            options["s3_secret_key"],
            options["s3_bucket"],
        )

    @cached_property
    def mailer(self) -> Mailer:
        """The way for letters."""
        settings = self.settings
        if settings.smtp_url is not None:
            return SmtpMailer(settings.smtp_url.get_secret_value(), settings.mail_from)
        return FolderMailer(settings.home / "mail")

    @cached_property
    def identity(self) -> IdentityProvider | None:
        """The identity provider whose tokens are taken, if any."""
        settings = self.settings
        if settings.oidc_issuer is None or settings.oidc_audience is None:
            return None
        return IdentityProvider(
            settings.oidc_issuer, settings.oidc_audience, scope=settings.oidc_scope, clients=settings.oidc_clients
        )

    @property
    def purchases(self) -> Purchases:
        """What was bought; test purchases only on a developer's machine without Stripe."""
        return Purchases(self.stores.database, allow_test_purchases=self.takes_test_purchases)

    @property
    def takes_test_purchases(self) -> bool:
        """Whether buying moves no money here."""
        return self.settings.environment == "development" and self.settings.stripe_api_key is None

    @cached_property
    def stripe(self) -> StripeGateway | None:
        """Checkout and webhooks, where Stripe is set up."""
        settings = self.settings
        if settings.stripe_api_key is None or settings.stripe_webhook_secret is None:
            return None
        return StripeGateway(
            settings.stripe_api_key.get_secret_value(),
            settings.stripe_webhook_secret.get_secret_value(),
            settings.stripe_prices,
            self.purchases,
            settings.stripe_api_base,
            managed_payments=settings.stripe_managed_payments,
        )

    @cached_property
    def fal(self) -> FalWebhooks | None:
        """What fal calls when a job has ended, where pictures are bought."""
        if self.settings.fal_key is None:
            return None
        return FalWebhooks(self.stores.jobs, WebhookVerifier(user_id=self.settings.fal_user_id))

    def inspect(self, path: Path, name: str, copy: Path) -> AudioFacts:
        """Check an uploaded file in a child process with limits of memory and time, and write its working copy.

        Raises:
            InvalidInput: It cannot be a song.
        """
        return inspect_song(path, name=name, copy=copy, limits=IntakeLimits(max_s=self.settings.max_song_s))

    def close(self) -> None:
        """Let go of everything."""
        self.tower.close()
        if self._opened is not None:
            self._opened[0].database.close()
            self._opened = None

    def _open(self) -> tuple[Stores, Access]:
        if self._opened is None:
            with self._opening:
                if self._opened is None:
                    stores = open_stores(**self.settings.store_options())
                    self._opened = stores, open_access(stores.database)
        return self._opened


def backend_of(request: Request) -> Backend:
    """The process's backend."""
    backend: Backend = request.app.state.backend
    return backend


async def _backend_of(request: Request) -> Backend:
    # Not awaiting anything, but a dependency that is no coroutine would be sent to a thread and back.
    return backend_of(request)


BackendOf = Annotated[Backend, Depends(_backend_of)]


def stores_of(request: Request) -> Stores:
    """The stores, for pages."""
    return backend_of(request).stores


def client_of(request: Request) -> Client:
    """The Temporal client, for pages."""
    return backend_of(request).client


def settings_of(request: Request) -> Settings:
    """The settings, for pages."""
    return backend_of(request).settings


def csrf_token_of(session: str) -> str:
    """What a page must send along with a session's cookie; who cannot read the cookie cannot make it."""
    return hmac.new(session.encode(), b"csrf", hashlib.sha256).hexdigest()


class _SessionCookie(APIKeyCookie):
    async def __call__(self, request: HTTPConnection) -> str | None:
        sent = session_sent(request, request.app.state.backend.settings)
        return None if sent is None else sent[0]


_cookie = _SessionCookie(
    name=SESSION_COOKIE,
    auto_error=False,
    scheme_name="session",
    description=f"Of the page; over HTTPS its name begins with {HOST_PREFIX}.",
)
_bearer = HTTPBearer(
    auto_error=False, scheme_name="token", description="An API token, or one of the identity provider."
)


Cookie = Annotated[str | None, Security(_cookie)]
Bearer = Annotated[object, Security(_bearer)]


async def known_caller(request: Request) -> Caller:
    """Who asks; found out once a request.

    Raises:
        Problem: 401, a stranger; 403, the request comes from another site.
    """
    known: Caller | None = getattr(request.state, "caller", None)
    if known is None:
        known = await run_in_threadpool(caller_of, request, backend_of(request))
        request.state.caller = known
    return known


async def _caller_of(request: Request, cookie: Cookie, bearer: Bearer) -> Caller:
    return await known_caller(request)


def caller_of(request: Request, backend: Backend) -> Caller:
    """Who asks; blocks while the database is asked. Cookies that change something must bring their CSRF token.

    Args:
        request: Of which method, cookies and headers count.
        backend: Of this process.

    Returns:
        Who, and what they may do.

    Raises:
        Problem: 401, a stranger; 403, the request comes from another site.
    """
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return _by_token(backend, authorization)
    come = session_sent(request, backend.settings)
    found = None if come is None else backend.access.sessions.look(come[0], host_cookie=come[1])
    if come is None or found is None:
        raise _stranger("Log in, or send an API token.")
    secret = come[0]
    if request.method not in _SAFE_METHODS:
        _check_same_origin(request)
        sent = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode("utf-8", "replace"), csrf_token_of(secret).encode()):
            detail = "This page is too old: load it again. (The X-CSRF-Token header is missing or wrong.)"
            raise Problem(403, "csrf", detail, field=CSRF_HEADER)
    return of_session(backend, secret, *found)


def of_session(backend: Backend, secret: str, profile: Profile, session: Session) -> Caller:
    """The person of a session."""
    return Caller(
        profile,
        _ALL_SCOPES,
        secret,
        signed_in_at=session.signed_in_at,
        second_factor_at=session.second_factor_at,
        local=backend.settings.environment == "development" and profile.email is None,
    )


def _by_token(backend: Backend, authorization: str) -> Caller:
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise _stranger("The Authorization header must be `Bearer` and a token.")
    if backend.identity is not None and secret.count(".") == 2:
        claims = backend.identity.check(secret)
        if claims is None:
            raise _stranger("This token is not valid here, or has expired.")
        profile = backend.access.profiles.vouched(claims.account_id, verified=claims.verified)
        return Caller(profile, _ALL_SCOPES, signed_in_at=claims.signed_in_at, vouched=True)
    found = backend.access.tokens.find(secret)
    if found is None:
        raise _stranger("This token is unknown, revoked or expired.")
    return Caller(*found)


def _stranger(detail: str) -> Problem:
    return Problem(401, "unauthenticated", detail, headers={"WWW-Authenticate": "Bearer"})


def _check_same_origin(request: Request) -> None:
    """Browsers say where a request comes from; other programs say nothing and hold no cookies of people."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = {settings_of(request).public_url, f"{request.url.scheme}://{request.headers.get('host', '')}"}
    if site not in {None, "same-origin", "none"} or (origin is not None and origin not in own):
        raise Problem(403, "cross_site", "This request comes from another site.", field="Origin")


async def _from_here(request: Request) -> None:
    _check_same_origin(request)


@before_the_body(_from_here)
async def same_origin(request: Request) -> None:
    """For what strangers may send: forms of other sites may not."""
    _check_same_origin(request)


def _admitting(rule: Callable[[Caller], Caller]) -> Callable[..., Any]:
    async def early(request: Request) -> None:
        rule(await known_caller(request))

    @before_the_body(early)
    async def check(caller: Annotated[Caller, Depends(_caller_of)]) -> Caller:
        return rule(caller)

    return check


def _scoped(scope: Scope) -> Callable[[Caller], Caller]:
    return partial(require, scope=scope)


Reader = Annotated[Caller, Depends(_admitting(_scoped(Scope.READ)))]
Writer = Annotated[Caller, Depends(_admitting(_scoped(Scope.WRITE)))]
Spender = Annotated[Caller, Depends(_admitting(_scoped(Scope.SPEND)))]
Owner = Annotated[Caller, Depends(_admitting(require_owner))]
Person = Annotated[Caller, Depends(_admitting(require_person))]
Recent = Annotated[Caller, Depends(_admitting(require_recent))]
Payer = Annotated[Caller, Depends(_admitting(require_recent_payer))]
Supporter = Annotated[Caller, Depends(_admitting(require_supporter))]


def limit(backend: Backend, rule: str, what: str, who: str) -> None:
    """Count an attempt.

    Raises:
        Problem: 429, too often.
    """
    wait_s = backend.access.rates.hit(rule, what, who)
    if wait_s is not None:
        raise too_often(wait_s)


def address_of(request: Request) -> str:
    """Whose connection it is; counted, never kept or logged as it is. An IPv6 network counts once: one has it whole."""
    return address_key(request.client.host if request.client else "unknown")


def refuse_unverified(backend: Backend, caller: Caller) -> None:
    """Welcome credits pay real providers only for people whose address is theirs.

    Raises:
        Problem: 403, the address is not verified yet.
    """
    settings = backend.settings
    pays = settings.fal_key is not None or settings.anthropic_api_key is not None
    if pays and not caller.profile.verified:
        raise Problem(403, "unverified", "Confirm your e-mail address first: the link is in your mailbox.")
